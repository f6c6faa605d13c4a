// Sales that were put away while they could still be paid. Their payment is announced and shown too.

import { element, make, rupiah, words } from "/assets/till.js";
import { watchOrder } from "/assets/live.js";
import { announcePaid } from "/assets/sound.js";

/// How many are followed. An older one is only in the list.
const MOST = 8;

/// Follows sales that were put away. `open(record)` is called when somebody chooses a paid one.
export function putAside(open) {
  const stops = new Map();

  function drop(number) {
    stops.get(number)?.();
    stops.delete(number);
  }

  function show(record, isLate) {
    const line = make("div", isLate ? "paid-aside late" : "paid-aside", "");
    const label = isLate ? words().paid_late_aside : words().paid_aside;
    const text = make("button", "", label(record.number, rupiah(record.amount)));
    text.type = "button";
    text.addEventListener("click", () => {
      line.remove();
      open(record);
    });
    const close = make("button", "", "×");
    close.type = "button";
    close.setAttribute("aria-label", words().hide);
    close.addEventListener("click", () => line.remove());
    line.append(text, close);
    element("aside").append(line);
  }

  return {
    follow(number) {
      drop(number);
      let isOver = false;
      stops.set(number, watchOrder(number, (record) => {
        const isPaid = record?.state === "paid";
        if (isPaid) {
          announcePaid(record);
          show(record, isOver);
        }
        isOver = ["expired", "cancelled"].includes(record?.state);
        if (isPaid || !record || record.state === "rejected") drop(number);
      }));
      if (stops.size > MOST) drop(stops.keys().next().value);
    },
    /// Stops following a sale, because it is shown again.
    drop,
  };
}
