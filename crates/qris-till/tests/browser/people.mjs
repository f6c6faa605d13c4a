// Signing in, changing the cashier and signing out, in a real browser with a real till.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { startSandbox, startTill, stop } from "./programs.mjs";
import { launch } from "../../../qris-sandbox/tests/browser/chromium.mjs";

/** The folder for screenshots of the page, if any. */
const PICTURES = process.env.QRIS_PICTURES;
const TOKEN = "0c9f1d7ab4e84f3b9d62";

let browser;
let folder;
let context;
let sandbox;
let till;

before(async () => {
  browser = await launch();
});

beforeEach(async () => {
  await close();
  folder = await mkdtemp(join(tmpdir(), "till-"));
  sandbox = await startSandbox();
  till = await startTill(sandbox, join(folder, "qris.db"), { QRIS_TILL_TOKEN: TOKEN });
  user("Siti", "cashier", "480615");
  user("Budi", "supervisor", "739104");
});

after(async () => {
  await close();
  await browser?.close();
});

async function close() {
  await context?.close();
  context = undefined;
  await stop(till);
  await stop(sandbox);
  if (folder) await rm(folder, { recursive: true });
  folder = undefined;
}

/** Adds a user or creates a token, like the command. */
function qris(arguments_, input = "") {
  const env = { ...process.env, QRIS_DATABASE_URL: `sqlite://${join(folder, "qris.db")}` };
  return execFileSync(process.env.QRIS_PEOPLE, arguments_, { env, input, encoding: "utf8" }).trim();
}

const user = (name, role, pin) => qris(["user", name, role, pin]);

async function visit(path = "/", options = {}) {
  context = await browser.newContext({ viewport: { width: 1024, height: 768 }, ...options });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(till.origin + path);
  return page;
}

async function signIn(page, name, pin) {
  await page.fill("#name", name);
  await page.fill("#pin", pin);
  await page.press("#pin", "Enter");
}

async function picture(page, name) {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `people-${name}.png`), fullPage: true });
}

test("a cashier signs in, and the page says who it is", async () => {
  const page = await visit("/?till=K1");
  await picture(page, "sign-in");
  await signIn(page, "siti", "480615");
  await page.waitForSelector("#who-name");
  assert.equal(await page.textContent("#who-name"), "Siti");
  assert.equal(new URL(page.url()).search, "?till=K1", "back to the page that was asked for");
  const [cookie] = await context.cookies();
  assert.ok(cookie.httpOnly && cookie.sameSite === "Strict" && !cookie.value.includes(TOKEN), JSON.stringify(cookie));
  await picture(page, "cashier");
});

test("ganti kasir leads to the names in one tap, and the PIN is typed on the screen", async () => {
  const page = await visit();
  await signIn(page, "Siti", "480615");
  await page.click("#switch-cashier");
  await page.waitForSelector("#names button");
  const names = await page.$$eval("#names button", (buttons) => buttons.map((button) => button.textContent));
  assert.deepEqual(names, ["Siti", "Budi"]);
  await page.click("#names button:has-text('Budi')");
  await page.waitForSelector("#pad button");
  await picture(page, "pad");
  for (const digit of "7391048") await page.click(`#pad button:text-is("${digit}")`);
  await page.click("#pad button[aria-label='Hapus angka terakhir']");
  await page.click("#pad button.primary");
  await page.waitForSelector("#who-name");
  assert.equal(await page.textContent("#who-name"), "Budi");
});

test("a cashier who opens a sale with an unknown outcome is told whom to ask, and a supervisor can resolve it", async () => {
  const page = await visit();
  await signIn(page, "Siti", "480615");
  await page.waitForSelector("#who-name");
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const fault = JSON.stringify({ fault: "drop-after-accepting", on: "create" });
  assert.ok((await fetch(`${sandbox.origin}/sandbox/faults`, { method: "POST", body: fault })).ok);
  await page.getByLabel("No. transaksi").fill("LOST-1");
  await page.getByLabel("Jumlah (Rp)").fill("25578");
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await page.click('#last [data-number="LOST-1"]');
  await page.getByText("Minta supervisor atau pemilik menyelesaikannya.").waitFor();
  for (const form of ["#resolve-paid", "#resolve-not-made"]) assert.equal(await page.isVisible(form), false, form);
  assert.equal(asked.includes("/api/webhooks/unbooked"), false, "a cashier may not read them");
  assert.doesNotMatch(await page.innerText("#message"), /forbidden/);
  await page.click("#switch-cashier");
  await signIn(page, "Budi", "739104");
  await page.waitForSelector("#who-name");
  await page.click('#last [data-number="LOST-1"]');
  await page.waitForSelector("#resolve-paid:visible");
  assert.equal(await page.isVisible("#resolve-denied"), false);
});

