// The till's pages in a real browser, against a real till before a real sandbox.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { HOOK, startSandbox, startTill as startTillBefore, stop } from "./programs.mjs";
import { contrast } from "../../../qris-sandbox/tests/browser/contrast.mjs";

// What drives the browser is installed beside the sandbox's test.
const beside = new URL("../../../qris-sandbox/tests/browser/package.json", import.meta.url);
const { chromium } = createRequire(beside)("playwright-core");

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Where to put pictures of the pages, if anybody wants to look at them. */
const PICTURES = process.env.QRIS_PICTURES;
const SEVEN_INCHES = { viewport: { width: 1024, height: 600 } };

let browser;
let folder;
let context;
let sandbox;
let till;
/** What went wrong in the pages, and whom they asked. */
let complaints;
let asked;

async function control(path, body) {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(sandbox.origin + path, init);
  assert.ok(answer.ok, `${path} answered ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

async function startTill(env = {}) {
  till = await startTillBefore(sandbox, join(folder, "qris.db"), env);
}

/** Payments are told at once, instead of after the 15 s of the first check. */
const withWebhook = () => control("/sandbox/webhook", { url: `${till.origin}/webhook/${HOOK}` });

async function newContext(options = {}) {
  await context?.close();
  context = await browser.newContext({ ...SEVEN_INCHES, ...options });
  context.setDefaultTimeout(10_000);
}

async function visit(path = "/") {
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await page.goto(till.origin + path);
  return page;
}

async function visitIn(language) {
  const page = await visit();
  if (language === "en") await page.locator("#language").click();
  return page;
}

const state = (page, word) => page.locator(`#state[data-state="${word}"]`).waitFor();

async function charge(page, amount = "25578") {
  await page.getByLabel("Jumlah (Rp)").fill(amount);
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await state(page, "pending");
  return page.locator("#shown-number").innerText();
}

/** Pays everything that is open, on the page that plays the payer's phone. */
async function pay() {
  const phone = await context.newPage();
  await phone.goto(sandbox.origin);
  await phone.getByRole("button", { name: /^Bayar Rp/ }).first().click();
  await phone.getByText(/Pembayaran berhasil/).waitFor();
  await phone.close();
}

const picture = async (page, name) => {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
};

/** Nothing went wrong, and nobody but the till was asked. */
function assertQuiet() {
  assert.deepEqual(complaints, []);
  assert.deepEqual([...asked], [till.origin]);
}

before(async () => {
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });
});

beforeEach(async () => {
  await context?.close();
  context = undefined;
  await stop(till);
  await stop(sandbox);
  if (folder) await rm(folder, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), "till-"));
  complaints = [];
  asked = new Set();
  sandbox = await startSandbox();
  await startTill();
  await newContext();
});

after(async () => {
  await browser?.close();
  await stop(till);
  await stop(sandbox);
  if (folder) await rm(folder, { recursive: true });
});

test("a charge that the payer pays on the phone is shown paid without reloading", async () => {
  await withWebhook();
  const page = await visit();
  await page.getByLabel("Jumlah (Rp)").pressSequentially("25578");
  assert.equal(await page.getByLabel("Jumlah (Rp)").inputValue(), "25.578");
  const number = await charge(page);
  assert.match(number, /^\d{6}-\d{6}[A-Z2-9]{3}$/);
  assert.equal(await page.locator("#shown-amount").innerText(), "Rp25.578");
  assert.match(await page.locator("#shown-nmid").innerText(), /^NMID ID\d{13}$/);
  assert.match(await page.locator("#countdown").innerText(), /^Sisa waktu (30:00|29:\d\d)$/);
  await page.waitForFunction(() => document.getElementById("qr").naturalWidth > 100);
  await picture(page, "cashier-pending");
  await page.evaluate(() => { window.here = true; });
  await pay();
  await state(page, "paid");
  assert.equal(await page.evaluate(() => window.here), true);
  assert.equal(await page.locator("#qr").isVisible(), false);
  assert.match(await page.locator("#payer").innerText(), /^Sakuku · PEMBAYAR SANDBOX · \d\d:\d\d$/);
  await page.locator("#last .state-paid").getByText("LUNAS").waitFor();
  await picture(page, "cashier-paid");
  assertQuiet();
});

