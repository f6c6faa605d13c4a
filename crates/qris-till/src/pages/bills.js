import { addWords, ask, day, element, grouped, make, page, rupiah, say, tell, today, words } from "/assets/till.js";

addWords({
  id: {
    bills: "Tagihan", unpaid: "Belum dibayar", overdue: "Lewat jatuh tempo", paid_this_month: "Dibayar bulan ini",
    who_owes: "Siapa yang belum membayar", no_unpaid: "Semua tagihan sudah dibayar", no_paid: "Belum ada",
    no_links: "Tautan bayar belum ada. Minta orang yang memasang kasir ini menjalankannya dengan --public-url.",
    only_here: "Tautan ini hanya bisa dibuka di komputer ini. Isi public_url dulu.",
    plans: "Tagihan berulang", no_plans: "Belum ada", new_plan: "Tagihan berulang baru",
    customer: "Pelanggan", customer_reference: "No. pelanggan", prefix: "Kode tagihan (mis. RATNA → RATNA-2026-11)", description: "Untuk",
    period: "Setiap", monthly: "bulan", weekly: "minggu", yearly: "tahun", day_of_month: "Tanggal", last_day: "terakhir",
    first_date: "Mulai", last_date: "Sampai (opsional)", due_days: "Jatuh tempo setelah (hari)", add_plan: "Simpan",
    more: "Lihat lagi", copy_link: "Salin tautan", write_message: "Pesan WhatsApp", link_of: (name) => `Tautan untuk ${name}`,
    message_for: (name) => `Pesan untuk ${name}`, copy_hint: "Salin lalu tempel di WhatsApp. Program ini tidak mengirim sendiri.",
    copied: "Sudah disalin", copy_by_hand: "Salin teks di atas",
    bill_count: (count) => `${count} tagihan`, due_on: (day) => `Jatuh tempo ${day}`, no_due: (day) => `Sejak ${day}, tanpa jatuh tempo`,
    late_by: (days) => `lewat ${days} hari`, due_today: "hari ini", paid_on: (day) => `Dibayar ${day}`,
    plan_states: { active: "aktif", paused: "dijeda", ended: "berakhir" },
    next_on: (day) => `berikutnya ${day}`, being_made: "tagihan sedang dibuat…", every: { weekly: "setiap minggu", yearly: "setiap tahun" },
    every_month: (day) => (day === 31 ? "setiap akhir bulan" : `setiap tanggal ${day}`),
    pause: "Jeda", resume: "Lanjutkan", end: "Akhiri", change_amount: "Ubah jumlah", cancel_change: "Batal",
    confirm_end: (prefix) => `Akhiri ${prefix}? Tidak bisa dilanjutkan lagi.`, save: "Simpan (berlaku mulai tagihan berikutnya)",
    message: (name, what, amount, due, url) =>
      `Halo${name ? ` ${name}` : ""}, tagihan${what ? ` ${what}` : ""} sebesar ${amount}${due ? ` jatuh tempo ${due}` : ""}.`
      + `${url ? `\nBayar dengan QRIS di sini:\n${url}` : ""}\nTerima kasih.`,
    plan_errors: { "prefix-taken": "Kode tagihan itu sudah dipakai. Pilih yang lain.", "plan-ended": "Tagihan berulang itu sudah berakhir." },
  },
  en: {
    bills: "Bills", unpaid: "Unpaid", overdue: "Overdue", paid_this_month: "Paid this month",
    who_owes: "Who has not paid", no_unpaid: "All bills are paid", no_paid: "None yet",
    no_links: "There are no payment links yet. Ask the person who set up the till to start it with --public-url.",
    only_here: "Only this computer can open this link. Set public_url first.",
    plans: "Recurring bills", no_plans: "None yet", new_plan: "New recurring bill",
    customer: "Customer", customer_reference: "Customer no.", prefix: "Bill code (RATNA → RATNA-2026-11)", description: "For",
    period: "Every", monthly: "month", weekly: "week", yearly: "year", day_of_month: "Day", last_day: "last",
    first_date: "Start", last_date: "End (optional)", due_days: "Due after (days)", add_plan: "Save",
    more: "Show more", copy_link: "Copy link", write_message: "WhatsApp message", link_of: (name) => `Payment link for ${name}`,
    message_for: (name) => `Message for ${name}`, copy_hint: "Paste it into WhatsApp. The till sends nothing.",
    copied: "Copied", copy_by_hand: "Copy the text above yourself",
    bill_count: (count) => (count === "1" ? "1 bill" : `${count} bills`), due_on: (day) => `Due ${day}`, no_due: (day) => `Since ${day}, no due date`,
    late_by: (days) => (days === 1 ? "1 day late" : `${days} days late`), due_today: "today", paid_on: (day) => `Paid ${day}`,
    plan_states: { active: "active", paused: "paused", ended: "ended" },
    next_on: (day) => `next ${day}`, being_made: "the bill is being created…", every: { weekly: "every week", yearly: "every year" },
    every_month: (day) => (day === 31 ? "at the end of each month" : `on day ${day} of each month`),
    pause: "Pause", resume: "Resume", end: "End", change_amount: "Change amount", cancel_change: "Cancel",
    confirm_end: (prefix) => `End ${prefix}? You cannot resume it.`, save: "Save, from the next period",
    message: (name, what, amount, due, url) =>
      `Hello${name ? ` ${name}` : ""}, your bill${what ? ` for ${what}` : ""} of ${amount}${due ? ` is due on ${due}` : " is not paid yet"}.`
      + `${url ? `\nPay with QRIS here:\n${url}` : ""}\nThank you.`,
    plan_errors: { "prefix-taken": "Another recurring bill has this prefix. Choose another.", "plan-ended": "That recurring bill has ended." },
  },
});

