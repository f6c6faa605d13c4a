// The payer's page in a real browser, with a real till and sandbox.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { beforeEach, test } from "node:test";
import { assertQuiet, context, control, newContext as newContextWith, orderNow as read, picture as pictureOf, till, visit as visitPath, withWebhook } from "./till_helpers.mjs";
import { contrast } from "../../../qris-sandbox/tests/browser/contrast.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const SMALL_PHONE = { ...PHONE, viewport: { width: 320, height: 568 } };

const post = (url, body) => fetch(url, {
  method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}),
});

/** An order, by default without a code. */
async function order(number, terms = {}) {
  const answer = await post(`${till.origin}/api/orders`, { number, amount: 25578, code: false, ...terms });
  assert.equal(answer.status, 201);
  return answer.json();
}

async function reaches(number, state) {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await read(number);
    if (found.state === state) return found;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  throw new Error(`${number} does not become ${state}`);
}

async function pay(number) {
  const { qris_invoiceid: id } = await read(number);
  await control(`/sandbox/invoices/${id}/pay`, {});
}

const newContext = (options = PHONE) => newContextWith({ locale: "id-ID", ...options });

/** Opens a payment link. */
function visit(url) {
  assert.ok(url.startsWith(till.origin), "the link is the till's");
  return visitPath(url.slice(till.origin.length));
}

const state = (page, word) => page.locator(`#order[data-state="${word}"]`).waitFor();

const picture = (page, name) => pictureOf(page, `pay-${name}`, { fullPage: true });

/** Asserts that nothing is wider than the screen. */
async function assertFits(page) {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wider <= 0, `${wider} px are beyond the edge`);
}

beforeEach(() => newContext());

test("an opened link gets its code, follows by itself and says LUNAS with time and reference", async () => {
  await withWebhook();
  const { pay_url: url } = await order("INV-1", { description: "Iuran sekolah Mei, kelas 4B" });
  assert.equal(new URL(url).origin, till.origin);
  const page = await visit(url);
  await state(page, "pending");
  await page.waitForFunction(() => document.querySelector(".picture img")?.naturalWidth > 100);
  const box = await page.locator(".picture img").boundingBox();
  assert.ok(box.width >= 300, `another phone must read it: ${box.width} px`);
  await page.getByText(/^Sisa waktu (30:00|29:\d\d)$/).waitFor();
  assert.equal(await page.locator("h1").innerText(), "WARUNG SANDBOX");
  await picture(page, "pending");
  await page.evaluate(() => { window.here = true; });
  await pay("INV-1");
  await state(page, "paid");
  assert.equal(await page.evaluate(() => window.here), true, "it was not reloaded");
  assert.equal(await page.getByRole("status").innerText(), "LUNAS");
  const { rrn } = await read("INV-1");
  await page.getByText(rrn).waitFor();
  await page.getByText(/^Dibayar \d{1,2} \p{L}+ \d{4} pukul \d\d:\d\d WIB$/u).waitFor();
  assert.equal(await page.title(), "LUNAS · Pembayaran QRIS");
  await picture(page, "paid");
  assertQuiet();
});

test("the picture that is saved is the one that the till draws, under the number's name", async () => {
  const { pay_url: url } = await order("INV-1", { code: true });
  const page = await visit(url);
  await state(page, "pending");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Simpan gambar" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "QRIS-INV-1.png");
  const file = await readFile(await download.path());
  // A test in Rust reads the picture's text from its pixels.
  const { pathname } = new URL(url);
  const sent = await fetch(`${till.origin}${pathname}/qr.png`);
  assert.ok(file.equals(Buffer.from(await sent.arrayBuffer())), "it is the picture that the till sends");
  assert.equal(file.subarray(1, 4).toString(), "PNG");
});

test("an expired code gives way to another at one press, and the next press has to wait", async () => {
  await withWebhook();
  const { pay_url: url } = await order("INV-1", { code: true, shown_seconds: 2 });
  const page = await visit(url);
  await state(page, "expired");
  assert.equal(await page.locator(".picture").count(), 0, "an old code must not be paid");
  await picture(page, "expired");
  await control("/sandbox/faults", { fault: "slow", on: "create", seconds: 2 });
  await page.getByRole("button", { name: "Buat kode baru" }).click();
  await page.getByRole("status").getByText("Kode sedang disiapkan").waitFor();
  await state(page, "pending");
  const { invoices } = await read("INV-1");
  assert.equal(invoices.length, 2);
  await state(page, "expired");
  await page.getByRole("button", { name: "Buat kode baru" }).click();
  await page.getByRole("alert").getByText("Coba lagi dalam satu menit").waitFor();
  assert.equal((await read("INV-1")).invoices.length, 2);
  await picture(page, "too-soon");
  assertQuiet();
});

test("without scripts a button asks for the code, another reloads, and both lead to LUNAS", async () => {
  await withWebhook();
  await newContext({ ...PHONE, javaScriptEnabled: false });
  const { pay_url: url } = await order("INV-1", { return_url: "https://toko.example/selesai" });
  const page = await visit(`${url}?lang=id`);
  await state(page, "open");
  await picture(page, "noscript-open");
  assert.deepEqual((await read("INV-1")).invoices, [], "nobody has asked for a code yet");
  await page.getByRole("button", { name: "Tampilkan kode QRIS" }).click();
  await state(page, "pending");
  assert.equal(page.url(), `${url}?lang=id`);
  await page.getByText(/^Berlaku sampai pukul \d\d:\d\d WIB$/).waitFor();
  await picture(page, "noscript-pending");
  await pay("INV-1");
  await reaches("INV-1", "paid");
  await page.getByRole("button", { name: "Muat ulang halaman" }).click();
  await state(page, "paid");
  assert.equal(page.url(), `${url}?lang=id`);
  assertQuiet();
});

