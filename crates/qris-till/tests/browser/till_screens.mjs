// What is on the till's pages, screen sizes, and signing in with a token.

import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { stop } from "./programs.mjs";
import { SEVEN_INCHES, assertQuiet, charge, context, control, newContext, order, pay, picture, startTill, state, till, unknownSale, visit, visitIn, withWebhook } from "./till_helpers.mjs";
import { contrast } from "../../../qris-sandbox/tests/browser/contrast.mjs";

test("the report has sum, chart, lines and a CSV", async () => {
  await withWebhook();
  const page = await visit();
  for (const amount of ["25578", "10000"]) {
    await charge(page, amount);
    await pay();
    await state(page, "paid");
    await page.getByRole("button", { name: "Transaksi baru" }).click();
  }
  await page.getByRole("link", { name: "Laporan" }).click();
  await page.getByText("Rp35.578").first().waitFor();
  assert.equal(await page.locator("#count").innerText(), "2");
  assert.equal(await page.locator("#chart rect").count(), 7);
  assert.match(await page.locator("#lines tr").first().innerText(), /^\d\d\/\d\d\/\d{4}\s+Kasir \(POS\)\s+2\s+2\s+Rp35\.578/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Unduh CSV" }).click()]);
  assert.match(download.suggestedFilename(), /^qris-.*\.csv$/);
  await picture(page, "report");
  assertQuiet();
});

test("the keyboard alone makes a charge, and Enter is enough", async () => {
  const page = await visit();
  await page.keyboard.type("50000");
  await page.keyboard.press("Enter");
  await state(page, "pending");
  assert.equal(await page.locator("#shown-amount").innerText(), "Rp50.000");
  assertQuiet();
});

test("a refused amount or number is named, and the message goes when it is changed", async () => {
  const page = await visit();
  const amount = page.getByLabel("Jumlah (Rp)");
  const number = page.getByLabel("No. transaksi");
  const charge = page.getByRole("button", { name: "Buat QRIS" });
  const isGone = () => page.locator("#message:empty").waitFor({ state: "attached" });
  await amount.fill("50");
  await charge.click();
  await page.locator("#message", { hasText: "Rp100" }).waitFor();
  await amount.fill("25000");
  await isGone();
  await page.route("**/api/orders", (route) => route.fulfill({ status: 422, json: { error: "invalid" } }));
  await charge.click();
  await page.locator("#message", { hasText: "No. transaksi tidak bisa diterima" }).waitFor();
  await amount.fill("26000");
  assert.notEqual(await page.locator("#message").innerText(), "", "the number is still the same");
  await number.fill("INV-2");
  await isGone();
});

test("a sale of an earlier day is listed with its date", async () => {
  await order("TODAY", 600);
  await order("EARLIER", 600);
  const page = await visit();
  await page.route("**/api/orders?*", async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    for (const sale of json.orders) if (sale.number === "EARLIER") sale.created_at = `2026-01-31${sale.created_at.slice(10)}`;
    await route.fulfill({ response, json });
  });
  await page.reload();
  const time = (sale) => page.locator("#last tr", { hasText: sale }).locator("td").first().innerText();
  await page.locator("#last tr").nth(1).waitFor();
  assert.match(await time("EARLIER"), /^31\/01 \d\d:\d\d$/);
  assert.match(await time("TODAY"), /^\d\d:\d\d$/);
});

test("it switches to English and remembers that", async () => {
  const page = await visit();
  await page.getByRole("button", { name: "Switch to English" }).click();
  await page.getByRole("button", { name: "Create QRIS" }).waitFor();
  await page.getByLabel("Amount (Rp)").pressSequentially("25578");
  assert.equal(await page.getByLabel("Amount (Rp)").inputValue(), "25,578");
  await page.getByRole("link", { name: "Report" }).click();
  await page.getByRole("heading", { name: "Report" }).waitFor();
  await page.getByRole("button", { name: "Ganti ke Bahasa Indonesia" }).click();
  await page.getByRole("heading", { name: "Laporan" }).waitFor();
  assertQuiet();
});

test("a till with a token asks for it on the page", async () => {
  await stop(till);
  await startTill({ QRIS_TILL_TOKEN: "0c9f1d7ab4e84f3b9d62" });
  const page = await context.newPage();
  await page.goto(till.origin);
  await page.locator("summary").click();
  await page.getByLabel("Token").fill("0c9f1d7ab4e84f3b9d63");
  await page.getByRole("button", { name: "Masuk", exact: true }).last().click();
  await page.getByText("Token salah").waitFor();
  await picture(page, "login");
  await page.locator("summary").click();
  await page.getByLabel("Token").fill("0c9f1d7ab4e84f3b9d62");
  await page.getByRole("button", { name: "Masuk", exact: true }).last().click();
  await charge(page);
});

