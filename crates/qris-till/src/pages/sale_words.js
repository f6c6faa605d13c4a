// The texts of the pages at the counter: cashier, customer display, kiosk.

import { addWords } from "/assets/till.js";

addWords({
  id: {
    more: "Lainnya", keys: "Enter: buat QRIS · Esc: tutup · F2: transaksi baru",
    keypad: "Tombol angka", erase_digit: "Hapus satu angka", clear_amount: "Kosongkan jumlah",
    with_tip: "boleh tip", paid_at: (time) => `Dibayar pukul ${time} WIB`,
    sound_waits: "Ketuk untuk menyalakan suara", sound_on: "Suara hidup", sound_off: "Suara mati",
    mute: "Matikan suara", unmute: "Hidupkan suara", volume: "Volume", repeat: "Ulangi suara",
    cancel_title: "Batalkan transaksi ini?", cancel_yes: "Ya, batalkan", cancel_no: "Tidak",
    cancel_late: "Kodenya tidak ditampilkan lagi. Kalau pelanggan sudah telanjur membayar, pembayarannya tetap dicatat.",
    paid_late: "Dibayar terlambat. Cek dulu apakah barang sudah diserahkan.",
    paid_aside: (number, amount) => `LUNAS: ${number}, ${amount}`,
    paid_late_aside: (number, amount) => `LUNAS, dibayar terlambat: ${number}, ${amount}`, hide: "Tutup",
    search: "Cari", rrn: "No. referensi (RRN)",
    search_hint: "Nomor, jumlah, bank/dompet, RRN, kode struk", any_state: "Semua status", any_channel: "Semua",
    filter_state: "Status", filter_channel: "Dijual lewat", filter_day: "Hari", found: "Hasil pencarian",
    more_sales: "Tampilkan lebih banyak", none_found: "Tidak ada transaksi yang cocok.",
    story: "Riwayat",
    actors: {
      cashier: "kasir", schedule: "cek otomatis", webhook: "kabar dari InterActive", payer: "pembayar",
      plan: "tagihan berulang", "owner token": "pemilik",
    },
    receipt: "Struk", printed: "Dikirim ke printer.",
    fullscreen: "Layar penuh", kiosk_amount: "Ketik jumlah yang harus dibayar", kiosk_pay: "Bayar dengan QRIS",
    kiosk_cancel: "Batal", kiosk_help: "Minta bantuan petugas",
    kiosk_unknown: "Belum pasti kodenya sudah dibuat. Jangan bayar dulu.",
    errors: {
      "other-terms": "Nomor itu sudah ada, tetapi tipnya atau «Dijual lewat» berbeda. Yang berlaku adalah transaksi yang tampil di sini.",
    },
  },
  en: {
    more: "More", keys: "Enter: create QRIS · Esc: close · F2: new sale",
    keypad: "Number keys", erase_digit: "Delete one digit", clear_amount: "Clear the amount",
    with_tip: "tip allowed", paid_at: (time) => `Paid at ${time} WIB`,
    sound_waits: "Tap to turn on sound", sound_on: "Sound on", sound_off: "Sound off",
    mute: "Turn off sound", unmute: "Turn on sound", volume: "Volume", repeat: "Repeat sound",
    cancel_title: "Cancel this sale?", cancel_yes: "Yes, cancel it", cancel_no: "No",
    cancel_late: "The code is no longer shown. If the customer has already paid, the payment is still recorded.",
    paid_late: "Paid late. Check first whether the goods were handed over.",
    paid_aside: (number, amount) => `PAID: ${number}, ${amount}`,
    paid_late_aside: (number, amount) => `PAID LATE: ${number}, ${amount}`, hide: "Close",
    search: "Search", rrn: "Reference no. (RRN)",
    search_hint: "Number, amount, bank/wallet, RRN, receipt code", any_state: "Any status", any_channel: "All",
    filter_state: "Status", filter_channel: "Sold via", filter_day: "Day", found: "Search results",
    more_sales: "Show more", none_found: "No sale matches.",
    story: "History",
    actors: { schedule: "automatic check", webhook: "message from InterActive", plan: "recurring bill", "owner token": "owner" },
    receipt: "Receipt", printed: "Sent to the printer.",
    fullscreen: "Full screen", kiosk_amount: "Type the amount to pay", kiosk_pay: "Pay with QRIS",
    kiosk_cancel: "Cancel", kiosk_help: "Please ask our staff",
    kiosk_unknown: "We do not know whether the code was created. Do not pay yet.",
    errors: {
      "other-terms": "That number already exists with another tip setting or “Sold via”. The sale shown here is valid.",
    },
  },
});
