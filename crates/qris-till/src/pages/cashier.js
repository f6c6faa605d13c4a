import { ask, clock, deadline, element, grouped, isOlder, make, merchant, minutes, page, prefix, rupiah, say, separator, tell, till, trouble, words } from "/assets/till.js";
import { announcer } from "/assets/counter.js";
import { lookAgain, watchOrder } from "/assets/live.js";
import { pictureIn } from "/assets/picture.js";
import { resolver } from "/assets/resolve.js";

const KEPT = `shown-${merchant ? `${merchant}-` : ""}${till}`;
const picture = pictureIn(document.querySelector("#sale-shown .picture"));
const ends = deadline();
const announce = announcer();
let shown = null;
/// The state as it is drawn: `over` where the code's time has passed but the till has not said so.
let phase = null;
/// Counts which sale is shown: an answer that comes when another one is must not be drawn.
let turn = 0;
/// Counts the records that were drawn: an answer that something newer has overtaken is dropped.
let seen = 0;
let stopWatching = () => {};
let buttonFreeAt = 0;
let presses = true;
/// Whether another code is being asked for.
let renewing = false;

/// A number that no sale had before: the till, the day, the time, and three letters by chance,
/// for another till may begin a sale in the same second.
function freshNumber() {
  const now = new Date(Date.now() + 7 * 3600_000).toISOString();
  const letters = [...crypto.getRandomValues(new Uint8Array(3))].map((byte) => "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[byte % 32]);
  return `${prefix}${now.slice(2, 10).replaceAll("-", "")}-${now.slice(11, 19).replaceAll(":", "")}${letters.join("")}`;
}

/// The amount in the field, or null while what stands there is none.
let amount = null;
/// The number whose charge had no answer, so that it may have been made.
let unsure = null;
/// Whether the separators in the field are the page's; otherwise somebody wrote them.
let separatorsAreOurs = false;

const bare = (text) => text.replace(/[.,]/g, "");

/// Nothing is guessed: separators stand between groups of three and are all of one kind, in either
/// language. Whatever could be a decimal, such as 25000.00 or 0.500, is refused.
function wholeRupiah(text) {
  const [, digits] = /^\s*(?:Rp\.?)?\s*((?!0)(?:\d+|\d{1,3}([., \u00a0\u202f])\d{3}(?:\2\d{3})*))\s*$/i.exec(text) ?? [];
  const whole = Number(digits?.replace(/\D/g, ""));
  return Number.isSafeInteger(whole) ? whole : null;
}

function judge() {
  amount = wholeRupiah(element("amount").value);
  element("amount").setCustomValidity(amount === null ? words().wholeRupiah : "");
}

/// Separates what was understood in the way of the language.
function tidy() {
  judge();
  if (amount === null) return;
  element("amount").value = grouped(amount);
  separatorsAreOurs = true;
}

/// Digits alone are separated while they are typed. As soon as somebody writes anything else, the
/// page's separators go, so that the text is theirs alone and means what it means without the page.
element("amount").addEventListener("input", ({ target: field, inputType = "", data }) => {
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

element("amount").addEventListener("blur", tidy);

/// The browser's undo does not know what the page wrote, and would make another amount of it.
element("amount").addEventListener("beforeinput", (event) => {
  if (event.inputType.startsWith("history")) event.preventDefault();
});

element("sale").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = element("charge");
  button.disabled = true;
  button.textContent = words().charging;
  tell(null);
  // What was shown before is another sale's, and must not be taken for this one's.
  putAway();
  const asked = turn;
  const number = element("number").value.trim();
  let renew = true;
  try {
    const record = await ask("POST", "/api/orders", {
      number, amount, channel: element("channel").value, tip: element("tip").checked,
    });
    // A sale that was there already is this one only if it can still be paid, or if it was asked
    // for before and nobody heard the answer.
    if (record.state !== "pending" && !record.created && number !== unsure) tell("used");
    else if (turn === asked) show(record.number, record);
    else tell("made");
    unsure = null;
  } catch (refusal) {
    const { code } = refusal;
    // Asked again under the same number, the till makes no second invoice.
    renew = ["outcome-unknown", "content-mismatch", "conflict", "used-earlier"].includes(code);
    unsure = code === "away" ? number : null;
    tell(code ?? String(refusal));
  }
  if (renew && element("number").value.trim() === number) element("number").value = freshNumber();
  button.disabled = false;
  button.textContent = words().charge;
  refreshLast();
});

/// Shows one sale and watches it; the counter's display follows.
function show(number, record) {
  stopWatching();
  turn += 1;
  shown = null;
  presses = true;
  renewing = false;
  buttonFreeAt = 0;
  resolve.hide();
  keep(number);
  announce(number);
  if (record) see(record);
  // A sale that these books don't have is forgotten.
  stopWatching = watchOrder(number, (record) => (record ? see(record) : putAway()));
}

/// Shows no sale.
function putAway() {
  stopWatching();
  turn += 1;
  keep(null);
  announce(null);
  shown = null;
  phase = null;
  renewing = false;
  picture.hide();
  resolve.hide();
  element("sale-shown").hidden = true;
}

function keep(number) {
  try {
    if (number) localStorage.setItem(KEPT, number);
    else localStorage.removeItem(KEPT);
  } catch { /* no storage: a reload begins anew */ }
}

/// Takes a record of the sale that is shown.
function see(record) {
  if (isOlder(record, shown)) return;
  const changed = shown && shown.state !== record.state;
  seen += 1;
  shown = record;
  ends.hear(record);
  draw();
  if (changed) refreshLast();
}

const phaseNow = () => (shown.state === "pending" && ends.left() === 0 ? "over" : shown.state);

function draw() {
  const record = shown;
  phase = phaseNow();
  element("sale-shown").hidden = false;
  element("sale-shown").classList.toggle("paid", phase === "paid");
  element("state").textContent = words().states[phase];
  element("state").className = `state state-${phase}`;
  element("state").dataset.state = phase;
  if (phase === "pending") picture.show(record);
  else picture.hide();
  element("shown-amount").textContent = rupiah(record.amount);
  element("shown-number").textContent = record.number;
  element("shown-nmid").textContent = record.qris_nmid ? `NMID ${record.qris_nmid}` : "";
  const payer = [record.method, record.customer_name, record.paid_at && clock(record.paid_at)];
  element("payer").textContent = payer.filter(Boolean).join(" · ");
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
  tick();
}

function tick() {
  if (!shown) return;
  if (phase !== phaseNow()) {
    draw();
    // This device's clock may be wrong: the till knows better, if it can be reached.
    if (phase === "over") lookAgain(shown.number);
    return;
  }
  element("countdown").textContent = phase === "pending" ? `${words().left} ${minutes(ends.left())}` : "";
  const wait = Math.ceil((buttonFreeAt - performance.now()) / 1000);
  const button = element("check");
  button.disabled = !presses || wait > 0;
  button.textContent = !presses ? words().noChecks : wait > 0 ? words().checkIn(wait) : words().check;
}

/// Asks for something to be done with the sale that is shown. `answered` has the answer, `refused`
/// the refusal, unless another sale is shown by then. `refused` may give another word for it.
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

/// One press asks for another code of the same sale. The till checks every older code first.
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
  refreshLast();
});

