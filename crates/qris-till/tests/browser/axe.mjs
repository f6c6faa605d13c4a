// axe-core checks every page in its important states, in both languages, light and dark.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { stop } from "./programs.mjs";
import { context, control, newContext, order, pay, picture, startTill, till, visit, withWebhook } from "./till_helpers.mjs";

const beside = new URL("../../../qris-sandbox/tests/browser/package.json", import.meta.url);
const AXE = await readFile(createRequire(beside).resolve("axe-core/axe.min.js"), "utf8");

/** The serious and critical findings of axe on the page. */
async function findings(page, where) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return grave.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${where}: ${id} ${target} ${any[0]?.message ?? ""}`));
}

async function inLanguage(page, language) {
  if (language === "en") await page.locator("#language").click();
}

for (const [language, colorScheme] of [["en", "light"], ["id", "dark"]]) {
  test(`axe finds nothing serious on any page (${language}, ${colorScheme})`, async () => {
    // With a touch screen, so that the keypad is shown.
    await newContext({ viewport: { width: 1024, height: 768 }, hasTouch: true, colorScheme, bypassCSP: true });
    await withWebhook();
    const found = [];
    const look = async (page, where) => found.push(...await findings(page, where));
    const cashier = await visit("/");
    const display = await visit("/display");
    await inLanguage(cashier, language);
    await display.reload();
    await look(cashier, "cashier, empty");
    await look(display, "display, waiting");
    await cashier.locator("#more-title").click();
    await cashier.locator("#sound-state").click();
    await look(cashier, "cashier, unfolded");
    await cashier.locator("#sound-state").click();
    await cashier.locator("#amount").fill("25578");
    await cashier.locator("#charge").click();
    await display.locator("#to-pay").waitFor();
    await look(cashier, "cashier, pending");
    await look(display, "display, pending");
    await cashier.locator("#cancel").click();
    await look(cashier, "cashier, cancelling");
    await cashier.locator('#cancel-dialog [value="no"]').click();
    await pay();
    await display.locator("#paid").waitFor();
    await cashier.locator('#state[data-state="paid"]').waitFor();
    await cashier.locator("#story summary").click();
    await look(cashier, "cashier, paid");
    await look(display, "display, paid");
    await picture(cashier, `axe-cashier-paid-${language}-${colorScheme}`);
    await cashier.locator("#search").fill("nobody");
    await cashier.locator("#none-found:not([hidden])").waitFor();
    await look(cashier, "cashier, search");
    await cashier.locator("#search").fill("");

    await control("/sandbox/faults", { fault: "drop-after-accepting", on: "create" });
    await cashier.locator("#number").fill("INV-1");
    await cashier.locator("#amount").fill("1000");
    await cashier.locator("#charge").click();
    await cashier.locator('#last [data-number="INV-1"]').click();
    await cashier.locator('#state[data-state="unknown"]').waitFor();
    await look(cashier, "cashier, unknown");

    const kiosk = await visit("/kiosk");
    await look(kiosk, "kiosk, amount");
    for (const key of ["5", "000"]) await kiosk.locator("#keypad").getByRole("button", { name: key, exact: true }).tap();
    await kiosk.locator("#charge").tap();
    await kiosk.locator("#to-pay").waitFor();
    await look(kiosk, "kiosk, pending");
    await pay();
    await kiosk.locator("#paid").waitFor();
    await look(kiosk, "kiosk, paid");

    // An open shift, and a shift that was closed despite an order of unknown outcome.
    for (const [path, body] of [["", { name: "Siti" }], ["/1/close", { accept_unanswered: true }], ["", { name: "Budi" }]]) {
      const headers = { "Content-Type": "application/json" };
      await fetch(`${till.origin}/api/shifts${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    }
    // A table with an unrecorded payment, and a table without a known amount column.
    const table = "tgl,nominal,idtrans\n2026-11-27 10:15:00,50000,T-1\n";
    const kept = await fetch(`${till.origin}/api/settlements`, { method: "POST", body: table });
    assert.equal(kept.status, 200);
    const settlement = await visit("/settlement");
    await settlement.locator("#from").fill("2026-11-01");
    await settlement.locator("#to").fill("2026-11-30");
    await settlement.locator('#days [type="submit"]').click();
    await settlement.locator("[data-key]").waitFor();
    const unnamed = { name: "portal.csv", mimeType: "text/csv", buffer: Buffer.from(table.replace("nominal", "uang")) };
    await settlement.locator("#file").setInputFiles(unnamed);
    await settlement.locator("#preview").waitFor();
    await look(settlement, "settlement, preview");
    await settlement.locator("[data-key]").click();
    await look(settlement, "settlement, booking");
    await settlement.close();
    for (const path of ["/report", "/bills", "/shift", "/settlement", "/api/shifts/1/report.html"]) {
      const page = await visit(path);
      await page.locator("main").waitFor();
      await page.waitForLoadState("networkidle");
      await look(page, path);
      await page.close();
    }

    const { pay_url: link } = await order("INV-2", 600, { description: "Iuran sekolah" });
    const payer = await context.newPage();
    await payer.goto(`${link}?lang=${language}`);
    await payer.locator('#order[data-state="pending"]').waitFor();
    await look(payer, "payer, pending");
    await payer.close();

    await stop(till);
    await startTill({ QRIS_TILL_TOKEN: "0c9f1d7ab4e84f3b9d62" });
    const login = await visit("/");
    await login.locator("#sign-in").waitFor();
    await look(login, "login");
    assert.deepEqual(found, []);
  });
}
