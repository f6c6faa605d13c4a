// Sales on the till's pages in a real browser, with a real till and sandbox.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HOOK, stop } from "./programs.mjs";
import { assertQuiet, charge, codesSeen, context, control, order, orderNow, pay, picture, pressUntilPaid, sandbox, startTill, state, till, unknownSale, visit, withWebhook } from "./till_helpers.mjs";

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
  assert.match(await page.locator("#payer").innerText(), /^Sakuku · PEMBAYAR SANDBOX · No\. referensi \(RRN\) \d{12}$/);
  assert.match(await page.locator("#paid-at").innerText(), /^Dibayar pukul \d\d:\d\d WIB$/);
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
  await page.getByText("Kasir terputus").waitFor();
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
  await page.getByText("Kasir terputus").waitFor();
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
  // The till takes the provider's clock from the answer to a check.
  await control("/sandbox/clock", { advance_seconds: 30 * 60 - 6 });
  await page.getByRole("button", { name: "Cek sekarang" }).click();
  await state(page, "expired");
  assert.equal(await page.locator("#qr").isVisible(), false);
  await display.getByText("Jangan bayar kode tadi").waitFor();
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
  await page.getByRole("button", { name: "Ya, batalkan" }).click();
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
  // The form has a new number, so the next charge works.
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await state(page, "pending");
});

test("one press makes a new code when the last is no longer shown, and the display follows", async () => {
  await withWebhook();
  // The check of the older code has no answer at first. The page shows that, and there is no new code.
  await control("/sandbox/faults", { fault: "html", on: "check", times: "standing" });
  // The new code is shown for as long, three seconds of it on its way, and a busy machine must see it.
  await order("INV-1", 10);
  const page = await visit("/?number=INV-1");
  const display = await visit("/display");
  await display.locator("#to-pay").waitFor();
  await state(page, "expired");
  assert.equal(await codesSeen(page, display), 0);
  await display.getByText("Minta QR baru ke kasir").waitFor();
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
  // The check at the end of the code has no answer, so only the renewal finds the payment.
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
  await page.locator("#last .state-paid").getByText("LUNAS, kelebihan bayar").waitFor();
  await page.getByRole("link", { name: "Laporan" }).click();
  await page.locator("#attention").getByText("Kelebihan bayar Rp25.578").waitFor();
  assertQuiet();
});

/** Waits until the till has recorded this step of an order. */
async function recorded(number, event) {
  const end = Date.now() + 20_000;
  for (;;) {
    const { story } = await (await fetch(`${till.origin}/api/orders/${number}/story`)).json();
    if (story.some((step) => step.event === event)) return;
    assert.ok(Date.now() < end, `${number} has no step ${event}`);
    await new Promise((again) => setTimeout(again, 100));
  }
}

const LATE = "Dibayar terlambat. Cek dulu apakah barang sudah diserahkan.";

test("a payment after the code expired or the sale was cancelled is shown as late, with words and a sign", async () => {
  await withWebhook();
  const page = await visit();
  for (const number of ["LATE-1", "LATE-2"]) {
    const { qris_invoiceid: id } = await order(number, number === "LATE-1" ? 2 : 600);
    await page.goto(`${till.origin}/?number=${number}`);
    if (number === "LATE-1") {
      await state(page, "expired");
      await page.getByText("Waktu bayar habis dan belum ada pembayaran.").waitFor();
      await recorded(number, "expired");
    } else {
      await page.getByRole("button", { name: "Batalkan" }).click();
      await page.getByRole("button", { name: "Ya, batalkan" }).click();
      await state(page, "cancelled");
    }
    await control(`/sandbox/invoices/${id}/pay`, {});
    await state(page, "paid");
    await page.getByText(LATE).waitFor();
    const sign = () => page.locator("#state").evaluate((part) => getComputedStyle(part, "::before").content);
    assert.match(await sign(), /⚠/);
    await picture(page, `cashier-${number}`);
    // After a reload the page knows it from the history.
    await page.reload();
    await state(page, "paid");
    await page.getByText(LATE).waitFor();
    await page.locator("#language").click();
    await page.getByText("Paid late. Check first whether the goods were handed over.").waitFor();
    await page.locator("#language").click();
  }
  await page.getByRole("button", { name: "Transaksi baru" }).click();
  const number = await charge(page);
  const answered = page.waitForResponse((answer) => answer.url().endsWith(`${number}/story`));
  await pay();
  await state(page, "paid");
  await answered;
  assert.equal(await page.getByText(LATE).isVisible(), false);
  assertQuiet();
});