test("the display shows code, merchant, NMID, amount and countdown, then that it is paid", async () => {
  await withWebhook();
  const cashier = await visit();
  const display = await visit("/display");
  await display.getByText("Selamat datang").waitFor();
  await picture(display, "display-waiting");
  await charge(cashier);
  await display.locator("#to-pay").waitFor();
  await display.waitForFunction(() => document.getElementById("qr").naturalWidth > 100);
  assert.equal(await display.locator("#merchant").innerText(), "WARUNG SANDBOX");
  assert.match(await display.locator("#nmid").innerText(), /^ID\d{13}$/);
  assert.equal(await display.locator("#to-pay #amount").innerText(), "Rp25.578");
  assert.match(await display.locator("#countdown").innerText(), /Sisa waktu/);
  const { height } = await display.locator("#qr").boundingBox();
  assert.ok(height > 400, `the code is ${height} px high on a screen of 600`);
  await picture(display, "display-pending");
  await pay();
  await display.locator("#paid").getByText("LUNAS").waitFor();
  await picture(display, "display-paid");
  assertQuiet();
});

test("a reload in the middle of a sale comes back to it", async () => {
  await withWebhook();
  const page = await visit();
  const number = await charge(page);
  await page.reload();
  await state(page, "pending");
  assert.equal(await page.locator("#shown-number").innerText(), number);
  await pay();
  await state(page, "paid");
  assertQuiet();
});

test("a payment made while the network is cut is shown when it is back", async () => {
  await withWebhook();
  const page = await visit();
  await charge(page);
  await stop(till);
  await page.getByText("Aplikasi kasir terputus").waitFor();
  await pay();
  const { port } = new URL(till.origin);
  await startTill({ QRIS_TILL_LISTEN: `127.0.0.1:${port}` });
  await state(page, "paid");
  await page.waitForFunction(() => document.getElementById("message").textContent === "");
});

test("a device without network says so, and catches up when it has one again", async () => {
  await withWebhook();
  const page = await visit();
  const number = await charge(page);
  await context.setOffline(true);
  await page.getByText("Aplikasi kasir terputus").waitFor();
  const { qris_invoiceid } = await (await fetch(`${till.origin}/api/orders/${number}`)).json();
  await control(`/sandbox/invoices/${qris_invoiceid}/pay`, {});
  await context.setOffline(false);
  await state(page, "paid");
});

test("a sale whose time is over is shown expired to cashier and customer", async () => {
  const page = await visit();
  const display = await visit("/display");
  await charge(page);
  await display.locator("#to-pay").waitFor();
  // The till goes by the provider's clock, as the reply to a check tells it.
  await control("/sandbox/clock", { advance_seconds: 30 * 60 - 6 });
  await page.getByRole("button", { name: "Cek sekarang" }).click();
  await state(page, "expired");
  assert.equal(await page.locator("#qr").isVisible(), false);
  await display.getByText("Jangan bayar kode sebelumnya").waitFor();
  await picture(page, "cashier-expired");
  await picture(display, "display-expired");
  assertQuiet();
});

test("two tabs show the same sale paid", async () => {
  await withWebhook();
  const first = await visit();
  const number = await charge(first);
  const second = await visit();
  await state(second, "pending");
  assert.equal(await second.locator("#shown-number").innerText(), number);
  await pay();
  await Promise.all([state(first, "paid"), state(second, "paid")]);
  assertQuiet();
});

test("the check button asks at once and then waits its fifteen seconds", async () => {
  const page = await visit();
  await charge(page);
  await pay();
  await page.getByRole("button", { name: "Cek sekarang" }).click();
  await state(page, "paid");
  assertQuiet();
  await page.getByRole("button", { name: "Transaksi baru" }).click();
  await charge(page, "1000");
  await page.getByRole("button", { name: "Cek sekarang" }).click();
  await page.getByRole("button", { name: /^Cek lagi dalam 1\d dtk$/ }).waitFor();
  assert.equal(await page.locator("#check").isDisabled(), true);
});

test("a cancelled sale loses its code", async () => {
  const page = await visit();
  await charge(page);
  await page.getByRole("button", { name: "Batalkan" }).click();
  await state(page, "cancelled");
  assert.equal(await page.locator("#qr").isVisible(), false);
  assertQuiet();
});

test("an outcome that is not known is said in words and in the list", async () => {
  await control("/sandbox/faults", { fault: "drop-after-accepting" });
  const page = await visit();
  await page.getByLabel("Jumlah (Rp)").fill("25578");
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await page.getByText("Nomor baru sudah disiapkan").waitFor();
  await page.locator("#last .state-unknown").getByText("Belum pasti").waitFor();
  assert.equal(await page.locator("#qr").isVisible(), false);
  // The number is another one now, so charging again is no dead end.
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await state(page, "pending");
});

/** An order whose code is shown for this many seconds, made by another program. */
async function order(number, seconds, more = {}) {
  const answer = await fetch(`${till.origin}/api/orders`, {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ number, amount: 25578, shown_seconds: seconds, ...more }),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return answer.json();
}

