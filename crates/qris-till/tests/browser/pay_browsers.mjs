// The payer's page in Firefox and Chromium, with a real till and sandbox. The driver cannot turn off scripts in
// Firefox, so the page without scripts is tested only in Chromium.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { BROWSERS, launch } from "./browsers.mjs";
import { HOOK, startSandbox, startTill, stop } from "./programs.mjs";

/** How many milliseconds a condition may take on a slow machine. */
const PATIENCE = 60_000;

for (const name of BROWSERS) {
  describe(name, { timeout: 600_000 }, () => {
    let browser;
    let context;
    let folder;
    let sandbox;
    let till;

    before(async () => { browser = await launch(name); });
    after(async () => { await browser?.close(); });

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "pay-"));
      sandbox = await startSandbox();
      till = await startTill(sandbox, join(folder, "qris.db"));
      const url = `${till.origin}/webhook/${HOOK}`;
      await fetch(`${sandbox.origin}/sandbox/webhook`, { method: "POST", body: JSON.stringify({ url }) });
      context = await browser.createBrowserContext();
    });
    afterEach(async () => {
      await context.close();
      await stop(till);
      await stop(sandbox);
      await rm(folder, { recursive: true });
    });

    async function order(number, terms = {}) {
      const answer = await fetch(`${till.origin}/api/orders`, {
        method: "POST", headers: { "content-type": "application/json" },
        body: JSON.stringify({ number, amount: 25578, code: false, ...terms }),
      });
      assert.equal(answer.status, 201);
      return answer.json();
    }

    const read = async (number) => (await fetch(`${till.origin}/api/orders/${number}`)).json();

    async function pay(number) {
      const { qris_invoiceid: id } = await read(number);
      const paid = await fetch(`${sandbox.origin}/sandbox/invoices/${id}/pay`, { method: "POST" });
      assert.ok(paid.ok);
    }

    async function visit(url, width = 390) {
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE);
      await page.setViewport({ width, height: 844 });
      await page.goto(`${url}?lang=id`);
      return page;
    }

    const state = (page, word) => page.waitForSelector(`#order[data-state="${word}"]`);
    const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
    const codes = (page) => page.$$eval(".picture img", (images) => images.length);
    /** Waits until the picture is loaded. */
    const drawn = (page) => page.waitForFunction(
      () => document.querySelector(".picture img")?.complete && document.querySelector(".picture img").naturalWidth > 100,
      { polling: 100 },
    );
    /** Presses the button that requests a code. */
    async function press(page) {
      await (await page.waitForSelector("#ask button")).click();
    }

    test("an opened link gets its code, follows by itself and says LUNAS", async () => {
      const { pay_url: url } = await order("INV-1");
      const page = await visit(url);
      await state(page, "pending");
      await drawn(page);
      await page.evaluate(() => { window.here = true; });
      await pay("INV-1");
      await state(page, "paid");
      assert.equal(await page.evaluate(() => window.here), true, "it was not reloaded");
      assert.equal((await text(page, "[role=status]")).trim(), "LUNAS");
      assert.equal(await codes(page), 0, "nobody can pay it again");
    });

    test("an expired code is put away at once, and one press brings another", async () => {
      const { pay_url: url } = await order("INV-1", { code: true, shown_seconds: 3 });
      const page = await visit(url);
      await state(page, "expired");
      assert.equal(await codes(page), 0, "an old code must not be paid");
      await press(page);
      await state(page, "pending");
      await drawn(page);
      assert.equal((await read("INV-1")).invoices.length, 2);
    });

    test("nothing is wider than a phone of 320 px", async () => {
      const { pay_url: url } = await order("A".repeat(64), { code: true, amount: 9999999, description: "panjang".repeat(20) });
      const page = await visit(url, 320);
      await state(page, "pending");
      await drawn(page);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wider <= 0, `${wider} px are beyond the edge`);
    });
  });
}
