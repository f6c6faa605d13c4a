// The sign-in page: a button for each name that this browser knows, and keys on the screen for the PIN. Without
// scripts it is a form.

import { addWords, element, make, say, words } from "/assets/till.js";
import { knownNames } from "/assets/who.js";

addWords({
  id: {
    sign_in: "Masuk ke kasir", who: "Siapa yang bertugas?", name: "Nama", pin: "PIN", enter: "Masuk",
    name_hint: "Nama dan PIN ini dibuatkan oleh pemilik toko. Nama Anda dicatat pada setiap transaksi, supaya jelas siapa yang melayani.",
    with_token: "Masuk dengan token", token: "Token", delete_digit: "Hapus angka terakhir",
    token_hint: "Untuk layar pelanggan atau pemilik toko. Token adalah kode panjang yang dibuat saat kasir dipasang.",
    for_display: "Hubungkan layar pelanggan",
    display_hint: "Ketik token layar ini. Pemilik toko membuatnya dengan: qris token create layar-1 --role display",
    wrong_pin: "Nama atau PIN salah. Coba lagi.", wrong_token: "Token salah. Coba lagi.",
    wait: "Terlalu banyak percobaan yang salah. Tunggu 30 detik, lalu coba lagi; setiap kali salah lagi, tunggunya lebih lama. Lupa PIN? Minta pemilik menggantinya.",
    another: "Halaman ini untuk supervisor atau pemilik. Masuk dengan nama lain, atau kembali ke kasir.",
  },
  en: {
    sign_in: "Sign in to the till", who: "Who is on duty?", name: "Name", pin: "PIN", enter: "Sign in",
    name_hint: "The shop's owner gives you this name and PIN. Your name is recorded with each sale, so that it is clear who served the customer.",
    with_token: "Sign in with a token", token: "Token", delete_digit: "Delete the last digit",
    token_hint: "For a customer display or the shop's owner. A token is a long code that was created when the till was set up.",
    for_display: "Connect a customer display",
    display_hint: "Type this display's token. The shop's owner creates it with: qris token create layar-1 --role display",
    wrong_pin: "Wrong name or PIN. Try again.", wrong_token: "Wrong token. Try again.",
    wait: "Too many failed attempts. Wait 30 seconds, then try again; each further failure makes the wait longer. Forgot the PIN? Ask the owner to change it.",
    another: "This page is for supervisors and owners. Sign in with another name, or go back to the cashier page.",
  },
});

const [name, pin, pad] = ["name", "pin", "pad"].map(element);
const asked = location.pathname === "/login"
  ? new URLSearchParams(location.search).get("next")
  : location.pathname + location.search;
// After signing in, the requested page is opened, with its till.
for (const next of document.querySelectorAll("input[name=next]")) {
  next.value = asked ?? "";
  // The page after a wrong PIN needs the requested page too.
  if (asked) next.form.action = `/login?next=${encodeURIComponent(asked)}`;
}

/// Which form was sent last, so that the message about a refusal names its fields.
const SENT = "qris-sign-in-form";
const sentForm = () => {
  try { return sessionStorage.getItem(SENT); } catch { return null; }
};
for (const form of document.forms) {
  form.addEventListener("submit", () => {
    try { sessionStorage.setItem(SENT, form.id === "sign-in" ? "pin" : "token"); } catch { /* no storage: names the PIN */ }
  });
}
if (sentForm() === "token") element("wrong").dataset.say = "wrong_token";

/// A customer display has a token and no PIN, so its field is open and stands first.
const isDisplay = asked?.split("?")[0] === "/display";
if (isDisplay) {
  element("token-card").open = true;
  document.querySelector("main").prepend(element("token-card"));
  element("token-title").dataset.say = "for_display";
  element("token-hint").dataset.say = "display_hint";
}

function choose(chosen) {
  name.value = chosen;
  for (const one of document.querySelectorAll("#names button")) {
    one.setAttribute("aria-pressed", String(one.textContent === chosen));
  }
  pin.value = "";
  pad.hidden = false;
  pin.focus();
}

function key(digit) {
  const made = make("button", "", digit);
  made.type = "button";
  made.addEventListener("click", () => {
    if (pin.value.length < pin.maxLength) pin.value += digit;
  });
  return made;
}

function drawPad() {
  const back = make("button", "quiet", "⌫");
  back.type = "button";
  back.setAttribute("aria-label", words().delete_digit);
  back.addEventListener("click", () => { pin.value = pin.value.slice(0, -1); });
  const enter = make("button", "primary", "↵");
  enter.setAttribute("aria-label", words().enter);
  pad.replaceChildren(..."123456789".split("").map(key), back, key("0"), enter);
}

for (const known of knownNames()) {
  const one = make("button", "", known);
  one.type = "button";
  one.setAttribute("aria-pressed", "false");
  one.addEventListener("click", () => choose(known));
  element("names").append(one);
  element("names").hidden = false;
}
say(drawPad);
if (isDisplay) document.querySelector("input[name=token]").focus();
else if (knownNames().length === 0) name.focus();
