// The settlement page in a real browser, with a real till and sandbox.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { contrast } from "../../../qris-sandbox/tests/browser/contrast.mjs";
import { assertQuiet, complaints, control, database, newContext, order, orderNow, picture, startTill, till, unknownSale, visit, withWebhook } from "./till_helpers.mjs";
import { stop } from "./programs.mjs";

/** The time in WIB, as the portal writes it. */
function now() {
  const wib = new Date(Date.now() + 7 * 3600_000).toISOString();
  return `${wib.slice(8, 10)}/${wib.slice(5, 7)}/${wib.slice(0, 4)} ${wib.slice(11, 19)}`;
}

/** A table like the portal's, with another name for the amounts. Its RRNs differ from the ones in webhooks. */
const table = (lines, amount = "Uang masuk") => Buffer.from(
  `tgl,${amount},tip,status,cs,paytype,rrn,idtrans,idinv,datesettle\r\n`
  + lines.map(([rupiah, id, invoice]) => `${now()},${rupiah},0,Sukses,SITI NURHALIZA,GOPAY,${invoice ? "" : `6331${id.slice(2)}`},${id},${invoice},30/11/2026\r\n`).join(""),
);

const choose = (page, buffer) => page.locator("#file").setInputFiles({ name: "portal.csv", mimeType: "text/csv", buffer });

