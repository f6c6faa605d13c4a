// A screen on which customers pay by themselves: they type the amount and scan the code. Afterwards the screen
// is cleared for the next customer. A late payment is recorded and shown to the cashier, not here.

import { ask, clock, deadline, element, freshNumber, isOlder, minutes, rupiah, say, tell, till, words } from "/assets/till.js";
import "/assets/sale_words.js";
import { amountField } from "/assets/amount.js";
import { keepAwake } from "/assets/awake.js";
import { keypad } from "/assets/keypad.js";
import { lookAgain, watchCounter, watchOrder } from "/assets/live.js";
import { pictureIn } from "/assets/picture.js";
import { announcePaid } from "/assets/sound.js";

/// How many seconds a code is shown.
const SHOWN_SECONDS = 180;
/// How many milliseconds a part stays: the last screens of a sale, and an amount that nobody continues.
const STAYS = { paid: 12_000, over: 10_000, help: 20_000, enter: 60_000 };
const PARTS = ["enter", "to-pay", "paid", "over", "help"];

const amount = amountField(element("amount"));
const labelKeypad = keypad(element("keypad"), amount);
const picture = pictureIn(document.querySelector("#to-pay .picture"));
const ends = deadline();
let shown = null;
let part = "enter";
let touchedAt = performance.now();
let number = freshNumber("KIOSK-");
let stopWatching = () => {};
/// Counts the customers. An answer for an earlier customer must not be shown to the next.
let turn = 0;

/// Clears the screen for the next customer.
function begin() {
  stopWatching();
  stopWatching = () => {};
  turn += 1;
  shown = null;
  number = freshNumber("KIOSK-");
  amount.clear();
  tell(null);
  go("enter");
}

function go(next) {
  if (part !== next) touchedAt = performance.now();
  part = next;
  draw();
}

/// The part of the page for the state of a sale.
function partOf(record) {
  if (record.state === "pending") return ends.left() > 0 ? "to-pay" : "over";
  if (record.state === "paid") return "paid";
  return record.state === "unknown" || record.state === "rejected" ? "help" : "over";
}

function see(record) {
  if (!record) {
    begin();
    return;
  }
  if (isOlder(record, shown)) return;
  if (shown && shown.state !== "paid" && record.state === "paid") announcePaid(record);
  shown = record;
  ends.hear(record);
  // The customer cancelled it.
  if (record.state === "cancelled") begin();
  else go(partOf(record));
}

element("sale").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = element("charge");
  const asked = turn;
  button.disabled = true;
  button.textContent = words().charging;
  tell(null);
  try {
    const record = await ask("POST", "/api/orders", {
      number, amount: amount.value(), channel: "pos", shown_seconds: SHOWN_SECONDS,
    });
    if (turn === asked) {
      see(record);
      stopWatching = watchOrder(record.number, see);
    }
  } catch (refusal) {
    if (turn === asked) refused(refusal.code ?? String(refusal));
  }
  button.disabled = false;
  button.textContent = words().kiosk_pay;
});

/// If the till cannot be reached, the next request has the same number, so there is no second code.
function refused(code) {
  if (code === "away" || code === "invalid") {
    tell(code);
    return;
  }
  element("help-words").textContent = code === "outcome-unknown" ? words().kiosk_unknown : "";
  go("help");
}

element("cancel").addEventListener("click", async () => {
  const asked = turn;
  const cancelled = shown.number;
  element("cancel").disabled = true;
  try {
    const record = await ask("POST", `/api/orders/${encodeURIComponent(cancelled)}/cancel`);
    if (turn === asked) see(record);
  } catch {
    // It was paid just now, or the till cannot be reached: request its state.
    lookAgain(cancelled);
  }
  element("cancel").disabled = false;
});

function draw() {
  for (const id of PARTS) element(id).hidden = id !== part;
  // The screen never turns off.
  keepAwake(true);
  if (part === "to-pay") {
    element("merchant").textContent = shown.merchant_name ?? "";
    element("nmid").textContent = shown.qris_nmid ?? "";
    element("shown-amount").textContent = rupiah(shown.amount);
    element("countdown").textContent = `${words().left} ${minutes(ends.left())}`;
    picture.show(shown);
  } else picture.hide();
  if (part === "paid") {
    element("paid-amount").textContent = rupiah(shown.amount);
    element("paid-at").textContent = shown.paid_at ? words().paid_at(clock(shown.paid_at)) : "";
  }
  if (part === "over") element("over-words").textContent = words().states.over;
  const heard = part === "to-pay" || part === "paid" ? `${words().states[shown.state]} ${rupiah(shown.amount)}` : "";
  if (element("status").textContent !== heard) element("status").textContent = heard;
  element("fullscreen").hidden = !document.fullscreenEnabled || Boolean(document.fullscreenElement)
    || matchMedia("(display-mode: fullscreen)").matches;
}

function tick() {
  if (part === "to-pay" && ends.left() === 0) {
    lookAgain(shown.number);
    go("over");
  }
  const isClean = part === "enter" && element("amount").value === "";
  const isBusy = element("charge").disabled;
  if (!isClean && !isBusy && performance.now() - touchedAt > (STAYS[part] ?? Infinity)) begin();
  draw();
}

for (const gesture of ["pointerdown", "keydown"]) {
  addEventListener(gesture, () => { if (part === "enter") touchedAt = performance.now(); }, { capture: true });
}
addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && part === "enter") amount.clear();
});
element("fullscreen").addEventListener("click", () => {
  document.documentElement.requestFullscreen({ navigationUI: "hide" }).catch(() => {});
});
document.addEventListener("fullscreenchange", draw);
document.addEventListener("visibilitychange", tick);
setInterval(tick, 250);
say(() => {
  amount.tidy();
  labelKeypad();
  draw();
});
element("amount").focus();
// The answer is not shown. A page without any watch would not notice that the till cannot be reached.
watchCounter(till || "main", () => {});
