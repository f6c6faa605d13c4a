import { addWords, api, ask, clock, element, grouped, languageNow, make, moment, page, rupiah, say, tell, words } from "/assets/till.js";

addWords({
  id: {
    open_title: "Buka shift", shift_name: "Nama kasir", open_shift: "Buka shift",
    shift_name_hint: "Satu shift untuk semua kasir. Nama ini tercetak di laporan shift, supaya jelas siapa yang bertugas.",
    opened_as: (name) => `Satu shift untuk semua kasir. Shift ini dibuka atas nama ${name}. Bukan ${name}? Tekan «Ganti kasir» dulu.`, orders_made: "Transaksi dibuat",
    again: "Hitung lagi", print_x_58: "Cetak laporan sementara (X) 58 mm", print_x_80: "Cetak laporan sementara (X) 80 mm", close_shift: "Tutup shift",
    closed_shifts: "Shift yang sudah ditutup (laporan Z)", no_closed: "Belum ada shift yang ditutup", more: "Lihat lagi",
    final: "Setelah ditutup, laporan Z tidak bisa diubah lagi.",
    unanswered_title: "Transaksi yang belum pasti (sudah dibayar atau belum):",
    accept: "Tetap tutup. Nomornya dicantumkan di laporan Z.", keep_open: "Kembali", close_now: "Ya, tutup shift",
    close_title: (number, name) => `Tutup shift ${number} (${name})?`, now_title: (number, name) => `Shift ${number}: ${name}`,
    since: (when, who) => `Dibuka ${when} oleh ${who}`, counted_at: (when) => `Dihitung pukul ${when}`,
    z_of: (number) => `Z ${number}`, closed_by: (when, who) => `Ditutup ${when} oleh ${who}`,
    paid_count: (count) => `${count} pembayaran`, closed_unanswered: "Ditutup walaupun ada yang belum pasti",
    print_z: (width) => `Cetak ${width} mm`,
    sections: {
      methods: "Per metode", late: "Terlambat", overpaid: "Dibayar lebih dari sekali", outside: "Di luar shift, tidak termasuk jumlah diterima",
      cancelled: "Dibatalkan", unknown: "Belum pasti apakah kode dibuat", unanswered: "Belum ada jawaban InterActive",
      pending: "Masih menunggu pembayaran",
    },
    no_method: "Tidak disebut", late_reasons: {
      "order-ended": "kodenya sudah kedaluwarsa atau dibatalkan", "earlier-code": "kodenya dibuat sebelum shift ini",
    },
    shift_errors: {
      "shift-open": "Shift lain baru saja dibuka.", "shift-closed": "Shift ini baru saja ditutup.",
      "unanswered-checks": "Ada transaksi yang belum pasti. Cek dulu, atau centang kotak di atas.",
    },
  },
  en: {
    open_title: "Open a shift", shift_name: "Cashier's name", open_shift: "Open shift",
    shift_name_hint: "One shift for all cashiers. This name is printed on the shift report, so that it is clear who was on duty.",
    opened_as: (name) => `One shift for all cashiers. The shift is opened as ${name}. Not ${name}? Press “Switch cashier” first.`, orders_made: "Sales created",
    again: "Recount", print_x_58: "Print interim report (X) 58 mm", print_x_80: "Print interim report (X) 80 mm", close_shift: "Close shift",
    closed_shifts: "Closed shifts (Z reports)", no_closed: "No shift has been closed yet", more: "Show more",
    final: "Once it is closed, the Z report cannot be changed.",
    unanswered_title: "We do not know whether these are paid:",
    accept: "Close anyway. The Z report lists them.", keep_open: "Back", close_now: "Yes, close the shift",
    close_title: (number, name) => `Close shift ${number} (${name})?`, now_title: (number, name) => `Shift ${number}: ${name}`,
    since: (when, who) => `Opened ${when} by ${who}`, counted_at: (when) => `Counted at ${when}`,
    z_of: (number) => `Z ${number}`, closed_by: (when, who) => `Closed ${when} by ${who}`,
    paid_count: (count) => (count === "1" ? "1 payment" : `${count} payments`), closed_unanswered: "Closed although the outcome of some sales was unknown",
    print_z: (width) => `Print ${width} mm`,
    sections: {
      methods: "By method", late: "Late", overpaid: "Paid more than once", outside: "Outside a shift, not included in the received amount",
      cancelled: "Cancelled", unknown: "Not known whether the code was created", unanswered: "No answer from InterActive",
      pending: "Still waiting for payment",
    },
    no_method: "Not given", late_reasons: {
      "order-ended": "its code was expired or cancelled", "earlier-code": "its code was created before this shift",
    },
    shift_errors: {
      "shift-open": "Another shift was opened just now.", "shift-closed": "This shift was closed just now.",
      "unanswered-checks": "The outcome of some sales is unknown. Check them first, or tick the box above.",
    },
  },
});

