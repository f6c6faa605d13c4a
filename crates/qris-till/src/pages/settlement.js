import "/assets/settlement_words.js";
import { api, ask, element, make, moment, page, rupiah, say, tell, words } from "/assets/till.js";
import { drawReport, isChecking } from "/assets/settlement_rows.js";

/// Milliseconds until the report is read again while checks are running.
const AGAIN = 2_000;

/// The required columns, and the others.
const NEEDED = ["paid_at", "amount"];
/// The columns without which payments here may stay without a line.
const WANTED = ["invoice", "settled_on"];
const OTHERS = ["transaction", "invoice", "rrn", "status", "tip", "total", "method", "settled_on", "payer", "note"];

const codeOf = (refusal) => refusal.code ?? String(refusal);

let report = null;
let timer;
/// Whether this person may import tables and record payments.
let isOwner = false;
/// The chosen file, its preview, and the names chosen for its columns.
let file = null;
let preview = null;
let chosen = {};
let fault = null;
let done = null;
/// The line to record, and the orders that it may be a payment of.
let booking = null;
let likely = [];

// The report.

async function load() {
  clearTimeout(timer);
  const range = new URLSearchParams();
  for (const name of ["from", "to"]) if (element(name).value) range.set(name, element(name).value);
  try {
    report = await ask("GET", `/api/settlements?${range}`);
    element("from").value = report.from;
    element("to").value = report.to;
    element("csv").href = api(`/api/settlements?from=${report.from}&to=${report.to}&format=csv`);
    tell(null);
  } catch (refusal) {
    tell(codeOf(refusal));
  }
  draw();
  if (report && isChecking(report)) timer = setTimeout(load, AGAIN);
}

function draw() {
  Object.assign(words().errors, words().settlement_errors);
  element("import").hidden = !isOwner;
  if (report) {
    // The focused element is replaced, so its replacement gets the focus.
    const focused = document.activeElement?.dataset?.key;
    drawReport(report, isOwner ? openBooking : null);
    if (focused) [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focused)?.focus();
  }
  drawImport();
  drawBooking();
}

element("days").addEventListener("submit", (event) => {
  event.preventDefault();
  load();
});

// Importing a table of the portal.

function send(more) {
  const query = new URLSearchParams(more);
  for (const [column, name] of Object.entries(chosen)) query.set(`column_${column}`, name);
  const headers = { "Content-Type": "application/octet-stream" };
  return ask("POST", `/api/settlements?${query}`, undefined, { body: file, headers });
}

/// The fault in the file, from the till's error.
function faultOf(refusal) {
  const { line, column, fault: what } = refusal.answer ?? {};
  if (!line) return { code: codeOf(refusal) };
  return { line, column, what: what ?? refusal.code };
}

async function look() {
  fault = null;
  try {
    preview = await send({ preview: "yes" });
  } catch (refusal) {
    preview = null;
    fault = faultOf(refusal);
  }
  drawImport();
}

/// Asks which column of the file has a kind of value.
function question(column, hint) {
  const label = make("label", "", "");
  const select = document.createElement("select");
  select.dataset.column = column;
  select.append(new Option(hint, ""));
  for (const { name } of preview.columns) select.append(new Option(name, name));
  select.value = chosen[column] ?? "";
  select.addEventListener("change", async () => {
    if (select.value) chosen[column] = select.value;
    else delete chosen[column];
    await look();
    document.querySelector(`#preview select[data-column="${column}"]`)?.focus();
  });
  label.append(make("span", "", words().which_column(words().kinds[column])), select);
  return label;
}

function drawPreview() {
  const taken = preview.columns.map(({ column }) => column).filter(Boolean);
  const unclear = (column) => preview.missing.includes(column) || preview.repeated.includes(column) || column in chosen;
  element("preview-title").textContent = words().preview_title(file.name);
  const without = WANTED.filter((column) => !taken.includes(column));
  element("asked").replaceChildren(
    ...[...NEEDED, ...OTHERS].filter(unclear).map((column) => question(column, words().choose)),
    ...without.filter((column) => !unclear(column)).map((column) => question(column, words().no_column)),
  );
  element("without").textContent = without.map((column) => words().without[column]).join(" ");
  const open = OTHERS.filter((column) => !taken.includes(column) && !without.includes(column) && !unclear(column));
  element("optional").replaceChildren(...open.map((column) => question(column, words().no_column)));
  element("other-columns").hidden = open.length === 0;
  const head = document.createElement("tr");
  head.append(...preview.columns.map(({ name, column }) => {
    const cell = make("th", "", name);
    cell.scope = "col";
    cell.append(make("div", "kind", column ? words().kinds[column] : "–"));
    return cell;
  }));
  const [titles, rows] = element("lines").children;
  titles.replaceChildren(head);
  rows.replaceChildren(...preview.lines.map((cells) => {
    const row = document.createElement("tr");
    row.append(...cells.map((cell) => make("td", "", cell)));
    return row;
  }));
  element("import-now").disabled = preview.missing.length + preview.repeated.length > 0;
}

