//! Texts of the payment page, in Indonesian and English.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use qris_api::WibTime;
use qris_ledger::State;

use crate::text::clock;

/// The texts of one language.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) lang: &'static str,
    pub(super) title: &'static str,
    /// The other language: its code, and its name in that language.
    pub(super) other: (&'static str, &'static str),
    pub(super) number: &'static str,
    pub(super) due: &'static str,
    pub(super) code_for: &'static str,
    pub(super) valid_until: &'static str,
    pub(super) left: &'static str,
    pub(super) scan: &'static str,
    pub(super) gallery: &'static str,
    pub(super) save: &'static str,
    pub(super) picture_lacks: &'static str,
    pub(super) reload: &'static str,
    pub(super) show_code: &'static str,
    pub(super) new_code: &'static str,
    pub(super) try_again: &'static str,
    pub(super) preparing: &'static str,
    pub(super) paid_at: &'static str,
    pub(super) rrn: &'static str,
    pub(super) paid_late: &'static str,
    pub(super) overpaid: &'static str,
    pub(super) back_to: &'static str,
    pub(super) already_paid: &'static str,
    pub(super) offline: &'static str,
    pub(super) too_soon: &'static str,
    pub(super) too_many: &'static str,
    pub(super) unanswered: &'static str,
    pub(super) failed: &'static str,
    pub(super) unknown_link: [&'static str; 2],
    pub(super) crowded: &'static str,
    pub(super) away: &'static str,
    months: [&'static str; 12],
    at: &'static str,
    /// For each state a heading, and what it means for the payer.
    open: [&'static str; 2],
    requested: [&'static str; 2],
    pending: [&'static str; 2],
    paid: [&'static str; 2],
    expired: [&'static str; 2],
    rejected: [&'static str; 2],
    unknown: [&'static str; 2],
    cancelled: [&'static str; 2],
}

static INDONESIAN: Words = Words {
    lang: "id",
    title: "Pembayaran QRIS",
    other: ("en", "English"),
    number: "No. pesanan",
    due: "Jatuh tempo",
    code_for: "Kode QRIS untuk membayar",
    valid_until: "Berlaku sampai pukul",
    left: "Sisa waktu",
    scan: "Dari HP lain: pindai kode ini dengan aplikasi bank atau dompet digital.",
    gallery: "Di HP ini: simpan gambarnya, buka aplikasi bank atau dompet digital, pilih QRIS, lalu \
              ambil gambar itu dari galeri.",
    save: "Simpan gambar",
    picture_lacks: "Nama toko tidak tertulis di gambar yang disimpan, karena hurufnya tidak bisa digambar. \
                    Kode QRIS-nya tetap benar.",
    reload: "Muat ulang halaman",
    show_code: "Tampilkan kode QRIS",
    new_code: "Buat kode baru",
    try_again: "Coba lagi",
    preparing: "Menyiapkan kode…",
    paid_at: "Dibayar",
    rrn: "No. referensi (RRN)",
    paid_late: "Dibayar terlambat. Hubungi toko.",
    overpaid: "Pesanan ini dibayar lebih dari sekali. Hubungi toko untuk meminta kembali kelebihannya:",
    back_to: "Kembali ke",
    already_paid: "Sudah bayar? Jangan bayar lagi. Halaman ini berubah setelah pembayaran tercatat.",
    offline: "Sambungan terputus. Mencoba lagi…",
    too_soon: "Kode baru saja diminta. Coba lagi dalam satu menit.",
    too_many: "Kode untuk pesanan ini sudah terlalu sering diminta. Hubungi toko.",
    unanswered: "Kode sebelumnya belum bisa dicek, jadi kode baru belum dibuat. Kalau sudah bayar, \
                 jangan bayar lagi. Coba lagi dalam satu menit.",
    failed: "Kode baru belum bisa dibuat. Coba lagi dalam satu menit, atau hubungi toko.",
    unknown_link: [
        "Tautan ini tidak dikenal",
        "Periksa lagi tautannya, atau minta tautan baru kepada toko.",
    ],
    crowded: "Terlalu banyak percobaan. Coba beberapa saat lagi.",
    away: "Halaman ini belum bisa dibuka. Coba beberapa saat lagi.",
    months: [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    at: "pukul",
    open: ["Siap dibayar", "Tekan tombol di bawah untuk menampilkan kode QRIS."],
    requested: ["Kode sedang disiapkan", "Tunggu sebentar."],
    pending: ["Menunggu pembayaran", ""],
    paid: ["LUNAS", "Terima kasih."],
    expired: ["Kode kedaluwarsa", "Jangan bayar kode yang lama. Belum bayar? Buat kode baru."],
    rejected: ["Kode belum bisa dibuat", "Coba beberapa saat lagi, atau hubungi toko."],
    unknown: [
        "Kode belum pasti",
        "Belum pasti apakah kode QRIS pesanan ini sudah dibuat. Jangan bayar dulu, dan hubungi toko.",
    ],
    cancelled: [
        "Pesanan dibatalkan",
        "Toko membatalkan pesanan ini, jadi jangan dibayar. Sudah telanjur bayar? Hubungi toko; pembayaran \
         Anda tetap tercatat.",
    ],
};

static ENGLISH: Words = Words {
    lang: "en",
    title: "QRIS payment",
    other: ("id", "Bahasa Indonesia"),
    number: "Order no.",
    due: "Due date",
    code_for: "QRIS code to pay",
    valid_until: "Valid until",
    left: "Time left",
    scan: "With another phone: scan this code with a bank app or e-wallet.",
    gallery: "On this phone: save the picture, open your bank app or e-wallet, choose QRIS, and pick the \
              picture from the gallery.",
    save: "Save the picture",
    picture_lacks: "The saved picture does not have the shop's name, because its letters cannot be drawn. \
                    The QRIS code is still correct.",
    reload: "Reload the page",
    show_code: "Show the QRIS code",
    new_code: "Create new code",
    try_again: "Try again",
    preparing: "Preparing the code…",
    paid_at: "Paid",
    rrn: "Reference no. (RRN)",
    paid_late: "Paid late. Contact the shop.",
    overpaid: "This order was paid more than once. Ask the shop to refund the extra amount:",
    back_to: "Back to",
    already_paid: "Already paid? Do not pay again. This page changes when the payment is recorded.",
    offline: "Connection lost. Trying again…",
    too_soon: "A code was requested just now. Try again in a minute.",
    too_many: "Too many codes were requested for this order. Contact the shop.",
    unanswered: "The previous code could not be checked, so there is no new code yet. If you have already \
                 paid, do not pay again. Try again in a minute.",
    failed: "There is no new code yet. Try again in a minute, or contact the shop.",
    unknown_link: ["Unknown link", "Check the link, or ask the shop for a new one."],
    crowded: "Too many attempts. Try again in a moment.",
    away: "This page cannot be opened yet. Try again in a moment.",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    at: "at",
    open: ["Ready to pay", "Press the button below to show the QRIS code."],
    requested: ["Preparing the code", "Wait a moment."],
    pending: ["Waiting for payment", ""],
    paid: ["PAID", "Thank you."],
    expired: ["Code expired", "Do not pay the old code. Not paid yet? Create a new code."],
    rejected: ["There is no code yet", "Try again in a moment, or contact the shop."],
    unknown: [
        "Code not confirmed",
        "We do not know yet whether this order's QRIS code was created. Do not pay yet, and contact the shop.",
    ],
    cancelled: [
        "Order cancelled",
        "The shop cancelled this order, so do not pay it. Already paid? Contact the shop; the payment is \
         still recorded.",
    ],
};

impl Words {
    /// The language from the address or the browser. Default: Indonesian.
    pub(super) fn choose(asked: Option<&str>, headers: &HeaderMap) -> &'static Self {
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        match asked.and_then(Self::for_code).or_else(|| accepted.and_then(preferred)) {
            Some(words) => words,
            None => &INDONESIAN,
        }
    }

    fn for_code(code: &str) -> Option<&'static Self> {
        // Old browsers use the old code of Indonesian, `in`.
        match code.split('-').next()?.trim().to_ascii_lowercase().as_str() {
            "id" | "in" => Some(&INDONESIAN),
            "en" => Some(&ENGLISH),
            _ => None,
        }
    }

    /// For each state a heading, and what it means for the payer.
    pub(super) const fn state(&self, state: State) -> &[&'static str; 2] {
        match state {
            State::Open => &self.open,
            State::Requested => &self.requested,
            State::Pending => &self.pending,
            State::Paid => &self.paid,
            State::Expired => &self.expired,
            State::Rejected => &self.rejected,
            State::Unknown => &self.unknown,
            State::Cancelled => &self.cancelled,
        }
    }

    /// A day: 27 November 2026.
    pub(super) fn day(&self, time: WibTime) -> String {
        let date = time.date();
        let month = usize::try_from(date.month()).unwrap_or_default().saturating_sub(1);
        let month = self.months.get(month).copied().unwrap_or_default();
        format!("{} {month} {}", date.day(), date.year())
    }

    /// Day and time.
    pub(super) fn moment(&self, time: WibTime) -> String {
        format!("{} {} {} WIB", self.day(time), self.at, clock(time))
    }
}

/// The preferred one of the two languages in `Accept-Language`.
fn preferred(accepted: &str) -> Option<&'static Words> {
    let mut best: Option<(f32, &'static Words)> = None;
    for range in accepted.split(',') {
        let mut parts = range.split(';');
        let Some(words) = parts.next().and_then(Words::for_code) else { continue };
        let quality = parts.find_map(|part| part.trim().strip_prefix("q="));
        let quality = quality.map_or(1.0, |text| text.parse().unwrap_or(0.0));
        if quality > 0.0 && best.is_none_or(|(known, _)| quality > known) {
            best = Some((quality, words));
        }
    }
    best.map(|(_, words)| words)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_address_goes_before_the_browser_and_indonesian_is_for_all_others() {
        let lang = |asked, accepted| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
            Words::choose(asked, &headers).lang
        };
        for (asked, accepted, expected) in [
            (None, "", "id"),
            (None, "en-US,en;q=0.9,id;q=0.8", "en"),
            (None, "fr,id;q=0.5,en;q=0.9", "en"),
            (None, "en;q=0.2, in-ID", "id"),
            (None, "en;q=0, id;q=0.1", "id"),
            (None, "de", "id"),
            (Some("en"), "id", "en"),
            (Some("id"), "en", "id"),
            (Some("fr"), "en", "en"),
            (None, "en;q=x", "id"),
        ] {
            assert_eq!(lang(asked, accepted), expected, "{asked:?} {accepted:?}");
        }
    }

    #[test]
    fn times_are_written_as_people_write_them() {
        let time = WibTime::parse("2026-08-07 09:05:59").expect("a time");
        assert_eq!(INDONESIAN.moment(time), "7 Agustus 2026 pukul 09:05 WIB");
        assert_eq!(ENGLISH.moment(time), "7 August 2026 at 09:05 WIB");
    }
}
