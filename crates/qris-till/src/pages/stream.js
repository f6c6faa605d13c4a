// A shared worker with one stream of events for all tabs of this browser, because a browser opens at most
// six connections to a host. Pages send what they watch; live.js is the other end.

/// Milliseconds until a broken stream is opened again.
const RETRY = 2_000;
/// The till sends something every 15 s. A stream that is silent for this many milliseconds is dead.
const SILENT = 40_000;
/// Milliseconds until a silent page counts as closed. Pages send a message every 20 s, in the background less
/// often.
const FORGET = 180_000;
/// The maximum number of watched things in a stream; the till refuses more.
const MOST = 64;
/// The merchant of the orders: the second word of this worker's name.
const merchant = self.name.split(" ")[1];

/// How many claims are kept.
const CLAIMS = 200;

/// The claimed announcements, so that only one page of this browser makes each.
const claims = new Set();

/// For each page, what it watches (`[["number", "INV-1"], ["counter", "main"]]`) and the time of its last
/// message.
const pages = new Map();
let source = null;
let address = "";
let heardAt = 0;
let retry;

function tell(message) {
  for (const port of pages.keys()) port.postMessage({ ...message, at: Date.now() });
}

function wanted() {
  const pairs = new Map();
  for (const { watch } of pages.values()) for (const pair of watch) pairs.set(pair.join(" "), pair);
  if (pairs.size === 0) return "";
  const whose = merchant ? [["merchant", merchant]] : [];
  return new URLSearchParams([...pairs.values()].slice(-MOST).concat(whose)).toString();
}

/// Opens a new stream. The till first sends the current state, so no change is lost.
function open() {
  clearTimeout(retry);
  source?.close();
  source = null;
  address = wanted();
  if (!address) return;
  const opened = new EventSource(`/api/stream?${address}`);
  source = opened;
  heardAt = performance.now();
  opened.addEventListener("open", () => tell({ type: "open" }));
  for (const type of ["order", "counter", "not-found", "ping"]) {
    opened.addEventListener(type, ({ data }) => {
      heardAt = performance.now();
      tell({ type, value: JSON.parse(data) });
    });
  }
  opened.addEventListener("error", () => {
    if (source !== opened) return;
    const refused = opened.readyState === EventSource.CLOSED;
    opened.close();
    source = null;
    tell({ type: "away", refused });
    retry = setTimeout(open, RETRY);
  });
}

function isFirst(claim) {
  const first = !claims.has(claim);
  claims.add(claim);
  if (claims.size > CLAIMS) claims.delete(claims.values().next().value);
  return first;
}

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data: { watch, still, claim } }) => {
    if (claim) {
      port.postMessage({ type: "claimed", claim, first: isFirst(claim) });
      return;
    }
    const known = pages.has(port);
    if (watch) pages.set(port, { watch, heardAt: performance.now() });
    else pages.delete(port);
    port.postMessage({ type: "ready" });
    // A page that watches another thing needs its current state.
    if (!still || !known) open();
  };
  port.postMessage({ type: "ready" });
};

setInterval(() => {
  const now = performance.now();
  for (const [port, page] of pages) if (now - page.heardAt > FORGET) pages.delete(port);
  if (address !== wanted()) open();
  else if (source && now - heardAt > SILENT) {
    tell({ type: "away" });
    open();
  }
}, 5_000);