const orderNow = async (number) => (await fetch(`${till.origin}/api/orders/${number}`)).json();

/** How many codes can be seen on these pages. */
async function codesSeen(...pages) {
  const seen = await Promise.all(pages.map((page) => page.locator("#qr:visible").count()));
  return seen.reduce((sum, count) => sum + count, 0);
}

test("one press makes a new code when the last is no longer shown, and the display follows", async () => {
  await withWebhook();
  // The older code has no answer at first: it is said, and there is no new code.
  await control("/sandbox/faults", { fault: "html", on: "check", times: "standing" });
  await order("INV-1", 4);
  const page = await visit("/?number=INV-1");
  const display = await visit("/display");
  await display.locator("#to-pay").waitFor();
  await state(page, "expired");
  assert.equal(await codesSeen(page, display), 0);
  await display.getByText("Minta QR baru kepada kasir").waitFor();
  await picture(page, "cashier-renew");
  const { qris_invoiceid } = await orderNow("INV-1");
  await page.getByRole("button", { name: "Buat kode baru" }).click();
  context.setDefaultTimeout(40_000);
  await page.getByText(/Kode sebelumnya belum bisa dicek|Baru saja dicek/).waitFor();
  assert.equal(await codesSeen(page, display), 0);
  await fetch(`${sandbox.origin}/sandbox/faults`, { method: "DELETE" });
  await control("/sandbox/faults", { fault: "slow", on: "create", seconds: 3 });
  await page.getByRole("button", { name: "Buat kode baru" }).click();
  await page.getByText("Kode sebelumnya dicek dulu").waitFor();
  assert.equal(await codesSeen(page, display), 0);
  await state(page, "pending");
  assert.equal(await page.locator("#renewing").isVisible(), false);
  await page.getByText("Kode ke-2 untuk transaksi ini").waitFor();
  await display.locator("#to-pay").waitFor();
  await display.waitForFunction(() => document.getElementById("qr").naturalWidth > 100);
  assert.notEqual((await orderNow("INV-1")).qris_invoiceid, qris_invoiceid);
  assert.equal(await page.locator("#shown-number").innerText(), "INV-1");
});

test("an older code that was paid before a new one is made shows the sale paid", async () => {
  // The check at its end has no answer, so only the renewal finds the payment.
  await control("/sandbox/faults", { fault: "html", on: "check", times: "standing" });
  const { qris_invoiceid } = await order("INV-1", 2);
  const page = await visit("/?number=INV-1");
  await state(page, "expired");
  await control(`/sandbox/invoices/${qris_invoiceid}/pay`, {});
  await fetch(`${sandbox.origin}/sandbox/faults`, { method: "DELETE" });
  context.setDefaultTimeout(40_000);
  await page.getByRole("button", { name: "Buat kode baru" }).click();
  await state(page, "paid");
  assert.equal((await control("/sandbox/invoices")).length, 1);
  assertQuiet();
});

test("two paid codes of one sale are said on the sale and in the report", async () => {
  await withWebhook();
  const first = await order("INV-1", 2);
  const page = await visit("/?number=INV-1");
  await state(page, "expired");
  context.setDefaultTimeout(40_000);
  await page.getByRole("button", { name: "Buat kode baru" }).click();
  await page.getByText("Kode ke-2 untuk transaksi ini").waitFor();
  const second = await orderNow("INV-1");
  for (const { qris_invoiceid } of [second, first]) await control(`/sandbox/invoices/${qris_invoiceid}/pay`, {});
  await state(page, "paid");
  await page.getByText("kelebihan Rp25.578").waitFor();
  await picture(page, "cashier-overpaid");
  await page.getByRole("link", { name: "Laporan" }).click();
  await page.locator("#attention").getByText("Kelebihan bayar Rp25.578").waitFor();
  assertQuiet();
});

/** A sale whose outcome is unknown, open on the cashier's page; the provider's invoice of it. */
async function unknownSale(page, number) {
  await control("/sandbox/faults", { fault: "drop-after-accepting", on: "create" });
  await page.getByLabel("No. transaksi").fill(number);
  await page.getByLabel("Jumlah (Rp)").fill("25578");
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await page.locator(`#last [data-number="${number}"]`).click();
  await state(page, "unknown");
  return (await control("/sandbox/invoices")).find((invoice) => invoice.number === number).qris_invoiceid;
}

