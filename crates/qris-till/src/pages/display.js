import { ask, element, minutes, prefix, rupiah, say, secondsLeft, tell, till, watch, words } from "/assets/till.js";

/// How long PAID and the end of a code stay on the screen.
const STAYS = 20_000;

let shown = null;
let receivedAt = 0;
let changedAt = 0;
let pinned = new URLSearchParams(location.search).get("number");
let watched = null;
let stopWatching = () => {};

function follow(number) {
  if (number === watched) return;
  stopWatching();
  watched = number;
  shown = null;
  if (number) stopWatching = watch(number, see, () => follow(null));
  draw();
}

function see(record) {
  if (!shown || shown.state !== record.state || shown.number !== record.number) changedAt = performance.now();
  shown = record;
  receivedAt = performance.now();
  draw();
}

function draw() {
  const state = shown?.state;
  const fresh = performance.now() - changedAt < STAYS;
  const part = state === "pending" ? "to-pay"
    : state === "paid" && (fresh || pinned) ? "paid"
    : ["expired", "cancelled"].includes(state) && (fresh || pinned) ? "over"
    : "waiting";
  for (const id of ["waiting", "to-pay", "paid", "over"]) element(id).hidden = id !== part;
  if (part === "to-pay") {
    const picture = element("qr");
    if (picture.dataset.number !== shown.number) {
      picture.dataset.number = shown.number;
      picture.src = `/api/invoices/${shown.number}/qr.svg?plain=yes`;
    }
    element("merchant").textContent = shown.merchant_name ?? "";
    element("nmid").textContent = shown.qris_nmid ?? "";
    element("amount").textContent = rupiah(shown.amount);
    element("countdown").textContent = `${words().left} ${minutes(secondsLeft(shown, receivedAt))}`;
  }
  if (part === "paid") element("paid-amount").textContent = rupiah(shown.amount);
  if (part === "over") element("over-words").textContent = words().states[state];
}

/// The newest sale at a till's counter; sales of web shops and bills are nobody's business here.
async function findNewest() {
  if (pinned) return;
  try {
    const records = await ask("GET", "/api/invoices?limit=20");
    tell(null);
    const newest = records.find((record) => record.channel === "pos" && record.number.startsWith(prefix));
    const open = newest && (newest.state === "pending" || newest.number === watched);
    if (open) follow(newest.number);
  } catch (refusal) {
    tell(refusal.code ?? String(refusal));
  }
}

// The cashier's page in this browser says what to show.
if (!pinned && "BroadcastChannel" in window) {
  new BroadcastChannel(`qris-till-${till}`).addEventListener("message", (event) => follow(event.data));
}

say(draw);
if (pinned) follow(pinned);
findNewest();
setInterval(findNewest, 2000);
setInterval(draw, 500);