async function api(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(till.origin + path, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** An order that is paid before a table is imported. */
async function paid(number, more = {}) {
  const made = await order(number, 600, more);
  await control(`/sandbox/invoices/${made.qris_invoiceid}/pay`, {});
  const end = Date.now() + 20_000;
  while ((await orderNow(number)).state !== "paid") {
    assert.ok(Date.now() < end, `${number} is not paid`);
    await new Promise((again) => setTimeout(again, 100));
  }
  return made;
}

const count = (page, list) => page.locator(`#summary [data-list="${list}"] .fact`);

test("the owner puts in a table with a renamed column, sees the differences, and books a sticker's payment once", async () => {
  await stop(till);
  await startTill({ QRIS_SETTLEMENT_CRITERIA: "uke" });
  await withWebhook();
  const { qris_invoiceid: id } = await paid("INV-1");
  await paid("INV-2");
  const page = await visit("/settlement");
  await page.getByText("Belum ada tabel untuk hari-hari ini").waitFor();
  await choose(page, table([[25_578, "T-1", id], [50_000, "T-2", ""]]));
  const question = page.getByLabel("Kolom mana yang berisi jumlah (Rp)?");
  await question.waitFor();
  assert.equal(await page.locator("#import-now").isDisabled(), true, "a column is missing");
  assert.equal(await page.locator("#lines tbody tr").count(), 2);
  await picture(page, "settlement-preview");
  await question.selectOption("Uang masuk");
  await page.locator("#import-now:not(:disabled)").waitFor();
  await page.getByRole("button", { name: "Impor" }).click();
  await page.getByText("2 baris baru").waitFor();

  for (const [list, expected] of [["matched", "1 ×"], ["only_settled", "1 ×"], ["only_booked", "1 ×"], ["unpaid", "0 ×"]]) {
    assert.equal(await count(page, list).innerText(), expected, list);
  }
  assert.match(await page.locator("#list-only_booked").innerText(), /INV-2[\s\S]*paling lambat cair/);
  // 0.7 % of each payment, each rounded separately.
  const day = page.locator("#settlement-days > li");
  assert.match(await page.locator("#explained").innerText(), /MDR = biaya QRIS[\s\S]*Bersih = uang pelanggan dikurangi MDR/);
  assert.match(await day.innerText(), /Uang pelanggan[\s\S]*Biaya QRIS \(MDR\)[\s\S]*Bersih/);
  assert.match(await day.innerText(), /Cair 30\/11\/2026[\s\S]*Rp75\.578[\s\S]*Rp529[\s\S]*Rp75\.049/);
  assert.equal((await page.content()).includes("NURHALIZA"), false, "no payer is shown");
  await picture(page, "settlement-report");

  await page.getByRole("button", { name: /^Catat: T-2/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Catat pembayaran Rp50.000?").waitFor();
  await picture(page, "settlement-booking");
  // Two presses at once, and another person's request at the same time.
  const other = fetch(`${till.origin}/api/settlements/id%3AT-2/book`, { method: "POST" });
  await page.evaluate(() => {
    const button = document.getElementById("book-now");
    button.click();
    button.click();
  });
  assert.ok([200, 201].includes((await other).status));
  await page.getByText("Dicatat sebagai SETTLED-T-2.").waitFor();
  await page.locator('#summary [data-list="matched"]', { hasText: "2 ×" }).waitFor();
  assert.equal(await page.locator("#list-only_settled").count(), 0);
  const { totals } = await api("GET", "/api/report?by=day");
  assert.deepEqual([totals[0].payments, totals[0].paid], [3, 2 * 25_578 + 50_000]);
  const csv = await (await fetch(till.origin + await page.locator("#csv").getAttribute("href"))).text();
  assert.match(csv, /^matched,"SETTLED-T-2",/m);
  assertQuiet();
});

test("an order that is over turns paid once InterActive confirms what the table says, and a lying table changes nothing", async () => {
  const real = await order("REAL", 1);
  const lie = await order("LIE", 1);
  await control(`/sandbox/invoices/${real.qris_invoiceid}/pay`, {});
  const page = await visit("/settlement");
  await choose(page, table([[25_578, "T-1", real.qris_invoiceid], [25_578, "T-2", lie.qris_invoiceid]], "nominal"));
  await page.locator("#import-now:not(:disabled)").click();
  await page.getByText(/2 transaksi dicek ke InterActive sekarang/).waitFor();
  await page.locator('#summary [data-list="matched"]', { hasText: "1 ×" }).waitFor({ timeout: 30_000 });
  assert.equal((await orderNow("REAL")).state, "paid");
  const left = page.locator("#list-unpaid li");
  await left.getByText(/InterActive menjawab pukul .* belum dibayar/).waitFor({ timeout: 30_000 });
  assert.match(await left.innerText(), /LIE[\s\S]*Kedaluwarsa/);
  assert.notEqual((await orderNow("LIE")).state, "paid");
  await picture(page, "settlement-unpaid");
  assertQuiet();
});

test("a line that may be of an order whose outcome is unknown is settled as that order", async () => {
  const cashier = await visit("/");
  const id = await unknownSale(cashier, "LOST-1");
  await control(`/sandbox/invoices/${id}/pay`, {});
  const page = await visit("/settlement");
  await choose(page, table([[25_578, "T-1", id]], "nominal"));
  await page.locator("#import-now:not(:disabled)").click();
  await page.getByRole("button", { name: /^Catat: T-1/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Ya, catat" }).click();
  await dialog.getByText("mungkin pembayaran transaksi berikut").waitFor();
  await picture(page, "settlement-likely");
  await dialog.getByRole("button", { name: `Ini LOST-1: cek invoice ${id}` }).click();
  await page.getByText("LOST-1 lunas.").waitFor();
  await page.locator('#summary [data-list="matched"]', { hasText: "1 ×" }).waitFor();
  // The browser logs the refused requests. There are no other errors.
  assert.deepEqual(complaints.filter((text) => !/409|502/.test(text)), []);
});

test("a table without invoice numbers is warned of before its import, and a larger line names the paid sale with a tip", async () => {
  await withWebhook();
  const { qris_invoiceid: id } = await paid("TIP-1", { tip: true });
  const { paid_at: at } = await orderNow("TIP-1");
  const time = `${at.slice(8, 10)}/${at.slice(5, 7)}/${at.slice(0, 4)} ${at.slice(11, 19)}`;
  const page = await visit("/settlement");
  await choose(page, Buffer.from(`Tanggal Transaksi;Nominal;Status;ID Transaksi;Masuk\r\n${time};30.578;Sukses;T-1;30/11/2026\r\n`));
  const warning = page.locator("#without");
  await warning.getByText(/nomor invoice belum dipilih[\s\S]*tanggal cair belum dipilih/).waitFor();
  await page.getByLabel("Kolom mana yang berisi tanggal cair?").selectOption("Masuk");
  await page.locator("#without", { hasNotText: "tanggal cair" }).waitFor();
  assert.match(await warning.innerText(), /nomor invoice/);
  await page.locator("#import-now").click();
  await page.getByRole("button", { name: /^Catat: T-1/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Ya, catat" }).click();
  await dialog.getByText("selisih Rp5.000: mungkin tip").waitFor();
  await dialog.getByRole("link", { name: "TIP-1" }).waitFor();
  await dialog.getByRole("button", { name: "Kembali" }).click();

  // The whole table puts it right, and its headings are known.
  await choose(page, Buffer.from(`Tanggal Transaksi;Nominal;Status;ID Transaksi;No Invoice;Tanggal Cair\r\n${time};30.578;Sukses;T-1;${id};30/11/2026\r\n`));
  await page.locator("#import-now:not(:disabled)").waitFor();
  assert.equal(await warning.innerText(), "");
  await page.locator("#import-now").click();
  await page.locator('#summary [data-list="other_amount"]', { hasText: "selisih Rp5.000" }).waitFor();
  assert.equal(await count(page, "only_settled").innerText(), "0 ×");
  assert.deepEqual(complaints.filter((text) => !text.includes("409")), []);
});

test("a wrong table is said by line and column in the reader's language, and nothing of it is kept", async () => {
  const page = await visit("/settlement");
  await choose(page, Buffer.concat([table([[50_000, "T-1", ""]], "nominal"), Buffer.from("kemarin,1,0,Sukses,SITI,,,T-9,,\r\n")]));
  await page.locator("#import-now:not(:disabled)").click();
  await page.getByText("Baris 3, kolom waktu bayar: harus waktu seperti 27/11/2026 10:15:30. Tidak ada yang diimpor.").waitFor();
  await page.locator("#language").click();
  await page.getByText("Line 3, column time of payment: expected a time such as 27/11/2026 10:15:30. Nothing was imported.").waitFor();
  assert.equal((await api("GET", "/api/settlements")).only_settled.count, 0);
  assert.deepEqual(complaints.filter((text) => !text.includes("422")), []);
});

test("a supervisor sees the report and can neither put a table in nor book", async () => {
  await fetch(`${till.origin}/api/settlements`, { method: "POST", body: table([[50_000, "T-1", ""]], "nominal") });
  const env = { ...process.env, QRIS_DATABASE_URL: database() };
  execFileSync(process.env.QRIS_PEOPLE, ["user", "Siti", "supervisor", "739104"], { env });
  await stop(till);
  await startTill();
  const page = await visit("/settlement");
  await page.fill("#name", "Siti");
  await page.fill("#pin", "739104");
  await page.press("#pin", "Enter");
  await page.locator("#list-only_settled").waitFor();
  assert.equal(await page.locator("#import").isVisible(), false);
  assert.equal(await page.locator("[data-key]").count(), 0);
  assert.deepEqual(complaints.filter((text) => !text.includes("401")), []);
});

for (const colorScheme of ["light", "dark"]) {
  test(`it fits a phone of 320 px, and every text can be read in ${colorScheme}`, async () => {
    await newContext({ viewport: { width: 320, height: 640 }, colorScheme });
    await order("INV/2026/11/0000000000000001-WITH-A-LONG-NUMBER", 600);
    const long = `T-${"9".repeat(60)}`;
    await fetch(`${till.origin}/api/settlements`, { method: "POST", body: table([[50_000, long, ""]], "nominal") });
    const page = await visit("/settlement");
    await page.locator("[data-key]").waitFor();
    await choose(page, table([[25_578, "T-1", ""]]));
    await page.locator("#asked select").waitFor();
    const [wide, narrow] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= narrow, `${wide} px on ${narrow} px`);
    for (const one of await page.locator("h1, h2, h3, a, button:not(:disabled), .fact, .amount, strong, dt, dd, th").all()) {
      if (!(await one.isVisible())) continue;
      const found = await one.evaluate(contrast);
      assert.ok(found >= 4.5, `${found}: ${await one.innerText()}`);
    }
    await picture(page, `settlement-phone-${colorScheme}`, { fullPage: true });
    assertQuiet();
  });
}