/** Presses until the sale is paid: one invoice is checked once in 15 seconds at most. */
async function pressUntilPaid(page, button) {
  const isPaid = () => page.locator('#state[data-state="paid"]').waitFor({ timeout: 1_000 }).then(() => true, () => false);
  for (let presses = 0; presses < 40; presses++) {
    await button.click();
    if (await isPaid()) return;
  }
  assert.fail("it is paid within 40 s");
}

test("an unknown sale says what happened, and ends with the invoice that a person found", async () => {
  const page = await visit();
  const id = await unknownSale(page, "INV-1");
  await page.getByText("Jawaban InterActive tidak sampai").waitFor();
  assert.equal(await codesSeen(page), 0);
  await picture(page, "cashier-unknown");
  const field = page.getByLabel("Ada di portal InterActive dan sudah dibayar:");
  const button = page.getByRole("button", { name: "Cek lalu catat lunas" });
  await field.fill("no number");
  await button.click();
  await page.getByText("Isi nomor invoice InterActive").waitFor();
  await field.fill(String(id));
  await button.click();
  await page.getByText("InterActive menjawab bahwa invoice itu belum dibayar").waitFor();
  await control(`/sandbox/invoices/${id}/pay`, {});
  await pressUntilPaid(page, button);
  assert.equal(await page.locator("#unknown").isVisible(), false);
});

test("an unknown sale ends by a person's word that there is none, and can be charged again", async () => {
  const page = await visit();
  await unknownSale(page, "INV-1");
  const report = await visit("/report");
  await report.locator("#attention").getByText("Belum pasti apakah kodenya dibuat").waitFor();
  await picture(report, "report-attention");
  await page.getByLabel("Tidak ada di portal InterActive:").fill("dicek Sari");
  await page.getByRole("button", { name: "Catat tidak dibuat" }).click();
  await state(page, "rejected");
  await report.reload();
  await report.locator("#nothing").waitFor();
  await page.getByRole("button", { name: "Buat kode baru" }).click();
  await state(page, "pending");
  assert.equal(await page.locator("#shown-number").innerText(), "INV-1");
});

test("a webhook that fits an unknown sale is offered, and one press uses it", async () => {
  const page = await visit();
  const id = await unknownSale(page, "INV-1");
  // The till's own check of it has no answer, so that a person is needed.
  await control("/sandbox/faults", { fault: "html", on: "check" });
  const webhook = {
    invoice: String(id), note: "1 INV-1 25578", qris_status: "success", qris_payment_methodby: "BCA",
    qris_payment_customername: "SITI", rrn: "000380970875",
  };
  const sent = await fetch(`${till.origin}/webhook/${HOOK}`, { method: "POST", body: JSON.stringify(webhook) });
  assert.equal(sent.status, 200);
  await page.getByText(`InterActive mengabari pembayaran yang cocok: invoice ${id}`).waitFor();
  await page.getByText(/BCA, SITI/).waitFor();
  await picture(page, "cashier-webhook");
  await control(`/sandbox/invoices/${id}/pay`, {});
  await pressUntilPaid(page, page.getByRole("button", { name: `Pakai invoice ${id}` }));
});

test("pages of one merchant show its sales and displays, and none of another's with the same numbers", async () => {
  await stop(till);
  await startTill({ QRIS_MERCHANTS: "kios-1 kios-2" });
  const pages = {};
  for (const [merchant, amount] of [["kios-1", "1000"], ["kios-2", "2000"]]) {
    const cashier = await visit(`/?merchant=${merchant}&till=K1`);
    const display = await visit(`/display?merchant=${merchant}&till=K1`);
    await cashier.getByLabel("No. transaksi").fill("INV-1");
    await charge(cashier, amount);
    pages[merchant] = { cashier, display };
  }
  for (const [merchant, amount] of [["kios-1", "Rp1.000"], ["kios-2", "Rp2.000"]]) {
    const { cashier, display } = pages[merchant];
    assert.equal(await cashier.locator("#shown-amount").innerText(), amount);
    await display.locator("#to-pay").waitFor();
    assert.equal(await display.locator("#to-pay #amount").innerText(), amount);
    await display.waitForFunction(() => document.getElementById("qr").naturalWidth > 100);
    assert.equal(await cashier.locator("#last tr").count(), 1);
  }
  const first = await (await fetch(`${till.origin}/api/orders/INV-1?merchant=kios-1`)).json();
  await control(`/sandbox/invoices/${first.qris_invoiceid}/pay`, {});
  await pages["kios-1"].cashier.getByRole("button", { name: "Cek sekarang" }).click();
  await pages["kios-1"].display.locator("#paid").waitFor();
  await state(pages["kios-2"].cashier, "pending");
  await pages["kios-1"].cashier.getByRole("link", { name: "Laporan" }).click();
  await pages["kios-1"].cashier.locator("#sum").getByText("Rp1.000").waitFor();
  assert.match(pages["kios-1"].cashier.url(), /merchant=kios-1/);
  // A page that names none of them says so.
  const lost = await context.newPage();
  await lost.goto(till.origin);
  await lost.getByText("Buka alamat dengan ?merchant=NAMA").waitFor();
  assertQuiet();
});

