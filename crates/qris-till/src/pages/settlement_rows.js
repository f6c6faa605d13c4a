// The lists and totals of the settlement page.

import { clock, day, element, grouped, make, moment, page, rupiah, words } from "/assets/till.js";

const LISTS = ["unpaid", "only_settled", "other_amount", "only_booked"];

function line(left, right, facts) {
  const made = make("li", "", "");
  const head = make("div", "head", "");
  head.append(left, make("strong", "", right));
  made.append(head);
  for (const fact of facts.filter(Boolean)) made.append(make("div", "fact", fact));
  return made;
}

function sale(number) {
  const link = make("a", "", number);
  link.href = page("/", { number });
  return link;
}

/// The state of the check of an order, by the till's clock.
function progress(row, now) {
  const at = row.next_check_at;
  if (at && Date.parse(at) <= Date.parse(now)) return words().checking_now;
  if (at && row.is_checking) return words().check_at(clock(at));
  if (row.answered_at) return words().answered(clock(row.answered_at));
  return at ? words().check_at(clock(at)) : "";
}

function unpaidRow(row, now) {
  return line(sale(row.number), rupiah(row.settled), [
    [moment(row.paid_at), words().states[row.state]].join(" · "), progress(row, now),
  ]);
}

function settledRow(row, book) {
  const name = row.transaction ?? row.rrn ?? words().no_column;
  const made = line(name, rupiah(row.settled), [
    [moment(row.paid_at), row.rrn && `${words().kinds.rrn} ${row.rrn}`].filter(Boolean).join(" · "),
    row.is_ambiguous && words().fits_several,
  ]);
  if (book) {
    const button = make("button", "", words().book);
    button.type = "button";
    button.dataset.key = row.key;
    button.setAttribute("aria-label", `${words().book}: ${name}, ${rupiah(row.settled)}`);
    button.addEventListener("click", () => book(row));
    const buttons = make("div", "row", "");
    buttons.append(button);
    made.append(buttons);
  }
  return made;
}

function bookedRow(row) {
  const made = line(sale(row.number), rupiah(row.booked), [
    [moment(row.paid_at), words().due_by(day(row.due))].join(" · "), row.is_ambiguous && words().fits_several,
  ]);
  if (row.is_late) made.append(make("div", "refused", words().late));
  return made;
}

function otherRow(row) {
  const amounts = words().here_and_there(rupiah(row.booked), rupiah(row.settled));
  return line(sale(row.number), words().differs_by(rupiah(Math.abs(row.settled - row.booked))), [
    [moment(row.paid_at), row.is_tip ? `${amounts} (${words().with_tip})` : amounts].join(" · "),
  ]);
}

/// The sum of the differences, if all rows are known. The amount of this list is what was settled.
function difference({ count, rows }) {
  if (rows.length < count) return "";
  return words().differs_by(rupiah(rows.reduce((sum, row) => sum + Math.abs(row.settled - row.booked), 0)));
}

/// One list of differences, if it has any.
function section(name, report, book) {
  const { now, years_without_holidays: years, [name]: list } = report;
  if (list.count === 0) return [];
  const made = make("section", "card", "");
  made.id = `list-${name}`;
  const rows = make("ul", "lines", "");
  const draw = {
    unpaid: (row) => unpaidRow(row, now), only_settled: (row) => settledRow(row, book),
    only_booked: bookedRow, other_amount: otherRow,
  }[name];
  rows.append(...list.rows.map(draw));
  made.append(make("h2", "", words().lists[name]), make("p", "fact", words().list_hints[name]), rows);
  if (name === "only_booked" && years.length > 0) made.append(make("p", "fact", words().no_holidays(years.join(", "))));
  if (list.rows.length < list.count) {
    made.append(make("p", "fact", words().first_rows(grouped(list.rows.length), grouped(list.count))));
  }
  return [made];
}

/// A settlement day with its known totals.
function dayLine(total) {
  const count = grouped(total.lines);
  const title = total.settled_on ? words().day_settled(day(total.settled_on), count) : words().day_waiting(count);
  const made = make("li", "", "");
  made.append(make("div", "head", title));
  const sums = make("dl", "sums", "");
  for (const name of ["gross", "mdr", "net", "carried", "fee", "expected", "waiting"]) {
    const amount = total[name];
    if (amount === null || (amount === 0 && ["carried", "waiting"].includes(name))) continue;
    const pair = make("div", name === "expected" ? "expected" : "", "");
    pair.append(make("dt", "fact", words()[name]), make("dd", "", rupiah(amount)));
    sums.append(pair);
  }
  made.append(sums);
  return made;
}

/// Shows a report. `book(row)` is called to record a line; it is null if this person may not.
export function drawReport(report, book) {
  const names = ["matched", ...LISTS];
  element("summary").replaceChildren(...names.map((name) => {
    const { count, amount } = report[name];
    const made = line(words().lists[name], name === "other_amount" ? difference(report[name]) : rupiah(amount), [`${grouped(count)} ×`]);
    made.dataset.list = name;
    return made;
  }));
  element("differences").replaceChildren(...LISTS.flatMap((name) => section(name, report, book)));
  element("settlement-days").replaceChildren(...report.days.map(dayLine));
  element("no-days").hidden = report.days.length > 0;
  element("no-criteria").hidden = report.criteria !== null;
}

/// Whether the check of an order is running or due.
export const isChecking = (report) => report.unpaid.rows.some((row) => row.is_checking
  || (row.next_check_at && Date.parse(row.next_check_at) <= Date.parse(report.now)));
