// What a cashier hears, types, searches and confirms, in a real browser with a real till and sandbox.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { launch } from "./browsers.mjs";
import { assertQuiet, charge, complaints, context, control, newContext, order, orderNow, pay, picture, state, till, visit, withWebhook } from "./till_helpers.mjs";
import { contrast } from "../../../qris-sandbox/tests/browser/contrast.mjs";
import { spoken, WORDS } from "../../src/pages/spoken.js";

const GREEN = "rgb(11, 107, 58)";

/** Runs in each page: records the names of the sounds that start. */
function noteWhatIsSaid() {
  window.said = [];
  const addresses = new WeakMap();
  const { arrayBuffer } = Response.prototype;
  Response.prototype.arrayBuffer = async function () {
    const bytes = await arrayBuffer.call(this);
    addresses.set(bytes, this.url);
    return bytes;
  };
  const { decodeAudioData } = BaseAudioContext.prototype;
  BaseAudioContext.prototype.decodeAudioData = async function (bytes) {
    const address = addresses.get(bytes);
    const sound = await decodeAudioData.call(this, bytes);
    addresses.set(sound, address);
    return sound;
  };
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...at) {
    window.said.push(/sound\/(\w+)\.mp3$/.exec(addresses.get(this.buffer))[1]);
    return start.apply(this, at);
  };
}

const said = (page) => page.evaluate(() => window.said.join(" "));
const RP_25578 = "chime dua puluh lima ribu lima ratus tujuh puluh delapan rupiah lunas";

/** Waits until the page has played exactly these sounds. */
const says = (page, text) => page.waitForFunction((wanted) => window.said.join(" ") === wanted, text);

/** Waits until the page's claims are answered: a later claim is answered after them. */
const claimsAreAnswered = (page) => page.evaluate(async () => {
  const { claim } = await import("/assets/live.js");
  await claim(`test ${Math.random()}`);
});

const saidNothing = async (page) => {
  await claimsAreAnswered(page);
  assert.equal(await said(page), "");
};

const listens = async () => {
  await context.addInitScript(noteWhatIsSaid);
  await withWebhook();
};

const soundIs = (page, words) => page.locator("#sound-state").filter({ hasText: words }).waitFor();

test("the words of an amount mean that amount, and each of them has a sound", async () => {
  const table = {
    1: "satu", 10: "sepuluh", 11: "sebelas", 12: "dua belas", 19: "sembilan belas", 20: "dua puluh", 21: "dua puluh satu",
    99: "sembilan puluh sembilan", 100: "seratus", 101: "seratus satu", 111: "seratus sebelas", 200: "dua ratus",
    999: "sembilan ratus sembilan puluh sembilan", 1_000: "seribu", 1_001: "seribu satu", 1_100: "seribu seratus",
    1_500: "seribu lima ratus", 2_000: "dua ribu", 10_000: "sepuluh ribu", 11_000: "sebelas ribu", 12_345: "dua belas ribu tiga ratus empat puluh lima",
    25_578: "dua puluh lima ribu lima ratus tujuh puluh delapan", 100_000: "seratus ribu", 101_000: "seratus satu ribu",
    111_111: "seratus sebelas ribu seratus sebelas", 1_000_000: "satu juta", 1_001_000: "satu juta seribu",
    2_010_011: "dua juta sepuluh ribu sebelas", 9_999_999: "sembilan juta sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan",
    10_000_000: "sepuluh juta",
  };
  for (const [amount, words] of Object.entries(table)) {
    assert.equal(spoken(Number(amount)).join(" "), `${words} rupiah lunas`);
  }
  // Reads the words back with another algorithm: each word adds to the group before it or multiplies it.
  const values = Object.fromEntries(WORDS.slice(0, 11).map((word, at) => [word, at + 1]));
  const meant = (words) => {
    let [whole, group, digit] = [0, 0, 0];
    for (const word of words) {
      if (word in values) digit = values[word];
      else if (word === "belas") digit += 10;
      else if (word === "puluh") [group, digit] = [group + digit * 10, 0];
      else if (word === "ratus") [group, digit] = [group + digit * 100, 0];
      else if (word === "seratus") group += 100;
      else if (word === "seribu") whole += 1_000;
      else if (word === "ribu") [whole, group, digit] = [whole + (group + digit) * 1_000, 0, 0];
      else if (word === "juta") [whole, group, digit] = [whole + (group + digit) * 1_000_000, 0, 0];
    }
    return whole + group + digit;
  };
  const used = new Set();
  for (let amount = 1; amount <= 10_000_000; amount += amount < 120_000 ? 1 : 911) {
    const words = spoken(amount);
    assert.equal(meant(words.slice(0, -2)), amount);
    for (const word of words) used.add(word);
  }
  assert.deepEqual([...used].sort(), [...WORDS].sort());
  const files = await readdir(new URL("../../sound", import.meta.url));
  const sounds = files.filter((file) => file.endsWith(".mp3")).map((file) => file.slice(0, -4));
  assert.deepEqual(sounds.sort(), ["chime", ...WORDS].sort());
});

