// The two demo shops with a buyer: one sends the buyer to the till's page, the other shows the QR itself.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { HOOK, start, startSandbox, startTill, stop } from "./programs.mjs";
import { launch } from "../../../qris-sandbox/tests/browser/chromium.mjs";

const TOKEN = "0c9f1d7ab4e84f3b9d62";

let browser;
let folder;
let sandbox;
let till;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((ready) => { server.once("listening", ready); });
  const { port } = server.address();
  await new Promise((closed) => { server.close(closed); });
  return port;
}

/** Starts an example with its interpreter. */
async function startShop(interpreter, file) {
  const path = fileURLToPath(new URL(`../../examples/${file}`, import.meta.url));
  const env = { TILL: till.origin, TILL_TOKEN: TOKEN, PORT: String(await freePort()) };
  return start(interpreter, env, "the shop:", [path]);
}

async function payAll() {
  const invoices = await (await fetch(`${sandbox.origin}/sandbox/invoices`)).json();
  for (const { qris_invoiceid: id, state } of invoices) {
    if (state === "pending") await fetch(`${sandbox.origin}/sandbox/invoices/${id}/pay`, { method: "POST" });
  }
}

before(async () => {
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), "shops-"));
  sandbox = await startSandbox();
  till = await startTill(sandbox, join(folder, "qris.db"), { QRIS_TILL_TOKEN: TOKEN });
  const url = `${till.origin}/webhook/${HOOK}`;
  await fetch(`${sandbox.origin}/sandbox/webhook`, { method: "POST", body: JSON.stringify({ url }) });
});

after(async () => {
  await browser?.close();
  await stop(till);
  await stop(sandbox);
  if (folder) await rm(folder, { recursive: true });
});

test("a buyer who is sent to the till pays, comes back by a link, and the shop ships by the webhook", async () => {
  const shop = await startShop("python3", "shop_redirect.py");
  try {
    const page = await browser.newPage({ locale: "id-ID" });
    await page.goto(shop.origin);
    await page.getByRole("button", { name: /Beli kopi/ }).click();
    await page.locator('#order[data-state="pending"]').waitFor();
    assert.ok(page.url().startsWith(`${till.origin}/pay/`));
    await payAll();
    await page.locator('#order[data-state="paid"]').waitFor();
    await page.getByRole("link", { name: /^Kembali ke/ }).click();
    for (let tries = 0; tries < 50 && await page.locator("#state").innerText() !== "dikirim"; tries += 1) {
      await page.waitForTimeout(100);
      await page.reload();
    }
    assert.equal(await page.locator("#state").innerText(), "dikirim");
    const forged = await fetch(`${shop.origin}/hook`, { method: "POST", body: "{}" });
    assert.equal(forged.status, 401, "an event without a signature");
  } finally {
    await stop(shop);
  }
});

test("a shop that embeds the QR waits for the payment and keeps the till's token to itself", async () => {
  const shop = await startShop("node", "shop_embed.mjs");
  try {
    const page = await browser.newPage({ locale: "id-ID" });
    const asked = new Set();
    page.on("request", (request) => asked.add(new URL(request.url()).origin));
    await page.goto(shop.origin);
    await page.getByRole("button", { name: /Beli kopi/ }).click();
    await page.waitForFunction(() => document.querySelector("img")?.naturalWidth > 100);
    assert.ok(!(await page.content()).includes(TOKEN));
    await payAll();
    await page.getByText("LUNAS, terima kasih").waitFor();
    assert.deepEqual([...asked], [shop.origin]);
    assert.equal((await fetch(`${shop.origin}/order/INV-1/state`)).status, 404, "another order");
  } finally {
    await stop(shop);
  }
});
