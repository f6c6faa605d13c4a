import { clock, deadline, element, isOlder, minutes, rupiah, say, words } from "/assets/till.js";
import "/assets/sale_words.js";
import { keepAwake } from "/assets/awake.js";
import { followCashier } from "/assets/counter.js";
import { lookAgain, watchOrder } from "/assets/live.js";
import { pictureIn } from "/assets/picture.js";
import { announcePaid } from "/assets/sound.js";

/// How many milliseconds a payment or the end of a code stays on the screen.
const STAYS = 20_000;

const pinned = new URLSearchParams(location.search).get("number");
const picture = pictureIn(document.querySelector("#to-pay .picture"));
const ends = deadline();
let shown = null;
let phase = null;
let changedAt = -STAYS;
let followed = null;
let stopWatching = () => {};

/// Shows a sale, or none. A sale that is already over when the page is opened is not shown: its customer has
/// left.
function follow(number, atFirst) {
  if (number === followed) return;
  stopWatching();
  stopWatching = () => {};
  followed = number;
  shown = null;
  phase = null;
  changedAt = -STAYS;
  let quiet = atFirst;
  draw();
  if (!number) return;
  stopWatching = watchOrder(number, (record) => {
    if (!record) { follow(null); return; }
    see(record, quiet);
    quiet = false;
  });
}

function see(record, quiet) {
  if (isOlder(record, shown)) return;
  // This is not the first record, so the payment arrived while the sale was shown.
  if (shown && shown.state !== "paid" && record.state === "paid") announcePaid(record);
  shown = record;
  ends.hear(record);
  if (quiet && record.state !== "pending") phase = phaseNow();
  draw();
}

/// The state: `over` if the code's time has passed and the till has not reported `expired` yet.
const phaseNow = () => (shown?.state === "pending" && ends.left() === 0 ? "over" : shown?.state ?? null);

function draw() {
  const now = phaseNow();
  if (now !== phase) {
    changedAt = performance.now();
    // This device's clock may be wrong, so the till is asked for the state.
    if (now === "over") lookAgain(shown.number);
    phase = now;
  }
  const fresh = pinned || performance.now() - changedAt < STAYS;
  const part = phase === "pending" ? "to-pay"
    : phase === "paid" && fresh ? "paid"
    : ["over", "expired", "cancelled"].includes(phase) && fresh ? "over"
    : "waiting";
  for (const id of ["waiting", "to-pay", "paid", "over"]) element(id).hidden = id !== part;
  if (part === "to-pay") {
    element("merchant").textContent = shown.merchant_name ?? "";
    element("nmid").textContent = shown.qris_nmid ?? "";
    element("amount").textContent = rupiah(shown.amount);
    element("countdown").textContent = `${words().left} ${minutes(ends.left())}`;
    picture.show(shown);
  } else picture.hide();
  keepAwake(part === "to-pay");
  if (part === "paid") {
    element("paid-amount").textContent = rupiah(shown.amount);
    element("paid-at").textContent = shown.paid_at ? words().paid_at(clock(shown.paid_at)) : "";
  }
  // For screen readers: each state is read once, and the countdown is not read.
  const heard = phase === null ? "" : `${words().states[phase]} ${rupiah(shown.amount)}`;
  if (element("status").textContent !== heard) element("status").textContent = heard;
  if (part === "over") element("over-words").textContent = words().states[phase];
}

say(draw);
if (pinned) follow(pinned);
else followCashier(follow);
setInterval(draw, 250);
document.addEventListener("visibilitychange", draw);
