// The payer's page in a real browser, against a real sandbox.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, beforeEach, test } from "node:test";
import { launch } from "./chromium.mjs";
import { contrast } from "./contrast.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

let browser;
let serving;
let origin;
let page;
/** What went wrong in the page, and whom it asked. */
let complaints;
let asked;

/** The sandbox, as `run` has built it. */
const SERVE = process.env.QRIS_SANDBOX;

async function serve() {
  serving = spawn(SERVE, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: serving.stdout })) {
    if (line.startsWith("the payer:")) return new URL(line.split(/\s+/).at(-1)).origin;
  }
  throw new Error("the sandbox did not start");
}

async function stopServing() {
  if (serving.exitCode !== null || serving.signalCode !== null) return;
  serving.kill();
  await once(serving, "exit");
}

async function json(path, options) {
  const answer = await fetch(origin + path, options);
  assert.ok(answer.ok, `${path} answered ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

async function create({ number = "INV-1", amount = 25578, tip = "no" } = {}) {
  const query = new URLSearchParams({
    do: "create-invoice", apikey: "sandbox-key", mID: "123456",
    cliTrxNumber: number, cliTrxAmount: amount, useTip: tip,
  });
  return (await json(`/restapi/qris/show_qris.php?${query}`)).data;
}

async function check(invoice, amount) {
  const query = new URLSearchParams({
    do: "checkStatus", apikey: "sandbox-key", mID: "123456", invid: invoice.qris_invoiceid,
    trxvalue: amount, trxdate: invoice.qris_request_date.slice(0, 10),
  });
  return (await json(`/restapi/qris/checkpaid_qris.php?${query}`)).data;
}

const setClock = (body) => json("/sandbox/clock", { method: "POST", body: JSON.stringify(body) });
const open = (invoice) => page.locator(`#open [data-invoice="${invoice.qris_invoiceid}"]`);
const past = (invoice) => page.locator(`#history [data-invoice="${invoice.qris_invoiceid}"]`);

async function visit(options = {}) {
  // A page of an earlier test would go on asking, and complain.
  await page?.context().close();
  const context = await browser.newContext({ ...PHONE, ...options });
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
  complaints = [];
  asked = new Set();
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => { complaints.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await page.goto(origin);
}

before(async () => {
  browser = await launch();
});

beforeEach(async () => {
  await page?.context().close();
  page = undefined;
  if (serving) await stopServing();
  origin = await serve();
  // Noon, so that the day of a request is the day of its payment.
  await setClock({ now: "2026-11-22T12:00:00+07:00" });
  await visit();
});

after(async () => {
  await browser?.close();
  if (serving) await stopServing();
});

/** Nothing went wrong, and nobody else was asked. */
function assertQuiet() {
  assert.deepEqual(complaints, []);
  assert.deepEqual([...asked], [origin]);
}

test("without an invoice it says, in Indonesian, where one comes from", async () => {
  await page.getByText("Belum ada tagihan").waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "id");
  assert.equal(await page.title(), "Dompet Sandbox");
  assertQuiet();
});

test("an invoice appears with merchant, amount and number, and a tap pays it", async () => {
  const invoice = await create({ tip: "yes" });
  await open(invoice).waitFor();
  const card = await open(invoice).innerText();
  for (const part of ["WARUNG SANDBOX", "Rp25.578", "INV-1", "Berlaku sampai 13:00 WIB", "Tip boleh ditambahkan"]) {
    assert.ok(card.includes(part), `${part} is missing in ${card}`);
  }
  await page.getByLabel("Bayar dengan").selectOption("BCA");
  await page.getByLabel("Nama pembayar").fill("SITI AMINAH");
  await page.getByRole("button", { name: "Bayar Rp25.578" }).tap();
  await page.getByText("Pembayaran berhasil: Rp25.578").waitFor();
  await past(invoice).getByText("Dibayar").waitFor();
  assert.equal(await open(invoice).count(), 0);
  const paid = await check(invoice, 25578);
  assert.equal(paid.qris_status, "paid");
  assert.equal(paid.qris_payment_methodby, "BCA");
  assert.equal(paid.qris_payment_customername, "SITI AMINAH");
  assertQuiet();
});

test("several invoices stand newest first, and each is paid on its own", async () => {
  const first = await create({ number: "A-1", amount: 1000 });
  const second = await create({ number: "A-2", amount: 10000000 });
  await open(second).waitFor();
  const order = await page.locator("#open li").evaluateAll((cards) => cards.map((card) => card.dataset.invoice));
  assert.deepEqual(order, [second.qris_invoiceid, first.qris_invoiceid]);
  await open(first).getByRole("button").tap();
  await past(first).waitFor();
  assert.equal(await open(second).count(), 1);
  assert.equal((await check(second, 10000000)).qris_status, "unpaid");
  assertQuiet();
});

test("it switches to English and remembers that", async () => {
  await create();
  await page.getByRole("button", { name: "Switch to English" }).tap();
  await page.getByRole("button", { name: "Pay Rp25,578" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.reload();
  await page.getByRole("button", { name: "Pay Rp25,578" }).waitFor();
  await page.getByRole("button", { name: "Ganti ke Bahasa Indonesia" }).tap();
  await page.getByRole("button", { name: "Bayar Rp25.578" }).waitFor();
  assertQuiet();
});

test("an expired invoice can no longer be paid", async () => {
  const invoice = await create();
  await open(invoice).waitFor();
  await setClock({ advance_seconds: 3600 });
  await past(invoice).getByText("Kedaluwarsa").waitFor();
  assert.equal(await open(invoice).count(), 0);
  assertQuiet();
});

test("a tap that comes too late is told why", async () => {
  const invoice = await create();
  await open(invoice).waitFor();
  // The page hears no more news until the tap.
  let deaf = true;
  await page.route("**/sandbox/invoices", (route) => (deaf ? new Promise(() => {}) : route.continue()));
  await setClock({ advance_seconds: 3600 });
  const tapped = open(invoice).getByRole("button").tap();
  deaf = false;
  await tapped;
  await page.locator("#message.bad").waitFor();
  assert.equal(await page.locator("#message").innerText(), "Tagihan sudah kedaluwarsa");
});

test("a payment that lands late is shown as being processed", async () => {
  const invoice = await create();
  await json("/sandbox/faults", { method: "POST", body: JSON.stringify({ fault: "late-payment", seconds: 600 }) });
  await open(invoice).getByRole("button").tap();
  await past(invoice).getByText("Diproses").waitFor();
  await setClock({ advance_seconds: 600 });
  await past(invoice).getByText("Dibayar").waitFor();
  assertQuiet();
});

test("what the till sends is text and nothing else", async () => {
  const number = `<img src=x onerror="alert(1)"><b>tebal</b>`;
  const invoice = await create({ number });
  await open(invoice).waitFor();
  assert.ok((await open(invoice).innerText()).includes(number));
  assert.equal(await page.locator("main img, main b").count(), 0);
  assertQuiet();
});

test("the keyboard alone will do, and news does not take the focus away", async () => {
  const invoice = await create();
  await open(invoice).getByRole("button").focus();
  const other = await create({ number: "INV-2" });
  await open(other).waitFor();
  const focused = () => page.evaluate(() => document.activeElement.closest("li")?.dataset.invoice);
  assert.equal(await focused(), invoice.qris_invoiceid);
  await page.keyboard.press("Enter");
  await past(invoice).waitFor();
  assertQuiet();
});

test("it fits the smallest phones and fingers, with a long number too", async () => {
  await page.setViewportSize({ width: 320, height: 568 });
  const invoice = await create({ number: "N".repeat(40), amount: 10000000 });
  await open(invoice).waitFor();
  const paid = await create({ number: "INV-2026-000000001" });
  await open(paid).getByRole("button").tap();
  const { height: lineHeight } = await past(paid).getByText("Dibayar").boundingBox();
  assert.ok(lineHeight < 30, `one word stands on lines of ${lineHeight} px`);
  const [wide, narrow] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= narrow, `${wide} px of page on ${narrow} px of screen`);
  for (const control of await page.locator("button:visible, select:visible, input:visible").all()) {
    const { height } = await control.boundingBox();
    assert.ok(height >= 44, `a control is ${height} px high`);
  }
  assertQuiet();
});

for (const colorScheme of ["light", "dark"]) {
  test(`every text can be read in ${colorScheme}`, async () => {
    await visit({ colorScheme });
    const invoice = await create();
    const paid = await create({ number: "INV-2" });
    await open(paid).getByRole("button").tap();
    await past(paid).waitFor();
    await open(invoice).waitFor();
    for (const selector of ["h1", "h2", ".merchant", ".amount", ".fact", ".pay", ".language", ".paid", "select", "input", "label", "footer"]) {
      const found = await page.locator(selector).first().evaluate(contrast);
      assert.ok(found >= 4.5, `${selector} has a contrast of ${found.toFixed(2)}`);
    }
    assertQuiet();
  });
}

test("it says when the sandbox is gone, and recovers", async () => {
  await page.getByText("Belum ada tagihan").waitFor();
  await page.route("**/sandbox/**", (route) => route.abort());
  await page.getByText("Sandbox tidak dapat dihubungi").waitFor();
  await page.unroute("**/sandbox/**");
  await page.waitForFunction(() => document.getElementById("message").textContent === "");
});
