// Amounts that are typed, filled in or pasted on the till's page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, charge, context, control, sandbox, state, till, visitIn } from "./till_helpers.mjs";

/** The ways to enter an amount. */
const WAYS = {
  "filled in": (field, text) => field.fill(text),
  typed: async (field, text) => {
    await field.fill("");
    await field.pressSequentially(text);
  },
  pasted: async (field, text) => {
    await field.evaluate((_, copied) => navigator.clipboard.writeText(copied), text);
    // The field first has an amount with the same beginning.
    await field.fill("");
    await field.pressSequentially("25000000");
    await field.press("Control+a");
    await field.press("Control+v");
  },
};

for (const [language, dot] of [["id", "."], ["en", ","]]) {
  const inLanguage = async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: till.origin });
    const page = await visitIn(language);
    return [page, page.locator("#amount")];
  };
  const shown = (number) => number.replaceAll(".", dot);

  test(`an amount that is not whole rupiah is refused and not guessed (${language})`, async () => {
    const [page, amount] = await inLanguage();
    const wrong = [
      "25000.00", "25000,00", "25000.000", "1.5", "1,5", "1.00", "12,50", "1.000.00", "1,000,00", "25.0000", "2500.000",
      "25.000,50", "25,000.50", "1.000,000", "1 000.000", "25..000", ".500", "0.500", "0,500", "25.000.", "25.", "0",
      "-5000", "-5", "+5", "1e3", "1e5", "25,5", "\uff12\uff15\uff10\uff10\uff10", "Rp1.5", "Rp 25.000,-", "Rp 25.000.000,00", "Rp", "",
    ];
    for (const [way, enter] of Object.entries(WAYS)) {
      for (const text of wrong) {
        // An empty text cannot be pasted.
        if (way === "pasted" && text === "") continue;
        await enter(amount, text);
        await amount.press("Enter");
        const message = await amount.evaluate((field) => field.validationMessage);
        assert.match(message, /rupiah bulat|whole rupiah/, `${text} ${way} is refused`);
        assert.equal(await amount.inputValue(), text, `${text} ${way} is left as it is`);
      }
    }
    assert.equal((await control("/sandbox/invoices")).length, 0);
    assertQuiet();
  });

  test(`separators that group thousands are understood, points and commas (${language})`, async () => {
    const [page, amount] = await inLanguage();
    const right = {
      "25000": "25.000", "25.000": "25.000", "25,000": "25.000", "25 000": "25.000", "25\u00a0000": "25.000",
      "1.500": "1.500", "500": "500", "1.000.000": "1.000.000", "1,000,000": "1.000.000",
      "Rp25.000": "25.000", "Rp 25.000": "25.000", "Rp. 25.000": "25.000", " 25.000 ": "25.000",
    };
    for (const [way, enter] of Object.entries(WAYS)) {
      for (const [text, meant] of Object.entries(right)) {
        await enter(amount, text);
        await amount.blur();
        assert.equal(await amount.inputValue(), shown(meant), `${text} ${way}`);
        assert.equal(await amount.evaluate((field) => field.validationMessage), "", `${text} ${way} is taken`);
      }
    }
    await amount.fill("Rp 25,000");
    await amount.press("Enter");
    await state(page, "pending");
    assert.equal((await control("/sandbox/invoices"))[0].amount, 25000);
    assertQuiet();
  });

  test(`an amount means the same while it is worked on (${language})`, async () => {
    const [page, amount] = await inLanguage();
    const value = () => amount.inputValue();
    const keys = async (...pressed) => { for (const key of pressed) await amount.press(key); };
    const begin = async (digits) => {
      await amount.fill("");
      await amount.pressSequentially(digits);
    };
    const steps = [];
    for (const digit of "2500000") {
      await keys(digit);
      steps.push(await value());
    }
    assert.deepEqual(steps, ["2", "25", "250", "2.500", "25.000", "250.000", "2.500.000"].map(shown));

    // The next digit is inserted where the last digit was deleted.
    await begin("1234567");
    await keys("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Backspace");
    assert.equal(await value(), shown("123.567"));
    await keys("9");
    assert.equal(await value(), shown("1.239.567"));

    // Backspace and Delete pass separators.
    await begin("25000");
    await keys("ArrowLeft", "ArrowLeft", "ArrowLeft", "Backspace", "Backspace");
    assert.equal(await value(), shown("2.000"));
    await begin("25000");
    await keys("Home", "ArrowRight", "ArrowRight", "Delete", "Delete");
    assert.equal(await value(), shown("2.500"));

    // Leading zeros are kept while somebody edits the amount.
    await begin("10500");
    await keys("Home", "Delete");
    assert.notEqual(await amount.evaluate((field) => field.validationMessage), "");
    await keys("2");
    assert.equal(await value(), shown("20.500"));

    // Undo does not change the amount.
    await begin("2500");
    await keys("Control+z", "Control+z");
    assert.equal(await value(), shown("2.500"));

    // If the text is not an amount, no earlier amount is charged, in both languages.
    await begin("25000.00");
    assert.equal(await value(), "25000.00");
    await page.locator("#language").click();
    await page.locator("#charge").click();
    assert.equal(await value(), "25000.00");
    assert.equal((await control("/sandbox/invoices")).length, 0);
    await amount.focus();
    await keys("End", "Backspace", "Backspace", "Backspace");
    await page.locator("#language").click();
    assert.equal(await value(), shown("25.000"));
    assertQuiet();
  });
}
