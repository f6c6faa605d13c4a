// The field of an amount: whole rupiah, grouped while somebody types, and never guessed.

import { grouped, separator, words } from "/assets/till.js";

/// The keypad takes no more digits than these.
const MOST_DIGITS = 9;

const bare = (text) => text.replace(/[.,]/g, "");

/// The rupiah that a text means, or null. Separators stand between groups of three and are all of one
/// kind, in either language. What could be a decimal, such as 25000.00 or 0.500, is refused.
export function wholeRupiah(text) {
  const [, digits] = /^\s*(?:Rp\.?)?\s*((?!0)(?:\d+|\d{1,3}([., \u00a0\u202f])\d{3}(?:\2\d{3})*))\s*$/i.exec(text) ?? [];
  const whole = Number(digits?.replace(/\D/g, ""));
  return Number.isSafeInteger(whole) ? whole : null;
}

/// Reads a field: `value()` is its amount, or null while it has none.
export function amountField(field) {
  let amount = null;
  /// Whether the separators in the field are the page's; otherwise somebody wrote them.
  let separatorsAreOurs = false;

  function judge() {
    amount = wholeRupiah(field.value);
    field.setCustomValidity(amount === null ? words().wholeRupiah : "");
  }

  /// Separates what was understood in the way of the language.
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

  /// Digits alone are separated while they are typed. As soon as somebody writes anything else, the
  /// page's separators go, so that the text is theirs alone and means what it means without the page.
  field.addEventListener("input", ({ inputType = "", data }) => {
    let before = field.value.slice(0, field.selectionEnd);
    let after = field.value.slice(field.selectionEnd);
    const written = inputType.startsWith("delete") ? "" : data;
    // Where the browser does not say what was written, all of it was.
    if (separatorsAreOurs && typeof written === "string") {
      const from = Math.max(0, before.length - written.length);
      before = bare(before.slice(0, from)) + before.slice(from);
      after = bare(after);
    }
    let text = before + after;
    let caret = before.length;
    separatorsAreOurs = /^\d*$/.test(text);
    if (separatorsAreOurs) {
      // Not by way of a number, which would lose a zero that stands first only for now.
      text = text.replace(/\B(?=(\d{3})+$)/g, separator());
      caret = 0;
      for (let passed = 0; passed < before.length; caret++) if (text[caret] !== separator()) passed++;
      // A separator that was deleted is back: the caret goes past it, so that the next digit is next.
      if (inputType === "deleteContentForward" && text[caret] === separator()) caret++;
    }
    if (field.value !== text) {
      field.value = text;
      field.setSelectionRange(caret, caret);
    }
    judge();
  });

  field.addEventListener("blur", tidy);

  /// The browser's undo does not know what the page wrote, and would make another amount of it.
  field.addEventListener("beforeinput", (event) => {
    if (event.inputType.startsWith("history")) event.preventDefault();
  });

  return {
    value: () => amount,
    tidy,
    clear: () => write(""),
    /// Appends digits of the keypad to the amount.
    type(digits) {
      const next = `${amount ?? ""}${digits}`;
      if (next.length <= MOST_DIGITS) write(next);
    },
    /// Takes the last digit away.
    erase: () => write(`${amount ?? ""}`.slice(0, -1)),
  };
}
