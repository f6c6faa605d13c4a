# Yang dikatakan `qris order` dan `qris report`.

# Kesalahan, di standard error.
error = kesalahan: { $words }
from-after-to = --from seharusnya tidak lebih lambat daripada --to

order-being-asked = kodenya sedang diminta, atau permintaannya terputus: belum diketahui apakah ada invoice; lihat lagi dalam tiga menit
order-outcome-unknown = tidak diketahui apakah penyedia membuat invoice: tanyakan kepada InterActive sebelum menagih lagi, lalu nyatakan hasilnya dengan `qris order resolve`
order-no-invoice = nomor ini berstatus { $state }: tidak ada invoice yang dapat ditanyakan
order-paid-no-new-code = pesanan sudah lunas, jadi tidak ada kode baru
order-still-shown = kodenya ditampilkan sampai { $until }: sebelum itu tidak ada kode lain; lihat dengan `qris order show`
order-no-code-yet = pesanan belum punya kode: minta kode pertama dengan `qris order create`
order-cancelled-no-new-code = pesanan dibatalkan, jadi tidak ada kode baru: pakai nomor baru
order-other-reference = peringatan: label referensi (62.05) pada QR seharusnya qris_invoiceid { $invoice }, ditemukan yang lain atau tidak ada: struk pembayar mungkin menampilkan nomor lain
order-request-date-long-ago = penyedia membuat kode dengan tanggal permintaan yang sudah lama, jadi QR-nya tidak dapat ditampilkan. Pembayarannya tetap diawasi: qris order wait
order-asked-by-another-process = proses lain sedang meminta nomor ini, atau dihentikan ketika memintanya: minta lagi dalam tiga menit; jangan pakai nomor baru sebelum itu
order-asked-before-outcome-unknown = nomor ini pernah diminta dan tidak diketahui apakah penyedia membuat invoice; periksa di penyedia, lalu nyatakan hasilnya dengan `qris order resolve`
order-expired = nomor ini kedaluwarsa: kodenya dapat ditampilkan sampai { $shown_until } dan tidak ditampilkan lagi, tetapi masih dapat dibayar sampai { $expires_at }. Minta kode baru untuk pesanan yang sama dengan `qris order renew`
order-use-new-number = nomor ini berstatus { $state }; pakai nomor baru
order-paid-not-cancelled = pesanan sudah lunas, jadi tidak dibatalkan
order-cancelled-not-known-whether-paid = pesanan dibatalkan, dan tidak diketahui apakah baru saja dibayar, karena penyedia tidak menjawab: { $error }
order-asked-a-moment-ago = baru saja ditanyakan; bertanya lagi dalam { $seconds } dtk
order-checks-used-up = jatah pengecekan manual habis; pengecekan berikutnya menurut jadwal: { $next }
order-never = tidak pernah
order-not-asked-yet = belum ditanyakan
order-check-not-paid = pengecekan { $check }: belum lunas
order-check-failed = pengecekan { $check }: { $error }
order-not-paid = pesanan belum lunas
order-last-check-unanswered = tidak diketahui apakah sudah lunas: pengecekan terakhir, pada { $at }, tidak dijawab
order-not-known-whether-paid = tidak diketahui apakah sudah lunas: { $error }
order-not-in-books = nomor ini tidak ada di pembukuan
order-expected-state = seharusnya salah satu dari { $states }
order-no-reason = seharusnya ada alasan, teksnya kosong
order-stays = status tetap { $state }: menurut penyedia, invoice { $invoice } belum dibayar. Kasir yang berjalan mengeceknya selama masih dapat dibayar; jika tidak ada invoice, nyatakan --not-made
order-asked-too-soon = status tidak berubah: penyedia belum boleh ditanya sekarang; coba lagi dalam { $seconds } dtk
order-books-not-kept = { $failure }; dan pembukuan tidak dapat ditulis
order-books-not-kept-because = { $failure }; dan pembukuan tidak dapat ditulis: { $error }
order-database-silent = basis data tidak menjawab
order-interrupted = dihentikan
order-interrupted-while-asked = dihentikan ketika penyedia ditanya: tidak diketahui apakah kode dibuat; lihat pesanan ini lagi dalam tiga menit, dan jangan pakai nomor baru sebelum itu
order-interrupted-before-asked = dihentikan sebelum penyedia dimintai kode; lihat pesanan ini lagi
order-facts = nomor { $number }, qris_invoiceid { $invoice }, qris_request_date { $date }
order-made-not-written-yet = penyedia membuat invoice ({ $facts }), tetapi pembukuan belum dapat ditulis: dicoba selama { $seconds } dtk
order-answered-not-written-yet = penyedia sudah menjawab, tetapi pembukuan belum dapat ditulis: dicoba selama { $seconds } dtk
order-must-not-be-shown = penyedia membuat invoice yang tidak boleh ditampilkan: { $error }. Tanyakan kepada InterActive sebelum menagih lagi: { $facts }
order-not-recorded = penyedia membuat invoice yang tidak dapat dicatat: { $why }. Tidak diketahui apakah akan dibayar; tanyakan kepada InterActive sebelum menagih lagi: { $facts }