/// The charge form has a new number when it says these; a sale that is renewed keeps its own.
const RENEW_WORDS = { "outcome-unknown": "renew-unknown", "content-mismatch": "renew-mismatch" };

/// What a person found out about a sale whose outcome is unknown.
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
  const before = seen;
  // Where it was paid or its time ended just before, the page is told so.
  act("cancel", (record) => { if (seen === before) see(record); });
});

element("next").addEventListener("click", () => {
  putAway();
  tell(null);
  element("sale").reset();
  tidy();
  element("number").value = freshNumber();
  element("amount").focus();
});

let asksForLast = false;
let askAgain = false;

/// Asks for the last sales; one question at a time, so that no older answer comes after a newer one.
async function refreshLast() {
  askAgain = asksForLast;
  if (asksForLast) return;
  asksForLast = true;
  try {
    drawLast((await ask("GET", "/api/orders?limit=20")).orders);
    trouble("list", null);
  } catch (refusal) {
    trouble("list", refusal.code ?? String(refusal));
  }
  asksForLast = false;
  if (askAgain) refreshLast();
}

let last = [];

function drawLast(records) {
  last = records;
  const focused = document.activeElement?.dataset?.number;
  element("last").replaceChildren(...records.map((record) => {
    const row = document.createElement("tr");
    const open = make("button", "", record.number);
    open.type = "button";
    open.dataset.number = record.number;
    open.setAttribute("aria-label", `${words().open} ${record.number}`);
    open.addEventListener("click", () => show(record.number, record));
    const cell = document.createElement("td");
    cell.append(open);
    row.append(
      make("td", "", clock(record.created_at)), cell,
      make("td", "right", rupiah(record.amount)),
      make("td", `state-${record.state}`, words().states[record.state]),
    );
    return row;
  }));
  if (!focused) return;
  const buttons = [...element("last").querySelectorAll("button")];
  buttons.find((button) => button.dataset.number === focused)?.focus();
}

say(() => {
  tidy();
  if (shown) draw();
  drawLast(last);
  refreshLast();
});
element("number").value = freshNumber();
setInterval(tick, 250);
document.addEventListener("visibilitychange", tick);
setInterval(refreshLast, 5000);
// The report page leads here to one sale.
let wanted = new URLSearchParams(location.search).get("number");
if (wanted) history.replaceState(null, "", page("/"));
try { wanted ??= localStorage.getItem(KEPT); } catch { /* no storage: nothing was kept */ }
if (wanted) show(wanted);
