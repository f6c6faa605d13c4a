// Watches orders and counters for a page: by the stream that all tabs share, or by a request every two
// seconds if the browser has no shared workers.

import { ask, merchant, received, trouble } from "/assets/till.js";

/// Milliseconds between two rounds of requests without a stream.
const PAUSE = 2_000;
/// How often this page tells the shared worker that it is open, and how long the worker may be silent, in
/// milliseconds.
const STILL_THERE = 20_000;
const SILENT = 65_000;
/// How many milliseconds the worker may take to start.
const START = 5_000;
/// How many milliseconds the worker may take to answer a claim.
const CLAIM = 1_000;

/// The watched things by `kind name`: their listeners, and how many values they got.
const watched = new Map();

/// Watches an order until the returned function is called. `listener` gets each record, or null if there is no
/// such order.
export const watchOrder = (number, listener) => watch("number", number, listener);

/// Watches which order the display of a counter shows: `{number, revision}`.
export const watchCounter = (counter, listener) => watch("counter", counter, listener);

function watch(kind, name, listener) {
  const key = `${kind} ${name}`;
  const entry = watched.get(key) ?? { kind, name, listeners: new Set(), told: 0 };
  watched.set(key, entry);
  entry.listeners.add(listener);
  sayWhatIsWatched();
  return () => {
    entry.listeners.delete(listener);
    if (entry.listeners.size > 0 || watched.get(key) !== entry) return;
    watched.delete(key);
    sayWhatIsWatched();
  };
}

function deliver(kind, name, value) {
  const entry = watched.get(`${kind} ${name}`);
  if (!entry) return;
  entry.told += 1;
  for (const listener of [...entry.listeners]) listener(value);
}

/// Requests the state of a watched thing once. The answer is dropped if a newer value arrived meanwhile.
async function askAbout(entry) {
  const { kind, name, told } = entry;
  const path = kind === "number" ? "/api/orders/" : "/api/counters/";
  let answer = null;
  try {
    answer = await ask("GET", path + encodeURIComponent(name));
  } catch (refusal) {
    if (!["not-found", "invalid"].includes(refusal.code)) throw refusal;
  }
  if (watched.get(`${kind} ${name}`) === entry && entry.told === told) deliver(kind, name, answer);
}

/// Requests the state of a watched order now, if the till can be reached.
export function lookAgain(number) {
  const entry = watched.get(`number ${number}`);
  if (entry) askAbout(entry).catch(() => { /* the state comes when the till can be reached again */ });
}

let port = null;
let heardAt = performance.now();
/// The running loop of requests. Another value ends it.
let polling = null;

function sayWhatIsWatched(still = false) {
  port?.postMessage({ watch: [...watched.values()].map(({ kind, name }) => [kind, name]), still });
}

/// The functions that wait for the answer to a claim.
const claiming = new Map();

/// Whether this page is the first in this browser to claim a key. So only one page announces a payment that
/// all pages show.
export function claim(key) {
  if (!port) return Promise.resolve(isFirstHere(key));
  return new Promise((resolve) => {
    claiming.set(key, resolve);
    port.postMessage({ claim: key });
    setTimeout(() => answerClaim(key, null), CLAIM);
  });
}

function answerClaim(key, first) {
  claiming.get(key)?.(first ?? isFirstHere(key));
  claiming.delete(key);
}

/// The same by the local storage, if there is no shared worker.
function isFirstHere(key) {
  try {
    const claimed = JSON.parse(localStorage.getItem("claimed") ?? "[]");
    if (claimed.includes(key)) return false;
    localStorage.setItem("claimed", JSON.stringify([...claimed.slice(-50), key]));
  } catch { /* no storage: each page announces it */ }
  return true;
}

function hear({ data: { type, value, refused, at, claim: claimed, first } }) {
  heardAt = performance.now();
  polling = null;
  if (type === "claimed") {
    answerClaim(claimed, first);
    return;
  }
  if (type === "away") {
    trouble("stream", "away");
    // A normal request shows the reason, for example that somebody must sign in.
    if (refused) ask("GET", "/api/orders?limit=1").catch(() => {});
  } else if (type !== "ready") trouble("stream", null);
  if (type === "order") deliver("number", value.number, received(value, at));
  if (type === "counter") deliver("counter", value.counter, value);
  if (type === "not-found") deliver("number", value.number, null);
}

async function poll() {
  if (polling) return;
  const round = {};
  polling = round;
  while (polling === round) {
    try {
      for (const entry of [...watched.values()]) await askAbout(entry);
      trouble("stream", null);
    } catch (refusal) {
      trouble("stream", refusal.code ?? "away");
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

function share() {
  try {
    // The name changes with the format of the messages, because an older page's worker may still run. Each
    // merchant has a separate worker, because a stream is for one merchant.
    const worker = new SharedWorker("/assets/stream.js", ["qris-till-3", merchant].filter(Boolean).join(" "));
    worker.addEventListener("error", poll);
    port = worker.port;
  } catch {
    // The browser has no shared workers, or forbids them.
    poll();
    return;
  }
  port.onmessage = hear;
  addEventListener("pagehide", () => port.postMessage({ watch: null }));
  addEventListener("pageshow", ({ persisted }) => { if (persisted) sayWhatIsWatched(); });
  setTimeout(() => { if (performance.now() - heardAt >= START) poll(); }, START);
  setInterval(() => {
    sayWhatIsWatched(true);
    if (performance.now() - heardAt > SILENT) poll();
  }, STILL_THERE);
}

share();
