// What the tests of the till's pages share: a real browser, and a real till before a real sandbox. Each
// test begins with new ones.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach } from "node:test";
import { HOOK, startSandbox, startTill as startTillBefore, stop } from "./programs.mjs";

// What drives the browser is installed beside the sandbox's test.
const beside = new URL("../../../qris-sandbox/tests/browser/package.json", import.meta.url);
const { chromium } = createRequire(beside)("playwright-core");

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Where to put pictures of the pages, if anybody wants to look at them. */
const PICTURES = process.env.QRIS_PICTURES;
export const SEVEN_INCHES = { viewport: { width: 1024, height: 600 } };

export let browser;
let folder;
export let context;
export let sandbox;
export let till;
/** What went wrong in the pages, and whom they asked. */
export let complaints;
export let asked;

export async function control(path, body) {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(sandbox.origin + path, init);
  assert.ok(answer.ok, `${path} answered ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

/** The database of the till, for other programs. */
export const database = () => `sqlite://${join(folder, "qris.db")}`;

export async function startTill(env = {}) {
  till = await startTillBefore(sandbox, join(folder, "qris.db"), env);
}

/** Payments are told at once, instead of after the 15 s of the first check. */
export const withWebhook = () => control("/sandbox/webhook", { url: `${till.origin}/webhook/${HOOK}` });

export async function newContext(options = {}) {
  await context?.close();
  context = await browser.newContext({ ...SEVEN_INCHES, ...options });
  context.setDefaultTimeout(30_000);
}

export async function visit(path = "/") {
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await page.goto(till.origin + path);
  return page;
}

export async function visitIn(language) {
  const page = await visit();
  if (language === "en") await page.locator("#language").click();
  return page;
}

export const state = (page, word) => page.locator(`#state[data-state="${word}"]`).waitFor();

export async function charge(page, amount = "25578") {
  await page.getByLabel("Jumlah (Rp)").fill(amount);
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await state(page, "pending");
  return page.locator("#shown-number").innerText();
}

/** Pays everything that is open, on the page that plays the payer's phone. */
export async function pay() {
  const phone = await context.newPage();
  await phone.goto(sandbox.origin);
  await phone.getByRole("button", { name: /^Bayar Rp/ }).first().click();
  await phone.getByText(/Pembayaran berhasil/).waitFor();
  await phone.close();
}

export const picture = async (page, name, options = {}) => {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), ...options });
};

/** Nothing went wrong, and nobody but the till was asked. */
export function assertQuiet() {
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

/** An order whose code is shown for this many seconds, made by another program. */
export async function order(number, seconds, more = {}) {
  const answer = await fetch(`${till.origin}/api/orders`, {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ number, amount: 25578, shown_seconds: seconds, ...more }),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return answer.json();
}

export const orderNow = async (number) => (await fetch(`${till.origin}/api/orders/${number}`)).json();

/** How many codes can be seen on these pages. */
export async function codesSeen(...pages) {
  const seen = await Promise.all(pages.map((page) => page.locator("#qr:visible").count()));
  return seen.reduce((sum, count) => sum + count, 0);
}

/** A sale whose outcome is unknown, open on the cashier's page; the provider's invoice of it. */
export async function unknownSale(page, number) {
  await control("/sandbox/faults", { fault: "drop-after-accepting", on: "create" });
  await page.getByLabel("No. transaksi").fill(number);
  await page.getByLabel("Jumlah (Rp)").fill("25578");
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await page.locator(`#last [data-number="${number}"]`).click();
  await state(page, "unknown");
  return (await control("/sandbox/invoices")).find((invoice) => invoice.number === number).qris_invoiceid;
}

/** Presses until the sale is paid: one invoice is checked once in 15 seconds at most, and a press that waits
 * for its check has the button disabled. */
export async function pressUntilPaid(page, button) {
  const isPaid = () => page.locator('#state[data-state="paid"]').waitFor({ timeout: 1_000 }).then(() => true, () => false);
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    await button.click({ timeout: 2_000 }).catch(() => {});
    if (await isPaid()) return;
  }
  assert.fail("it is paid within 60 s");
}
