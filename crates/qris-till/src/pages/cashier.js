import { ask, clock, deadline, element, freshNumber, isOlder, isPayable, merchant, minutes, page, rupiah, say, tell, till, untell, words } from "/assets/till.js";
import "/assets/sale_words.js";
import { amountField } from "/assets/amount.js";
import { keepAwake } from "/assets/awake.js";
import { announcer } from "/assets/counter.js";
import { details } from "/assets/details.js";
import { keypad } from "/assets/keypad.js";
import { lookAgain, watchOrder } from "/assets/live.js";
import { paidLate } from "/assets/paid_late.js";
import { pictureIn } from "/assets/picture.js";
import { putAside } from "/assets/put_aside.js";
import { resolver } from "/assets/resolve.js";
import { salesList } from "/assets/sales_list.js";
import { announcePaid, inWords, repeatPaid } from "/assets/sound.js";

const KEPT = `shown-${merchant ? `${merchant}-` : ""}${till}`;
const amount = amountField(element("amount"));
const labelKeypad = keypad(element("keypad"), amount);
const picture = pictureIn(document.querySelector("#sale-shown .picture"));
const ends = deadline();
const announce = announcer();
const late = paidLate(() => { if (shown) draw(); });
const more = details();
const aside = putAside((record) => show(record.number, record));
const list = salesList((record) => show(record.number, record));
/// The number of the shown sale, and its record after it was received.
let current = null;
let shown = null;
/// The drawn state: `over` if the code's time has passed and the till has not reported `expired` yet.
let phase = null;
/// Counts the shown sales. An answer for an earlier sale must not be drawn.
let turn = 0;
/// Counts the drawn records. An answer that is older than the drawn record is dropped.
let seen = 0;
let stopWatching = () => {};
/// The states in which a payment may still arrive.
const MAY_BE_PAID = ["pending", "expired", "unknown", "cancelled"];
let buttonFreeAt = 0;
let presses = true;
/// Whether a new code is being requested.
let renewing = false;
/// The number of a charge without an answer. The till may have recorded it.
let unsure = null;

// The keypad is shown on touch screens, so the device's own keyboard must not cover it.
if (matchMedia("(any-pointer: coarse)").matches) element("amount").inputMode = "none";

/// Empties the form for the next customer.
function clearForm() {
  element("sale").reset();
  amount.clear();
  element("more").open = false;
  element("number").value = freshNumber();
  drawMore();
}

/// The title of the folded part names the settings that are not the default.
function drawMore() {
  const channel = element("channel");
  const unusual = [
    channel.value !== "pos" && words()[channel.value], element("tip").checked && words().with_tip,
  ].filter(Boolean);
  element("more-title").textContent = [words().more, ...unusual].join(" · ");
}
for (const id of ["channel", "tip"]) element(id).addEventListener("change", drawMore);

// The message for a refused amount or number goes when it is changed.
for (const [id, event, code] of [["amount", "input", "invalid"], ["keypad", "click", "invalid"], ["number", "input", "invalid-number"]]) {
  element(id).addEventListener(event, () => untell(code));
}

element("sale").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = element("charge");
  button.disabled = true;
  button.textContent = words().charging;
  tell(null);
  // Nobody must take the state of the earlier sale for the state of this one.
  putAway();
  const asked = turn;
  const number = element("number").value.trim();
  const terms = { amount: amount.value(), channel: element("channel").value, tip: element("tip").checked };
  let renew = true;
  try {
    const record = await ask("POST", "/api/orders", { number, ...terms });
    // An existing sale is this sale only if it can still be paid, or if an earlier request for it had no
    // answer.
    if (record.state !== "pending" && !record.created && number !== unsure) tell("used");
    else {
      if (turn === asked) show(record.number, record);
      else tell("made");
      if (Object.keys(terms).some((term) => record[term] !== terms[term])) tell("other-terms");
      // The form may already have the next customer's amount.
      if (amount.value() === terms.amount) clearForm();
    }
    unsure = null;
  } catch (refusal) {
    const { code } = refusal;
    // After other errors the number stays: the same number gets no second invoice.
    renew = ["outcome-unknown", "content-mismatch", "conflict", "used-earlier"].includes(code);
    unsure = code === "away" ? number : null;
    tell(code === "invalid" && isPayable(terms.amount) ? "invalid-number" : code ?? String(refusal));
  }
  if (renew && element("number").value.trim() === number) element("number").value = freshNumber();
  button.disabled = false;
  button.textContent = words().charge;
  list.refresh();
});