test("a payment turns the whole card green, with word, amount and time to be read from two metres", async () => {
  await withWebhook();
  const cashier = await visit();
  const display = await visit("/display");
  await charge(cashier, "10000000");
  await display.locator("#to-pay").waitFor();
  await pay();
  await state(cashier, "paid");
  await display.locator("#paid").waitFor();
  const size = (page, selector) => page.locator(selector).evaluate((part) => parseFloat(getComputedStyle(part).fontSize));
  for (const [page, card, word, amount] of [
    [cashier, "#sale-shown", "#state", "#shown-amount"], [display, "#paid", "#paid h1", "#paid-amount"],
  ]) {
    assert.equal(await page.locator(card).evaluate((part) => getComputedStyle(part).backgroundColor), GREEN);
    assert.match(await page.locator(word).innerText(), /LUNAS$/);
    assert.equal(await page.locator(amount).innerText(), "Rp10.000.000");
    assert.match(await page.locator("#paid-at").innerText(), /^Dibayar pukul \d\d:\d\d WIB$/);
    // Letters 10 mm high can be read from two metres. A CSS pixel is 0.26 mm.
    assert.ok(await size(page, word) >= 64, "LUNAS is large");
    assert.ok(await size(page, amount) >= 48, "the amount is large");
    for (const part of [word, amount, "#paid-at"]) {
      const found = await page.locator(part).evaluate(contrast);
      assert.ok(found >= 4.5, `${part} has a contrast of ${found.toFixed(2)}`);
    }
  }
  assert.equal(await cashier.locator("#in-words").innerText(), "sepuluh juta rupiah");
  await picture(cashier, "cashier-paid");
  await picture(display, "display-paid-large");
  assertQuiet();
});

test("a payment is said once in a browser, however many pages show it, and not again after a reload", async () => {
  await listens();
  const cashier = await visit();
  const display = await visit("/display");
  await display.locator("body").click();
  await soundIs(cashier, "Suara");
  await charge(cashier);
  await soundIs(cashier, "Suara hidup");
  await display.locator("#to-pay").waitFor();
  await pay();
  await Promise.all([state(cashier, "paid"), display.locator("#paid").waitFor()]);
  await Promise.any([cashier, display].map((page) => says(page, RP_25578)));
  await Promise.all([cashier, display].map(claimsAreAnswered));
  assert.deepEqual([await said(cashier), await said(display)].filter(Boolean), [RP_25578]);
  await cashier.reload();
  await state(cashier, "paid");
  await cashier.locator("h1").click();
  await soundIs(cashier, "Suara hidup");
  await saidNothing(cashier);
  assertQuiet();
});

test("before the first touch the page says that sound is off, and says no payment later", async () => {
  await listens();
  await order("INV-1", 600);
  const page = await visit("/?number=INV-1");
  await soundIs(page, "Ketuk untuk menyalakan suara");
  await state(page, "pending");
  await pay();
  await state(page, "paid");
  await page.locator("h1").click();
  await soundIs(page, "Suara hidup");
  await saidNothing(page);
  assertQuiet();
});

test("muted it says nothing, and the cashier can have it said again", async () => {
  await listens();
  const page = await visit();
  await page.locator("#sound-state").click();
  await page.getByRole("button", { name: "Matikan suara" }).click();
  await soundIs(page, "Suara mati");
  await charge(page);
  await pay();
  await state(page, "paid");
  await saidNothing(page);
  await page.getByRole("button", { name: "Hidupkan suara" }).click();
  await page.getByLabel("Volume").fill("40");
  await page.locator("#sound-state").click();
  await page.getByRole("button", { name: "Ulangi suara" }).click();
  await says(page, RP_25578);
  await page.reload();
  await page.locator("#sound-state").click();
  assert.equal(await page.getByLabel("Volume").inputValue(), "40");
  assertQuiet();
});

test("nothing but a payment that the till has booked is said", async () => {
  await listens();
  const page = await visit();
  const { pay_url: link } = await order("INV-1", 600, { code: false });
  await page.goto(`${till.origin}/?number=INV-1`);
  await page.locator("h1").click();
  await state(page, "open");
  // The payer opens the link, which requests a code, and opens it again.
  const payer = await context.newPage();
  await payer.goto(link);
  await state(page, "pending");
  await payer.reload();
  await payer.close();
  await page.getByRole("button", { name: "Cek sekarang" }).click();
  await page.getByRole("button", { name: /Cek lagi/ }).waitFor();
  await page.getByRole("button", { name: "Batalkan" }).click();
  await page.getByRole("button", { name: "Ya, batalkan" }).click();
  await state(page, "cancelled");
  await saidNothing(page);
});

