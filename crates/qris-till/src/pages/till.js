// Shared by all pages: texts, the language, formats of numbers and times, and requests to the till.

// The smallest and the largest amount of an invoice in rupiah. The till inserts them when it serves this file.
const LEAST = Number("{{MIN_INVOICE_RUPIAH}}");
const MOST = Number("{{MAX_INVOICE_RUPIAH}}");

const EXPIRED_ID = "Waktu bayar habis dan belum ada pembayaran. Kalau pelanggan mau bayar, tekan «Buat kode baru». Kalau pelanggan bilang sudah bayar, tekan «Cek sekarang» dan jangan minta bayar lagi. Pembayaran yang terlambat tetap dicatat.";
const EXPIRED_EN = "The time to pay is over and there is no payment yet. If the customer wants to pay, press “Create new code”. If the customer says that they paid, press “Check now” and do not ask for another payment. A late payment is still recorded.";

const WORDS = {
  id: {
    other: "English", otherLabel: "Switch to English",
    login: "Masuk ke kasir", token: "Token", enter: "Masuk",
    cashier: "Kasir", shift: "Shift", bills: "Tagihan", display: "Layar pelanggan", report: "Laporan", settlement: "Pencairan",
    wrongToken: "Token salah. Coba lagi.",
    amount: "Jumlah (Rp)", amount_short: "Jumlah", number: "No. transaksi", channel: "Dijual lewat",
    wholeRupiah: "Isi jumlah rupiah bulat, tanpa koma atau minus.",
    pos: "Kasir (POS)", ecommerce: "Toko online", bill: "Tagihan", tip: "Izinkan tip",
    charge: "Buat QRIS", charging: "Meminta QRIS…", cancel: "Batalkan", next: "Transaksi baru",
    check: "Cek sekarang", checkIn: (s) => `Cek lagi dalam ${s} dtk`, noChecks: "Cek otomatis berjalan",
    last: "20 transaksi terakhir", time: "Jam", status: "Status", open: "Lihat",
    left: "Sisa waktu", welcome: "Selamat datang", paid_big: "LUNAS", thanks: "Terima kasih",
    scan: "Pindai dengan aplikasi bank atau dompet digital", do_not_pay: "Jangan bayar kode tadi.",
    ask_new: "Minta QR baru ke kasir.", late: "Sudah telanjur bayar? Beri tahu kasir.",
    loading: "Memuat QR…", loading_again: "QR belum termuat. Mencoba lagi…",
    from: "Dari", to: "Sampai", show: "Tampilkan", csv: "Unduh CSV", payments_csv: "CSV per pembayaran", received: "Diterima",
    payments: "Pembayaran", invoices: "QRIS dibuat", per_day: "Per hari", per_day_channel: "Rincian per hari",
    day: "Hari", none: "Belum ada transaksi",
    new_code: "Buat kode baru", checking_older: "Mengecek kode sebelumnya…",
    renewing: "Kode sebelumnya dicek dulu ke InterActive, karena mungkin baru saja dibayar. Tunggu paling lama 30 detik.",
    codes: (count) => `Kode ke-${count} untuk transaksi ini`,
    overpaid: (amount) => `Dibayar lebih dari sekali: kelebihan ${amount}. Kembalikan kepada pelanggan.`,
    resolve_paid: "Ada di portal InterActive dan sudah dibayar:", invoiceid: "No. invoice InterActive",
    resolve_paid_button: "Cek lalu catat lunas",
    resolve_not_made: "Tidak ada di portal InterActive:", reason: "Dicek oleh siapa, dan di mana?",
    resolve_not_made_button: "Catat tidak dibuat",
    webhook_fits: (id, details) => `Ada kabar pembayaran yang cocok dari InterActive: invoice ${id}${details}.`,
    use_webhook: (id) => `Pakai invoice ${id}`,
    attention: "Perlu dicek", nothing_to_see: "Tidak ada",
    reasons: {
      unknown: "Belum pasti apakah kodenya sudah dibuat. Buka, lalu cari di portal InterActive.",
      unanswered: "Waktunya habis, tetapi InterActive belum menjawab apakah sudah dibayar. Pengecekan otomatis tetap jalan.",
      overpaid: (amount) => `Kelebihan bayar ${amount}. Kembalikan kepada pelanggan.`,
      webhook: (id) => `Ada kabar pembayaran invoice ${id} dari InterActive, tetapi tidak ada di sini.`,
      bill: (number) => `Tagihan ${number} tidak dibuat, karena nomor itu sudah dipakai. Buat dengan nomor lain.`,
      row: (column) => `Data ini tidak bisa dibaca (${column}) dan dilewati. Hubungi orang yang memasang kasir ini.`,
    },
    states: {
      open: "Belum ada kode", requested: "Diminta", pending: "Menunggu pembayaran", paid: "LUNAS", expired: "Kedaluwarsa",
      rejected: "Tidak dibuat", unknown: "Belum pasti", cancelled: "Dibatalkan",
      over: "QR kedaluwarsa",
    },
    listed: { late: "LUNAS, terlambat", overpaid: "LUNAS, kelebihan bayar" },
    advice: {
      open: "Transaksi ini sudah dicatat, tetapi kodenya belum diminta.",
      unknown: "Jawaban InterActive tidak sampai, jadi belum pasti apakah kodenya sudah dibuat. Jangan serahkan barang. Pelanggan menunggu? Tekan «Transaksi baru» dan buat QRIS lagi. Setelah itu minta supervisor atau pemilik mencari nomor ini di portal InterActive, lalu mencatat hasilnya di bawah.",
      // Without a connection it is not known whether it was paid.
      over: "QR ini tidak ditampilkan lagi dan jangan dibayar. Pembayaran yang terlambat tetap dicatat.",
      expired: EXPIRED_ID,
      rejected: "Transaksi ini tidak punya kode, jadi tidak bisa dibayar. Tekan «Buat kode baru» untuk mencoba lagi. Alasannya ada di Riwayat.",
      cancelled: "Jangan serahkan barang. Kalau pelanggan bilang sudah bayar, tekan «Cek sekarang». Pembayaran yang masuk tetap dicatat.",
    },
    unanswered: "Belum bisa mengecek ke InterActive. Jangan minta pelanggan membayar lagi.",
    errors: {
      conflict: "Nomor itu sudah dipakai dengan jumlah lain. Nomor baru sudah disiapkan. Tekan «Buat QRIS» sekali lagi.",
      "used-earlier": "Nomor itu sudah dipakai pada hari sebelumnya, jadi QRIS belum dibuat. Nomor baru sudah disiapkan: tekan «Buat QRIS» sekali lagi. Transaksi yang lama bisa dicari di daftar di bawah.",
      used: "Nomor itu sudah dipakai transaksi lain. Nomor baru sudah disiapkan. Tekan «Buat QRIS» sekali lagi.",
      invalid: () => `Jumlah harus antara ${rupiah(LEAST)} dan ${rupiah(MOST)}.`,
      "outcome-unknown": "Belum pasti QRIS sudah dibuat atau belum. Nomor baru sudah disiapkan. Tekan «Buat QRIS» sekali lagi.",
      "content-mismatch": "QR dari InterActive tidak sesuai permintaan dan tidak ditampilkan. Nomor baru sudah disiapkan. Tekan «Buat QRIS» sekali lagi.",
      made: "QRIS transaksi sebelumnya sudah dibuat. Buka dari daftar di bawah.",
      rejected: "InterActive menolak permintaan. Coba lagi.",
      "wrong-credentials": "InterActive menolak kunci API. Hubungi pemilik toko.",
      "provider-unreachable": "InterActive tidak bisa dihubungi. Coba lagi.",
      "books-unavailable": "Data transaksi tidak bisa dibuka. Coba lagi.",
      "wrong-state": "Status transaksi baru saja berubah.", "not-found": "Transaksi ini tidak ada.",
      "wrong-days": "Tanggal «Dari» harus sebelum atau sama dengan «Sampai».",
      "too-soon": "Baru saja dicek. Tunggu sebentar.",
      "too-early": "Kodenya masih ditampilkan, atau kode baru sedang dibuat.",
      "not-checked": "Kode sebelumnya belum bisa dicek, jadi kode baru belum dibuat. Jangan minta pelanggan membayar lagi. Coba lagi sebentar.",
      "renew-unknown": "Belum pasti kode baru sudah dibuat atau belum.",
      "renew-mismatch": "Kode baru dari InterActive tidak sesuai permintaan dan tidak ditampilkan.",
      "no-answer": "InterActive tidak menjawab dengan jelas. Tidak ada yang berubah; coba lagi.",
      "not-paid": "Menurut InterActive, invoice itu belum dibayar. Status transaksi tidak berubah; coba lagi nanti.",
      "not-an-id": "Isi nomor invoice InterActive: angka saja.",
      "invoiceid-taken": "Invoice itu milik transaksi lain. Periksa nomornya.",
      "unknown-merchant": "Toko tidak dikenal. Buka alamat dengan ?merchant=NAMA.",
      "none-left": "Jatah cek manual habis; pengecekan otomatis tetap jalan.",
      away: "Kasir terputus. Mencoba lagi…",
      other: (code) => `Permintaan tidak bisa diproses. Hubungi pemilik toko. (${code})`,
    },
  },
  en: {
    other: "Bahasa Indonesia", otherLabel: "Ganti ke Bahasa Indonesia",
    login: "Sign in to the till", token: "Token", enter: "Sign in",
    cashier: "Cashier", shift: "Shift", bills: "Bills", display: "Customer display", report: "Report", settlement: "Settlements",
    wrongToken: "Wrong token. Try again.",
    wholeRupiah: "Enter whole rupiah, without decimals or a minus sign.",
    amount: "Amount (Rp)", amount_short: "Amount", number: "Transaction no.", channel: "Sold via",
    pos: "Cashier (POS)", ecommerce: "Online shop", bill: "Bill", tip: "Allow tip",
    charge: "Create QRIS", charging: "Requesting QRIS…", cancel: "Cancel", next: "New sale",
    check: "Check now", checkIn: (s) => `Check again in ${s} s`, noChecks: "Checked automatically",
    last: "Last 20 sales", time: "Time", status: "Status", open: "Show",
    left: "Time left", welcome: "Welcome", paid_big: "PAID", thanks: "Thank you",
    scan: "Scan with a bank app or e-wallet", do_not_pay: "Do not pay the previous code.",
    ask_new: "Ask the cashier for a new QR.", late: "Already paid? Tell the cashier.",
    loading: "Loading the QR…", loading_again: "The QR has not loaded. Trying again…",
    from: "From", to: "To", show: "Show", csv: "Download CSV", payments_csv: "CSV by payment", received: "Received",
    payments: "Payments", invoices: "QRIS created", per_day: "By day", per_day_channel: "Details by day",
    day: "Day", none: "No sales yet",
    new_code: "Create new code", checking_older: "Checking the previous code…",
    renewing: "The previous code is checked with InterActive first, because it may have been paid just now. Wait up to 30 seconds.",
    codes: (count) => `Code no. ${count} for this sale`,
    overpaid: (amount) => `Paid more than once: ${amount} too much. Refund it to the customer.`,
    resolve_paid: "InterActive's portal shows it as paid:", invoiceid: "InterActive invoice no.",
    resolve_paid_button: "Check and record as paid",
    resolve_not_made: "InterActive's portal does not show it:", reason: "Who looked, and where",
    resolve_not_made_button: "Record as not created",
    webhook_fits: (id, details) => `InterActive reported a payment that matches: invoice ${id}${details}.`,
    use_webhook: (id) => `Use invoice ${id}`,
    attention: "Needs attention", nothing_to_see: "Nothing",
    reasons: {
      unknown: "We do not know whether its code was created. Open it, then look in InterActive's portal.",
      unanswered: "Its time is over, but InterActive has not answered whether it was paid. The till keeps checking.",
      overpaid: (amount) => `Overpaid by ${amount}. Refund it to the customer.`,
      webhook: (id) => `InterActive reported a payment of invoice ${id}, which is not recorded here.`,
      bill: (number) => `Bill ${number} was not created, because its number is already used. Create it with another number.`,
      row: (column) => `Data that cannot be read (${column}) was skipped. Contact the person who set up the till.`,
    },
    states: {
      open: "No code yet", requested: "Requested", pending: "Waiting for payment", paid: "PAID", expired: "Expired",
      rejected: "Not created", unknown: "Unknown", cancelled: "Cancelled",
      over: "QR expired",
    },
    listed: { late: "PAID, late", overpaid: "PAID, overpaid" },
    advice: {
      open: "This sale is recorded, but its code is not requested yet.",
      unknown: "InterActive's answer did not arrive, so we do not know whether the code was created. Do not hand over the goods. Is the customer waiting? Press “New sale” and create a QRIS again. Then ask a supervisor or the owner to look for this number in InterActive's portal, and to record the result below.",
      over: "This QR is no longer shown and must not be paid. A late payment is still recorded.",
      expired: EXPIRED_EN,
      rejected: "This sale has no code, so it cannot be paid. Press “Create new code” to try again. The history says why.",
      cancelled: "Do not hand over the goods. If the customer says that they paid, press “Check now”. A payment that arrives is still recorded.",
    },
    unanswered: "The payment cannot be checked with InterActive now. Do not ask the customer to pay again.",
    errors: {
      conflict: "That number is already used with another amount. A new number is filled in. Press “Create QRIS” once more.",
      "used-earlier": "That number was used on an earlier day, so no QRIS was created. A new number is filled in: press “Create QRIS” once more. To see the earlier sale, search for it in the list below.",
      used: "Another sale has that number. A new number is filled in. Press “Create QRIS” once more.",
      invalid: () => `The amount must be from ${rupiah(LEAST)} to ${rupiah(MOST)}.`,
      "outcome-unknown": "We do not know whether the QRIS was created. A new number is filled in. Press “Create QRIS” once more.",
      "content-mismatch": "InterActive's QR does not match the request and is not shown. A new number is filled in. Press “Create QRIS” once more.",
      made: "The QRIS of the previous sale is created. Open it from the list below.",
      rejected: "InterActive rejected the request. Try again.",
      "wrong-credentials": "InterActive rejected the API key. Contact the shop owner.",
      "provider-unreachable": "InterActive cannot be reached. Try again.",
      "books-unavailable": "The sales data cannot be opened. Try again.",
      "wrong-state": "The sale's status changed just now.", "not-found": "This sale does not exist.",
      "wrong-days": "The day in “From” must not be after the day in “To”.",
      "too-soon": "It was checked just now. Wait a moment.",
      "too-early": "The code is still shown, or a new code is being requested.",
      "not-checked": "The previous code could not be checked, so there is no new code yet. Do not ask the customer to pay again. Try again in a moment.",
      "renew-unknown": "We do not know whether the new code was created.",
      "renew-mismatch": "InterActive's new code does not match the request and is not shown.",
      "no-answer": "InterActive did not answer clearly. Nothing has changed; try again.",
      "not-paid": "InterActive says that this invoice is not paid. The sale's status has not changed; try again later.",
      "not-an-id": "Enter the InterActive invoice number: digits only.",
      "invoiceid-taken": "That invoice belongs to another sale. Check the number.",
      "unknown-merchant": "This shop is not known. Open the address with ?merchant=NAME.",
      "none-left": "No manual checks are left; automatic checks continue.",
      away: "The till is disconnected. Trying again…",
      other: (code) => `The request cannot be processed. Contact the shop owner. (${code})`,
    },
  },
};

