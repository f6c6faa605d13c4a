// What a page watches: by the stream that all tabs share, or by asking every two seconds where the
// browser has no shared workers.

import { ask, merchant, received, trouble } from "/assets/till.js";

/// Milliseconds between two questions without a stream.
const PAUSE = 2_000;
/// How often the shared worker is told that this page is there, and how long it may stay silent.
const STILL_THERE = 20_000;
const SILENT = 65_000;
/// How long it may take to start.
const START = 5_000;
/// How long it may take to answer a claim.
const CLAIM = 1_000;

/// What is watched: `kind name` to who listens, and how often it was told something.
const watched = new Map();

/// Watches an order until the returned function is called. `listener` has each record, or null
/// where there is no such order.
export const watchOrder = (number, listener) => watch("number", number, listener);

/// Watches what the display of a counter shows: `{number, revision}`.
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

/// Asks once how a thing that is watched stands. An answer that something newer has overtaken is
/// dropped.
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

/// Has an order that is watched told again, if the till can be reached.
export function lookAgain(number) {
  const entry = watched.get(`number ${number}`);
  if (entry) askAbout(entry).catch(() => { /* told when the till is back */ });
}

let port = null;
let heardAt = performance.now();
/// The round of questions under way; another one, or null, ends it.
let polling = null;

function sayWhatIsWatched(still = false) {
  port?.postMessage({ watch: [...watched.values()].map(({ kind, name }) => [kind, name]), still });
}

/// Who waits for the answer to a claim.
const claiming = new Map();

/// Whether this page is the first of this browser that claims something: what every page hears, one of
/// them says.
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

/// The same by what all pages keep, where there is no shared worker.
function isFirstHere(key) {
  try {
    const claimed = JSON.parse(localStorage.getItem("claimed") ?? "[]");
    if (claimed.includes(key)) return false;
    localStorage.setItem("claimed", JSON.stringify([...claimed.slice(-50), key]));
  } catch { /* no storage: each page for itself */ }
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
    // Asked in the open, the till says why: it may want its token.
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
    // The name changes with the messages: an older page's worker may still run. Each merchant has a
    // worker of its own, because a stream is of one.
    const worker = new SharedWorker("/assets/stream.js", ["qris-till-3", merchant].filter(Boolean).join(" "));
    worker.addEventListener("error", poll);
    port = worker.port;
  } catch {
    // The browser has none, or forbids it.
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