test("the way back is a link that waits to be pressed and tells nothing of the page", async () => {
  await withWebhook();
  let referrer;
  const shop = createServer((request, answer) => {
    referrer ??= request.headers.referer ?? "none";
    answer.end("<title>toko</title>");
  });
  await new Promise((ready) => { shop.listen(0, "127.0.0.1", ready); });
  try {
    const back = `http://127.0.0.1:${shop.address().port}/pesanan/7`;
    const { pay_url: url } = await order("INV-1", { code: true, return_url: back });
    const page = await visit(url);
    await state(page, "pending");
    assert.equal(await page.getByRole("link", { name: /Kembali ke/ }).count(), 0);
    await pay("INV-1");
    await state(page, "paid");
    assertQuiet();
    assert.equal(referrer, undefined, "nobody was sent anywhere");
    await picture(page, "way-back");
    await page.getByRole("link", { name: `Kembali ke 127.0.0.1:${shop.address().port}` }).click();
    await page.waitForURL(back);
    assert.equal(referrer, "none");
  } finally {
    shop.closeAllConnections();
    shop.close();
  }
});

test("a phone of 320 px shows all of it, however long the words are", async () => {
  await newContext(SMALL_PHONE);
  const { pay_url: url } = await order("A".repeat(64), {
    code: true, amount: 9999999, description: `Pembayaran ${"panjang".repeat(20)} untuk bulan Mei`,
    due_at: "2027-01-31T17:00:00+07:00",
  });
  const page = await visit(url);
  await state(page, "pending");
  await assertFits(page);
  const box = await page.locator(".picture img").boundingBox();
  assert.ok(box.width >= 260, `${box.width} px`);
  const small = await page.$$eval("a, button", (all) => all
    .filter((one) => one.getBoundingClientRect().height < 40).map((one) => one.textContent));
  assert.deepEqual(small, [], "too small for a finger");
  await picture(page, "320");
  await page.getByRole("link", { name: "English" }).click();
  await state(page, "pending");
  await page.getByText("Waiting for payment").waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await assertFits(page);
  await picture(page, "320-english");
  assertQuiet();
});

test("every word can be read in the dark and in the light", async () => {
  for (const colorScheme of ["dark", "light"]) {
    await newContext({ ...PHONE, colorScheme });
    for (const [word, seconds] of [["pending", 180], ["expired", 1]]) {
      const number = `INV-${colorScheme}-${word}`;
      const { pay_url: url } = await order(number, { code: true, shown_seconds: seconds, description: "Kopi" });
      const page = await visit(url);
      await state(page, word);
      await picture(page, `${colorScheme}-${word}`);
      const texts = page.locator("h1, p:not(:empty), .button, header a, .brand");
      for (const text of await texts.all()) {
        const found = await text.evaluate(contrast);
        assert.ok(found >= 4.5, `${colorScheme}, ${word}: ${found} of ${await text.innerText()}`);
      }
    }
  }
});

test("a screen reader is told what the code is for and of each change", async () => {
  await withWebhook();
  const { pay_url: url } = await order("INV-1", { code: true });
  const page = await visit(url);
  await page.getByRole("main").waitFor();
  await page.getByRole("heading", { level: 1, name: "WARUNG SANDBOX" }).waitFor();
  await page.getByRole("img", { name: "Kode QRIS untuk membayar Rp25.578" }).waitFor();
  const status = page.getByRole("status");
  assert.equal(await status.innerText(), "Menunggu pembayaran");
  // Screen readers read a live region only if its element is not replaced.
  await status.evaluate((element) => { window.live = element; });
  await pay("INV-1");
  await state(page, "paid");
  assert.ok(await page.evaluate(() => window.live.isConnected && window.live.textContent === "LUNAS"));
  // The countdown is in no live region.
  assert.equal(await page.locator("[role=status] #left, [role=alert] #left, [aria-live] #left").count(), 0);
});

test("a page that lost the till says so, and goes on once it is back", async () => {
  const { pay_url: url } = await order("INV-1", { code: true });
  const page = await visit(url);
  await state(page, "pending");
  await context.setOffline(true);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.getByRole("alert").getByText("Sambungan terputus. Mencoba lagi…").waitFor();
  await picture(page, "offline");
  await context.setOffline(false);
  await withWebhook();
  await pay("INV-1");
  await state(page, "paid");
  assert.equal(await page.locator("#note").textContent(), "");
});

test("cancelled and unknown orders say plainly what not to do", async () => {
  const { pay_url: cancelled } = await order("INV-1");
  await post(`${till.origin}/api/orders/INV-1/cancel`);
  let page = await visit(cancelled);
  await state(page, "cancelled");
  await page.getByText("jangan dibayar").waitFor();
  await picture(page, "cancelled");
  await control("/sandbox/faults", { fault: "drop-after-accepting", on: "create" });
  const { pay_url: unknown } = await order("INV-2");
  page = await visit(unknown);
  await state(page, "unknown");
  await page.getByText("Jangan bayar dulu").waitFor();
  assert.equal(await page.getByRole("button").count(), 0);
  await picture(page, "unknown");
  page = await visit(`${till.origin}/pay/AAAAAAAAAAAAAAAAAAAAAA`);
  await page.getByRole("heading", { name: "Tautan ini tidak dikenal" }).waitFor();
  await picture(page, "wrong-link");
});