test("a sale that was put away and is paid late is announced as late", async () => {
  await withWebhook();
  const { qris_invoiceid: id } = await order("LATE-1", 2);
  const page = await visit("/?number=LATE-1");
  await state(page, "expired");
  await page.getByRole("button", { name: "Transaksi baru" }).click();
  await control(`/sandbox/invoices/${id}/pay`, {});
  await page.getByRole("button", { name: "LUNAS, dibayar terlambat: LATE-1, Rp25.578" }).waitFor();
  await page.locator("#last .state-paid").getByText("LUNAS, terlambat").waitFor();
  assertQuiet();
});

test("a number of an earlier day makes no sale, and the page says which button to press next", async () => {
  await withWebhook();
  const page = await visit();
  await page.getByLabel("No. transaksi").fill("BON-7");
  await charge(page);
  await pay();
  await state(page, "paid");
  // The till takes the day from the provider's answers.
  await control("/sandbox/clock", { advance_seconds: 24 * 60 * 60 });
  await charge(page, "1000");
  await page.getByLabel("No. transaksi").fill("BON-7");
  await page.getByLabel("Jumlah (Rp)").fill("25578");
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await page.getByText("Nomor itu sudah dipakai pada hari sebelumnya").waitFor();
  assert.match(await page.locator("#message").innerText(), /tekan «Buat QRIS» sekali lagi/);
  assert.notEqual(await page.getByLabel("No. transaksi").inputValue(), "BON-7");
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await state(page, "pending");
  assert.equal(await page.locator("#shown-amount").innerText(), "Rp25.578");
});

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
  await page.getByText("Menurut InterActive, invoice itu belum dibayar").waitFor();
  await control(`/sandbox/invoices/${id}/pay`, {});
  await pressUntilPaid(page, button);
  assert.equal(await page.locator("#unknown").isVisible(), false);
});

test("an unknown sale ends by a person's word that there is none, and can be charged again", async () => {
  const page = await visit();
  await unknownSale(page, "INV-1");
  const report = await visit("/report");
  await report.locator("#attention").getByText("Belum pasti apakah kodenya sudah dibuat").waitFor();
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
  // The till's own check has no answer, so a person is needed.
  await control("/sandbox/faults", { fault: "html", on: "check" });
  const webhook = {
    invoice: String(id), note: "1 INV-1 25578", qris_status: "success", qris_payment_methodby: "BCA",
    qris_payment_customername: "SITI", rrn: "000380970875",
  };
  const sent = await fetch(`${till.origin}/webhook/${HOOK}`, { method: "POST", body: JSON.stringify(webhook) });
  assert.equal(sent.status, 200);
  await page.getByText(`Ada kabar pembayaran yang cocok dari InterActive: invoice ${id}`).waitFor();
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
  // A page without a merchant in its address shows a message.
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
  // While the code is requested, nothing on the page says that the sale is paid.
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
  await page.getByLabel("Jumlah (Rp)").fill("25578");
  await page.getByRole("button", { name: "Buat QRIS" }).click();
  await page.getByText("Nomor itu sudah dipakai transaksi lain").waitFor();
  assert.equal(await page.locator("#sale-shown").isVisible(), false);
});

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
