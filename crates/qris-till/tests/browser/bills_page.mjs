// The bills page in a real browser, with a real till and sandbox.

import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, newContext, picture as pictureOf, sandbox, till, visit as visitPath } from "./till_helpers.mjs";
import { contrast } from "../../../qris-sandbox/tests/browser/contrast.mjs";

async function visit(options = {}) {
  await newContext({ viewport: { width: 1024, height: 768 }, ...options });
  return visitPath("/bills");
}

async function api(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(till.origin + path, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** The date this many days ago, in WIB. */
const daysAgo = (count) => new Date(Date.now() + (7 - 24 * count) * 3600_000).toISOString().slice(0, 10);

/** A plan that makes the bills of this week and of the weeks before it at once. */
const plan = (prefix, name, weeks, more = {}) => api("POST", "/api/plans", {
  prefix, amount: 150_000, period: "weekly", first_date: daysAgo(7 * weeks), customer_name: name,
  description: "internet", ...more,
});

async function owed(count) {
  const end = Date.now() + 20_000;
  for (;;) {
    const { unpaid } = await api("GET", "/api/bills");
    if (unpaid.count >= count) return;
    assert.ok(Date.now() < end, `expected ${count} bills, found ${unpaid.count}`);
    await new Promise((again) => setTimeout(again, 100));
  }
}

const picture = (page, name) => pictureOf(page, `bills-${name}`, { fullPage: true });

/** The till's answers, with the links of a till that knows its address. */
async function withLinks(page, origin = "https://bayar.toko.example") {
  await page.route("**/api/bills?*", async (route) => {
    const answer = await route.fetch();
    const bills = await answer.json();
    for (const order of bills.orders) order.pay_url = `${origin}/pay/${order.number}`;
    await route.fulfill({ response: answer, json: bills });
  });
}

test("who owes what since when is listed, the one that has been due the longest first", async () => {
  await plan("SITI", "Siti Aminah", 1);
  await plan("BUDI", "Budi", 0, { due_days: 365 });
  await owed(3);
  const page = await visit();
  const lines = page.locator("#unpaid > li");
  await lines.nth(2).waitFor();
  const [late, , last] = await lines.allInnerTexts();
  const [year, month, day] = daysAgo(7).split("-");
  assert.match(late, /Siti Aminah/);
  assert.match(late, /Rp150\.000/);
  assert.ok(late.includes(`Jatuh tempo ${day}/${month}/${year} · lewat`), late);
  assert.match(last, /Budi/);
  assert.ok(!last.includes("lewat"), last);
  assert.equal(await page.locator("#unpaid-amount").innerText(), "Rp450.000");
  assert.equal(await page.locator("#unpaid-count").innerText(), "3 tagihan");
  await page.locator("#no-paid").waitFor();
  await picture(page, "id");
  await page.locator("#language").click();
  await page.getByRole("heading", { name: "Who has not paid" }).waitFor();
  assert.equal(await page.locator("#unpaid-count").innerText(), "3 bills");
  await picture(page, "en");
  assert.deepEqual(complaints, []);
});

test("the link and a message for WhatsApp are there to be copied, and nothing is sent", async () => {
  await plan("SITI", "Siti Aminah", 0, { due_days: 30 });
  await owed(1);
  const page = await visit({ permissions: ["clipboard-read", "clipboard-write"] });
  await withLinks(page);
  await page.reload();
  const [bill] = (await api("GET", "/api/bills")).orders;
  const link = `https://bayar.toko.example/pay/${bill.number}`;
  await page.getByRole("button", { name: "Salin tautan: Siti Aminah" }).click();
  await page.getByText("Sudah disalin").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  await page.getByRole("button", { name: "Pesan WhatsApp: Siti Aminah" }).click();
  await page.getByRole("heading", { name: "Pesan untuk Siti Aminah" }).waitFor();
  const text = await page.locator("#copy-text").inputValue();
  const due = bill.due_at.slice(0, 10).split("-").reverse().join("/");
  assert.equal(text, `Halo Siti Aminah, tagihan internet sebesar Rp150.000 jatuh tempo ${due}.\nBayar dengan QRIS di sini:\n${link}\nTerima kasih.`);
  for (const warning of ["#only-here", "#copy-only-here"]) assert.equal(await page.locator(warning).isVisible(), false, warning);
  await page.waitForFunction((text) => navigator.clipboard.readText().then((copied) => copied === text), text);
  await picture(page, "message");
  assert.deepEqual(complaints, []);
});

test("a link that only this computer can open is copied with a warning", async () => {
  await plan("SITI", "Siti Aminah", 0, { due_days: 30 });
  await owed(1);
  const page = await visit({ permissions: ["clipboard-read", "clipboard-write"] });
  await withLinks(page, "http://127.0.0.1:7701");
  await page.reload();
  await page.locator("#only-here").waitFor();
  assert.equal(await page.locator("#no-links").isVisible(), false);
  await page.getByRole("button", { name: "Pesan WhatsApp: Siti Aminah" }).click();
  await page.locator("#copy").getByText("Tautan ini hanya bisa dibuka di komputer ini. Isi public_url dulu.").waitFor();
  assert.deepEqual(complaints, []);
});

test("a bill that is being created is announced, and then appears without a reload", async () => {
  await plan("SITI", "Siti Aminah", 0);
  await owed(1);
  const page = await visit();
  let isHeld = true;
  const answer = (path, change) => page.route(path, async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    if (isHeld) change(json);
    await route.fulfill({ response, json });
  });
  await answer("**/api/bills?*", (bills) => { bills.orders = []; });
  await answer("**/api/plans?*", ({ plans }) => { plans[0].next_date = daysAgo(0); });
  await page.reload();
  await page.locator("#being-made").waitFor();
  await page.getByText("aktif · tagihan sedang dibuat…").waitFor();
  assert.equal(await page.locator("#no-unpaid").isVisible(), false);
  isHeld = false;
  await page.locator("#unpaid > li", { hasText: "Siti Aminah" }).waitFor({ timeout: 15_000 });
  assert.equal(await page.locator("#being-made").isVisible(), false);
  assert.deepEqual(complaints, []);
});

test("a plan is added, paused, resumed, changed and ended on the page", async () => {
  const page = await visit();
  const fill = (label, text) => page.getByLabel(label, { exact: true }).fill(text);
  await fill("Pelanggan", "Siti Aminah");
  await fill("Kode tagihan (mis. RATNA → RATNA-2026-11)", "SITI");
  await fill("Jumlah (Rp)", "150000");
  await fill("Untuk", "internet");
  await page.locator("#day").selectOption("terakhir");
  await fill("Mulai", "2999-02-01");
  await page.getByRole("button", { name: "Simpan", exact: true }).click();
  const line = page.locator("#plans > li");
  await line.getByText("aktif · berikutnya 28/02/2999").waitFor();
  assert.match(await line.innerText(), /SITI · internet · setiap akhir bulan/);
  await picture(page, "plan");
  await line.getByRole("button", { name: /^Jeda/ }).click();
  await line.getByText("dijeda").waitFor();
  await line.getByRole("button", { name: /^Lanjutkan/ }).click();
  await line.getByText("aktif · berikutnya").waitFor();
  await line.getByRole("button", { name: /^Ubah jumlah/ }).click();
  await line.getByRole("spinbutton").fill("175000");
  await line.getByRole("button", { name: "Simpan (berlaku mulai tagihan berikutnya)" }).click();
  await line.getByText("Rp175.000").waitFor();
  page.on("dialog", (dialog) => dialog.accept());
  await line.getByRole("button", { name: /^Akhiri/ }).click();
  await line.getByText("berakhir").waitFor();
  assert.equal(await line.getByRole("button").count(), 0, "nothing can be done with it any more");
  const { plans: [plan] } = await api("GET", "/api/plans");
  assert.deepEqual([plan.amount, plan.state, plan.day, plan.due_days], [175_000, "ended", 31, 7]);
  assert.deepEqual(complaints, []);
  // The browser also logs the error, so this check is the last.
  await fill("Kode tagihan (mis. RATNA → RATNA-2026-11)", "SITI");
  await fill("Jumlah (Rp)", "150000");
  await page.getByRole("button", { name: "Simpan", exact: true }).click();
  await page.getByText("Kode tagihan itu sudah dipakai").waitFor();
});

test("a bill that is paid moves to what was paid this month", async () => {
  await plan("SITI", "Siti Aminah", 0);
  await owed(1);
  const [bill] = (await api("GET", "/api/bills")).orders;
  const order = await api("POST", "/api/orders", { number: bill.number, amount: bill.amount, channel: "bill" });
  await fetch(`${sandbox.origin}/sandbox/invoices/${order.qris_invoiceid}/pay`, { method: "POST" });
  await api("POST", `/api/orders/${bill.number}/check`);
  const end = Date.now() + 30_000;
  while ((await api("GET", `/api/orders/${bill.number}`)).state !== "paid") {
    assert.ok(Date.now() < end, "it is not paid");
    await new Promise((again) => setTimeout(again, 200));
  }
  const page = await visit();
  await page.locator("#paid > li").getByText("Siti Aminah").waitFor();
  assert.equal(await page.locator("#paid-amount").innerText(), "Rp150.000");
  assert.equal(await page.locator("#unpaid > li").count(), 0);
  await page.getByText("Semua tagihan sudah dibayar").waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  test(`it fits a phone of 320 px, and every text can be read in ${colorScheme}`, async () => {
    await plan("SITI", "Siti Aminah Binti Abdullah Kartowidjojo", 1);
    await owed(2);
    const page = await visit({ viewport: { width: 320, height: 640 }, colorScheme });
    await page.locator("#unpaid > li").nth(1).waitFor();
    const [wide, narrow] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= narrow, `${wide} px on ${narrow} px`);
    for (const one of await page.locator("h1, h2, a, button, label, .fact, .refused, strong").all()) {
      if (!(await one.isVisible())) continue;
      const found = await one.evaluate(contrast);
      assert.ok(found >= 4.5, `${found}: ${await one.innerText()}`);
    }
    await picture(page, `phone-${colorScheme}`);
    assert.deepEqual(complaints, []);
  });
}
