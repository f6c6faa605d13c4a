// What a counter's display shows: the cashier page says it, the display obeys. In the same browser
// by a channel, elsewhere by way of the till.

import { ask, merchant, till } from "/assets/till.js";
import { watchCounter } from "/assets/live.js";

/// Pages that were opened without `?till=` are one counter too.
const counter = till || "main";
const path = `/api/counters/${counter}`;
/// Milliseconds until the till is told again what did not reach it.
const RETRY = 2_000;
/// How long a display in the same browser waits for a cashier page whose word has not reached the
/// till: it tries again sooner, unless it was closed.
const UNCONFIRMED = 30_000;

const channel = "BroadcastChannel" in window ? new BroadcastChannel(["qris-till", counter, merchant].filter(Boolean).join(" ")) : null;

/// For the cashier page: the returned function says which sale is shown, null for none.
export function announcer() {
  /// What was said last, while no other cashier page of this counter has said anything since.
  let word = null;
  let sending = false;

  async function send() {
    if (sending) return;
    sending = true;
    while (word && word.revision === null) {
      const saying = word;
      try {
        const { revision } = await ask("PUT", path, { number: saying.number }, { keepalive: true });
        saying.revision = revision;
      } catch ({ code }) {
        // What the till refuses once it refuses again.
        if (code !== "away") saying.revision = 0;
        else await new Promise((resolve) => setTimeout(resolve, RETRY));
      }
      if (word === saying) channel?.postMessage({ ...saying });
    }
    sending = false;
  }

  channel?.addEventListener("message", () => { word = null; });
  watchCounter(counter, (display) => {
    // A till that was started anew knows nothing.
    if (!word || display.revision !== 0 || word.revision === null) return;
    word.revision = null;
    send();
  });
  return (number) => {
    word = { number, revision: null };
    channel?.postMessage({ ...word });
    send();
  };
}

/// For the display: calls `follow` with the number to show, null for none. `first` is true for what
/// the till knew when the page was opened.
export function followCashier(follow) {
  let heard = null;
  let first = true;
  /// What the till says below this revision is older than what the cashier page in this browser said.
  let newerThan = 0;
  let timer;

  function obey() {
    if (!heard || heard.revision < newerThan) return;
    follow(heard.number, first);
    first = false;
  }

  channel?.addEventListener("message", ({ data: { number, revision } }) => {
    clearTimeout(timer);
    first = false;
    follow(number, false);
    newerThan = revision ?? Infinity;
    if (revision === null) timer = setTimeout(() => { newerThan = 0; obey(); }, UNCONFIRMED);
    else obey();
  });
  watchCounter(counter, (display) => {
    heard = display;
    obey();
  });
}