test("the report leads to a sale that needs a person", async () => {
  const page = await visit();
  await unknownSale(page, "INV-1");
  await page.getByRole("button", { name: "Transaksi baru" }).click();
  await page.getByRole("link", { name: "Laporan" }).click();
  await page.locator("#attention").getByRole("link", { name: "INV-1" }).click();
  await state(page, "unknown");
  assert.equal(await page.locator("#shown-number").innerText(), "INV-1");
  assert.equal(new URL(page.url()).search, "");
});

test("the same amount once more is another sale, and nobody's old payment is shown for it", async () => {
  await withWebhook();
  const page = await visit();
  const first = await charge(page);
  await pay();
  await state(page, "paid");
  await page.getByLabel("Jumlah (Rp)").fill("25578");
  // While the provider is asked, nothing on the page says that anything was paid.
  await control("/sandbox/faults", { fault: "slow", on: "create", seconds: 2 });
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await page.getByRole("button", { name: "Meminta QRIS…" }).waitFor();
  assert.equal(await page.locator("#sale-shown").isVisible(), false);
  await state(page, "pending");
  assert.notEqual(await page.locator("#shown-number").innerText(), first);
  assert.equal((await control("/sandbox/invoices")).length, 2);
  assertQuiet();
});

test("a number that a paid sale has makes no sale, and is not shown as paid", async () => {
  await withWebhook();
  const page = await visit();
  await page.getByLabel("No. transaksi").fill("BON-7");
  assert.equal(await charge(page), "BON-7");
  await pay();
  await state(page, "paid");
  await page.getByLabel("No. transaksi").fill("BON-7");
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await page.getByText("Nomor itu sudah dipakai transaksi lain").waitFor();
  assert.equal(await page.locator("#sale-shown").isVisible(), false);
});

/** The ways in which an amount comes into the field. */
const WAYS = {
  "filled in": (field, text) => field.fill(text),
  typed: async (field, text) => {
    await field.fill("");
    await field.pressSequentially(text);
  },
  pasted: async (field, text) => {
    await field.evaluate((_, copied) => navigator.clipboard.writeText(copied), text);
    // Over an amount that begins in the same way, so that it looks like an amount cut short.
    await field.fill("");
    await field.pressSequentially("25000000");
    await field.press("Control+a");
    await field.press("Control+v");
  },
};

