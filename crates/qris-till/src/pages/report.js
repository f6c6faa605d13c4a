import { api, ask, day, element, grouped, make, moment, page, rupiah, say, tell, today, words } from "/assets/till.js";

let lines = [];
/// What a person must look at, and the overpaid orders of these days.
let attention = { orders: [], webhooks: [], rows_set_aside: [], bills_not_made: [] };
let overpaid = [];

element("to").value = today();
element("from").value = new Date(Date.parse(today()) - 6 * 86_400_000).toISOString().slice(0, 10);

async function load() {
  const range = `from=${element("from").value}&to=${element("to").value}`;
  element("csv").href = api(`/api/report?${range}&format=csv`);
  element("payments_csv").href = api(`/api/report?${range}&by=payment&format=csv`);
  try {
    [{ totals: lines }, { orders: overpaid }, attention] = await Promise.all([
      ask("GET", `/api/report?${range}`),
      ask("GET", `/api/report?${range}&by=overpaid`),
      ask("GET", "/api/attention?limit=200"),
    ]);
    tell(null);
  } catch (refusal) {
    tell(refusal.code ?? String(refusal));
    [lines, overpaid] = [[], []];
  }
  draw();
}

/// Lists what a person must look at, and what to do. A sale opens on the cashier's page.
function drawAttention() {
  const reasons = words().reasons;
  const sale = (order, advice) => {
    const line = make("li", "", "");
    const open = make("a", "", order.number);
    open.href = page("/", { number: order.number });
    line.append(open, ` · ${rupiah(order.amount)} · ${moment(order.created_at)}`, make("div", "fact", advice));
    return line;
  };
  const note = (text, about) => {
    const line = make("li", "", text);
    if (about) line.append(make("div", "fact", about));
    return line;
  };
  const { orders, webhooks, rows_set_aside: rows, bills_not_made: bills } = attention;
  const unknown = webhooks.filter((webhook) => !webhook.number && webhook.status === "paid");
  const all = [
    ...orders.map((order) => sale(order, reasons[order.reason])),
    ...overpaid.map((order) => sale(order, reasons.overpaid(rupiah(order.overpaid)))),
    ...unknown.map((webhook) => note(reasons.webhook(webhook.qris_invoiceid), webhook.note)),
    ...bills.map((bill) => note(reasons.bill(bill.number), bill.prefix)),
    ...rows.map((row) => note(reasons.row(row.column), row.number)),
  ];
  element("attention").replaceChildren(...all);
  element("nothing").hidden = all.length > 0;
}

function draw() {
  drawAttention();
  const sum = (name) => lines.reduce((total, line) => total + line[name], 0);
  element("sum").textContent = rupiah(sum("paid"));
  element("count").textContent = grouped(sum("payments"));
  element("none").hidden = lines.length > 0;
  element("lines").replaceChildren(...lines.map((line) => {
    const row = document.createElement("tr");
    row.append(
      make("td", "", day(line.day)), make("td", "", words()[line.channel]),
      make("td", "right", grouped(line.invoices)), make("td", "right", grouped(line.payments)),
      make("td", "right", rupiah(line.paid)),
    );
    return row;
  }));
  element("chart").replaceChildren(chart());
  // If not all days fit, the newest days are visible.
  element("chart").scrollLeft = element("chart").scrollWidth;
}

/// A bar for each day, also for days without payments.
function chart() {
  const days = [];
  const last = Date.parse(element("to").value);
  for (let at = Date.parse(element("from").value); at <= last && days.length < 400; at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  const paid = days.map((date) => lines.filter((line) => line.day === date).reduce((total, line) => total + line.paid, 0));
  const most = Math.max(...paid, 1);
  const step = days.length > 31 ? 12 : 64;
  const height = 160;
  const svg = shape("svg", { width: days.length * step + 8, height: height + 44, role: "img" });
  svg.setAttribute("aria-label", words().per_day);
  days.forEach((date, at) => {
    const tall = Math.round((paid[at] / most) * height);
    const bar = shape("rect", { x: at * step + 6, y: 18 + height - tall, width: step - 8, height: tall, rx: 2 });
    const title = shape("title", {});
    title.textContent = `${day(date)}: ${rupiah(paid[at])}`;
    bar.append(title);
    svg.append(bar);
    if (step > 12) {
      const label = shape("text", { x: at * step + step / 2 + 2, y: height + 36, "text-anchor": "middle" });
      label.textContent = day(date).slice(0, 5);
      const value = shape("text", { x: at * step + step / 2 + 2, y: 13 + height - tall, "text-anchor": "middle" });
      value.textContent = paid[at] ? short(paid[at]) : "";
      svg.append(label, value);
    }
  });
  svg.append(shape("line", { x1: 0, x2: days.length * step + 8, y1: height + 18, y2: height + 18 }));
  return svg;
}

const short = (amount) => (amount >= 1_000_000 ? `${grouped(Math.round(amount / 100_000) / 10)} jt`
  : amount >= 1_000 ? `${grouped(Math.round(amount / 1_000))} rb` : String(amount));

function shape(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

element("days").addEventListener("submit", (event) => { event.preventDefault(); load(); });
say(draw);
load();
