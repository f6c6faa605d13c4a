// The two ways to end a sale with an unknown outcome, by what a person found out.

import { ask, clock, element, make, tell, trouble, words } from "/assets/till.js";

/// Who may resolve a sale.
const RESOLVERS = ["supervisor", "owner"];

/// Milliseconds between two requests for a matching webhook.
const AGAIN = 5_000;

/// `resolve(body)` sends what was found out to the till. The returned object shows the forms for a sale, or
/// hides them.
export function resolver(resolve) {
  let number = null;
  let timer;
  let offered = [];
  /// Whether this person may resolve a sale, or null if that is not known yet.
  let isAllowed = null;

  function drawForms() {
    for (const id of ["webhooks", "resolve-paid", "resolve-not-made"]) element(id).hidden = !isAllowed;
    element("resolve-denied").hidden = isAllowed !== false;
  }

  async function once(form, body) {
    const button = form.querySelector("button");
    button.disabled = true;
    await resolve(body);
    button.disabled = false;
  }

  element("resolve-paid").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = element("invoiceid").value.replace(/[\s.]/g, "");
    const invoiceid = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(invoiceid) || invoiceid === 0) tell("not-an-id");
    else once(event.target, { invoiceid });
  });

  element("resolve-not-made").addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = element("reason").value.trim();
    if (reason) once(event.target, { not_made: true, reason });
  });

  /// Shows a button for each matching webhook. A press checks the webhook's invoice.
  function draw() {
    element("webhooks").replaceChildren(...offered.map((webhook) => {
      const { qris_invoiceid: invoiceid, method, customer_name, received_at } = webhook;
      const details = [clock(received_at), method, customer_name].filter(Boolean);
      const offer = make("div", "offer", "");
      const use = make("button", "primary", words().use_webhook(invoiceid));
      use.type = "button";
      use.addEventListener("click", () => once(offer, { invoiceid }));
      offer.append(make("p", "fact", words().webhook_fits(invoiceid, ` (${details.join(", ")})`)), use);
      return offer;
    }));
  }

  async function look() {
    const asked = number;
    try {
      if (isAllowed === null) {
        isAllowed = RESOLVERS.includes((await ask("GET", "/api/session")).role);
        drawForms();
      }
      if (!isAllowed) return;
      const webhooks = await ask("GET", "/api/webhooks/unbooked?limit=200");
      if (number !== asked) return;
      const fits = webhooks.filter((webhook) => webhook.number === number);
      const ids = (list) => list.map((webhook) => webhook.qris_invoiceid).join();
      if (ids(fits) !== ids(offered)) {
        offered = fits;
        draw();
      }
      trouble("webhooks", null);
    } catch (refusal) {
      if (number === asked) trouble("webhooks", refusal.code ?? String(refusal));
    }
    if (number === asked) timer = setTimeout(look, AGAIN);
  }

  return {
    show(wanted) {
      element("unknown").hidden = false;
      drawForms();
      element("invoiceid").placeholder = words().invoiceid;
      element("reason").placeholder = words().reason;
      if (number === wanted) {
        draw();
        return;
      }
      clearTimeout(timer);
      number = wanted;
      offered = [];
      element("invoiceid").value = "";
      element("reason").value = "";
      draw();
      look();
    },
    hide() {
      element("unknown").hidden = true;
      if (number === null) return;
      clearTimeout(timer);
      number = null;
      trouble("webhooks", null);
    },
  };
}
