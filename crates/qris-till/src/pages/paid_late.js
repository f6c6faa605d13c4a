// Whether a sale was paid late: after its code expired or after it was cancelled. Then the cashier must
// check whether the goods were handed over.

import { ask } from "/assets/till.js";

/// Milliseconds until the history is requested again after a failure.
const RETRY = 5_000;

/// The states after which a payment is late.
const ENDED = ["expired", "cancelled"];

/// Follows one sale after another. `see(record)` gets each record of a sale, and `isLate()` is true if that
/// sale was paid late. `changed()` is called when the answer changes by itself.
export function paidLate(changed) {
  let number = null;
  let lastState = null;
  let late = false;
  /// The number of the sale whose history was requested.
  let requested = null;

  function forget() {
    [number, lastState, late, requested] = [null, null, false, null];
  }

  /// The history has the answer even if this page was not open when the sale ended.
  async function request() {
    const asked = number;
    requested = asked;
    try {
      const { story } = await ask("GET", `/api/orders/${encodeURIComponent(asked)}/story`);
      if (number !== asked) return;
      // What the cashier saw counts too: the page may say "expired" before the ledger records it.
      if (late || !story.some(({ event }) => event === "paid-late")) return;
      late = true;
      changed();
    } catch {
      setTimeout(() => { if (number === asked && lastState === "paid") request(); }, RETRY);
    }
  }

  return {
    see(record) {
      if (record.number !== number) {
        forget();
        number = record.number;
      }
      const isPaid = record.state === "paid";
      if (isPaid && ENDED.includes(lastState)) late = true;
      lastState = record.state;
      if (isPaid && requested !== number) request();
    },
    isLate: () => late,
    forget,
  };
}
