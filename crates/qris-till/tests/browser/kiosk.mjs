// The kiosk page, and installed pages, in a real browser with a real till.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stop } from "./programs.mjs";
import { assertQuiet, charge, context, control, newContext, orderNow, pay, picture, startTill, state, till, visit, withWebhook } from "./till_helpers.mjs";

const TABLET = { viewport: { width: 1024, height: 768 }, hasTouch: true };
const part = (page, id) => page.locator(`section#${id}:not([hidden])`).waitFor();

/** Types an amount on the kiosk's keys and returns the order. */
async function buy(page, ...keys) {
  for (const key of keys) await page.locator("#keypad").getByRole("button", { name: key, exact: true }).tap();
  await page.getByRole("button", { name: "Bayar dengan QRIS" }).tap();
  await part(page, "to-pay");
  return (await (await fetch(`${till.origin}/api/orders?state=pending&limit=1`)).json()).orders[0];
}

async function isClean(page) {
  await part(page, "enter");
  assert.equal(await page.locator("#amount").inputValue(), "");
  const texts = await page.locator("main").evaluate((main) => main.innerText);
  assert.doesNotMatch(texts, /Rp[1-9]|LUNAS/);
}

test("a customer pays at the kiosk, sees and hears it, and leaves it clean for the next one", async () => {
  await newContext(TABLET);
  await withWebhook();
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${till.origin}/kiosk`);
  await picture(page, "kiosk-enter");
  const order = await buy(page, "2", "5", "000");
  assert.match(order.number, /^KIOSK-\d{6}-\d{6}[A-Z2-9]{3}$/);
  assert.deepEqual([order.amount, order.channel], [25_000, "pos"]);
  await page.waitForFunction(() => document.getElementById("qr")?.naturalWidth > 100);
  assert.equal(await page.locator("#shown-amount").innerText(), "Rp25.000");
  assert.equal(await page.locator("#merchant").innerText(), "WARUNG SANDBOX");
  const seconds = (Date.parse(order.shown_until) - Date.parse(order.now)) / 1000;
  assert.ok(seconds > 170 && seconds <= 180, `it is shown for ${seconds} s`);
  assert.match(await page.locator("#countdown").innerText(), /^Sisa waktu (3:00|2:5\d)$/);
  await picture(page, "kiosk-pending");
  await pay();
  await part(page, "paid");
  assert.equal(await page.locator("#paid-amount").innerText(), "Rp25.000");
  assert.equal(await page.locator("#paid").evaluate((card) => getComputedStyle(card).backgroundColor), "rgb(11, 107, 58)");
  await picture(page, "kiosk-paid");
  await page.clock.fastForward(13_000);
  await isClean(page);
  const next = await buy(page, "1", "000");
  assert.notEqual(next.number, order.number);
});

test("a code of the kiosk is gone after three minutes, and the next customer does not see it", async () => {
  await newContext(TABLET);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${till.origin}/kiosk`);
  await buy(page, "7", "000");
  await page.clock.fastForward(181_000);
  await part(page, "over");
  await page.getByText("Jangan bayar kode tadi").waitFor();
  assert.equal(await page.locator("#qr:visible").count(), 0);
  await picture(page, "kiosk-over");
  await page.clock.fastForward(11_000);
  await isClean(page);
});

