// The history and the receipt of the shown sale.

import { api, ask, clock, element, languageNow, make, tell, words } from "/assets/till.js";
import { print } from "/assets/printers.js";
import { storyDetail } from "/assets/story_detail.js";

const path = (record, what) => `/api/orders/${encodeURIComponent(record.number)}/${what}`;

/// Shows the history of a sale while it is unfolded, and links to its receipt. Call `show(record)` for each
/// record, and `hide()` if no sale is shown.
export function details() {
  const story = element("story");
  let shown = null;
  /// The drawn version. The history is requested again when the sale changes.
  let drawn = null;

  const version = () => JSON.stringify([
    shown.number, shown.state, shown.invoices.map(({ state }) => state), shown.overpaid, languageNow(),
  ]);

  async function draw() {
    if (!shown || !story.open || drawn === version()) return;
    const asked = version();
    drawn = asked;
    try {
      const answer = await ask("GET", `${path(shown, "story")}?lang=${languageNow()}`);
      if (drawn !== asked) return;
      element("steps").replaceChildren(...answer.story.map((step) => {
        const line = make("li", "", `${clock(step.at)} ${step.message}`);
        const who = [words().actors[step.actor] ?? step.actor, step.detail && storyDetail(step.detail, languageNow())].filter(Boolean).join(" · ");
        if (who) line.append(make("div", "fact", who));
        return line;
      }));
    } catch {
      // It is requested again with the next record, or when it is unfolded again.
      if (drawn === asked) drawn = null;
    }
  }

  story.addEventListener("toggle", draw);
  element("print").addEventListener("click", async () => {
    const button = element("print");
    const { number } = shown;
    button.disabled = true;
    tell(null);
    element("printed").textContent = "";
    try {
      await print(path(shown, "print"), shown);
      if (shown?.number === number) element("printed").textContent = words().printed;
    } catch (refusal) {
      tell(refusal.code ?? String(refusal));
    }
    button.disabled = false;
  });

  return {
    show(record) {
      if (shown?.number !== record.number) {
        story.open = false;
        drawn = null;
        element("steps").replaceChildren();
        element("printed").textContent = "";
      }
      shown = record;
      const isPaid = record.state === "paid";
      element("receipts").hidden = !isPaid && record.state !== "pending";
      element("receipt").href = api(`${path(record, "receipt.html")}?lang=${languageNow()}`);
      element("receipt").textContent = isPaid ? words().receipt : words().slip;
      element("print").textContent = isPaid ? words().print_receipt : words().print_slip;
      draw();
    },
    hide() {
      shown = null;
    },
  };
}