/// Shows a sale and watches it. The counter's display shows it too.
function show(number, record) {
  leave();
  turn += 1;
  aside.drop(number);
  current = number;
  shown = null;
  presses = true;
  renewing = false;
  buttonFreeAt = 0;
  resolve.hide();
  keep(number);
  announce(number);
  if (record) see(record);
  // A sale that the ledger does not have is hidden.
  stopWatching = watchOrder(number, (record) => (record ? see(record) : putAway()));
}

/// Stops showing the sale. If it may still be paid, its payment is still announced.
function leave() {
  stopWatching();
  stopWatching = () => {};
  if (shown && MAY_BE_PAID.includes(shown.state)) aside.follow(shown.number);
}

/// Shows no sale.
function putAway() {
  leave();
  turn += 1;
  current = null;
  keep(null);
  announce(null);
  shown = null;
  phase = null;
  renewing = false;
  picture.hide();
  late.forget();
  resolve.hide();
  more.hide();
  keepAwake(false);
  element("sale-shown").hidden = true;
}

function keep(number) {
  try {
    if (number) localStorage.setItem(KEPT, number);
    else localStorage.removeItem(KEPT);
  } catch { /* no storage: after a reload no sale is shown */ }
}

/// Draws a new record of the shown sale.
function see(record) {
  if (isOlder(record, shown)) return;
  const changed = shown && shown.state !== record.state;
  seen += 1;
  shown = record;
  ends.hear(record);
  late.see(record);
  draw();
  if (!changed) return;
  // This is not the first record, so the payment arrived while the sale was shown.
  if (record.state === "paid") {
    announcePaid(record);
    if (element("cancel-dialog").open) element("cancel-dialog").close();
  }
  list.refresh();
}

const phaseNow = () => (shown.state === "pending" && ends.left() === 0 ? "over" : shown.state);

function draw() {
  const record = shown;
  phase = phaseNow();
  if (element("sale-shown").hidden) {
    element("sale-shown").hidden = false;
    element("sale-shown").scrollIntoView({ block: "nearest" });
  }
  const isLate = phase === "paid" && late.isLate();
  element("sale-shown").classList.toggle("paid", phase === "paid");
  element("sale-shown").classList.toggle("late", isLate);
  element("paid-late").hidden = !isLate;
  element("state").textContent = words().states[phase];
  element("state").className = `state state-${phase}`;
  element("state").dataset.state = phase;
  if (phase === "pending") picture.show(record);
  else picture.hide();
  keepAwake(phase === "pending");
  element("shown-amount").textContent = rupiah(record.amount);
  element("shown-number").textContent = record.number;
  element("shown-nmid").textContent = record.qris_nmid ? `NMID ${record.qris_nmid}` : "";
  const terms = [words()[record.channel], record.tip && words().with_tip, record.description];
  element("shown-terms").textContent = terms.filter(Boolean).join(" · ");
  element("paid-at").textContent = record.paid_at ? words().paid_at(clock(record.paid_at)) : "";
  element("in-words").textContent = phase === "paid" ? inWords(record) : "";
  const payer = [record.method, record.customer_name, record.rrn && `${words().rrn} ${record.rrn}`];
  element("payer").textContent = payer.filter(Boolean).join(" · ");
  element("repeat").hidden = phase !== "paid";
  element("unanswered").hidden = !record.unanswered;
  element("advice").textContent = words().advice[phase] ?? "";
  element("codes").hidden = record.invoices.length < 2;
  element("codes").textContent = words().codes(record.invoices.length);
  element("overpaid").hidden = !record.overpaid;
  element("overpaid").textContent = record.overpaid ? words().overpaid(rupiah(record.overpaid)) : "";
  element("cancel").hidden = !["open", "pending", "over", "expired"].includes(phase);
  element("check").hidden = !["pending", "over", "expired", "cancelled"].includes(phase);
  element("renew").hidden = !["open", "over", "expired", "rejected"].includes(phase);
  element("next").classList.toggle("primary", element("renew").hidden);
  element("renew").disabled = renewing;
  element("renew").textContent = renewing ? words().checking_older : words().new_code;
  element("renewing").hidden = !renewing || phase === "open";
  if (phase === "unknown") resolve.show(record.number);
  else resolve.hide();
  more.show(record);
  tick();
}