/** The lists: their path, the entries read so far, and the cursor of the next entries. */
const lists = {
  unpaid: { path: "/api/bills?state=unpaid", field: "orders", all: [], next: null },
  paid: { path: "/api/bills?state=paid", field: "orders", all: [], next: null },
  plans: { path: "/api/plans", field: "plans", all: [], next: null },
};
let totals = null;
/** The plan whose amount is being changed. */
let changing = null;

const path = ({ path: base }, cursor) => `${base}${base.includes("?") ? "&" : "?"}limit=100${cursor === null ? "" : `&cursor=${cursor}`}`;

async function load() {
  try {
    const [unpaid, paid, plans] = await Promise.all(Object.values(lists).map((list) => ask("GET", path(list, null))));
    totals = unpaid;
    for (const [name, answer] of Object.entries({ unpaid, paid, plans })) {
      Object.assign(lists[name], { all: answer[lists[name].field], next: answer.next_cursor });
    }
    tell(null);
  } catch (refusal) {
    tell(refusal.code ?? String(refusal));
  }
  draw();
}

async function more(name) {
  const list = lists[name];
  try {
    const answer = await ask("GET", path(list, list.next));
    list.all.push(...answer[list.field]);
    list.next = answer.next_cursor;
    tell(null);
  } catch (refusal) {
    tell(refusal.code ?? String(refusal));
  }
  draw();
}

const customerOf = (order) => order.metadata?.customer ?? "";
const nameOf = (order) => customerOf(order) || order.number;

