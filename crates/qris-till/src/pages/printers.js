// The shop's printers: their state, and printing.

import { addWords, ask, element, make, trouble, words } from "/assets/till.js";

/// Milliseconds between two requests for the printers' state, and from a print job to such a request.
const EVERY = 15_000;
const SOON = [1_000, 4_000, 8_000];

let known = [];
/// The printer that does not print now, and the shown text about it.
let failing = null;
let said = "";

addWords({
  id: {
    printer: "Printer", slip: "Slip QRIS", print_slip: "Cetak slip QRIS", print_receipt: "Cetak struk",
    printer_failures: {
      away: "tidak bisa dihubungi. Nyalakan, lalu periksa kabel dan alamatnya.",
      "no-device": "tidak ditemukan. Periksa kabel USB dan izin aksesnya.",
      "no-answer": "tidak menjawab. Matikan lalu nyalakan lagi.",
      "too-slow": "tidak menerima data. Matikan lalu nyalakan lagi.",
      "cut-off": "terputus saat mencetak. Periksa kertasnya, lalu cetak ulang.",
      "out-of-paper": "kehabisan kertas.",
      "cover-open": "tutupnya terbuka.",
      faulty: "melaporkan kesalahan. Matikan lalu nyalakan lagi.",
    },
    errors: {
      printer: () => said,
      "printer-busy": "Antrean cetak penuh. Periksa printernya.",
      "unknown-printer": "Printer itu tidak ada lagi di setelan kasir. Muat ulang halaman ini.",
    },
  },
  en: {
    printer: "Printer", slip: "QRIS slip", print_slip: "Print QRIS slip", print_receipt: "Print receipt",
    printer_failures: {
      away: "cannot be reached. Switch it on, and check its cable and address.",
      "no-device": "is not found. Check its USB cable and the permissions of its device file.",
      "no-answer": "does not answer. Switch it off and on again.",
      "too-slow": "accepts no data. Switch it off and on again.",
      "cut-off": "was disconnected while printing. Check the paper, then print again.",
      "out-of-paper": "is out of paper.",
      "cover-open": "has its cover open.",
      faulty: "reports an error. Switch it off and on again.",
    },
    errors: {
      printer: () => said,
      "printer-busy": "Too many print jobs are waiting. Check the printer.",
      "unknown-printer": "That printer is no longer in the till's settings. Reload this page.",
    },
  },
});

/// Shows which printer does not print, and lists all printers.
function draw() {
  failing = known.find(({ state }) => state === "away") ?? null;
  const failures = words().printer_failures;
  const reason = failures[failing?.last_error?.error] ?? failures.faulty;
  const text = failing ? `${words().printer} ${failing.name}: ${reason}` : "";
  if (text !== said) trouble("printer", null);
  said = text;
  trouble("printer", failing ? "printer" : null);
  const choice = element("printer");
  const names = known.map(({ name }) => name);
  element("print").hidden = names.length === 0;
  choice.hidden = names.length < 2;
  choice.setAttribute("aria-label", words().printer);
  if ([...choice.options].map(({ value }) => value).join() === names.join()) return;
  const { value } = choice;
  choice.replaceChildren(...names.map((name) => {
    const option = make("option", "", name);
    option.value = name;
    return option;
  }));
  if (names.includes(value)) choice.value = value;
}

async function look() {
  try {
    known = (await ask("GET", "/api/printers")).printers;
  } catch {
    // Another part of the page shows that the till cannot be reached.
    return;
  }
  draw();
}

/// Sends the receipt of a paid sale, or the slip of another sale, to the chosen printer.
export async function print(path, record) {
  const printer = element("printer").value;
  const what = record.state === "paid" ? "receipt" : "qr";
  try {
    await ask("POST", path, { what, ...(printer && { printer }) });
  } finally {
    for (const wait of SOON) setTimeout(look, wait);
  }
}

look();
setInterval(() => { if (!document.hidden) look(); }, EVERY);
