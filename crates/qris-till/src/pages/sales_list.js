// The list of sales: the last ones, or the ones that match a search and its filters.

import { ask, clock, day, element, make, rupiah, trouble, words } from "/assets/till.js";
import { wholeRupiah } from "/assets/amount.js";

/// How many are listed at first and added with each press, and how many at most.
const STEP = 20;
const MOST = 200;
/// Milliseconds between two requests, and from the last key to a search.
const EVERY = 5_000;
const TYPING = 300;

/// The code on a receipt, as it is printed or as people type it.
const RECEIPT_CODE = /^[0-9a-z]{4}[- ]?[0-9a-z]{4}$/i;

const FILTERS = ["state", "channel", "day"];

/// Lists the sales. `open(record)` is called with the chosen one.
export function salesList(open) {
  let limit = STEP;
  let records = [];
  let asking = false;
  let askAgain = false;
  let typing;

  const filter = (name) => element(`filter-${name}`).value;
  const isFiltered = () => element("search").value.trim() !== "" || FILTERS.some(filter);

  function query() {
    const asked = new URLSearchParams({ limit });
    const text = element("search").value.trim();
    // An amount with separators is sent without them. Digits may also be a part of an RRN.
    if (text) asked.set("search", wholeRupiah(text) ?? text);
    for (const name of ["state", "channel"]) if (filter(name)) asked.set(name, filter(name));
    if (filter("day")) {
      asked.set("from", filter("day"));
      asked.set("to", filter("day"));
    }
    return asked;
  }

  /// The paid sale whose receipt has this code. A forged receipt has no sale.
  async function byReceiptCode() {
    const text = element("search").value.trim();
    if (!RECEIPT_CODE.test(text)) return [];
    try {
      return [await ask("GET", `/api/receipts/${encodeURIComponent(text)}`)];
    } catch (refusal) {
      if (["not-found", "invalid"].includes(refusal.code)) return [];
      throw refusal;
    }
  }

  /// Reads the list again. Only one request runs at a time, so that no older answer follows a newer one.
  async function refresh() {
    askAgain = asking;
    if (asking) return;
    asking = true;
    try {
      const answer = await ask("GET", `/api/orders?${query()}`);
      records = answer.orders.length > 0 ? answer.orders : await byReceiptCode();
      element("more-sales").hidden = !answer.next_cursor || limit >= MOST;
      draw();
      trouble("list", null);
    } catch (refusal) {
      trouble("list", refusal.code ?? String(refusal));
    }
    asking = false;
    if (askAgain) refresh();
  }

  /// The time, and the date if it was not today.
  function when({ created_at: at, now }) {
    return day(at) === day(now) ? clock(at) : `${day(at).slice(0, 5)} ${clock(at)}`;
  }

  /// What a person must still do is said with the state.
  function state(record) {
    if (record.overpaid) return words().listed.overpaid;
    return record.paid_late ? words().listed.late : words().states[record.state];
  }

  function row(record) {
    const made = document.createElement("tr");
    const button = make("button", "", record.number);
    button.type = "button";
    button.dataset.number = record.number;
    button.setAttribute("aria-label", `${words().open} ${record.number}`);
    button.addEventListener("click", () => open(record));
    const cell = document.createElement("td");
    cell.append(button);
    made.append(
      make("td", "", when(record)), cell,
      make("td", "right", rupiah(record.amount)),
      make("td", `state-${record.state}`, state(record)),
    );
    return made;
  }

  function draw() {
    const focused = document.activeElement?.dataset?.number;
    element("last").replaceChildren(...records.map(row));
    element("last-title").textContent = isFiltered() ? words().found : words().last;
    element("none-found").hidden = !isFiltered() || records.length > 0;
    for (const option of element("filter-state").options) {
      option.textContent = option.value ? words().states[option.value] : words().any_state;
    }
    element("search").placeholder = words().search_hint;
    if (!focused) return;
    const buttons = [...element("last").querySelectorAll("button")];
    buttons.find((button) => button.dataset.number === focused)?.focus();
  }

  function search() {
    limit = STEP;
    refresh();
  }

  element("find").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  element("search").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(search, TYPING);
  });
  for (const name of FILTERS) element(`filter-${name}`).addEventListener("change", search);
  element("more-sales").addEventListener("click", () => {
    limit = Math.min(MOST, limit + STEP);
    refresh();
  });
  setInterval(refresh, EVERY);
  return { refresh, draw };
}