export const element = (id) => document.getElementById(id);

let language = "id";
try { language = localStorage.getItem("language") === "en" ? "en" : "id"; } catch { /* no storage: Indonesian */ }

export const words = () => WORDS[language];
/// `id` or `en`.
export const languageNow = () => language;
/// Adds the texts of a page in both languages.
export function addWords(more) {
  for (const [name, { errors = {}, ...own }] of Object.entries(more)) {
    Object.assign(WORDS[name], own);
    Object.assign(WORDS[name].errors, errors);
  }
}

const locale = () => (language === "id" ? "id-ID" : "en-US");
export const rupiah = (amount) => "Rp" + amount.toLocaleString(locale());
/// Whether an invoice may have this amount.
export const isPayable = (amount) => amount >= LEAST && amount <= MOST;
export const grouped = (amount) => amount.toLocaleString(locale());
/// The separator between groups of three digits.
export const separator = () => (language === "id" ? "." : ",");
/// A time in WIB: 17:05.
export const clock = (at) => new Date(at).toLocaleTimeString("en-GB", {
  timeZone: "Asia/Jakarta", hour: "2-digit", minute: "2-digit",
});
/// The day of a date or a time from the till, as pages show it: 30/11/2026.
export const day = (text) => `${text.slice(8, 10)}/${text.slice(5, 7)}/${text.slice(0, 4)}`;
/// A day and a time in WIB: 30/11/2026 17:05.
export const moment = (at) => `${day(at)} ${clock(at)}`;
/// Today's date in WIB in the till's format: 2026-11-30.
export const today = () => new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10);

