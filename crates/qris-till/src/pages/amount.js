// The amount field: whole rupiah. Digits are grouped while somebody types. An unclear text is refused.

import { grouped, separator, words } from "/assets/till.js";

/// The maximum number of digits from the keypad.
const MOST_DIGITS = 9;

const bare = (text) => text.replace(/[.,]/g, "");

/// The amount in a text in rupiah, or null. In both languages, separators must be between groups of three
/// digits and must all be the same character. A possible decimal number, such as 25000.00 or 0.500, is refused.
export function wholeRupiah(text) {
  const [, digits] = /^\s*(?:Rp\.?)?\s*((?!0)(?:\d+|\d{1,3}([., \u00a0\u202f])\d{3}(?:\2\d{3})*))\s*$/i.exec(text) ?? [];
  const whole = Number(digits?.replace(/\D/g, ""));
  return Number.isSafeInteger(whole) ? whole : null;
}

/// Reads a field. `value()` returns its amount, or null if it has none.
export function amountField(field) {
  let amount = null;
  /// Whether the page wrote the separators in the field. Otherwise a person did.
  let separatorsAreOurs = false;

  function judge() {
    amount = wholeRupiah(field.value);
    field.setCustomValidity(amount === null ? words().wholeRupiah : "");
  }

  /// Writes the amount with the separators of the language.
  function tidy() {
    judge();
    if (amount === null) return;
    field.value = grouped(amount);
    separatorsAreOurs = true;
  }

  function write(digits) {
    field.value = digits.replace(/^0+/, "");
    judge();
    tidy();
  }

  /// A text of digits only gets separators while it is typed. When a person types another character, the page
  /// removes its separators, so that the field has only what the person typed.
  field.addEventListener("input", ({ inputType = "", data }) => {
    let before = field.value.slice(0, field.selectionEnd);
    let after = field.value.slice(field.selectionEnd);
    const written = inputType.startsWith("delete") ? "" : data;
    // If the browser does not report the typed text, the whole text counts as typed.
    if (separatorsAreOurs && typeof written === "string") {
      const from = Math.max(0, before.length - written.length);
      before = bare(before.slice(0, from)) + before.slice(from);
      after = bare(after);
    }
    let text = before + after;
    let caret = before.length;
    separatorsAreOurs = /^\d*$/.test(text);
    if (separatorsAreOurs) {
      // A conversion to a number would lose leading zeros, which may be there only for a moment.
      text = text.replace(/\B(?=(\d{3})+$)/g, separator());
      caret = 0;
      for (let passed = 0; passed < before.length; caret++) if (text[caret] !== separator()) passed++;
      // The deleted separator is back. The caret moves behind it, so that Delete reaches the next digit.
      if (inputType === "deleteContentForward" && text[caret] === separator()) caret++;
    }
    if (field.value !== text) {
      field.value = text;
      field.setSelectionRange(caret, caret);
    }
    judge();
  });

  field.addEventListener("blur", tidy);

  /// The browser's undo does not know the page's changes, so it could produce another amount.
  field.addEventListener("beforeinput", (event) => {
    if (event.inputType.startsWith("history")) event.preventDefault();
  });

  return {
    value: () => amount,
    tidy,
    clear: () => write(""),
    /// Appends digits from the keypad to the amount.
    type(digits) {
      const next = `${amount ?? ""}${digits}`;
      if (next.length <= MOST_DIGITS) write(next);
    },
    /// Removes the last digit.
    erase: () => write(`${amount ?? ""}`.slice(0, -1)),
  };
}