/// Where this browser keeps the name of the last shift, if nobody needs to sign in.
const LAST_NAME = "qris-shift-name";

/// The open shift with its totals, or nothing.
let now = null;
/// The name of the user who is signed in, or nothing.
let user = null;
let closed = [];
let next = null;
/// The numbers of unanswered orders that prevent closing the shift.
let unanswered = [];

const printed = (shift, width) => api(`/api/shifts/${shift.id}/report.html?width=${width}&lang=${languageNow()}`);
const codeOf = (refusal) => refusal.code ?? String(refusal);

async function load() {
  try {
    const list = await ask("GET", "/api/shifts?limit=20");
    const open = list.shifts.find((shift) => shift.closed_at === null);
    now = open ? await ask("GET", `/api/shifts/${open.id}`) : null;
    // It was closed between the two requests.
    if (now?.closed_at) return load();
    closed = list.shifts.filter((shift) => shift !== open);
    next = list.next_cursor;
    tell(null);
  } catch (refusal) {
    tell(codeOf(refusal));
  }
  draw();
  return undefined;
}

async function more() {
  try {
    const list = await ask("GET", `/api/shifts?limit=20&cursor=${next}`);
    closed.push(...list.shifts);
    next = list.next_cursor;
    tell(null);
  } catch (refusal) {
    tell(codeOf(refusal));
  }
  draw();
}

function line(left, right, note) {
  const made = make("li", "", "");
  const head = make("div", "head", "");
  head.append(left, make("strong", "", right));
  made.append(head);
  if (note) made.append(make("div", "fact", note));
  return made;
}

function sale(number) {
  const link = make("a", "", number);
  link.href = page("/", { number });
  return link;
}

/// A section with payments or orders of one kind, if there are any.
function section(name, found) {
  const lines = (found.payments ?? found.orders).map((one) => {
    const parts = one.paid_at
      ? [clock(one.paid_at), one.method, one.late && words().late_reasons[one.late]] : [];
    return line(sale(one.number), rupiah(one.amount), parts.filter(Boolean).join(" · "));
  });
  return part(words().sections[name], `${grouped(found.count)} × · ${rupiah(found.amount)}`, lines);
}

function part(title, total, lines) {
  if (lines.length === 0) return [];
  const made = make("section", "", "");
  const heading = make("h3", "head", "");
  heading.append(title, make("span", "fact", total));
  const list = make("ul", "lines", "");
  list.append(...lines);
  made.append(heading, list);
  return [made];
}

/// A user who is signed in does not type the name again.
function drawOpen() {
  element("open").hidden = now !== null;
  element("opener").hidden = user === null;
  element("opener").textContent = user === null ? "" : words().opened_as(user);
  element("name-label").hidden = user !== null;
  element("name-hint").hidden = user !== null;
  element("name").required = user === null;
}

function drawNow() {
  element("now").hidden = now === null;
  if (!now) return;
  const { report } = now;
  element("now-title").textContent = words().now_title(now.number, now.name);
  element("now-since").textContent = words().since(moment(now.opened_at), now.opened_by);
  element("now-at").textContent = words().counted_at(clock(now.report_at));
  element("now-paid").textContent = rupiah(report.payments.amount);
  element("now-payments").textContent = grouped(report.payments.count);
  element("now-orders").textContent = grouped(report.orders);
  element("print-x-58").href = printed(now, 58);
  element("print-x-80").href = printed(now, 80);
  const methods = report.methods.map((one) => line(
    `${one.method ?? words().no_method} · ${grouped(one.count)} ×`, rupiah(one.amount),
  ));
  const kinds = ["late", "overpaid", "outside", "cancelled", "unknown", "unanswered", "pending"];
  element("now-sections").replaceChildren(
    ...part(words().sections.methods, "", methods), ...kinds.flatMap((name) => section(name, report[name])),
  );
}