const listeners = [];

/// Writes all texts of the page in the chosen language, now and after each switch.
export function say(onSwitch = () => {}) {
  listeners.push(onSwitch);
  if (listeners.length > 1) {
    onSwitch();
    return;
  }
  const button = element("language");
  button?.addEventListener("click", () => {
    language = language === "id" ? "en" : "id";
    try { localStorage.setItem("language", language); } catch { /* no storage: the language is chosen again next time */ }
    sayAll();
  });
  sayAll();
}

function sayAll() {
  document.documentElement.lang = language;
  for (const one of document.querySelectorAll("[data-say]")) one.textContent = words()[one.dataset.say];
  const button = element("language");
  if (button) {
    button.textContent = words().other;
    button.setAttribute("aria-label", words().otherLabel);
  }
  tellAgain();
  for (const listener of listeners) listener();
}

let told = null;
/// The codes of current problems, by the source that reported them.
const troubles = new Map();

/// Shows the message for a code, or removes it.
export function tell(code) {
  told = code;
  tellAgain();
}

/// Removes the message for a code, if it is the shown one.
export function untell(code) {
  if (told === code) tell(null);
}

/// Shows the code of a current problem until the same `source` reports null.
export function trouble(source, code) {
  if ((troubles.get(source) ?? null) === code) return;
  if (code) troubles.set(source, code);
  else troubles.delete(source);
  if (told === "away" && troubles.size === 0) told = null;
  tellAgain();
}