test("a payment of a sale that was put away is shown and said, and opens it", async () => {
  await listens();
  const page = await visit();
  const number = await charge(page);
  await page.getByRole("button", { name: "Transaksi baru" }).click();
  await page.getByLabel("Jumlah (Rp)").fill("1000");
  const { qris_invoiceid: id } = await orderNow(number);
  await control(`/sandbox/invoices/${id}/pay`, {});
  await page.getByRole("button", { name: `LUNAS: ${number}, Rp25.578` }).waitFor();
  await says(page, RP_25578);
  assert.equal(await page.getByLabel("Jumlah (Rp)").inputValue(), "1.000");
  await picture(page, "cashier-paid-aside");
  await page.getByRole("button", { name: `LUNAS: ${number}, Rp25.578` }).click();
  await state(page, "paid");
  assert.equal(await page.locator("#aside").innerText(), "");
  assertQuiet();
});

test("every sound can be decoded by Chromium and Firefox", async () => {
  const firefox = await launch("firefox");
  const lengths = (names) => Promise.all(names.map(async (name) => {
    const answer = await fetch(`/assets/sound/${name}.mp3`);
    const sound = await new OfflineAudioContext(1, 1, 44_100).decodeAudioData(await answer.arrayBuffer());
    return sound.duration;
  }));
  try {
    const chromium = await visit();
    const other = await firefox.newPage();
    await other.goto(till.origin);
    for (const page of [chromium, other]) {
      const found = await page.evaluate(lengths, ["chime", ...WORDS]);
      for (const seconds of found) assert.ok(seconds > 0.2 && seconds < 1.2, `a sound takes ${seconds} s`);
    }
  } finally {
    await firefox.close();
  }
});

test("the number pad makes an amount, and Enter of a keyboard still charges", async () => {
  const desktop = await visit();
  assert.equal(await desktop.locator("#keypad").isVisible(), false);
  await newContext({ viewport: { width: 1024, height: 768 }, hasTouch: true });
  const page = await visit();
  const amount = page.getByLabel("Jumlah (Rp)");
  assert.equal(await amount.evaluate((field) => field.inputMode), "none");
  const press = async (...names) => {
    for (const name of names) await page.locator("#keypad").getByRole("button", { name, exact: true }).tap();
    return amount.inputValue();
  };
  assert.equal(await press("0", "00"), "");
  assert.equal(await press("2", "5", "000"), "25.000");
  assert.equal(await press("00"), "2.500.000");
  assert.equal(await press("Hapus satu angka", "Hapus satu angka", "Hapus satu angka"), "2.500");
  // At most nine digits: a key that exceeds them adds nothing.
  assert.equal(await press("000", "00", "000"), "250.000.000");
  assert.equal(await press("Kosongkan jumlah"), "");
  assert.equal(await press("1", "5", "7", "8", "9", "3", "4", "6"), "15.789.346");
  await press("Kosongkan jumlah", "1", "000");
  for (const key of await page.locator("#keypad button").all()) {
    const box = await key.boundingBox();
    assert.ok(box.width >= 44 && box.height >= 44, `a key is ${box.width} by ${box.height} px`);
  }
  await picture(page, "cashier-keypad");
  assert.equal(await amount.evaluate((field) => document.activeElement === field), true);
  await page.keyboard.press("Enter");
  await state(page, "pending");
  assert.equal(await page.locator("#shown-amount").innerText(), "Rp1.000");
  assertQuiet();
});

test("keys alone charge, put away and begin anew", async () => {
  const page = await visit();
  await page.keyboard.type("50000");
  await page.keyboard.press("Enter");
  await state(page, "pending");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#sale-shown").isVisible(), false);
  await page.keyboard.type("7000");
  await page.keyboard.press("F2");
  assert.equal(await page.getByLabel("Jumlah (Rp)").inputValue(), "");
  await page.keyboard.type("8000");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Enter");
  await state(page, "pending");
  assert.equal(await page.locator("#shown-amount").innerText(), "Rp8.000");
  // In the search field, Escape first clears the field.
  await page.locator("#search").fill("x");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#sale-shown").isVisible(), true);
  assert.equal((await control("/sandbox/invoices")).length, 2);
  assertQuiet();
});