for (const [language, dot] of [["id", "."], ["en", ","]]) {
  const inLanguage = async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: till.origin });
    const page = await visitIn(language);
    return [page, page.locator("#amount")];
  };
  const shown = (number) => number.replaceAll(".", dot);

  test(`an amount that is not whole rupiah is refused and not guessed (${language})`, async () => {
    const [page, amount] = await inLanguage();
    const wrong = [
      "25000.00", "25000,00", "25000.000", "1.5", "1,5", "1.00", "12,50", "1.000.00", "1,000,00", "25.0000", "2500.000",
      "25.000,50", "25,000.50", "1.000,000", "1 000.000", "25..000", ".500", "0.500", "0,500", "25.000.", "25.", "0",
      "-5000", "-5", "+5", "1e3", "1e5", "25,5", "\uff12\uff15\uff10\uff10\uff10", "Rp1.5", "Rp 25.000,-", "Rp 25.000.000,00", "Rp", "",
    ];
    for (const [way, enter] of Object.entries(WAYS)) {
      for (const text of wrong) {
        // An empty text cannot be pasted.
        if (way === "pasted" && text === "") continue;
        await enter(amount, text);
        await amount.press("Enter");
        const message = await amount.evaluate((field) => field.validationMessage);
        assert.match(message, /rupiah bulat|Whole rupiah/, `${text} ${way} is refused`);
        assert.equal(await amount.inputValue(), text, `${text} ${way} is left as it is`);
      }
    }
    assert.equal((await control("/sandbox/invoices")).length, 0);
    assertQuiet();
  });

  test(`separators that group thousands are understood, of whatever kind (${language})`, async () => {
    const [page, amount] = await inLanguage();
    const right = {
      "25000": "25.000", "25.000": "25.000", "25,000": "25.000", "25 000": "25.000", "25\u00a0000": "25.000",
      "1.500": "1.500", "500": "500", "1.000.000": "1.000.000", "1,000,000": "1.000.000",
      "Rp25.000": "25.000", "Rp 25.000": "25.000", "Rp. 25.000": "25.000", " 25.000 ": "25.000",
    };
    for (const [way, enter] of Object.entries(WAYS)) {
      for (const [text, meant] of Object.entries(right)) {
        await enter(amount, text);
        await amount.blur();
        assert.equal(await amount.inputValue(), shown(meant), `${text} ${way}`);
        assert.equal(await amount.evaluate((field) => field.validationMessage), "", `${text} ${way} is taken`);
      }
    }
    await amount.fill("Rp 25,000");
    await amount.press("Enter");
    await state(page, "pending");
    assert.equal((await control("/sandbox/invoices"))[0].amount, 25000);
    assertQuiet();
  });

  test(`an amount means the same while it is worked on (${language})`, async () => {
    const [page, amount] = await inLanguage();
    const value = () => amount.inputValue();
    const keys = async (...pressed) => { for (const key of pressed) await amount.press(key); };
    const begin = async (digits) => {
      await amount.fill("");
      await amount.pressSequentially(digits);
    };
    const steps = [];
    for (const digit of "2500000") {
      await keys(digit);
      steps.push(await value());
    }
    assert.deepEqual(steps, ["2", "25", "250", "2.500", "25.000", "250.000", "2.500.000"].map(shown));

    // What is typed next stands where the last digit was taken away.
    await begin("1234567");
    await keys("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Backspace");
    assert.equal(await value(), shown("123.567"));
    await keys("9");
    assert.equal(await value(), shown("1.239.567"));

    // A separator is no obstacle, from either side.
    await begin("25000");
    await keys("ArrowLeft", "ArrowLeft", "ArrowLeft", "Backspace", "Backspace");
    assert.equal(await value(), shown("2.000"));
    await begin("25000");
    await keys("Home", "ArrowRight", "ArrowRight", "Delete", "Delete");
    assert.equal(await value(), shown("2.500"));

    // Zeros that stand first for a moment are not lost.
    await begin("10500");
    await keys("Home", "Delete");
    assert.notEqual(await amount.evaluate((field) => field.validationMessage), "");
    await keys("2");
    assert.equal(await value(), shown("20.500"));

    // Undo, which knows nothing of the page's separators, makes no other amount.
    await begin("2500");
    await keys("Control+z", "Control+z");
    assert.equal(await value(), shown("2.500"));

    // An amount that was understood before is not charged for one that is not, in any language.
    await begin("25000.00");
    assert.equal(await value(), "25000.00");
    await page.locator("#language").click();
    await page.locator("#charge").click();
    assert.equal(await value(), "25000.00");
    assert.equal((await control("/sandbox/invoices")).length, 0);
    await amount.focus();
    await keys("End", "Backspace", "Backspace", "Backspace");
    await page.locator("#language").click();
    assert.equal(await value(), shown("25.000"));
    assertQuiet();
  });
}

test("a check without an answer is said, and taken back with the next answer", async () => {
  const page = await visit();
  await charge(page);
  await control("/sandbox/faults", { fault: "html", on: "check", times: "standing" });
  await page.getByRole("button", { name: "Cek sekarang" }).click();
  await page.getByText("Belum bisa mengecek ke InterActive").waitFor();
  await page.reload();
  await page.getByText("Belum bisa mengecek ke InterActive").waitFor();
  await fetch(`${sandbox.origin}/sandbox/faults`, { method: "DELETE" });
  await pay();
  context.setDefaultTimeout(30_000);
  await state(page, "paid");
  assert.equal(await page.locator("#unanswered").isVisible(), false);
});

test("a wrong key is told in words that lead to the owner", async () => {
  await stop(till);
  await startTill({ QRIS_API_KEY: "another-key" });
  const page = await visit();
  await page.getByLabel("Jumlah (Rp)").fill("25578");
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await page.getByText("menolak kunci API. Hubungi pemilik toko.").waitFor();
});

test("a sale that the books do not have is forgotten", async () => {
  const page = await visit();
  await page.evaluate(() => localStorage.setItem("shown-", "GONE-1"));
  await page.reload();
  await page.waitForFunction(() => localStorage.getItem("shown-") === null);
  await page.waitForFunction(() => document.getElementById("message").textContent === "");
});

