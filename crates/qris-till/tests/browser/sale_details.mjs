// The history, the receipt and the printers of a sale on the cashier's page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, charge, context, pay, picture, state, till, visit, withWebhook } from "./till_helpers.mjs";
import { storyDetail } from "../../src/pages/story_detail.js";

test("a sale's story says what happened, and goes on while it is unfolded", async () => {
  await withWebhook();
  const page = await visit();
  await charge(page);
  await page.getByText("Riwayat").click();
  const steps = page.locator("#steps li");
  await steps.nth(1).waitFor();
  assert.match(await steps.nth(0).innerText(), /^\d\d:\d\d Kode QR diminta ke InterActive\./);
  assert.match(await steps.nth(1).innerText(), /^\d\d:\d\d Kode QR dibuat dan ditampilkan\./);
  await pay();
  await steps.filter({ hasText: "Dibayar." }).waitFor();
  await picture(page, "cashier-story");
  await page.locator("#language").click();
  await steps.filter({ hasText: "Paid." }).waitFor();
  // The history of the earlier sale is not shown for the next one.
  await page.locator("#language").click();
  await charge(page, "1000");
  assert.equal(await page.locator("#story").getAttribute("open"), null);
  assert.equal(await steps.count(), 0);
  assertQuiet();
});

test("a receipt opens beside the sale, and its code finds the sale where a forged one finds none", async () => {
  await withWebhook();
  const page = await visit();
  const number = await charge(page);
  await pay();
  await state(page, "paid");
  const [receipt] = await Promise.all([context.waitForEvent("page"), page.getByRole("link", { name: "Struk" }).click()]);
  await receipt.getByText(number).first().waitFor();
  const text = await (await fetch(`${till.origin}/api/orders/${number}/receipt.txt`)).text();
  const [code] = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(text);
  await picture(receipt, "receipt");
  await receipt.close();
  await charge(page, "1000");
  const finds = (numbers) => page.waitForFunction((wanted) => (
    [...document.querySelectorAll("#last [data-number]")].map((row) => row.dataset.number).join() === wanted
  ), numbers.join());
  await page.locator("#search").fill(code);
  await finds([number]);
  await page.locator("#search").fill(`${code.slice(0, 8)}${code.endsWith("0") ? "1" : "0"}`);
  await page.getByText("Tidak ada transaksi yang cocok").waitFor();
});

test("a printer without paper is named until it prints again, and the sale goes on", async () => {
  await withWebhook();
  const printers = [
    { name: "kasir", state: "ok", queued: 0, last_error: null },
    { name: "dapur", state: "ok", queued: 0, last_error: null },
  ];
  const asked = [];
  await context.route("**/api/printers", (route) => route.fulfill({ json: { printers } }));
  await context.route("**/api/orders/*/print", (route) => {
    asked.push(route.request().postDataJSON());
    Object.assign(printers[1], { state: "away", queued: 1, last_error: { error: "out-of-paper" } });
    return route.fulfill({ status: 202, json: printers[1] });
  });
  const page = await visit();
  await charge(page);
  await page.locator("#printer").selectOption("dapur");
  await page.getByRole("button", { name: "Cetak slip QRIS" }).click();
  await page.getByText("Printer dapur: kehabisan kertas.").waitFor();
    await pay();
  await state(page, "paid");
  await context.unroute("**/api/orders/*/print");
  await context.route("**/api/orders/*/print", (route) => {
    asked.push(route.request().postDataJSON());
    Object.assign(printers[1], { state: "ok", queued: 0 });
    return route.fulfill({ status: 202, json: printers[1] });
  });
  await page.getByRole("button", { name: "Cetak struk" }).click();
  await page.getByText("Dikirim ke printer.").waitFor();
  await page.waitForFunction(() => document.getElementById("message").textContent === "");
  assert.deepEqual(asked, [{ printer: "dapur", what: "qr" }, { printer: "dapur", what: "receipt" }]);
  await picture(page, "cashier-printed");
});

test("where the till has no printer there is no button for it", async () => {
  await withWebhook();
  const page = await visit();
  await Promise.all([page.waitForResponse((answer) => answer.url().endsWith("/api/printers")), page.reload()]);
  await charge(page);
  await page.getByRole("link", { name: "Slip QRIS" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Cetak" }).isVisible(), false);
  assertQuiet();
});

test("the stored details of a history are shown in Indonesian, with a point between thousands", () => {
  const broken = "the provider may or may not have created an invoice: the connection broke before the answer was complete (the connection was cut off); check before you try again";
  const table = {
    "another code": "",
    [broken]: "jawaban InterActive tidak sampai: sambungan terputus",
    "the provider may or may not have created an invoice: no complete answer within 35 s; check before you try again":
      "jawaban InterActive tidak sampai: tidak ada jawaban lengkap dalam 35 dtk",
    "not made: Budi, di portal; another code": "tidak dibuat: Budi, di portal; another code",
    "found as qris_invoiceid 99585796923": "ditemukan sebagai invoice 99585796923",
    "found as qris_invoiceid 8; another code was paid too, qris_invoiceid 8: Rp13000 too much":
      "ditemukan sebagai invoice 8; invoice 8 juga dibayar, kelebihan Rp13.000",
    "qris_invoiceid 8 of 2026-11-27 10:15:30: expected an amount, found none": "QR invoice 8 tidak sesuai dan tidak ditampilkan (expected an amount, found none)",
    "some other words": "some other words",
  };
  for (const [stored, shown] of Object.entries(table)) assert.equal(storyDetail(stored, "id"), shown);
  assert.equal(storyDetail(broken, "en"), broken);
  assert.equal(storyDetail("another code was paid too, qris_invoiceid 8: Rp13000 too much", "en"),
    "another code was paid too, qris_invoiceid 8: Rp13,000 too much");
});
