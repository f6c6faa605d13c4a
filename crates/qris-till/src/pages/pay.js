// Follows one order: replaces parts of the page with new ones from the till, counts the time down, and requests
// the first code. The page also works without this script.

/// Seconds until the next request after a failure.
const AGAIN = 5;
/// How many milliseconds a paid order is followed.
const AFTER_PAID = 60_000;

const page = location.pathname.split("/").pop();
const language = new URLSearchParams(location.search).get("lang");
const element = (id) => document.getElementById(id);
const order = () => element("order");

/// The address of a part of this order, relative to the page.
function address(part, query = {}) {
  const all = new URLSearchParams(language ? { ...query, lang: language } : query);
  return `${page}/${part}${all.size ? `?${all}` : ""}`;
}

let endsAt = null;
let asking = false;
let away = null;
let paidAt = null;

/// Shows a new page from the till. The status element is not replaced, so that screen readers read it.
function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  if (!fresh.getElementById("order")) { location.reload(); return; }
  const focused = order().contains(document.activeElement);
  const changed = order().dataset.version !== fresh.getElementById("order").dataset.version;
  for (const id of ["bill", "order"]) element(id).replaceWith(fresh.getElementById(id));
  say("note", fresh.getElementById("note").textContent);
  if (changed) {
    element("status").parentElement.className = fresh.getElementById("status").parentElement.className;
    say("status", fresh.getElementById("status").textContent);
    document.title = fresh.title;
  }
  if (focused) element("status").focus();
  begin();
}

function say(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}

function begin() {
  const left = element("left");
  endsAt = left ? performance.now() + Number(left.dataset.left) : null;
  element("ask")?.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  if (order().dataset.state === "paid") paidAt ??= performance.now();
  tick();
}

function tick() {
  const left = element("left");
  if (!left || endsAt === null) return;
  const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  left.textContent = `${left.dataset.word} ${clock}`;
  if (seconds === 0) {
    endsAt = null;
    lookAgain();
  }
}

/// Requests a code.
async function ask() {
  if (asking) return;
  asking = true;
  const button = element("ask")?.querySelector("button");
  if (button) {
    button.disabled = true;
    button.textContent = button.dataset.busy;
  }
  try {
    const answer = await fetch(address("code"), { method: "POST" });
    show(await answer.text());
  } catch {
    say("note", order().dataset.offline);
    if (button) button.disabled = false;
  } finally {
    asking = false;
  }
  lookAgain();
}

const pause = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); away = done; });

let waiting = null;

/// Ends the waiting request, so that the next one is sent at once.
function lookAgain() {
  waiting?.abort();
  away?.();
}

/// After the payment, its reference number or a second payment may still arrive.
const goesOn = () => paidAt === null || performance.now() - paidAt < AFTER_PAID;

async function follow() {
  while (goesOn()) {
    waiting = new AbortController();
    try {
      const query = { seen: order().dataset.version };
      const answer = await fetch(address("news", query), { signal: waiting.signal });
      if (element("note").textContent === order().dataset.offline) say("note", "");
      if (answer.status === 200) {
        show(await answer.text());
      } else if (answer.status !== 204) {
        await pause(Number(answer.headers.get("retry-after")) || AGAIN);
      }
    } catch {
      if (!waiting.signal.aborted) {
        say("note", order().dataset.offline);
        await pause(AGAIN);
      }
    }
  }
}

/// A preview or a hidden page requests no code.
function askIfSeen() {
  const seen = document.visibilityState === "visible" && !document.prerendering;
  if (seen && order().dataset.state === "open" && !element("note").textContent) ask();
}

begin();
setInterval(tick, 500);
// A phone stops pages in the background, so a request is sent when the payer returns from the wallet.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  lookAgain();
  askIfSeen();
});
askIfSeen();
follow();
