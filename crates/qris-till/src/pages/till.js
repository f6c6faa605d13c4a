// What all pages share: words, the language, the shape of numbers and times, talking to the till.

const WORDS = {
  id: {
    other: "English", otherLabel: "Switch to English",
    login: "Masuk ke kasir", token: "Token", enter: "Masuk",
    cashier: "Kasir", display: "Layar pelanggan", report: "Laporan",
    wrongToken: "Token salah. Coba lagi.",
    amount: "Jumlah (Rp)", amount_short: "Jumlah", number: "No. transaksi", channel: "Kanal",
    wholeRupiah: "Isi rupiah bulat, tanpa koma dan tanpa minus.",
    pos: "Kasir (POS)", ecommerce: "Toko online", bill: "Tagihan", tip: "Izinkan tip",
    charge: "Buat QRIS", charging: "Meminta QRIS…", cancel: "Batalkan", next: "Transaksi baru",
    check: "Cek sekarang", checkIn: (s) => `Cek lagi dalam ${s} dtk`, noChecks: "Cek otomatis berjalan",
    last: "20 transaksi terakhir", time: "Jam", status: "Status", open: "Lihat",
    left: "Sisa waktu", welcome: "Selamat datang", paid_big: "LUNAS", thanks: "Terima kasih",
    scan: "Pindai dengan aplikasi bank atau dompet digital", do_not_pay: "Jangan bayar kode sebelumnya",
    late: "Pembayaran yang terlambat tetap dicatat", ask_new: "Minta QR baru kepada kasir",
    loading: "Memuat QR…", loading_again: "QR belum termuat. Mencoba lagi…",
    from: "Dari", to: "Sampai", show: "Tampilkan", csv: "Unduh CSV", payments_csv: "CSV per pembayaran", received: "Diterima",
    payments: "Pembayaran", invoices: "QRIS dibuat", per_day: "Per hari", per_day_channel: "Per hari dan kanal",
    day: "Hari", none: "Belum ada transaksi",
    states: {
      requested: "Diminta", pending: "Menunggu pembayaran", paid: "LUNAS", expired: "Kedaluwarsa",
      rejected: "Ditolak", unknown: "Belum pasti", cancelled: "Dibatalkan",
      over: "Waktu QR habis",
    },
    advice: {
      unknown: "Belum pasti QRIS sudah dibuat atau belum. Jangan serahkan barang; buat transaksi baru.",
      over: "QR ini tidak ditampilkan lagi dan jangan dibayar. Pembayaran yang terlambat tetap dicatat. Buat transaksi baru.",
      expired: "QR ini tidak ditampilkan lagi dan jangan dibayar. Pembayaran yang terlambat tetap dicatat. Buat transaksi baru.",
      cancelled: "Pembayaran yang tetap masuk akan dicatat.",
    },
    unanswered: "Belum bisa mengecek ke InterActive. Jangan minta pelanggan membayar lagi.",
    errors: {
      conflict: "Nomor itu sudah dipakai dengan jumlah lain. Nomor baru sudah disiapkan; coba lagi.",
      "used-earlier": "Nomor itu sudah dipakai pada hari lain. Nomor baru sudah disiapkan; coba lagi.",
      used: "Nomor itu sudah dipakai transaksi lain. Nomor baru sudah disiapkan; coba lagi.",
      invalid: "Jumlah atau nomor tidak bisa diterima (Rp100 sampai Rp10.000.000).",
      "outcome-unknown": "Belum pasti QRIS sudah dibuat atau belum. Nomor baru sudah disiapkan; coba lagi.",
      "content-mismatch": "QR dari InterActive tidak sesuai permintaan dan tidak ditampilkan. Nomor baru sudah disiapkan; coba lagi.",
      made: "QRIS untuk transaksi sebelumnya sudah dibuat. Buka dari daftar di bawah.",
      rejected: "InterActive menolak permintaan. Coba lagi.",
      "wrong-credentials": "InterActive menolak kunci API. Hubungi pemilik toko.",
      "provider-unreachable": "InterActive tidak bisa dihubungi. Coba lagi.",
      "books-unavailable": "Data transaksi tidak bisa dibuka. Coba lagi.",
      "wrong-state": "Status transaksi baru saja berubah.", "not-found": "Transaksi ini tidak ada.",
      "wrong-days": "Tanggal «Dari» harus sebelum atau sama dengan «Sampai».",
      "too-soon": "Baru saja dicek. Tunggu sebentar.",
      "none-left": "Jatah cek manual habis; pengecekan otomatis tetap jalan.",
      away: "Aplikasi kasir terputus. Mencoba lagi…",
      other: (code) => `Permintaan tidak bisa diproses. Hubungi pemilik toko. (${code})`,
    },
  },
  en: {
    other: "Bahasa Indonesia", otherLabel: "Ganti ke Bahasa Indonesia",
    login: "Sign in to the till", token: "Token", enter: "Sign in",
    cashier: "Cashier", display: "Customer display", report: "Report",
    wrongToken: "That token is wrong. Try again.",
    wholeRupiah: "Whole rupiah, without decimals and without a minus.",
    amount: "Amount (Rp)", amount_short: "Amount", number: "Transaction no.", channel: "Channel",
    pos: "Till (POS)", ecommerce: "Web shop", bill: "Bill", tip: "Allow tip",
    charge: "Make QRIS", charging: "Asking for a QRIS…", cancel: "Cancel", next: "New sale",
    check: "Check now", checkIn: (s) => `Check again in ${s} s`, noChecks: "Checked automatically",
    last: "Last 20 sales", time: "Time", status: "Status", open: "Show",
    left: "Time left", welcome: "Welcome", paid_big: "PAID", thanks: "Thank you",
    scan: "Scan with your bank's or wallet's app", do_not_pay: "Do not pay the previous code",
    late: "A late payment is still recorded", ask_new: "Ask the cashier for a new QR",
    loading: "Loading the QR…", loading_again: "The QR has not loaded. Trying again…",
    from: "From", to: "To", show: "Show", csv: "Download CSV", payments_csv: "CSV by payment", received: "Received",
    payments: "Payments", invoices: "Invoices", per_day: "By day", per_day_channel: "By day and channel",
    day: "Day", none: "Nothing yet",
    states: {
      requested: "Requested", pending: "Waiting for payment", paid: "PAID", expired: "Expired",
      rejected: "Refused", unknown: "Not certain", cancelled: "Cancelled",
      over: "The QR's time is over",
    },
    advice: {
      unknown: "It is not known whether the QRIS was made. Hand nothing over; make a new sale.",
      over: "This QR is no longer shown and must not be paid. A late payment is still recorded. Make a new sale.",
      expired: "This QR is no longer shown and must not be paid. A late payment is still recorded. Make a new sale.",
      cancelled: "A payment that comes all the same will be booked.",
    },
    unanswered: "InterActive cannot be asked at present. Do not have the customer pay again.",
    errors: {
      conflict: "That number is used with another amount. Here is a new one; try again.",
      "used-earlier": "That number was used on another day. Here is a new one; try again.",
      used: "That number is another sale's. Here is a new one; try again.",
      invalid: "The amount or the number cannot be taken (Rp100 to Rp10,000,000).",
      "outcome-unknown": "It is not known whether the QRIS was made. Here is a new number; try again.",
      "content-mismatch": "InterActive's QR is not the one asked for and is not shown. Here is a new number; try again.",
      made: "The QRIS of the sale before is made. Open it in the list below.",
      rejected: "InterActive refused. Try again.",
      "wrong-credentials": "InterActive refused the API key. Ask the owner.",
      "provider-unreachable": "InterActive cannot be reached. Try again.",
      "books-unavailable": "The books cannot be reached. Try again.",
      "wrong-state": "The sale's state has just changed.", "not-found": "There is no such sale.",
      "wrong-days": "The first day must not be after the last.",
      "too-soon": "It was checked just now. Wait a moment.",
      "none-left": "All checks by hand are used up; it is still checked automatically.",
      away: "The till is not connected. Trying again…",
      other: (code) => `That cannot be done. Ask the owner. (${code})`,
    },
  },
};

