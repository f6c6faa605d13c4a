// Shared by the tests of the till's pages: a real browser, a real till and a real sandbox. Each test gets a new
// till and sandbox.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach } from "node:test";
import { HOOK, startSandbox, startTill as startTillBefore, stop } from "./programs.mjs";
import { launch } from "../../../qris-sandbox/tests/browser/chromium.mjs";

/** The folder for screenshots of the pages, if any. */
const PICTURES = process.env.QRIS_PICTURES;
export const SEVEN_INCHES = { viewport: { width: 1024, height: 600 } };

export let browser;
let folder;
export let context;
export let sandbox;
export let till;
/** The errors of the pages, and the origins of their requests. */
export let complaints;
export let asked;

export async function control(path, body) {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(sandbox.origin + path, init);
  assert.ok(answer.ok, `${path} answered ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

/** The URL of the till's database, for other programs. */
export const database = () => `sqlite://${join(folder, "qris.db")}`;

export async function startTill(env = {}) {
  till = await startTillBefore(sandbox, join(folder, "qris.db"), env);
}

/** Lets the sandbox send webhooks, so that payments are seen at once instead of at the first check after 15 s. */
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

/** Pays the open invoice on the sandbox's page of a payer's phone. */
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

/** Asserts that the pages had no errors and sent requests only to the till. */
export function assertQuiet() {
  assert.deepEqual(complaints, []);
  assert.deepEqual([...asked], [till.origin]);
}

before(async () => {
  browser = await launch();
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

/** Makes an order over the API. Its code is shown for this many seconds. */
export async function order(number, seconds, more = {}) {
  const answer = await fetch(`${till.origin}/api/orders`, {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ number, amount: 25578, shown_seconds: seconds, ...more }),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return answer.json();
}

export const orderNow = async (number) => (await fetch(`${till.origin}/api/orders/${number}`)).json();

/** How many codes are visible on these pages. */
export async function codesSeen(...pages) {
  const seen = await Promise.all(pages.map((page) => page.locator("#qr:visible").count()));
  return seen.reduce((sum, count) => sum + count, 0);
}

/** Makes a sale of unknown outcome, shows it on the cashier's page, and returns its invoice id. */
export async function unknownSale(page, number) {
  await control("/sandbox/faults", { fault: "drop-after-accepting", on: "create" });
  await page.getByLabel("No. transaksi").fill(number);
  await page.getByLabel("Jumlah (Rp)").fill("25578");
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await page.locator(`#last [data-number="${number}"]`).click();
  await state(page, "unknown");
  return (await control("/sandbox/invoices")).find((invoice) => invoice.number === number).qris_invoiceid;
}

/** Presses the button until the sale is paid. An invoice is checked at most once in 15 seconds, and the button is
 * disabled while a check runs. */
export async function pressUntilPaid(page, button) {
  const isPaid = () => page.locator('#state[data-state="paid"]').waitFor({ timeout: 1_000 }).then(() => true, () => false);
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    await button.click({ timeout: 2_000 }).catch(() => {});
    if (await isPaid()) return;
  }
  assert.fail("it is paid within 60 s");
}