test("a tablet on the shop's network signs in, and gets the page that it asked for", async () => {
  const addresses = Object.values(networkInterfaces()).flat();
  const address = addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
  assert.ok(address, "this machine is on a network");
  await stop(till);
  await startTill({ QRIS_TILL_TOKEN: "0c9f1d7ab4e84f3b9d62", QRIS_TILL_LISTEN: "0.0.0.0:0" });
  const { port } = new URL(till.origin);
  const page = await context.newPage();
  await page.goto(`http://${address}:${port}/report?till=K1`);
  await page.locator("summary").click();
  await page.getByLabel("Token").fill("0c9f1d7ab4e84f3b9d62");
  await page.getByRole("button", { name: "Masuk", exact: true }).last().click();
  await page.getByRole("heading", { name: "Laporan" }).waitFor();
  assert.equal(page.url(), `http://${address}:${port}/report?till=K1`);
  await page.goto(`http://${address}:${port}/`);
  await charge(page);
  // A token from another site's form is refused.
  const answer = await fetch(`http://${address}:${port}/login`, {
    method: "POST", headers: { Origin: "http://elsewhere.example" },
    body: new URLSearchParams({ token: "0c9f1d7ab4e84f3b9d62" }),
  });
  assert.equal(answer.status, 403);
});

for (const [name, viewport] of [["seven inches", { width: 1024, height: 600 }], ["small", { width: 800, height: 480 }], ["a phone", { width: 360, height: 640 }]]) {
  test(`pages fit ${name}, and controls fit fingers`, async () => {
    await newContext({ viewport });
    const page = await visit();
    await charge(page, "10000000");
    const display = await visit("/display");
    await display.locator("#to-pay").waitFor();
    const report = await visit("/report");
    await report.locator("#lines tr").first().waitFor();
    for (const [where, one] of [["cashier", page], ["display", display], ["report", report]]) {
      const [wide, narrow] = await one.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= narrow, `${where}: ${wide} px of page on ${narrow} px of screen`);
      await picture(one, `${where}-${viewport.width}`);
    }
    const code = await page.locator("#qr").boundingBox();
    const amount = await page.locator("#shown-amount").boundingBox();
    assert.ok(amount.y >= code.y + code.height, "nothing stands on the code");
    const { y, height } = await display.locator("#qr").boundingBox();
    assert.ok(y >= 0 && y + height <= viewport.height, "the whole code is on the screen");
    for (const control of await page.locator("form button:visible, section .row button:visible, select:visible, form input:not([type=checkbox]):visible").all()) {
      const box = await control.boundingBox();
      assert.ok(box.height >= 44, `a control is ${box.height} px high`);
    }
    assertQuiet();
    await unknownSale(page, "INV-9");
    // The forms appear once the page knows who is signed in.
    await page.locator("#resolve-not-made").waitFor();
    const [wide, narrow] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= narrow, `unknown: ${wide} px of page on ${narrow} px of screen`);
    for (const control of await page.locator("#unknown :is(button, input)").all()) {
      const box = await control.boundingBox();
      assert.ok(box.height >= 44, `a control is ${box.height} px high`);
    }
    await picture(page, `cashier-unknown-${viewport.width}`);
  });
}

/** Buttons and other controls on the page that are closer to each other than 6 px. */
const touching = (page) => page.evaluate(() => {
  const controls = [...document.querySelectorAll("button, .button, select, input, summary, nav a")];
  const boxes = controls.filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 0)
    .map((one) => [one.id || one.textContent || one.outerHTML.slice(0, 40), one.getBoundingClientRect()]);
  return boxes.flatMap(([name, box], at) => boxes.slice(at + 1).filter(([, other]) => {
    const across = Math.max(other.left - box.right, box.left - other.right, 0);
    const down = Math.max(other.top - box.bottom, box.top - other.bottom, 0);
    return Math.hypot(across, down) < 6;
  }).map(([other]) => `${name} and ${other}`));
});

test("on a phone no button touches another, and no key of a keyboard is named", async () => {
  await newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await withWebhook();
  const printers = [{ name: "kasir", state: "ok", queued: 0, last_error: null }, { name: "dapur", state: "ok", queued: 0, last_error: null }];
  await context.route("**/api/printers", (route) => route.fulfill({ json: { printers } }));
  const page = await visit();
  assert.equal(await page.locator(".keys").isVisible(), false);
  const look = async (name) => {
    await picture(page, `phone-${name}`, { fullPage: true });
    assert.deepEqual(await touching(page), [], name);
  };
  await look("empty");
  await charge(page);
  await page.locator("#print").waitFor();
  await look("pending");
  await page.getByRole("button", { name: "Batalkan" }).click();
  await page.getByRole("button", { name: "Ya, batalkan" }).click();
  await state(page, "cancelled");
  await look("cancelled");
  await charge(page);
  await pay();
  await state(page, "paid");
  await look("paid");
  await unknownSale(page, "INV-9");
  await look("unknown");
});

test("the keys of a keyboard are named on a desktop, and not on a phone without touch", async () => {
  const page = await visit();
  assert.equal(await page.locator(".keys").isVisible(), true);
  await page.setViewportSize({ width: 360, height: 740 });
  assert.equal(await page.locator(".keys").isVisible(), false);
});

