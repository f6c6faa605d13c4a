// The pages while pictures, answers and connections are late, lost or out of order: in Firefox and Chromium,
// with a real till and sandbox, and a proxy that causes the faults.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { BROWSERS, launch } from "./browsers.mjs";
import { HOOK, startSandbox, startTill, stop } from "./programs.mjs";
import { Proxy } from "./proxy.mjs";

/** The folder for screenshots of the pages, if any. */
const PICTURES = process.env.QRIS_PICTURES;
/** How many milliseconds a condition may take on a slow machine. */
const PATIENCE = 60_000;
const PICTURE = /\/qr\.svg/;

/** Waits until the condition holds. */
async function until(condition, what) {
  const end = Date.now() + PATIENCE;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `expected that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs in each page: at each change, records which code is shown with which amount. */
function noteWhatIsSeen() {
  window.seen = new Set();
  const look = () => {
    const amount = document.querySelector("#shown-amount, #to-pay #amount");
    for (const image of [...document.images].filter((one) => one.checkVisibility())) {
      const number = decodeURIComponent(/orders\/([^/]+)\//.exec(image.src)?.[1] ?? "");
      window.seen.add(`${number} ${amount?.textContent}`);
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

/** The button that confirms a cancel. */
const CANCEL_YES = "#cancel-yes";

/** Pages in the background draw no frames, so conditions are polled by a timer. */
const BY_TIME = { polling: 100 };

for (const name of BROWSERS) {
  describe(name, { timeout: 900_000 }, () => {
    let browser;
    let folder;
    let sandbox;
    let till;
    let proxy;
    /** The browser's default profile, and the profiles of other devices. */
    let contexts;

    before(async () => {
      browser = await launch(name);
    });
    after(async () => { await browser?.close(); });

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "till-"));
      sandbox = await startSandbox();
      till = await startTill(sandbox, join(folder, "qris.db"));
      proxy = new Proxy();
      proxy.target = till.origin;
      await proxy.open();
      contexts = [await browser.createBrowserContext()];
    });
    afterEach(async () => {
      for (const context of contexts) await context.close();
      await proxy.cut();
      await stop(till);
      await stop(sandbox);
      await rm(folder, { recursive: true });
    });

    async function visit(path = "/", context = contexts[0], prepare = () => {}) {
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE);
      await page.setViewport({ width: 1024, height: 600 });
      await page.evaluateOnNewDocument(noteWhatIsSeen);
      await prepare(page);
      await page.goto(proxy.origin + path);
      return page;
    }

    async function anotherDevice() {
      const context = await browser.createBrowserContext();
      contexts.push(context);
      return context;
    }

    const click = (page, selector) => page.$eval(selector, (element) => element.click());
    const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
    const isVisible = (page, selector) => page.$eval(selector, (element) => element.checkVisibility());
    const seen = (page) => page.evaluate(() => [...window.seen].sort());
    const says = (page, selector, expected) => page.waitForFunction((one, word) => {
      const element = document.querySelector(one);
      return element.checkVisibility() && element.textContent.includes(word);
    }, BY_TIME, selector, expected);
    const reaches = (page, state) => page.waitForFunction((word) => document.getElementById("state").dataset.state === word, BY_TIME, state);
    const hasQr = (page, number) => page.waitForFunction((wanted) => {
      const images = [...document.images].filter((image) => image.checkVisibility());
      return images.length === 1 && images[0].dataset.number === wanted
        && images[0].complete && images[0].naturalWidth > 0;
    }, BY_TIME, number);
    const qrs = (page) => page.evaluate(() => [...document.images].filter((image) => image.checkVisibility()).length);
    const picture = async (page, file) => {
      if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}-${file}.png`) });
    };

    async function ask(page, number, amount) {
      await page.$eval("#number", (field, value) => { field.value = value; }, number);
      await page.$eval("#amount", (field, value) => {
        field.value = value;
        field.dispatchEvent(new Event("input"));
      }, amount);
      await click(page, "#charge");
    }

    async function charge(page, number, amount) {
      await ask(page, number, amount);
      await reaches(page, "pending");
      await says(page, "#shown-number", number);
    }

    /** Pays, and waits until the provider has told the till. */
    async function pay(number) {
      const url = `${till.origin}/webhook/${HOOK}`;
      await fetch(`${sandbox.origin}/sandbox/webhook`, { method: "POST", body: JSON.stringify({ url }) });
      const record = await (await fetch(`${till.origin}/api/orders/${number}`)).json();
      const paid = await fetch(`${sandbox.origin}/sandbox/invoices/${record.qris_invoiceid}/pay`, { method: "POST", body: "{}" });
      assert.ok(paid.ok, `paying answered ${paid.status}`);
    }

    /** Returns after the page has handled all earlier events. */
    const settle = (page) => page.evaluate(() => fetch("/api/orders?limit=1").then((answer) => answer.text()));

    test("no QR is beside an amount while its own picture stalls", async () => {
      const cashier = await visit();
      const display = await visit("/display");
      await charge(cashier, "SALE-A", "1000");
      await Promise.all([hasQr(cashier, "SALE-A"), hasQr(display, "SALE-A")]);
      await picture(cashier, "cashier-pending");
      await picture(display, "display-pending");
      const held = proxy.hold("GET", PICTURE);
      await charge(cashier, "SALE-B", "2000");
      await says(display, "#to-pay #amount", "Rp2.000");
      await until(() => held.count >= 2, "both pages ask for the new picture");
      assert.equal(await text(cashier, "#shown-amount"), "Rp2.000");
      assert.equal(await qrs(cashier), 0);
      assert.equal(await qrs(display), 0);
      await says(cashier, ".loading", "Memuat QR");
      await picture(cashier, "cashier-loading");
      held.release();
      await Promise.all([hasQr(cashier, "SALE-B"), hasQr(display, "SALE-B")]);
      for (const page of [cashier, display]) {
        assert.deepEqual(await seen(page), ["SALE-A Rp1.000", "SALE-B Rp2.000"]);
      }
    });

    test("a picture that fails is asked for again until it comes", async () => {
      const cashier = await visit();
      const display = await visit("/display");
      proxy.fail("GET", PICTURE, 3, "break");
      proxy.fail("GET", PICTURE, 2, "status");
      await charge(cashier, "SALE-A", "1000");
      await Promise.all([hasQr(cashier, "SALE-A"), hasQr(display, "SALE-A")]);
      const asked = proxy.requests.filter((request) => PICTURE.test(request)).length;
      // Some browsers repeat a request by themselves after a broken connection.
      assert.ok(asked >= 7 && asked <= 12, `the pictures were asked for ${asked} times`);
      assert.equal(await isVisible(cashier, ".loading"), false);
    });

    test("a picture that comes after the next sale's is not shown", async () => {
      const cashier = await visit();
      const display = await visit("/display");
      const held = proxy.hold("GET", /SALE-A\/qr\.svg/);
      await charge(cashier, "SALE-A", "1000");
      await until(() => held.count >= 2, "both pages ask for the first picture");
      await charge(cashier, "SALE-B", "2000");
      await Promise.all([hasQr(cashier, "SALE-B"), hasQr(display, "SALE-B")]);
      held.release();
      await Promise.all([settle(cashier), settle(display)]);
      for (const page of [cashier, display]) {
        await hasQr(page, "SALE-B");
        assert.deepEqual(await seen(page), ["SALE-B Rp2.000"]);
      }
    });

    for (const [what, refusal] of [["cancel", false], ["check", true]]) {
      test(`a late answer to a ${what} does not draw the sale before over the new one`, async () => {
        const cashier = await visit();
        await charge(cashier, "SALE-A", "1000");
        if (refusal) {
          // A second check within fifteen seconds is refused.
          await click(cashier, "#check");
          await cashier.waitForFunction(() => document.getElementById("check").disabled, BY_TIME);
        }
        const held = proxy.hold("POST", new RegExp(`SALE-A/${what}`));
        // Pressed at once, because the page soon disables the button again.
        await cashier.$eval(`#${what}`, (button) => { button.disabled = false; button.click(); });
        if (what === "cancel") await click(cashier, CANCEL_YES);
        await until(() => held.count === 1, `the ${what} is under way`);
        await click(cashier, "#next");
        await charge(cashier, "SALE-B", "2000");
        await hasQr(cashier, "SALE-B");
        const answered = cashier.waitForResponse((response) => response.url().endsWith(`SALE-A/${what}`));
        held.release();
        await answered;
        await settle(cashier);
        assert.equal(await text(cashier, "#shown-number"), "SALE-B");
        assert.equal(await text(cashier, "#shown-amount"), "Rp2.000");
        assert.equal(await text(cashier, "#message"), "");
        assert.equal(await cashier.$eval("#check", (button) => button.disabled), false);
        await hasQr(cashier, "SALE-B");
      });
    }

    test("a late answer to a charge does not draw its sale over the one that is looked at", async () => {
      const cashier = await visit();
      await charge(cashier, "SALE-A", "1000");
      await cashier.waitForFunction(() => document.querySelector("#last button")?.textContent === "SALE-A", BY_TIME);
      const held = proxy.hold("POST", /\/api\/orders$/);
      await ask(cashier, "SALE-B", "2000");
      await until(() => held.count === 1, "the charge is under way");
      await click(cashier, "#last tr:last-child button");
      await hasQr(cashier, "SALE-A");
      held.release();
      await says(cashier, "#message", "QRIS transaksi sebelumnya sudah dibuat");
      assert.equal(await text(cashier, "#shown-number"), "SALE-A");
      await hasQr(cashier, "SALE-A");
      assert.deepEqual(await seen(cashier), ["SALE-A Rp1.000"]);
    });

    test("eight tabs share one stream, and each shows the payment", async () => {
      const tabs = [];
      for (let at = 0; at < 7; at++) tabs.push(await visit("/"));
      tabs.push(await visit("/display"));
      await charge(tabs[0], "SALE-A", "1000");
      for (const tab of tabs.slice(1, 7)) {
        await tab.reload();
        await reaches(tab, "pending");
      }
      await Promise.all(tabs.map((tab) => hasQr(tab, "SALE-A")));
      await until(() => proxy.streams.size === 1, "one stream is open");
      await pay("SALE-A");
      await Promise.all(tabs.slice(0, 7).map((tab) => reaches(tab, "paid")));
      await says(tabs[7], "#paid", "LUNAS");
      assert.equal(proxy.streams.size, 1);
    });

    test("a display shows what its own cashier shows, and no other sale", async () => {
      const display = await visit("/display?till=K1");
      const elsewhere = await visit("/display?till=K1", await anotherDevice());
      const other = await visit("/?till=K2");
      const cashier = await visit("/?till=K1");
      await charge(other, "K2-1", "1000");
      const body = JSON.stringify({ number: "K1-program", amount: 3000 });
      const headers = { "Content-Type": "application/json" };
      const sold = await fetch(`${till.origin}/api/orders`, { method: "POST", headers, body });
      assert.equal(sold.status, 201);
      await charge(cashier, "SALE-A", "2000");
      for (const page of [display, elsewhere]) {
        await hasQr(page, "SALE-A");
        assert.deepEqual(await seen(page), ["SALE-A Rp2.000"]);
      }
      await charge(other, "K2-2", "1500");
      await click(cashier, "#next");
      for (const page of [display, elsewhere]) await says(page, "#waiting", "Selamat datang");
    });

    test("a display is blank while the next sale is asked for", async () => {
      const cashier = await visit();
      const display = await visit("/display");
      const elsewhere = await visit("/display", await anotherDevice());
      const pages = [display, elsewhere];
      await charge(cashier, "SALE-A", "1000");
      for (const page of pages) await hasQr(page, "SALE-A");
      const held = proxy.hold("POST", /\/api\/orders$/);
      await ask(cashier, "SALE-B", "2000");
      await until(() => held.count === 1, "the charge is under way");
      for (const page of pages) {
        await says(page, "#waiting", "Selamat datang");
        assert.equal(await qrs(page), 0);
      }
      held.release();
      for (const page of pages) {
        await hasQr(page, "SALE-B");
        assert.deepEqual(await seen(page), ["SALE-A Rp1.000", "SALE-B Rp2.000"]);
      }
    });

    test("a late word of the till does not bring back the sale before in the cashier's browser", async () => {
      const cashier = await visit();
      const display = await visit("/display");
      await charge(cashier, "SALE-A", "1000");
      await hasQr(display, "SALE-A");
      const held = proxy.hold("PUT", /\/api\/counters\/main$/);
      await click(cashier, "#next");
      await says(display, "#waiting", "Selamat datang");
      await until(() => held.count === 1, "the till is told");
      await charge(cashier, "SALE-B", "2000");
      await hasQr(display, "SALE-B");
      // The new stream starts with the till's state, which does not have the new sale yet.
      const counters = await (await fetch(`${till.origin}/api/counters/main`)).json();
      assert.equal(counters.number, null);
      await settle(display);
      await hasQr(display, "SALE-B");
      held.release();
      await until(async () => (await (await fetch(`${till.origin}/api/counters/main`)).json()).number === "SALE-B", "the till hears of the new sale");
      await settle(display);
      await hasQr(display, "SALE-B");
      assert.deepEqual(await seen(display), ["SALE-A Rp1.000", "SALE-B Rp2.000"]);
    });

    test("a display on another device comes back after the till was started anew", async () => {
      const cashier = await visit();
      const display = await visit("/display", await anotherDevice());
      await charge(cashier, "SALE-A", "1000");
      await hasQr(display, "SALE-A");
      await stop(till);
      await says(display, "#message", "Kasir terputus");
      till = await startTill(sandbox, join(folder, "qris.db"));
      proxy.target = till.origin;
      await until(async () => (await (await fetch(`${till.origin}/api/counters/main`)).json()).number === "SALE-A", "the cashier page says again what it shows");
      await hasQr(display, "SALE-A");
      await cashier.waitForFunction(() => document.getElementById("message").textContent === "", BY_TIME);
    });

    test("without a connection no QR is shown past its time, and a late payment is shown later", async () => {
      const cashier = await visit();
      const display = await visit("/display");
      const elsewhere = await visit("/display?number=SALE-A", await anotherDevice());
      const pages = [cashier, display, elsewhere];
      await charge(cashier, "SALE-A", "1000");
      await elsewhere.reload();
      for (const page of pages) await hasQr(page, "SALE-A");
      proxy.shownFor = 4;
      const told = proxy.ordersTold;
      proxy.dropStreams();
      await until(() => proxy.ordersTold >= told + 2, "both browsers hear the new time");
      for (const page of pages) {
        await page.waitForFunction(() => /0:0[0-4]$|^$/.test(document.getElementById("countdown").textContent), BY_TIME);
      }
      await proxy.cut();
      await reaches(cashier, "over");
      await says(cashier, "#advice", "QR ini tidak ditampilkan lagi dan jangan dibayar");
      await says(cashier, "#advice", "Pembayaran yang terlambat tetap dicatat");
      assert.equal(await isVisible(cashier, "#next"), true);
      for (const page of [display, elsewhere]) {
        await says(page, "#over", "Jangan bayar kode tadi");
        await says(page, "#over", "Sudah telanjur bayar? Beri tahu kasir.");
      }
      for (const page of pages) assert.equal(await qrs(page), 0);
      await picture(cashier, "cashier-over-id");
      await picture(display, "display-over-id");
      await click(cashier, "#language");
      await says(cashier, "#advice", "This QR is no longer shown and must not be paid. A late payment is still recorded");
      await click(elsewhere, "#language");
      await says(elsewhere, "#over", "Do not pay the previous code");
      await picture(cashier, "cashier-over-en");
      await picture(elsewhere, "display-over-en");
      await pay("SALE-A");
      await proxy.open();
      await reaches(cashier, "paid");
      await says(elsewhere, "#paid", "PAID");
    });

    test("any printable number is charged, shown, cancelled and looked at again", async () => {
      const odd = `A/7 #1?b=%20&"c\\'<i>+`;
      const cashier = await visit();
      const display = await visit("/display");
      const pinned = `/display?number=${encodeURIComponent(odd)}`;
      await charge(cashier, odd, "1000");
      const elsewhere = await visit(pinned, await anotherDevice());
      for (const page of [cashier, display, elsewhere]) await hasQr(page, odd);
      await click(cashier, "#check");
      await cashier.waitForFunction(() => document.getElementById("check").disabled, BY_TIME);
      await cashier.waitForFunction((number) => {
        const button = document.querySelector("#last button");
        button?.focus();
        return button?.textContent === number;
      }, BY_TIME, odd);
      // The list is drawn again, and the button keeps the focus.
      await cashier.evaluate(() => { document.activeElement.marked = true; });
      await cashier.waitForFunction((number) => {
        const { activeElement } = document;
        return activeElement.marked === undefined && activeElement.dataset.number === number;
      }, BY_TIME, odd);
      await click(cashier, "#cancel");
      await click(cashier, CANCEL_YES);
      await reaches(cashier, "cancelled");
      await click(cashier, "#next");
      await click(cashier, "#last button");
      await reaches(cashier, "cancelled");
      assert.equal(await text(cashier, "#shown-number"), odd);
      assert.equal(await cashier.$$eval("#last i", (found) => found.length), 0);
    });

    const without = {
      "without shared workers": (page) => page.evaluateOnNewDocument(() => { delete window.SharedWorker; }),
      "where the shared worker cannot be loaded": () => proxy.fail("GET", /\/assets\/stream\.js/, Infinity, "status"),
    };
    for (const [where, prepare] of Object.entries(without)) {
      test(`${where} the pages ask by themselves`, async () => {
        const cashier = await visit("/", contexts[0], prepare);
        const display = await visit("/display", await anotherDevice(), prepare);
        await charge(cashier, "SALE-A", "1000");
        await hasQr(display, "SALE-A");
        assert.equal(proxy.streams.size, 0);
        await pay("SALE-A");
        await reaches(cashier, "paid");
        await says(display, "#paid", "LUNAS");
      });
    }
  });
}