export const element = (id) => document.getElementById(id);

let language = "id";
try { language = localStorage.getItem("language") === "en" ? "en" : "id"; } catch { /* no storage: Indonesian */ }

export const words = () => WORDS[language];

const locale = () => (language === "id" ? "id-ID" : "en-US");
export const rupiah = (amount) => "Rp" + amount.toLocaleString(locale());
export const grouped = (amount) => amount.toLocaleString(locale());
/// What stands between groups of three digits.
export const separator = () => (language === "id" ? "." : ",");
export const clock = (moment) => new Date(moment).toLocaleTimeString("en-GB", {
  timeZone: "Asia/Jakarta", hour: "2-digit", minute: "2-digit",
});
/// The day in WIB, as the till writes it.
export const today = () => new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10);

const listeners = [];

/// Says everything on the page in the language, now and whenever it is switched.
export function say(onSwitch = () => {}) {
  listeners.push(onSwitch);
  const button = element("language");
  button?.addEventListener("click", () => {
    language = language === "id" ? "en" : "id";
    try { localStorage.setItem("language", language); } catch { /* asked again next time */ }
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
/// What does not work at present, by who noticed.
const troubles = new Map();

/// Shows a message by its code, or takes it away.
export function tell(code) {
  told = code;
  tellAgain();
}

/// Shows by a code what does not work at present, until the same `source` says null.
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
  if (message) message.textContent = code ? (known[code] ?? other(code)) : "";
}

/// The till said no: `code` is its word for why.
export class Refusal extends Error {
  constructor(code, answer) {
    super(code);
    this.code = code;
    this.answer = answer;
  }
}

/// How long a question may take, in milliseconds. A charge, a check or a cancel is waited for.
const PATIENCE = 20_000;

/// Asks the till for JSON.
export async function ask(method, path, body, options = {}) {
  let response;
  let answer;
  try {
    const init = { method, headers: {}, ...options };
    if (method !== "POST") init.signal = AbortSignal.timeout?.(PATIENCE);
    if (body !== undefined) {
      init.headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(body);
    }
    response = await fetch(path, init);
    // The page is served anew, with the question for the token.
    if (response.status === 401) location.reload();
    answer = await response.json();
  } catch {
    // No answer, one that breaks off, or one of a proxy.
    throw new Refusal("away");
  }
  if (response.status === 401) throw new Refusal("away");
  if (!response.ok) throw new Refusal(answer.error, answer);
  if (Array.isArray(answer)) answer.forEach((record) => received(record));
  else received(answer);
  return response.status === 201 ? { ...answer, created: true } : answer;
}

/// Notes by this device's clocks when a record came, so that the countdown of one that lay here for
/// a while is right. `at` is when it reached the browser, where that was not just now.
export function received(record, at = Date.now()) {
  record.receivedAt = { clock: at, steady: performance.now() - Math.max(0, Date.now() - at) };
  return record;
}

/// How long the code of a sale may still be shown, by the till's clock and not by this device's.
/// `hear(record)` for each record; `left()` is in seconds, and 0 once no QR may be seen any more.
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
      // A record that was long under way says too late an end: the earliest is right.
      steady = next === code ? Math.min(steady, ends) : ends;
      // The steady time stands still while a device sleeps; the clock may be set. The earlier counts.
      clock = record.receivedAt.clock + left;
      code = next;
    },
    left() {
      const left = Math.min(steady - performance.now(), clock - Date.now());
      // Pages look four times a second: the last half second counts as over.
      return Math.max(0, Math.ceil((left - 500) / 1000));
    },
  };
}

export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/// Text from elsewhere goes in as text only.
export function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

/// What this till is called, so that several can have displays and numbers of their own: `/?till=K1`.
export const till = (new URLSearchParams(location.search).get("till") ?? "").replace(/[^A-Za-z0-9]/g, "").slice(0, 12);
export const prefix = till ? `${till}-` : "";