function tick() {
  if (!shown) return;
  if (phase !== phaseNow()) {
    draw();
    // This device's clock may be wrong, so the till is asked for the state.
    if (phase === "over") lookAgain(shown.number);
    return;
  }
  element("countdown").textContent = phase === "pending" ? `${words().left} ${minutes(ends.left())}` : "";
  const wait = Math.ceil((buttonFreeAt - performance.now()) / 1000);
  const button = element("check");
  button.disabled = !presses || wait > 0;
  button.textContent = !presses ? words().noChecks : wait > 0 ? words().checkIn(wait) : words().check;
}

/// Sends a request about the shown sale. `answered` gets the answer and `refused` gets the error, unless
/// another sale is shown by then. `refused` may return another error code to show.
async function act(what, answered, refused = () => {}, body = undefined) {
  tell(null);
  const asked = turn;
  const path = `/api/orders/${encodeURIComponent(shown.number)}/${what}`;
  try {
    const answer = await ask("POST", path, body);
    if (turn === asked) answered(answer);
  } catch (refusal) {
    if (turn !== asked) return;
    tell(refused(refusal) ?? refusal.code ?? String(refusal));
  }
}

/// Requests a new code for the same sale. The till checks all older codes first.
element("renew").addEventListener("click", async () => {
  const { number, amount, channel, tip, state } = shown;
  const asked = turn;
  renewing = true;
  draw();
  if (state === "open") {
    tell(null);
    try {
      const record = await ask("POST", "/api/orders", { number, amount, channel, tip });
      if (turn === asked) see(record);
    } catch (refusal) {
      if (turn === asked) tell(RENEW_WORDS[refusal.code] ?? refusal.code ?? String(refusal));
    }
  } else {
    await act("renew", see, ({ code }) => RENEW_WORDS[code]);
  }
  if (turn !== asked) return;
  renewing = false;
  draw();
  list.refresh();
});

/// The usual texts of these errors speak of a new number. A renewed sale keeps its number.
const RENEW_WORDS = { "outcome-unknown": "renew-unknown", "content-mismatch": "renew-mismatch" };

/// The forms for a sale with an unknown outcome.
const resolve = resolver((body) => act("resolve", (record) => {
  see(record);
  if (record.state === "unknown") tell("not-paid");
}, () => {}, body));

element("check").addEventListener("click", async () => {
  await act("check", ({ left }) => {
    presses = left > 0;
    buttonFreeAt = performance.now() + 15_000;
  }, ({ code, answer }) => {
    if (code === "none-left") presses = false;
    if (answer?.wait_seconds) buttonFreeAt = performance.now() + answer.wait_seconds * 1000;
    return code;
  });
  tick();
});

element("cancel").addEventListener("click", () => {
  element("cancel-what").textContent = `${shown.number} · ${rupiah(shown.amount)}`;
  element("cancel-dialog").showModal();
});

// The dialog's `close` event would be too late: Chromium fires it only after the next frame.
element("cancel-yes").addEventListener("click", () => {
  if (!shown) return;
  const before = seen;
  // If a newer record has arrived meanwhile, such as a payment, it stays.
  act("cancel", (record) => { if (seen === before) see(record); });
});

element("repeat").addEventListener("click", () => repeatPaid(shown));

/// Clears everything of the last customer.
function begin() {
  putAway();
  tell(null);
  clearForm();
  element("amount").focus();
}

element("next").addEventListener("click", begin);

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || document.querySelector("dialog[open]")) return;
  if (event.key === "F2") {
    event.preventDefault();
    begin();
  } else if (event.key === "Escape" && current !== null && !(event.target === element("search") && event.target.value)) {
    putAway();
    element("amount").focus();
  } else if (event.key === "Enter" && document.activeElement === document.body) {
    element("sale").requestSubmit();
  }
});

say(() => {
  amount.tidy();
  labelKeypad();
  drawMore();
  if (shown) draw();
  list.draw();
  list.refresh();
});
element("number").value = freshNumber();
setInterval(tick, 250);
document.addEventListener("visibilitychange", tick);
// A page from the browser's back-forward cache still has an earlier customer's input.
addEventListener("pageshow", ({ persisted }) => { if (persisted) clearForm(); });
// The report page links to a sale by its number.
let wanted = new URLSearchParams(location.search).get("number");
if (wanted) history.replaceState(null, "", page("/"));
try { wanted ??= localStorage.getItem(KEPT); } catch { /* no storage: no number was stored */ }
if (wanted) show(wanted);