function tellAgain() {
  const message = element("message");
  const { other, ...known } = words().errors;
  const code = told ?? [...troubles.values()][0];
  const text = code ? (known[code] ?? other) : "";
  if (!message) return;
  message.textContent = typeof text === "function" ? text(code) : text;
  message.classList.toggle("away", code === "away");
}

/// An error from the till. `code` is the error's code.
export class Refusal extends Error {
  constructor(code, answer) {
    super(code);
    this.code = code;
    this.answer = answer;
  }
}

/// How many milliseconds a request may take. A POST, such as a charge or a check, has no limit.
const TIMEOUT = 20_000;

/// Paths that are the same for all merchants of a till.
const SHARED = ["/api/printers"];

/// A path of the till's API, for the merchant of this page.
export function api(path) {
  if (!merchant || SHARED.includes(path)) return path;
  return `${path}${path.includes("?") ? "&" : "?"}merchant=${merchant}`;
}

/// Sends a request to the till and returns the JSON of the answer.
export async function ask(method, path, body, options = {}) {
  let response;
  let answer;
  try {
    const init = { method, headers: {}, ...options };
    if (method !== "POST") init.signal = AbortSignal.timeout?.(TIMEOUT);
    if (body !== undefined) {
      init.headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(body);
    }
    response = await fetch(api(path), init);
    // The till answers the reload with the sign-in page.
    if (response.status === 401) location.reload();
    answer = await response.json();
  } catch {
    // No answer, an incomplete answer, or an answer from a proxy.
    throw new Refusal("away");
  }
  if (response.status === 401) throw new Refusal("away");
  if (!response.ok) throw new Refusal(answer.error, answer);
  const list = Array.isArray(answer) ? answer : answer.orders;
  if (list) list.forEach((record) => received(record));
  else received(answer);
  return response.status === 201 ? { ...answer, created: true } : answer;
}

