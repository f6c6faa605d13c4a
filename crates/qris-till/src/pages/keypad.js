// A number pad for screens that are touched.

import { make, words } from "/assets/till.js";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "00", "000"];

/// Puts the keys of an amount's field into `place`. The returned function labels them anew.
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
    // The field keeps the focus, so that Enter of a keyboard charges.
    key.addEventListener("pointerdown", (event) => event.preventDefault());
  }
  place.append(...keys, erase, clear);
  return () => {
    place.setAttribute("aria-label", words().keypad);
    erase.setAttribute("aria-label", words().erase_digit);
    clear.setAttribute("aria-label", words().clear_amount);
  };
}