test("a wrong PIN is said, and the report asks a cashier for a supervisor", async () => {
  const page = await visit("/report");
  await signIn(page, "Siti", "135790");
  await page.waitForSelector("#wrong:visible");
  assert.match(await page.textContent("#wrong"), /salah/);
  await signIn(page, "Siti", "480615");
  await page.waitForSelector("#another:visible");
  assert.equal(new URL(page.url()).pathname, "/report", "the page that was asked for first");
  await picture(page, "another");
  await signIn(page, "Budi", "739104");
  await page.waitForSelector("#csv");
  assert.equal(await page.locator("#another").count(), 0);
});

test("signing out ends the session in the other tabs too", async () => {
  const page = await visit();
  await signIn(page, "Siti", "480615");
  await page.waitForSelector("#who-name");
  const other = await context.newPage();
  await other.goto(till.origin);
  await other.waitForSelector("#who-name");
  await page.click("#sign-out");
  await page.waitForSelector("#names button");
  await other.reload();
  await other.waitForSelector("#pin");
  assert.equal(await other.locator("#who-name").count(), 0);
});

test("a shift is opened in the name of the user who is signed in, and the page asks for no name", async () => {
  const page = await visit("/shift");
  await signIn(page, "siti", "480615");
  await page.getByText("Shift ini dibuka atas nama Siti.").waitFor();
  assert.equal(await page.getByLabel("Nama kasir").isVisible(), false);
  await page.getByRole("button", { name: "Buka shift" }).click();
  await page.getByRole("heading", { name: "Shift 1: Siti" }).waitFor();
});

test("a cashier's menu has no links to pages that only supervisors and owners may open", async () => {
  const page = await visit();
  await signIn(page, "Siti", "480615");
  await page.waitForSelector("#who-name");
  assert.equal(await page.getByRole("link", { name: "Shift" }).isVisible(), true);
  for (const name of ["Tagihan", "Laporan"]) assert.equal(await page.getByRole("link", { name }).count(), 0);
});

test("the sign-in page says what the name is for", async () => {
  const page = await visit();
  const hint = await page.getByLabel("Nama").getAttribute("aria-describedby");
  assert.match(await page.textContent(`#${hint}`), /Nama Anda dicatat pada setiap transaksi/);
  // A cashier has no token, so its field stays folded.
  assert.equal(await page.locator("input[name=token]").isVisible(), false);
});

test("a display signs in with its token, whose field is open and first, and may open no other page", async () => {
  const token = qris(["token", "layar", "display"]);
  const page = await visit("/display");
  await page.getByText("Hubungkan layar pelanggan").waitFor();
  const [field, pin] = await Promise.all(["input[name=token]", "#pin"].map((one) => page.locator(one).boundingBox()));
  assert.ok(field && field.y < pin.y, "the token's field stands above the PIN");
  await picture(page, "display");
  await page.fill("input[name=token]", token);
  await page.press("input[name=token]", "Enter");
  await page.waitForSelector("#waiting:visible");
  const answer = await page.goto(`${till.origin}/`);
  assert.equal(answer.status(), 403);
});

test("without scripts the sign-in page is a form", async () => {
  const page = await visit("/", { javaScriptEnabled: false });
  await signIn(page, "Siti", "480615");
  await page.waitForSelector("#charge");
});

test("the sign-in page fits a phone, in both languages", async () => {
  const page = await visit("/", { viewport: { width: 360, height: 740 } });
  await picture(page, "phone");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  await page.click("#language");
  assert.equal(await page.textContent("#sign-in h1"), "Sign in to the till");
  for (const box of await page.$$eval("button, input:not([type=hidden])", (all) => all
    .filter((one) => one.offsetParent).map((one) => [one.outerHTML.slice(0, 60), one.getBoundingClientRect().height]))) {
    assert.ok(box[1] >= 44, `${box[0]} is ${box[1]} px high`);
  }
});
