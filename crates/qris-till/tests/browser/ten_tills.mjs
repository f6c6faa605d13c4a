// Ten tills of one shop in a browser make one sale after another, and their memory does not grow. The test takes
// 15 seconds. For a longer test, set `QRIS_TILLS_SECONDS=600` and the environment of `run`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, context, control, newContext, picture, state, till, visit, withWebhook } from "./till_helpers.mjs";

const TILLS = 10;
const SECONDS = Number(process.env.QRIS_TILLS_SECONDS ?? 15);
/** How many bytes a page may grow: less than one picture of a QR for each sale. */
const GROWTH = 1_500_000;

/** The bytes, elements and listeners of a page after garbage collection. */
async function measure(session) {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
  return { bytes: usedSize, nodes, listeners: jsEventListeners };
}

/** Makes one sale: from the amount to LUNAS and an empty form. */
async function sell(page, amount) {
  await page.keyboard.press("F2");
  await page.locator("#amount").fill(String(amount));
  await page.keyboard.press("Enter");
  await state(page, "pending");
  await page.waitForFunction(() => document.getElementById("qr")?.naturalWidth > 100);
  const number = await page.locator("#shown-number").innerText();
  const { qris_invoiceid: id } = await (await fetch(`${till.origin}/api/orders/${number}`)).json();
  await control(`/sandbox/invoices/${id}/pay`, {});
  await state(page, "paid");
}

test(`ten tills sell for ${SECONDS} s, and no page grows`, { timeout: (SECONDS + 240) * 1000 }, async () => {
  await newContext();
  context.setDefaultTimeout(60_000);
  await withWebhook();
  const tills = [];
  for (let count = 1; count <= TILLS; count += 1) {
    const page = await visit(`/?till=K${count}`);
    const session = await context.newCDPSession(page);
    await sell(page, 1_000);
    tills.push({ page, session, sales: 0 });
  }
  // From here on the list has its 20 sales, so it does not grow.
  for (const { page } of tills) await sell(page, 1_000);
  for (const one of tills) {
    await one.page.locator("#last tr").nth(19).waitFor();
    await one.page.keyboard.press("F2");
    one.before = await measure(one.session);
  }
  const end = Date.now() + SECONDS * 1000;
  await Promise.all(tills.map(async (one) => {
    while (Date.now() < end) {
      await sell(one.page, 1_000 + one.sales);
      one.sales += 1;
    }
    await one.page.keyboard.press("F2");
  }));
  const sales = tills.reduce((sum, one) => sum + one.sales, 0);
  const grown = [];
  for (const one of tills) {
    const after = await measure(one.session);
    grown.push(Object.fromEntries(Object.keys(after).map((what) => [what, after[what] - one.before[what]])));
    one.after = after;
  }
  const most = (what) => Math.max(...grown.map((one) => one[what]));
  const kib = (bytes) => `${Math.round(bytes / 1024)} KiB`;
  console.log(`${sales} sales in ${SECONDS} s; a page held at most ${kib(Math.max(...tills.map((one) => one.after.bytes)))} afterwards, `
    + `grew by at most ${kib(most("bytes"))}, ${most("nodes")} nodes, ${most("listeners")} listeners`);
  await picture(tills[0].page, "ten-tills");
  assert.ok(sales >= TILLS, `found ${sales} sales`);
  for (const one of grown) {
    assert.ok(one.bytes < GROWTH, `a page grew by ${kib(one.bytes)}`);
    assert.ok(one.nodes < 500, `a page grew by ${one.nodes} nodes`);
    assert.ok(one.listeners < 100, `a page grew by ${one.listeners} listeners`);
  }
  assertQuiet();
});
