// A number pad for touch screens.

import { make, words } from "/assets/till.js";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "00", "000"];

/// Adds the keys of an amount field to `place`. The returned function updates their labels.
export function keypad(place, field) {
  const keys = DIGITS.map((digits) => {
    const key = make("button", "", digits);
    key.addEventListener("click", () => field.type(digits));
    return key;
  });
  const erase = make("button", "erase", "⌫");
  erase.addEventListener("click", () => field.erase());
  const clear = make("button", "clear", "C");
  clear.addEventListener("click", () => field.clear());
  for (const key of [...keys, erase, clear]) {
    key.type = "button";
    // The field keeps the focus, so that Enter on a keyboard still charges.
    key.addEventListener("pointerdown", (event) => event.preventDefault());
  }
  place.append(...keys, erase, clear);
  return () => {
    place.setAttribute("aria-label", words().keypad);
    erase.setAttribute("aria-label", words().erase_digit);
    clear.setAttribute("aria-label", words().clear_amount);
  };
}