test("an amount that nobody goes on with does not stay on the kiosk", async () => {
  await newContext(TABLET);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${till.origin}/kiosk`);
  await page.locator("#keypad").getByRole("button", { name: "9" }).tap();
  await page.clock.fastForward(50_000);
  assert.equal(await page.locator("#amount").inputValue(), "9");
  await page.clock.fastForward(11_000);
  await isClean(page);
});

test("a customer takes a payment at the kiosk back, and no code of it is left", async () => {
  await newContext(TABLET);
  const page = await visit("/kiosk");
  const { number } = await buy(page, "7", "000");
  await page.getByRole("button", { name: "Batal" }).tap();
  await isClean(page);
  assert.equal((await orderNow(number)).state, "cancelled");
  // If it was paid just before, the payment counts.
  const second = await buy(page, "8", "000");
  await pay();
  await page.getByRole("button", { name: "Batal" }).tap();
  await part(page, "paid");
  assert.equal((await orderNow(second.number)).state, "paid");
});

test("a kiosk whose code may not have been made sends the customer to a person", async () => {
  await newContext(TABLET);
  await control("/sandbox/faults", { fault: "drop-after-accepting", on: "create" });
  const page = await context.newPage();
  await page.goto(`${till.origin}/kiosk`);
  await page.locator("#keypad").getByRole("button", { name: "000" }).waitFor();
  for (const key of ["5", "000"]) await page.locator("#keypad").getByRole("button", { name: key, exact: true }).tap();
  await page.getByRole("button", { name: "Bayar dengan QRIS" }).tap();
  await part(page, "help");
  await page.getByText("Belum pasti apakah kodenya sudah dibuat. Jangan bayar dulu.").waitFor();
  assert.equal(await page.locator("#qr:visible").count(), 0);
});

test("a page says that the till is away, goes on by itself, and opens with these words too", async () => {
  const page = await visit();
  const kiosk = await visit("/kiosk");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await stop(till);
  for (const one of [page, kiosk]) await one.locator("#message.away").getByText("Kasir terputus").waitFor();
  await picture(page, "cashier-away");
  await picture(kiosk, "kiosk-away");
  const fresh = await context.newPage();
  await fresh.goto(`${till.origin}/display`).catch(() => {});
  await fresh.getByRole("heading", { name: "Kasir terputus" }).waitFor();
  const { port } = new URL(till.origin);
  await startTill({ QRIS_TILL_LISTEN: `127.0.0.1:${port}` });
  for (const one of [page, kiosk]) await one.locator("#message.away").waitFor({ state: "detached" });
  await fresh.getByText("Selamat datang").waitFor();
});

test("nothing of an order is kept by the browser", async () => {
  await withWebhook();
  const page = await visit();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  const number = await charge(page);
  await pay();
  await state(page, "paid");
  assert.deepEqual(await page.evaluate(() => caches.keys()), []);
  // The number of the shown sale, so that a reload shows it again.
  const kept = await page.evaluate(() => ({ ...localStorage }));
  assert.deepEqual(kept, { "shown-": number });
  for (const path of ["/", `/api/orders/${number}`, "/api/orders"]) {
    assert.equal((await fetch(till.origin + path)).headers.get("cache-control"), "no-store", path);
  }
  assertQuiet();
});

test("a device installs the page, till and merchant that it was opened with", async () => {
  const installs = async (path) => {
    const page = await visit(path);
    const answer = await fetch(await page.locator("link[rel=manifest]").evaluate((link) => link.href));
    assert.equal(answer.headers.get("content-type"), "application/manifest+json");
    const session = await context.newCDPSession(page);
    const { errors } = await session.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    // The test has a private window, which cannot install pages.
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []);
    return answer.json();
  };
  const cashier = await installs("/");
  assert.deepEqual([cashier.start_url, cashier.display, cashier.lang], ["/", "standalone", "id"]);
  const kiosk = await installs("/kiosk?till=K1");
  assert.deepEqual([kiosk.start_url, kiosk.display], ["/kiosk?till=K1", "fullscreen"]);
  for (const { src, sizes, type } of kiosk.icons) {
    const answer = await fetch(till.origin + src);
    assert.equal(answer.headers.get("content-type"), type);
    if (type !== "image/png") continue;
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes);
  }
});

test("the screen stays on while a code is shown, and no longer", async () => {
  await context.addInitScript(() => {
    window.locks = 0;
    navigator.wakeLock.request = async () => {
      window.locks += 1;
      const lock = new EventTarget();
      lock.release = async () => {
        window.locks -= 1;
        lock.dispatchEvent(new Event("release"));
      };
      return lock;
    };
  });
  await withWebhook();
  const page = await visit();
  const locks = (count) => page.waitForFunction((wanted) => window.locks === wanted, count);
  assert.equal(await page.evaluate(() => window.locks), 0);
  await charge(page);
  await locks(1);
  await pay();
  await state(page, "paid");
  await locks(0);
  await page.getByRole("button", { name: "Transaksi baru" }).click();
  await charge(page);
  await locks(1);
  await page.keyboard.press("Escape");
  await locks(0);
  assertQuiet();
});
