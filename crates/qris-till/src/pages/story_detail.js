// The details of a sale's history, as pages show them. The till stores them in English, for programs. Stored
// words that this file does not know, such as what a person typed, are shown as they are.

const rupiah = (digits, locale) => "Rp" + Number(digits).toLocaleString(locale);

/// Why InterActive's answer did not arrive.
const CAUSES = [
  [/^no connection /, () => "tidak tersambung"],
  [/^no complete answer within (\S+) s$/, (seconds) => `tidak ada jawaban lengkap dalam ${seconds} dtk`],
  [/^the connection broke before /, () => "sambungan terputus"],
  [/ \(HTTP status (\d+), /, (status) => `jawabannya tidak terbaca, HTTP ${status}`],
];

/// Details that are a whole text. Two of them end with words of a person or of another error.
const WHOLE = [
  [/^the provider may or may not have created an invoice: (.*); check before you try again$/, (cause) => {
    const why = indonesian(cause, CAUSES);
    return `jawaban InterActive tidak sampai${why === cause ? "" : `: ${why}`}`;
  }],
  [/^not made: (.*)$/s, (reason) => `tidak dibuat: ${reason}`],
  [/^qris_invoiceid (\d+) of .*?: (.*)$/s, (id, why) => `QR invoice ${id} tidak sesuai dan tidak ditampilkan (${why})`],
];

/// Details that may be joined by "; ".
const PARTS = [
  [/^another code$/, () => ""],
  [/^found as qris_invoiceid (\d+)$/, (id) => `ditemukan sebagai invoice ${id}`],
  [/^another code was paid too, qris_invoiceid (\d+): Rp(\d+) too much$/,
    (id, amount) => `invoice ${id} juga dibayar, kelebihan ${rupiah(amount, "id-ID")}`],
  [/^paid_at as said: (.*)$/, (at) => `waktu bayar menurut InterActive: ${at}`],
  [/^booked from the settlement line (.*)$/, (line) => `dicatat dari tabel pencairan, baris ${line}`],
  [/^it is not known whether the provider made this code$/, () => "belum pasti apakah kode ini dibuat"],
  [/^payer's name forgotten$/, () => "nama pembayar dihapus"],
];

function indonesian(text, phrases) {
  for (const [pattern, words] of phrases) {
    const found = pattern.exec(text);
    if (found) return words(...found.slice(1));
  }
  return text;
}

/// A detail of the history in `id` or `en`. Empty if the sentence before it says the same.
export function storyDetail(text, language) {
  if (language !== "id") return text.replace(/\bRp(\d+) too much$/, (_, amount) => `${rupiah(amount, "en-US")} too much`);
  const whole = indonesian(text, WHOLE);
  if (whole !== text) return whole;
  return text.split("; ").map((part) => indonesian(part, PARTS)).filter(Boolean).join("; ");
}
