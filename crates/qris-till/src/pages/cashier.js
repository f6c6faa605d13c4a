import { ask, clock, element, grouped, make, minutes, prefix, rupiah, say, secondsLeft, separator, tell, till, watch, words } from "/assets/till.js";

const KEPT = `shown-${till}`;
let shown = null;
let receivedAt = 0;
let stopWatching = () => {};
let buttonFreeAt = 0;
let presses = true;

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
  const number = element("number").value.trim();
  let renew = true;
  try {
    const record = await ask("POST", "/api/invoices", {
      number, amount, channel: element("channel").value, tip: element("tip").checked,
    });
    // A sale that was there already is this one only if it can still be paid, or if it was asked
    // for before and nobody heard the answer.
    if (record.state === "pending" || record.created || number === unsure) show(record.number, record);
    else tell("used");
    unsure = null;
  } catch (refusal) {
    const { code } = refusal;
    // Asked again under the same number, the till makes no second invoice.
    renew = ["outcome-unknown", "content-mismatch", "conflict"].includes(code);
    unsure = code === "away" ? number : null;
    tell(code ?? String(refusal));
  }
  if (renew) element("number").value = freshNumber();
  button.disabled = false;
  button.textContent = words().charge;
  refreshLast();
});

/// Shows one sale and watches it; the customer's display in this browser follows.
function show(number, record) {
  stopWatching();
  presses = true;
  buttonFreeAt = 0;
  keep(number);
  if (record) draw(record);
  // A sale that these books don't have is forgotten.
  stopWatching = watch(number, draw, putAway);
}

/// Shows no sale.
function putAway() {
  stopWatching();
  keep(null);
  shown = null;
  element("sale-shown").hidden = true;
}

function keep(number) {
  try {
    if (number) localStorage.setItem(KEPT, number);
    else localStorage.removeItem(KEPT);
  } catch { /* no storage: a reload begins anew */ }
  channel?.postMessage(number);
}

const channel = "BroadcastChannel" in window ? new BroadcastChannel(`qris-till-${till}`) : null;

function draw(record) {
  const before = shown;
  shown = record;
  receivedAt = performance.now();
  element("sale-shown").hidden = false;
  element("sale-shown").classList.toggle("paid", record.state === "paid");
  element("state").textContent = words().states[record.state];
  element("state").className = `state state-${record.state}`;
  element("state").dataset.state = record.state;
  const picture = element("qr");
  const payable = record.state === "pending";
  if (payable && picture.dataset.number !== record.number) {
    picture.dataset.number = record.number;
    picture.src = `/api/invoices/${record.number}/qr.svg?plain=yes`;
  }
  picture.hidden = !payable;
  picture.parentElement.hidden = !payable;
  element("shown-amount").textContent = rupiah(record.amount);
  element("shown-number").textContent = record.number;
  element("shown-nmid").textContent = record.qris_nmid ? `NMID ${record.qris_nmid}` : "";
  const payer = [record.method, record.customer_name, record.paid_at && clock(record.paid_at)];
  element("payer").textContent = payer.filter(Boolean).join(" · ");
  element("unanswered").hidden = !record.unanswered;
  element("advice").textContent = words().advice[record.state] ?? "";
  element("cancel").hidden = !payable;
  element("check").hidden = !["pending", "expired", "cancelled"].includes(record.state);
  tick();
  if (before && before.number === record.number && before.state !== record.state) refreshLast();
}

function tick() {
  if (!shown) return;
  const left = secondsLeft(shown, receivedAt);
  element("countdown").textContent = shown.state === "pending" ? `${words().left} ${minutes(left)}` : "";
  const wait = Math.ceil((buttonFreeAt - performance.now()) / 1000);
  const button = element("check");
  button.disabled = !presses || wait > 0;
  button.textContent = !presses ? words().noChecks : wait > 0 ? words().checkIn(wait) : words().check;
}

element("check").addEventListener("click", async () => {
  tell(null);
  try {
    const { left } = await ask("POST", `/api/invoices/${shown.number}/check`);
    presses = left > 0;
    buttonFreeAt = performance.now() + 15_000;
  } catch (refusal) {
    if (refusal.code === "none-left") presses = false;
    if (refusal.answer?.wait_seconds) buttonFreeAt = performance.now() + refusal.answer.wait_seconds * 1000;
    tell(refusal.code ?? String(refusal));
  }
  tick();
});

element("cancel").addEventListener("click", async () => {
  tell(null);
  try {
    draw(await ask("POST", `/api/invoices/${shown.number}/cancel`));
  } catch (refusal) {
    // It was paid or its time ended just before: the page is told so.
    tell(refusal.code ?? String(refusal));
  }
});

element("next").addEventListener("click", () => {
  putAway();
  tell(null);
  element("sale").reset();
  tidy();
  element("number").value = freshNumber();
  element("amount").focus();
});

async function refreshLast() {
  let records;
  try {
    records = await ask("GET", "/api/invoices?limit=20");
  } catch (refusal) {
    tell(refusal.code ?? String(refusal));
    return;
  }
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
      make("td", "", clock(record.requested_at)), cell,
      make("td", "right", rupiah(record.amount)),
      make("td", `state-${record.state}`, words().states[record.state]),
    );
    return row;
  }));
  if (focused) document.querySelector(`#last [data-number="${focused}"]`)?.focus();
}

if (till) element("open-display").href = `/display?till=${till}`;
say(() => {
  tidy();
  if (shown) draw(shown);
  refreshLast();
});
element("number").value = freshNumber();
setInterval(tick, 500);
setInterval(refreshLast, 5000);
let kept = null;
try { kept = localStorage.getItem(KEPT); } catch { /* no storage: nothing was kept */ }
if (kept) show(kept);