function drawImport() {
  element("preview").hidden = preview === null;
  if (preview) drawPreview();
  // The preview has payers' names.
  else for (const part of element("lines").children) part.replaceChildren();
  const { code, line, column, what } = fault ?? {};
  const known = words().errors[code];
  const text = typeof known === "string" ? known : words().errors.other(code);
  element("fault").textContent = !fault ? "" : code ? text
    : words().file_fault(line, words().kinds[column] ?? column, words().faults[what] ?? what);
  const more = done?.to_check > 0 ? words().to_check(done.to_check) : "";
  element("imported").textContent = !done ? "" : done.words ? done.words() : words().imported(done) + more;
}

function forget() {
  [file, preview, chosen, fault] = [null, null, {}, null];
  element("file").value = "";
  drawImport();
}

element("file").addEventListener("change", () => {
  [file] = element("file").files;
  [chosen, done, preview] = [{}, null, null];
  if (file) look();
  else forget();
});

element("import").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!file) return;
  element("import-now").disabled = true;
  try {
    const imported = await send({});
    forget();
    done = imported;
    if (done.from) [element("from").value, element("to").value] = [done.from, done.to];
    await load();
  } catch (refusal) {
    fault = faultOf(refusal);
    drawImport();
  }
});

element("forget-file").addEventListener("click", forget);

// Recording a payment that is missing here.

function openBooking(row) {
  [booking, likely] = [row, []];
  refuse(null);
  drawBooking();
  element("booking").showModal();
}

function likelyLine(order) {
  const made = make("li", "", "");
  const link = make("a", "", order.number);
  link.href = page("/", { number: order.number });
  link.target = "_blank";
  link.rel = "noopener";
  const head = make("div", "head", "");
  head.append(link, make("strong", "", rupiah(order.amount)));
  made.append(head, make("div", "fact", words().likely_states[order.state] ?? words().states[order.state]));
  const more = booking.settled - order.amount;
  if (more > 0) made.append(make("div", "fact", words().maybe_tip(rupiah(more))));
  const { qris_invoiceid: invoiceid } = booking;
  if (order.state === "unknown" && invoiceid) {
    const button = make("button", "", words().resolve_with(order.number, invoiceid));
    button.type = "button";
    button.addEventListener("click", () => once(button, () => resolve(order.number, invoiceid)));
    made.append(button);
  }
  return made;
}

function drawBooking() {
  if (!booking) return;
  element("booking-title").textContent = words().book_title(rupiah(booking.settled));
  element("booking-what").textContent = [booking.transaction, moment(booking.paid_at)].filter(Boolean).join(" · ");
  element("booking-words").textContent = likely.length > 0 ? words().likely_words : words().book_words;
  element("likely").replaceChildren(...likely.map(likelyLine));
  element("book-now").textContent = likely.length > 0 ? words().book_anyway : words().book_now;
}

/// Shows in the dialog why nothing was recorded.
function refuse(code) {
  const { other, ...known } = words().errors;
  const text = code ? (known[code] ?? other) : "";
  element("refused").textContent = typeof text === "function" ? text(code) : text;
}

/// Runs `work` with the button disabled, so that a second press does nothing.
async function once(button, work) {
  button.disabled = true;
  refuse(null);
  try {
    await work();
  } catch (refusal) {
    likely = refusal.answer?.orders ?? likely;
    drawBooking();
    refuse(codeOf(refusal));
  }
  button.disabled = false;
}

async function end(text) {
  element("booking").close();
  done = { words: text };
  await load();
}

async function resolve(number, invoiceid) {
  const order = await ask("POST", `/api/orders/${encodeURIComponent(number)}/resolve`, { invoiceid });
  if (order.state !== "paid") refuse("not-paid");
  else await end(() => words().resolved(number));
}

element("book-now").addEventListener("click", () => once(element("book-now"), async () => {
  const body = likely.length > 0 ? { accept_likely: true } : {};
  const order = await ask("POST", `/api/settlements/${encodeURIComponent(booking.key)}/book`, body);
  await end(() => words().booked_as(order.number));
}));
element("leave").addEventListener("click", () => element("booking").close());

async function begin() {
  try {
    isOwner = (await ask("GET", "/api/session")).role === "owner";
  } catch { /* load() shows the error */ }
  await load();
}

say(draw);
begin();