/// Notes when a record was received, by this device's clocks, so that the countdown of an older record is
/// correct. `at` is the time when it reached the browser.
export function received(record, at = Date.now()) {
  record.receivedAt = { clock: at, steady: performance.now() - Math.max(0, Date.now() - at) };
  return record;
}

/// Whether a record is older than the shown one: from before its payment, or from before its newest code.
export function isOlder(record, shown) {
  if (!shown) return false;
  const [codes, newest] = [record.invoices.length, shown.invoices.length];
  if (codes !== newest) return codes < newest;
  return (shown.state === "paid" && record.state !== "paid")
    || (record.state === "requested" && shown.state !== "requested");
}

/// How long the code of a sale may still be shown, by the till's clock and not by this device's clock. Call
/// `hear(record)` for each record. `left()` returns seconds; 0 means that no QR may be shown.
export function deadline() {
  let code = null;
  let steady = 0;
  let clock = 0;
  return {
    hear(record) {
      const until = record.shown_until;
      const left = until ? Date.parse(until) - Date.parse(record.now) : 0;
      const next = JSON.stringify([record.number, until]);
      const ends = record.receivedAt.steady + left;
      // A delayed record gives an end that is too late, so the earliest end is used.
      steady = next === code ? Math.min(steady, ends) : ends;
      // `performance.now()` may stop while a device sleeps, and the clock may be changed. The earlier end is
      // used.
      clock = record.receivedAt.clock + left;
      code = next;
    },
    left() {
      const left = Math.min(steady - performance.now(), clock - Date.now());
      // Pages check four times a second, so the last half second counts as over.
      return Math.max(0, Math.ceil((left - 500) / 1000));
    },
  };
}