test("the report has sum, chart, lines and a CSV", async () => {
  await withWebhook();
  const page = await visit();
  for (const amount of ["25578", "10000"]) {
    await charge(page, amount);
    await pay();
    await state(page, "paid");
    await page.getByRole("button", { name: "Transaksi baru" }).click();
  }
  await page.getByRole("link", { name: "Laporan" }).click();
  await page.getByText("Rp35.578").first().waitFor();
  assert.equal(await page.locator("#count").innerText(), "2");
  assert.equal(await page.locator("#chart rect").count(), 7);
  assert.match(await page.locator("#lines tr").first().innerText(), /Kasir \(POS\)\s+2\s+2\s+Rp35\.578/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Unduh CSV" }).click()]);
  assert.match(download.suggestedFilename(), /^qris-.*\.csv$/);
  await picture(page, "report");
  assertQuiet();
});

test("a name from elsewhere is text and nothing else", async () => {
  const page = await visit();
  const number = await charge(page);
  const { qris_invoiceid } = await (await fetch(`${till.origin}/api/orders/${number}`)).json();
  const customer_name = `<img src=x onerror="alert(1)">`;
  await control(`/sandbox/invoices/${qris_invoiceid}/pay`, { customer_name });
  await page.getByRole("button", { name: "Cek sekarang" }).click();
  await state(page, "paid");
  assert.ok((await page.locator("#payer").innerText()).includes(customer_name));
  assert.equal(await page.locator("#payer img").count(), 0);
  assertQuiet();
});

test("the keyboard alone makes a charge, and Enter is enough", async () => {
  const page = await visit();
  await page.keyboard.type("50000");
  await page.keyboard.press("Enter");
  await state(page, "pending");
  assert.equal(await page.locator("#shown-amount").innerText(), "Rp50.000");
  assertQuiet();
});

test("it switches to English and remembers that", async () => {
  const page = await visit();
  await page.getByRole("button", { name: "Switch to English" }).click();
  await page.getByRole("button", { name: "Make QRIS" }).waitFor();
  await page.getByLabel("Amount (Rp)").pressSequentially("25578");
  assert.equal(await page.getByLabel("Amount (Rp)").inputValue(), "25,578");
  await page.getByRole("link", { name: "Report" }).click();
  await page.getByRole("heading", { name: "Report" }).waitFor();
  await page.getByRole("button", { name: "Ganti ke Bahasa Indonesia" }).click();
  await page.getByRole("heading", { name: "Laporan" }).waitFor();
  assertQuiet();
});

test("a till with a token asks for it on the page", async () => {
  await stop(till);
  await startTill({ QRIS_TILL_TOKEN: "0c9f1d7ab4e84f3b9d62" });
  const page = await context.newPage();
  await page.goto(till.origin);
  await page.getByLabel("Token").fill("0c9f1d7ab4e84f3b9d63");
  await page.getByRole("button", { name: "Masuk" }).click();
  await page.getByText("Token salah").waitFor();
  await picture(page, "login");
  await page.getByLabel("Token").fill("0c9f1d7ab4e84f3b9d62");
  await page.getByRole("button", { name: "Masuk" }).click();
  await charge(page);
});

test("a tablet on the shop's network signs in, and gets the page that it asked for", async () => {
  const addresses = Object.values(networkInterfaces()).flat();
  const address = addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
  assert.ok(address, "this machine is on a network");
  await stop(till);
  await startTill({ QRIS_TILL_TOKEN: "0c9f1d7ab4e84f3b9d62", QRIS_TILL_LISTEN: "0.0.0.0:0" });
  const { port } = new URL(till.origin);
  const page = await context.newPage();
  await page.goto(`http://${address}:${port}/report?till=K1`);
  await page.getByLabel("Token").fill("0c9f1d7ab4e84f3b9d62");
  await page.getByRole("button", { name: "Masuk" }).click();
  await page.getByRole("heading", { name: "Laporan" }).waitFor();
  assert.equal(page.url(), `http://${address}:${port}/report?till=K1`);
  await page.goto(`http://${address}:${port}/`);
  await charge(page);
  // From another site's form the token is not taken.
  const answer = await fetch(`http://${address}:${port}/login`, {
    method: "POST", headers: { Origin: "http://elsewhere.example" },
    body: new URLSearchParams({ token: "0c9f1d7ab4e84f3b9d62" }),
  });
  assert.equal(answer.status, 403);
});

for (const [name, viewport] of [["seven inches", { width: 1024, height: 600 }], ["small", { width: 800, height: 480 }], ["a phone", { width: 360, height: 640 }]]) {
  test(`pages fit ${name}, and controls fit fingers`, async () => {
    await newContext({ viewport });
    const page = await visit();
    await charge(page, "10000000");
    const display = await visit("/display");
    await display.locator("#to-pay").waitFor();
    const report = await visit("/report");
    await report.locator("#lines tr").first().waitFor();
    for (const [where, one] of [["cashier", page], ["display", display], ["report", report]]) {
      const [wide, narrow] = await one.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= narrow, `${where}: ${wide} px of page on ${narrow} px of screen`);
      await picture(one, `${where}-${viewport.width}`);
    }
    const code = await page.locator("#qr").boundingBox();
    const amount = await page.locator("#shown-amount").boundingBox();
    assert.ok(amount.y >= code.y + code.height, "nothing stands on the code");
    const { y, height } = await display.locator("#qr").boundingBox();
    assert.ok(y >= 0 && y + height <= viewport.height, "the whole code is on the screen");
    for (const control of await page.locator("form button:visible, section .row button:visible, select:visible, form input:not([type=checkbox]):visible").all()) {
      const box = await control.boundingBox();
      assert.ok(box.height >= 44, `a control is ${box.height} px high`);
    }
    assertQuiet();
    await unknownSale(page, "INV-9");
    const [wide, narrow] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= narrow, `unknown: ${wide} px of page on ${narrow} px of screen`);
    for (const control of await page.locator("#unknown :is(button, input)").all()) {
      const box = await control.boundingBox();
      assert.ok(box.height >= 44, `a control is ${box.height} px high`);
    }
    await picture(page, `cashier-unknown-${viewport.width}`);
  });
}