function button(text, press, label) {
  const made = make("button", "", text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", `${text}: ${label}`);
  made.addEventListener("click", press);
  return made;
}

/** Whether only this computer can open a link. */
function isOnlyHere(url) {
  const host = new URL(url).hostname;
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\./.test(host);
}

/** Whether the bill of an active plan is due and not made yet. */
const isBeingMade = (plan) => plan.state === "active" && plan.next_date <= today();

/** Shows a text to copy, and copies it to the clipboard if the browser allows that. */
async function offer(title, text, url) {
  element("copy").hidden = false;
  element("copy-title").textContent = title;
  element("copy-only-here").hidden = !url || !isOnlyHere(url);
  const box = element("copy-text");
  box.value = text;
  box.focus();
  box.select();
  element("copy").scrollIntoView({ block: "nearest" });
  try {
    await navigator.clipboard.writeText(text);
    element("copied").textContent = words().copied;
  } catch {
    element("copied").textContent = words().copy_by_hand;
  }
}

function line(title, amount, facts, actions = []) {
  const made = make("li", "", "");
  const head = make("div", "head", "");
  head.append(title, make("strong", "", rupiah(amount)));
  const row = make("div", "row", "");
  row.append(...actions);
  made.append(head, ...facts, ...(actions.length > 0 ? [row] : []));
  return made;
}

function linkTo(order) {
  const open = make("a", "", nameOf(order));
  open.href = page("/", { number: order.number });
  return open;
}

function about(order) {
  const texts = [customerOf(order) ? order.number : "", order.description ?? ""].filter(Boolean);
  return texts.length > 0 ? [make("div", "fact", texts.join(" · "))] : [];
}

function owed(order) {
  const say = words();
  let since = say.no_due(day(order.created_at));
  let late = 0;
  if (order.due_at) {
    late = Math.round((Date.parse(today()) - Date.parse(order.due_at.slice(0, 10))) / 86_400_000);
    const passed = Date.parse(order.due_at) <= Date.parse(order.now);
    since = say.due_on(day(order.due_at)) + (passed && late > 0 ? ` · ${say.late_by(late)}` : late === 0 ? ` · ${say.due_today}` : "");
  }
  const actions = [];
  if (order.pay_url) {
    actions.push(button(say.copy_link, () => offer(say.link_of(nameOf(order)), order.pay_url, order.pay_url), nameOf(order)));
  }
  const text = say.message(customerOf(order), order.description ?? order.number, rupiah(order.amount), order.due_at && day(order.due_at), order.pay_url);
  actions.push(button(say.write_message, () => offer(say.message_for(nameOf(order)), text, order.pay_url), nameOf(order)));
  return line(linkTo(order), order.amount, [...about(order), make("div", late > 0 ? "refused" : "fact", since)], actions);
}

const paid = (order) => line(linkTo(order), order.amount, [...about(order), make("div", "fact", words().paid_on(day(order.paid_at)))]);

async function step(plan, method, path, body) {
  try {
    const changed = await ask(method, `/api/plans/${plan.id}${path}`, body);
    Object.assign(plan, changed);
    changing = null;
    tell(null);
  } catch (refusal) {
    tell(refusal.code ?? String(refusal));
  }
  await load();
}

function planLine(plan) {
  const say = words();
  const every = plan.period === "monthly" ? say.every_month(plan.day) : say.every[plan.period];
  const facts = [plan.customer_name ? plan.prefix : "", plan.customer_reference, plan.description, every].filter(Boolean);
  const state = [say.plan_states[plan.state], isBeingMade(plan) ? say.being_made : plan.state === "active" ? say.next_on(day(plan.next_date)) : ""].filter(Boolean);
  const name = plan.customer_name || plan.prefix;
  const actions = [];
  if (plan.state === "active") actions.push(button(say.pause, () => step(plan, "POST", "/pause"), name));
  if (plan.state === "paused") actions.push(button(say.resume, () => step(plan, "POST", "/resume"), name));
  if (plan.state !== "ended") {
    actions.push(button(say.change_amount, () => { changing = plan.id; draw(); element("new-amount").focus(); }, name));
    actions.push(button(say.end, () => { if (confirm(say.confirm_end(plan.prefix))) step(plan, "POST", "/end"); }, name));
  }
  const made = line(make("span", "", name), plan.amount, [make("div", "fact", facts.join(" · ")), make("div", "fact", state.join(" · "))], actions);
  if (changing === plan.id) {
    const form = make("form", "row", "");
    const label = make("label", "", say.amount);
    const input = make("input", "", "");
    Object.assign(input, { id: "new-amount", type: "number", min: 1, step: 1, required: true, value: plan.amount });
    label.append(input);
    const save = make("button", "primary", say.save);
    form.append(label, save, button(say.cancel_change, () => { changing = null; draw(); }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      step(plan, "PATCH", "", { amount: Number(input.value) });
    });
    made.append(form);
  }
  return made;
}

function draw() {
  const say = words();
  document.title = say.bills;
  if (totals) {
    for (const [name, total] of [["unpaid", totals.unpaid], ["overdue", totals.overdue], ["paid", totals.paid_this_month]]) {
      element(`${name}-amount`).textContent = rupiah(total.amount);
      element(`${name}-count`).textContent = say.bill_count(grouped(total.count));
    }
  }
  for (const [name, drawn] of [["unpaid", owed], ["paid", paid], ["plans", planLine]]) {
    element(name).replaceChildren(...lists[name].all.map(drawn));
    element(`no-${name}`).hidden = lists[name].all.length > 0;
    element(`more-${name}`).hidden = lists[name].next === null;
  }
  const isMaking = lists.plans.all.some(isBeingMade);
  element("being-made").hidden = !isMaking;
  if (isMaking) element("no-unpaid").hidden = true;
  const [first] = lists.unpaid.all;
  element("only-here").hidden = !lists.unpaid.all.some((order) => order.pay_url && isOnlyHere(order.pay_url));
  element("no-links").hidden = !first || lists.unpaid.all.some((order) => order.pay_url);
  // On this page, these codes are errors of plans.
  Object.assign(say.errors, say.plan_errors);
  const chosen = element("day").value || "1";
  element("day").replaceChildren(...[...Array(31).keys()].map((at) => {
    const option = make("option", "", at === 30 ? say.last_day : String(at + 1));
    option.value = String(at + 1);
    return option;
  }));
  element("day").value = chosen;
}

element("first_date").value = today();
element("period").addEventListener("change", () => {
  element("day-label").hidden = element("period").value !== "monthly";
});
element("new-plan").addEventListener("submit", async (event) => {
  event.preventDefault();
  const value = (id) => element(id).value.trim() || null;
  const period = element("period").value;
  const plan = {
    prefix: value("prefix"), amount: Number(value("amount")), period,
    first_date: value("first_date"), last_date: value("last_date"), due_days: Number(value("due_days")),
    customer_name: value("customer"), customer_reference: value("customer_reference"), description: value("description"),
    ...(period === "monthly" && { day: Number(element("day").value) }),
  };
  try {
    await ask("POST", "/api/plans", plan);
    for (const id of ["customer", "customer_reference", "prefix", "amount", "description", "last_date"]) element(id).value = "";
    await load();
  } catch (refusal) {
    tell(refusal.code ?? String(refusal));
  }
});
for (const name of Object.keys(lists)) element(`more-${name}`).addEventListener("click", () => more(name));
say(draw);
load();
/** Milliseconds between two loads, and while a bill is being made. */
const EVERY = 30_000;
const SOON = 2_000;
// Payments and new bills appear without a reload.
let loadedAt = performance.now();
setInterval(() => {
  const wait = lists.plans.all.some(isBeingMade) ? SOON : EVERY;
  if (document.hidden || changing !== null || performance.now() - loadedAt < wait) return;
  loadedAt = performance.now();
  load();
}, 1_000);
