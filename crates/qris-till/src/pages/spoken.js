// An amount in Indonesian words. Each word is a file in /assets/sound.

const SMALL = [
  "", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
];

/// The words of a whole number from 1 to 999,999,999.
function number(whole) {
  const parts = (size, word) => [...number(Math.floor(whole / size)), word, ...number(whole % size)];
  if (whole === 0) return [];
  if (whole < SMALL.length) return [SMALL[whole]];
  if (whole < 20) return [SMALL[whole - 10], "belas"];
  if (whole < 100) return parts(10, "puluh");
  if (whole < 200) return ["seratus", ...number(whole - 100)];
  if (whole < 1_000) return parts(100, "ratus");
  if (whole < 2_000) return ["seribu", ...number(whole - 1_000)];
  if (whole < 1_000_000) return parts(1_000, "ribu");
  return parts(1_000_000, "juta");
}

/// The spoken words of a payment: "dua puluh lima ribu rupiah lunas". Only "lunas" if the amount is out of range.
export function spoken(rupiah) {
  if (!Number.isInteger(rupiah) || rupiah < 1 || rupiah > 999_999_999) return ["lunas"];
  return [...number(rupiah), "rupiah", "lunas"];
}

/// All words.
export const WORDS = [...SMALL.slice(1), "belas", "puluh", "seratus", "ratus", "seribu", "ribu", "juta", "rupiah", "lunas"];