for (const [width, height] of [[360, 780], [1024, 768], [1280, 800]]) {
  test(`nothing is wider than ${width} px, with text of twice the size too`, async () => {
    await newContext({ viewport: { width, height }, hasTouch: width < 1280 });
    await withWebhook();
    const fits = async (page, where) => {
      for (const size of ["100%", "200%"]) {
        await page.evaluate((wanted) => { document.documentElement.style.fontSize = wanted; }, size);
        const beyond = await page.evaluate(() => {
          const fits = document.documentElement.scrollWidth <= innerWidth;
          const wide = [...document.body.querySelectorAll("*")].filter((part) => part.getBoundingClientRect().right > innerWidth);
          return fits ? [] : wide.map((part) => `${part.tagName} ${part.id} ${part.className}`);
        });
        await picture(page, `size-${width}-${size.slice(0, 3)}-${where}`);
        assert.deepEqual(beyond, [], `${where} at ${size}`);
      }
    };
    const cashier = await visit();
    const display = await visit("/display");
    await charge(cashier, "10000000");
    await display.locator("#to-pay").waitFor();
    await fits(cashier, "cashier-pending");
    await fits(display, "display-pending");
    await pay();
    await state(cashier, "paid");
    await display.locator("#paid").waitFor();
    await fits(cashier, "cashier-paid");
    await fits(display, "display-paid");
    const kiosk = await visit("/kiosk");
    await fits(kiosk, "kiosk-amount");
    await kiosk.locator("#amount").fill("25578");
    await kiosk.locator("#charge").click();
    await kiosk.locator("#to-pay").waitFor();
    await kiosk.waitForFunction(() => document.getElementById("qr")?.naturalWidth > 100);
    await fits(kiosk, "kiosk-pending");
    await pay();
    await kiosk.locator("#paid").waitFor();
    await fits(kiosk, "kiosk-paid");
    const report = await visit("/report");
    await report.locator("#lines tr").first().waitFor();
    await fits(report, "report");
    assertQuiet();
  });
}

for (const width of [360, 390]) {
  for (const language of ["id", "en"]) {
    test(`nothing that matters is out of sight on a phone of ${width} px (${language})`, async () => {
      await newContext({ viewport: { width, height: 844 } });
      await withWebhook();
      const page = await visitIn(language);
      const sell = async (number, amount) => {
        await page.locator("#number").fill(number);
        await page.locator("#amount").fill(amount);
        await page.locator("#charge").click();
        await state(page, "pending");
      };
      await sell("A-NUMBER-AS-LONG-AS-THE-PROVIDER-TAKES-1", "10000000");
      await pay();
      await state(page, "paid");
      await sell("WEB-7", "25578");
      await page.locator("#last tr").nth(1).waitFor();
      const inSight = async (one, selectors) => {
        for (const selector of selectors) {
          const cut = await one.locator(selector).evaluateAll((found) => found.map((part) => {
            const { left, right } = part.getBoundingClientRect();
            const card = part.closest(".card").getBoundingClientRect();
            return left < Math.max(0, card.left) || right > Math.min(innerWidth, card.right) || part.scrollWidth > part.clientWidth;
          }));
          assert.ok(cut.length > 0 && !cut.includes(true), `${selector} is in sight: ${cut}`);
        }
      };
      await inSight(page, ["#last [data-number]", "#last .right", "#last [class^=state-]"]);
      await picture(page, `cashier-${width}-${language}`);
      const report = await visit("/report");
      await report.locator("#lines tr").first().waitFor();
      await inSight(report, ["#sum", "#count", "#lines td:visible"]);
      assert.match(await report.locator("#lines tr").first().innerText(), /Rp10[.,]000[.,]000/);
      const newest = await report.locator("#chart rect").last().boundingBox();
      assert.ok(newest.x >= 0 && newest.x + newest.width <= width, `the newest day is at ${newest.x} px`);
      await picture(report, `report-${width}-${language}`);
      assertQuiet();
    });
  }
}

for (const colorScheme of ["light", "dark"]) {
  test(`every text can be read in ${colorScheme}`, async () => {
    await newContext({ ...SEVEN_INCHES, colorScheme });
    await withWebhook();
    const page = await visit();
    const display = await visit("/display");
    await charge(page);
    await display.locator("#to-pay").waitFor();
    const readable = async (where, selectors) => {
      for (const selector of selectors) {
        const found = await where.locator(selector).first().evaluate(contrast);
        assert.ok(found >= 4.5, `${selector} has a contrast of ${found.toFixed(2)}`);
      }
    };
    await readable(page, ["h1", "h2", "label", "#amount", "#charge", "#cancel", ".fact", "#countdown", "th", "td", "a", "#language"]);
    await readable(display, ["#merchant", ".fact", ".amount", "#countdown", ".brand"]);
    await picture(page, `cashier-${colorScheme}`);
    await picture(display, `display-${colorScheme}`);
    await pay();
    await display.locator("#paid").waitFor();
    await readable(display, ["#paid h1", "#paid .amount", "#paid .fact"]);
    await state(page, "paid");
    await readable(page, ["#state"]);
    const report = await visit("/report");
    await report.locator("#lines tr").first().waitFor();
    await readable(report, ["label", "td", ".fact", ".button"]);
    await picture(report, `report-${colorScheme}`);
    assertQuiet();
  });
}
