// The shift page in a real browser, with a real till and sandbox.

import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast } from "../../../qris-sandbox/tests/browser/contrast.mjs";
import { assertQuiet, complaints, context, control, newContext, order, picture, till, visit, withWebhook } from "./till_helpers.mjs";

async function api(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(till.origin + path, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** Makes a paid order. */
async function paid(number, amount = 25_578) {
  const { qris_invoiceid: id } = await order(number, 600, { amount });
  await control(`/sandbox/invoices/${id}/pay`, {});
  const end = Date.now() + 20_000;
  while ((await api("GET", `/api/orders/${number}`)).state !== "paid") {
    assert.ok(Date.now() < end, `${number} is not paid`);
    await new Promise((again) => setTimeout(again, 100));
  }
}

/** Makes an order of unknown outcome. */
async function unknown(number) {
  await control("/sandbox/faults", { fault: "drop-after-accepting", on: "create" });
  const answer = await fetch(`${till.origin}/api/orders`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ number, amount: 5_000 }),
  });
  assert.equal(answer.status, 502);
}

async function opened(page, name) {
  await page.getByLabel("Nama kasir").fill(name);
  await page.getByRole("button", { name: "Buka shift" }).click();
  await page.getByRole("heading", { name: `: ${name}` }).waitFor();
}