test("nothing of the last customer stands ready for the next one", async () => {
  const page = await visit();
  await page.getByText("Lainnya").click();
  await page.locator("#channel").selectOption("ecommerce");
  await page.getByLabel("Izinkan tip").check();
  await page.getByText("Lainnya · Toko online · boleh tip").waitFor();
  const number = await charge(page);
  assert.equal(await page.getByLabel("Jumlah (Rp)").inputValue(), "");
  assert.notEqual(await page.locator("#number").inputValue(), number);
  assert.equal(await page.locator("#channel").inputValue(), "pos");
  assert.equal(await page.locator("#tip").isChecked(), false);
  assert.equal(await page.locator("#more-title").innerText(), "Lainnya");
  assert.equal(await page.locator("#shown-terms").innerText(), "Toko online · boleh tip");
  assertQuiet();
});

test("a sale is cancelled only after a yes, and not by Escape", async () => {
  const page = await visit();
  const number = await charge(page);
  await page.getByRole("button", { name: "Batalkan" }).click();
  const dialog = page.getByRole("dialog", { name: "Batalkan transaksi ini?" });
  await dialog.getByText(`${number} · Rp25.578`).waitFor();
  await picture(page, "cashier-cancel");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Batalkan" }).click();
  // Enter chooses no.
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await orderNow(number)).state, "pending");
  await state(page, "pending");
  await page.getByRole("button", { name: "Batalkan" }).click();
  await dialog.getByRole("button", { name: "Ya, batalkan" }).click();
  await state(page, "cancelled");
  assertQuiet();
});

test("the same number with another tip or channel says so, and shows what is recorded", async () => {
  await order("INV-1", 600);
  const page = await visit();
  await page.getByLabel("No. transaksi").fill("INV-1");
  await page.getByText("Lainnya").click();
  await page.getByLabel("Izinkan tip").check();
  await charge(page);
  await page.getByText("Nomor itu sudah ada, tetapi tipnya atau «Dijual lewat» berbeda.").waitFor();
  assert.equal(await page.locator("#shown-terms").innerText(), "Kasir (POS)");
  await page.getByLabel("No. transaksi").fill("INV-1");
  await charge(page);
  assert.equal(await page.locator("#message").innerText(), "");
  assert.equal((await control("/sandbox/invoices")).length, 1);
});

test("a sale is found by number, amount, RRN and method, and by state, channel and day", async () => {
  await withWebhook();
  await order("INV-1", 600);
  await order("WEB-2", 600, { amount: 1_250_000, channel: "ecommerce" });
  const { qris_invoiceid: id } = await orderNow("INV-1");
  await control(`/sandbox/invoices/${id}/pay`, { method: "OVO" });
  const page = await visit();
  const finds = async (...numbers) => page.waitForFunction((wanted) => {
    const found = [...document.querySelectorAll("#last [data-number]")].map((row) => row.dataset.number);
    return found.sort().join() === wanted;
  }, numbers.sort().join());
  await finds("INV-1", "WEB-2");
  await page.locator("#last .state-paid").waitFor();
  const { rrn } = await orderNow("INV-1");
  assert.match(rrn, /^\d{12}$/);
  for (const [text, number] of [
    ["web", "WEB-2"], ["1.250.000", "WEB-2"], ["Rp 25.578", "INV-1"], ["25578", "INV-1"], [rrn.slice(3), "INV-1"], ["ovo", "INV-1"],
  ]) {
    await page.locator("#search").fill(text);
    await finds(number);
  }
  await page.getByText("Hasil pencarian").waitFor();
  await page.locator("#search").fill("nobody");
  await page.getByText("Tidak ada transaksi yang cocok").waitFor();
  await page.locator("#search").fill("");
  await page.locator("#filter-state").selectOption("pending");
  await finds("WEB-2");
  await page.locator("#filter-state").selectOption("");
  await page.locator("#filter-channel").selectOption("pos");
  await finds("INV-1");
  await page.locator("#filter-day").fill("2020-08-07");
  await finds();
  await page.locator("#filter-day").fill("");
  await finds("INV-1");
  await page.locator('#last [data-number="INV-1"]').click();
  await state(page, "paid");
  assert.match(await page.locator("#payer").innerText(), new RegExp(`^OVO · .* · No\\. referensi \\(RRN\\) ${rrn}$`));
  await picture(page, "cashier-search");
  assertQuiet();
});

test("the list shows more with each press", async () => {
  for (let count = 1; count <= 25; count += 1) await order(`INV-${count}`, 600, { code: false });
  const page = await visit();
  const rows = (count) => page.waitForFunction((wanted) => document.querySelectorAll("#last tr").length === wanted, count);
  await rows(20);
  await page.getByRole("button", { name: "Tampilkan lebih banyak" }).click();
  await rows(25);
  assert.equal(await page.locator("#more-sales").isVisible(), false);
  assert.deepEqual(complaints, []);
  assert.equal((await control("/sandbox/invoices")).length, 0);
});
