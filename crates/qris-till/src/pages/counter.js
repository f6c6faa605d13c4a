// The cashier page tells the display of its counter which sale to show: in the same browser by a
// BroadcastChannel, on other devices through the till.

import { ask, merchant, till } from "/assets/till.js";
import { watchCounter } from "/assets/live.js";

/// Pages without `?till=` form one counter.
const counter = till || "main";
const path = `/api/counters/${counter}`;
/// Milliseconds until a message that did not reach the till is sent again.
const RETRY = 2_000;
/// How many milliseconds a display in the same browser trusts a message that has not reached the till. The
/// cashier page sends it again sooner, unless it was closed.
const UNCONFIRMED = 30_000;

const channel = "BroadcastChannel" in window ? new BroadcastChannel(["qris-till", counter, merchant].filter(Boolean).join(" ")) : null;

/// For the cashier page. Call the returned function with the number of the shown sale, or with null.
export function announcer() {
  /// The last message, unless another cashier page of this counter has sent a newer one.
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
        // An error of the till would be the same the next time.
        if (code !== "away") saying.revision = 0;
        else await new Promise((resolve) => setTimeout(resolve, RETRY));
      }
      if (word === saying) channel?.postMessage({ ...saying });
    }
    sending = false;
  }

  channel?.addEventListener("message", () => { word = null; });
  watchCounter(counter, (display) => {
    // A restarted till has revision 0 and needs the message again.
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

/// For the display. Calls `follow(number, first)` with the number to show, or with null. `first` is true for
/// the state at the time when the page was opened.
export function followCashier(follow) {
  let heard = null;
  let first = true;
  /// Lower revisions from the till are older than the last message from this browser's cashier page.
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