test("a shift is opened with a name, counted while it is open, closed after a question, and printed", async () => {
  await withWebhook();
  const page = await visit("/shift");
  await page.getByText("Belum ada shift yang ditutup").waitFor();
  await picture(page, "shift-none");
  await opened(page, "Siti");
  await paid("A-1", 1_250_000);
  await paid("A-2");
  const waiting = await order("A-3", 600);
  await page.getByRole("button", { name: "Hitung lagi" }).click();
  await page.locator("#now-paid").getByText("Rp1.275.578").waitFor();
  assert.equal(await page.locator("#now-payments").innerText(), "2");
  assert.equal(await page.locator("#now-orders").innerText(), "3");
  const section = page.locator("#now-sections section", { hasText: "Masih menunggu pembayaran" });
  assert.match(await section.innerText(), /A-3/);
  await picture(page, "shift-x");

  await page.getByRole("button", { name: "Tutup shift" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Tutup shift 1 (Siti)?").waitFor();
  assert.equal(await dialog.locator("#unanswered").isVisible(), false);
  await picture(page, "shift-confirm");
  await dialog.getByRole("button", { name: "Kembali" }).click();
  assert.equal((await api("GET", "/api/shifts/1")).closed_at, null, "nothing is closed by going back");
  await page.getByRole("button", { name: "Tutup shift" }).click();
  await dialog.getByRole("button", { name: "Ya, tutup shift" }).click();
  const z = page.locator("#closed > li");
  await z.getByText("Z 1 · Siti").waitFor();
  assert.match(await z.innerText(), /Rp1\.275\.578/);
  assert.match(await z.innerText(), /2 pembayaran/);

  // A payment of the open code is late in the next shift. Times are in whole seconds, so that shift must start in
  // a later second.
  await page.waitForTimeout(1_100);
  await opened(page, "Budi");
  await control(`/sandbox/invoices/${waiting.qris_invoiceid}/pay`, {});
  const late = page.locator("#now-sections section", { hasText: "Terlambat" });
  const end = Date.now() + 20_000;
  while (!(await late.isVisible())) {
    assert.ok(Date.now() < end, "the late payment is not shown");
    await page.getByRole("button", { name: "Hitung lagi" }).click();
    await page.waitForTimeout(200);
  }
  assert.match(await late.innerText(), /kodenya dibuat sebelum shift ini/);
  await picture(page, "shift-late");

  const [print] = await Promise.all([context.waitForEvent("page"), z.getByRole("link", { name: "Cetak 58 mm: Z 1" }).click()]);
  await print.getByRole("heading", { name: "LAPORAN Z 1" }).waitFor();
  await print.evaluate(() => { window.print = () => { document.title = "printed"; }; });
  await print.getByRole("button", { name: "Cetak" }).click();
  assert.equal(await print.title(), "printed");
  await picture(print, "shift-z-58");
  await print.emulateMedia({ media: "print" });
  assert.equal(await print.getByRole("button", { name: "Cetak" }).isVisible(), false);
  const [wide, paper] = await print.evaluate(() => {
    const main = document.querySelector("main");
    return [main.scrollWidth, main.clientWidth];
  });
  assert.ok(wide <= paper, `${wide} px on ${paper} px`);
  await picture(print, "shift-z-58-print");
  await print.goto(print.url().replace("width=58", "width=80"));
  await picture(print, "shift-z-80");
  assertQuiet();
});

test("a shift is closed over an order that is not certain only with a tick, and its report says so", async () => {
  const page = await visit("/shift");
  await opened(page, "Siti");
  await page.getByRole("button", { name: "Tutup shift" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Tutup shift 1 (Siti)?").waitFor();
  // The outcome becomes unknown after the dialog was opened.
  await unknown("LOST-1");
  await dialog.getByRole("button", { name: "Ya, tutup shift" }).click();
  await dialog.getByText("Ada transaksi yang belum pasti.").waitFor();
  assert.equal(await dialog.locator("#unanswered-numbers").innerText(), "LOST-1");
  assert.equal((await api("GET", "/api/shifts/1")).closed_at, null);
  await picture(page, "shift-unanswered");
  await dialog.getByLabel(/^Tetap tutup/).check();
  await dialog.getByRole("button", { name: "Ya, tutup shift" }).click();
  const z = page.locator("#closed > li");
  await z.getByText("Ditutup walaupun ada yang belum pasti").waitFor();
  const shift = await api("GET", "/api/shifts/1");
  assert.deepEqual([shift.unanswered_accepted, shift.report.unknown.orders[0].number], [true, "LOST-1"]);
  // The browser logs the refusal. There are no other errors.
  assert.deepEqual(complaints.filter((text) => !text.includes("409")), []);
});

test("a shift that another till has opened or closed is said so, and shown", async () => {
  const page = await visit("/shift");
  await page.getByLabel("Nama kasir").fill("Siti");
  await api("POST", "/api/shifts", { name: "Budi" });
  // The page may have heard of it already, and hidden the button.
  await page.locator("[data-say=open_shift]").evaluate((button) => button.click());
  await page.getByText("Shift lain baru saja dibuka.").waitFor();
  await page.getByRole("heading", { name: "Shift 1: Budi" }).waitFor();
  await page.getByRole("button", { name: "Tutup shift" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Tutup shift 1 (Budi)?").waitFor();
  await api("POST", "/api/shifts/1/close");
  await dialog.getByRole("button", { name: "Ya, tutup shift" }).click();
  await dialog.getByText("Shift ini baru saja ditutup.").waitFor();
  assert.deepEqual(complaints.filter((text) => !text.includes("409")), []);
});

test("the name that was typed for the last shift is filled in, and can be changed", async () => {
  const page = await visit("/shift");
  const hint = await page.getByLabel("Nama kasir").getAttribute("aria-describedby");
  assert.match(await page.locator(`#${hint}`).innerText(), /tercetak di laporan shift/);
  await opened(page, "Siti");
  await page.getByRole("button", { name: "Tutup shift" }).click();
  await page.getByRole("button", { name: "Ya, tutup shift" }).click();
  await page.locator("#closed > li").waitFor();
  assert.equal(await page.getByLabel("Nama kasir").inputValue(), "Siti");
  await page.reload();
  await page.locator("#closed > li").waitFor();
  assert.equal(await page.getByLabel("Nama kasir").inputValue(), "Siti");
  await opened(page, "Budi");
  assertQuiet();
});

test("the page speaks English when it is asked to, and the report too", async () => {
  const page = await visit("/shift");
  await opened(page, "Siti");
  await page.locator("#language").click();
  await page.getByRole("button", { name: "Close shift" }).waitFor();
  assert.match(await page.locator("#print-x-80").getAttribute("href"), /lang=en/);
  await page.goto(`${till.origin}${await page.locator("#print-x-80").getAttribute("href")}`);
  await page.getByRole("heading", { name: "X REPORT 1" }).waitFor();
  await page.getByText("Not final: the shift is still open.").waitFor();
  assertQuiet();
});

for (const colorScheme of ["light", "dark"]) {
  test(`it fits a phone of 320 px, and every text can be read in ${colorScheme}`, async () => {
    await newContext({ viewport: { width: 320, height: 640 }, colorScheme });
    await api("POST", "/api/shifts", { name: "Siti Aminah Binti Abdullah Kartowidjojo" });
    await order("INV/2026/11/0000000000000001-WITH-A-LONG-NUMBER", 600);
    await api("POST", "/api/shifts/1/close");
    await api("POST", "/api/shifts", { name: "Budi" });
    const page = await visit("/shift");
    await page.locator("#closed > li").waitFor();
    const [wide, narrow] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= narrow, `${wide} px on ${narrow} px`);
    for (const one of await page.locator("h1, h2, h3, a, button, .fact, .amount, strong").all()) {
      if (!(await one.isVisible())) continue;
      const found = await one.evaluate(contrast);
      assert.ok(found >= 4.5, `${found}: ${await one.innerText()}`);
    }
    await picture(page, `shift-phone-${colorScheme}`);
    assertQuiet();
  });
}