for (const width of [360, 390]) {
  for (const language of ["id", "en"]) {
    test(`nothing that matters is out of sight on a phone of ${width} px (${language})`, async () => {
      await newContext({ viewport: { width, height: 844 } });
      await withWebhook();
      const page = await visitIn(language);
      const sell = async (number, amount) => {
        await page.locator("#number").fill(number);
        await page.locator("#amount").fill(amount);
        await page.locator("#charge").click();
        await state(page, "pending");
      };
      await sell("A-NUMBER-AS-LONG-AS-THE-PROVIDER-TAKES-1", "10000000");
      await pay();
      await state(page, "paid");
      await sell("WEB-7", "25578");
      await page.locator("#last tr").nth(1).waitFor();
      const inSight = async (one, selectors) => {
        for (const selector of selectors) {
          const cut = await one.locator(selector).evaluateAll((found) => found.map((part) => {
            const { left, right } = part.getBoundingClientRect();
            const card = part.closest(".card").getBoundingClientRect();
            return left < Math.max(0, card.left) || right > Math.min(innerWidth, card.right) || part.scrollWidth > part.clientWidth;
          }));
          assert.ok(cut.length > 0 && !cut.includes(true), `${selector} is in sight: ${cut}`);
        }
      };
      await inSight(page, ["#last [data-number]", "#last .right", "#last [class^=state-]"]);
      await picture(page, `cashier-${width}-${language}`);
      const report = await visit("/report");
      await report.locator("#lines tr").first().waitFor();
      await inSight(report, ["#sum", "#count", "#lines td:visible"]);
      assert.match(await report.locator("#lines tr").first().innerText(), /Rp10[.,]000[.,]000/);
      const newest = await report.locator("#chart rect").last().boundingBox();
      assert.ok(newest.x >= 0 && newest.x + newest.width <= width, `the newest day is at ${newest.x} px`);
      await picture(report, `report-${width}-${language}`);
      assertQuiet();
    });
  }
}

for (const colorScheme of ["light", "dark"]) {
  test(`every text can be read in ${colorScheme}`, async () => {
    await newContext({ ...SEVEN_INCHES, colorScheme });
    await withWebhook();
    const page = await visit();
    const display = await visit("/display");
    await charge(page);
    await display.locator("#to-pay").waitFor();
    const readable = async (where, selectors) => {
      for (const selector of selectors) {
        const found = await where.locator(selector).first().evaluate(contrast);
        assert.ok(found >= 4.5, `${selector} has a contrast of ${found.toFixed(2)}`);
      }
    };
    await readable(page, ["h1", "h2", "label", "#amount", "#charge", "#cancel", ".fact", "#countdown", "th", "td", "a", "#language"]);
    await readable(display, ["#merchant", ".fact", ".amount", "#countdown", ".brand"]);
    await picture(page, `cashier-${colorScheme}`);
    await picture(display, `display-${colorScheme}`);
    await pay();
    await display.locator("#paid").waitFor();
    await readable(display, ["#paid h1", "#paid .amount", "#paid .fact"]);
    await state(page, "paid");
    await readable(page, ["#state"]);
    const report = await visit("/report");
    await report.locator("#lines tr").first().waitFor();
    await readable(report, ["label", "td", ".fact", ".button"]);
    await picture(report, `report-${colorScheme}`);
    assertQuiet();
  });
}