# Pesanan sebagai teks. Label paling panjang 19 karakter.
order-number = nomor
order-description = keterangan
order-reference = referensi
order-amount = nominal
order-tip = tip
order-tip-asked = ditanyakan
order-channel = kanal
order-state = status
order-due-at = jatuh tempo
order-shown-until = ditampilkan sampai
order-expires-at = berlaku sampai
order-watched-until = diawasi sampai
order-paid-at = dibayar pada
order-method = cara bayar
order-customer = nama pembayar
order-not-said = tidak disebut
order-note = catatan
order-overpaid = kelebihan bayar
order-acknowledged = dinyatakan selesai
order-not-yet = belum
order-time-left = sisa { $time }
order-time-over = kedaluwarsa, pembayaran terlambat masih dapat datang
order-codes = kode, yang terlama dulu:
order-story = yang terjadi:
order-by = , oleh { $name }
order-code-made = , dibuat { $at }
order-code-paid = , dibayar { $at }
order-code-unanswered = , tidak dijawab sejak { $at }

import-done = { $new } pesanan diimpor; { $known } sudah ada di pembukuan
import-no-links = pay_url kosong: --public-url menyebut alamat kasir bagi pembayar
import-not-written = { $file }: { $error }; pesanan sudah diimpor: impor lagi berkas yang sama
import-cell = baris { $line }, kolom { $column }: { $fault }
import-too-long = { $file }: seharusnya paling banyak { $limit } byte, ditemukan lebih
import-refused = { $file }: tidak ada yang diimpor
import-refused-more = { $file }: { $more } baris lagi salah; tidak ada yang diimpor
import-other-value = nomor ini ada di pembukuan dengan nilai lain di sini: pakai nomor baru
import-line = baris { $line }: { $fault }
import-too-many = seharusnya paling banyak { $limit } pesanan, ditemukan lebih
import-cells = seharusnya { $expected } sel, ditemukan { $found }
import-number-twice = seharusnya tiap nomor satu kali, ditemukan juga di baris { $line }
import-unknown-column = seharusnya nama kolom, masing-masing sekali, dari { $columns }; ditemukan kata lain
import-both-due = seharusnya kolom due atau due_at, ditemukan keduanya
import-no-column = seharusnya ada kolom { $column }, tidak ditemukan
import-no-value = seharusnya ada nilai, tidak ditemukan
import-due = seharusnya hari seperti 2026-11-30, atau waktu seperti 2026-11-30 17:00:00
import-long-text = seharusnya paling banyak { $limit } karakter tanpa karakter kontrol
import-not-utf8 = seharusnya UTF-8, ditemukan byte lain
import-not-csv = seharusnya nilai yang dipisahkan koma, ditemukan yang lain

money-not-whole = seharusnya rupiah bulat, hanya digit, seperti 25578
money-out-of-range = seharusnya nominal { $least } sampai { $most } rupiah, ditemukan { $found }

report-counts = invoice { $invoices } lunas { $payments }
report-total = jumlah

# Yang tidak dapat diketahui atau diperbaiki sendiri oleh program.
attention = perlu ditangani: { $line }
attention-unknown = { $number }: tidak diketahui apakah penyedia membuat kode; periksa di portal InterActive, lalu nyatakan hasilnya dengan `qris order resolve`
attention-unanswered = { $number }: waktunya habis dan pengecekan terakhir tidak dijawab; tanyakan lagi dengan `qris order check`
attention-unanswered-since = { $number }: waktunya habis dan pengecekan terakhir, pada { $at }, tidak dijawab; tanyakan lagi dengan `qris order check`
attention-bill = { $number }: tagihan ini tidak dibuat, karena nomornya sudah dipakai pesanan lain; buat dengan nomor lain
attention-row = { $row }; dilewati sampai ada yang memperbaikinya
attention-webhook = sebuah webhook menyebut invoice { $invoice } ({ $status }), yang tidak dimiliki pesanan mana pun
attention-webhook-of-order = sebuah webhook menyebut invoice { $invoice } ({ $status }), yang tidak dimiliki pesanan mana pun; kemungkinan milik { $number }: `qris order resolve --invoiceid { $invoice } -- { $number }`
attention-more-webhooks = { $count } webhook lagi dengan invoice yang tidak dimiliki pesanan mana pun