function drawClosed() {
  element("closed").replaceChildren(...closed.map((shift) => {
    const made = line(
      `${words().z_of(shift.number)} · ${shift.name}`, rupiah(shift.paid),
      `${words().closed_by(moment(shift.closed_at), shift.closed_by)} · ${words().paid_count(grouped(shift.payments))}`,
    );
    if (shift.unanswered_accepted) made.append(make("div", "refused", words().closed_unanswered));
    const row = make("div", "row", "");
    for (const width of [58, 80]) {
      const link = make("a", "button", words().print_z(width));
      link.href = printed(shift, width);
      link.target = "_blank";
      link.rel = "noopener";
      link.setAttribute("aria-label", `${words().print_z(width)}: ${words().z_of(shift.number)}`);
      row.append(link);
    }
    made.append(row);
    return made;
  }));
  element("no-closed").hidden = closed.length > 0;
  element("more").hidden = next === null;
}

function drawConfirm() {
  if (!now) return;
  element("confirm-title").textContent = words().close_title(now.number, now.name);
  element("confirm-total").textContent = rupiah(now.report.payments.amount);
  element("unanswered").hidden = unanswered.length === 0;
  element("unanswered-numbers").replaceChildren(...unanswered.map((number) => {
    const one = make("li", "", "");
    one.append(sale(number));
    return one;
  }));
}

function draw() {
  Object.assign(words().errors, words().shift_errors);
  drawOpen();
  drawNow();
  drawClosed();
  drawConfirm();
}

/// Shows in the dialog why the shift was not closed.
function refuse(code) {
  const { other, ...known } = words().errors;
  const text = code ? (known[code] ?? other) : "";
  element("refused").textContent = typeof text === "function" ? text(code) : text;
}

function keepName(name) {
  try { localStorage.setItem(LAST_NAME, name); } catch { /* no storage: it is typed again */ }
}

/// Finds out whose shift it will be: the user's, or the name that was typed here before.
async function begin() {
  try { element("name").value = localStorage.getItem(LAST_NAME) ?? ""; } catch { /* no storage: it is typed */ }
  try {
    const session = await ask("GET", "/api/session");
    if (session.kind === "user") user = session.name;
  } catch { /* load() shows what is wrong */ }
  await load();
}

element("open").addEventListener("submit", async (event) => {
  event.preventDefault();
  let refused = null;
  try {
    const name = user ?? element("name").value;
    await ask("POST", "/api/shifts", { name });
    if (user === null) keepName(name);
  } catch (refusal) {
    refused = codeOf(refusal);
  }
  await load();
  if (refused) tell(refused);
});

element("close").addEventListener("click", async () => {
  // The question shows the current total.
  await load();
  if (!now) return;
  const named = [...now.report.unknown.orders, ...now.report.unanswered.orders];
  unanswered = [...new Set(named.map((order) => order.number))];
  element("accept").checked = false;
  refuse(null);
  drawConfirm();
  element("confirm").showModal();
});

element("close-now").addEventListener("click", async () => {
  const button = element("close-now");
  button.disabled = true;
  refuse(null);
  try {
    await ask("POST", `/api/shifts/${now.id}/close`, { accept_unanswered: element("accept").checked });
    element("confirm").close();
    await load();
  } catch (refusal) {
    if (refusal.code === "unanswered-checks") {
      unanswered = [...new Set([...refusal.answer.unknown, ...refusal.answer.unanswered])];
      drawConfirm();
    }
    refuse(codeOf(refusal));
  }
  button.disabled = false;
});

element("keep").addEventListener("click", () => element("confirm").close());
element("again").addEventListener("click", load);
element("more").addEventListener("click", more);
say(draw);
begin();