export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/// Creates an element. Its content is only text, never HTML.
export function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

const asked = new URLSearchParams(location.search);
/// The name of this till from `/?till=K1`. Several tills have separate displays and numbers.
export const till = (asked.get("till") ?? "").replace(/[^A-Za-z0-9]/g, "").slice(0, 12);
/// The merchant from `/?merchant=NAME`, if the till has several.
export const merchant = (asked.get("merchant") ?? "").replace(/[^a-z0-9_-]/g, "").slice(0, 32);

/// The address of a page of this till and merchant, with the parameters of `more`.
export function page(path, more = {}) {
  const query = new URLSearchParams({ ...(till && { till }), ...(merchant && { merchant }), ...more });
  return `${path}?${query}`.replace(/\?$/, "");
}

// The links between the pages keep this till and merchant.
for (const link of document.querySelectorAll("a[data-page]")) link.href = page(link.dataset.page);
const prefix = till ? `${till}-` : "";

/// A new transaction number: the till, the day, the time, and three random letters, because another till may
/// start a sale in the same second.
export function freshNumber(first = "") {
  const now = new Date(Date.now() + 7 * 3600_000).toISOString();
  const letters = [...crypto.getRandomValues(new Uint8Array(3))].map((byte) => "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[byte % 32]);
  return `${first}${prefix}${now.slice(2, 10).replaceAll("-", "")}-${now.slice(11, 19).replaceAll(":", "")}${letters.join("")}`;
}

// An installed page starts with the same page, till and merchant.
const manifest = document.querySelector("link[rel=manifest]");
if (manifest) {
  const query = new URLSearchParams({ page: location.pathname, ...(till && { till }), ...(merchant && { merchant }) });
  manifest.href = `/assets/manifest.webmanifest?${query}`;
}

// Browsers allow it only over https and on this machine.
navigator.serviceWorker?.register("/assets/away.js", { scope: "/" }).catch(() => {});
