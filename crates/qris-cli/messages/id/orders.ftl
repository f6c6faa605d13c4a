# Teks `qris order` dan `qris report`.

# Kesalahan, di standard error.
error = kesalahan: { $words }
from-after-to = seharusnya --from tidak setelah --to

order-being-asked = kodenya sedang diminta, atau permintaannya terputus: belum diketahui apakah ada invoice; lihat lagi dalam dua menit
order-outcome-unknown = tidak diketahui apakah penyedia membuat invoice: tanyakan kepada InterActive sebelum menagih lagi, lalu catat jawabannya dengan `qris order resolve`
order-no-invoice = pesanan ini berstatus { $state }: tidak ada invoice yang dapat dicek
order-paid-no-new-code = pesanan sudah lunas, jadi tidak ada kode baru
order-still-shown = kodenya ditampilkan sampai { $until }: sebelum itu tidak ada kode baru; lihat dengan `qris order show`
order-no-code-yet = pesanan belum punya kode: minta kode pertama dengan `qris order create`
order-cancelled-no-new-code = pesanan dibatalkan, jadi tidak ada kode baru: pakai nomor baru
order-other-reference = peringatan: label referensi (62.05) pada QR seharusnya qris_invoiceid { $invoice }, ditemukan yang lain atau tidak ada: struk pembayar mungkin menampilkan nomor lain
order-request-date-long-ago = tanggal permintaan kode ini di penyedia sudah lama, jadi QR-nya tidak dapat ditampilkan. Pembayarannya tetap dipantau: qris order wait
order-asked-by-another-process = proses lain sedang meminta kode untuk nomor ini, atau terhenti saat memintanya: coba lagi dalam { $seconds } detik; jangan pakai nomor baru sebelum itu
order-asked-before-outcome-unknown = kode untuk nomor ini pernah diminta, dan tidak diketahui apakah penyedia membuat invoice; periksa di penyedia, lalu catat hasilnya dengan `qris order resolve`
order-expired = pesanan ini kedaluwarsa: kodenya ditampilkan sampai { $shown_until }, tetapi masih dapat dibayar sampai { $expires_at }. Minta kode baru untuk pesanan yang sama dengan `qris order renew`
order-use-new-number = pesanan ini berstatus { $state }; pakai nomor baru
order-paid-not-cancelled = pesanan sudah lunas, jadi tidak dibatalkan
order-cancelled-not-known-whether-paid = pesanan dibatalkan, tetapi tidak diketahui apakah baru saja dibayar, karena penyedia tidak menjawab: { $error }
order-asked-a-moment-ago = baru saja dicek; dicek lagi dalam { $seconds } dtk
order-checks-used-up = jatah pengecekan manual habis; pengecekan berikutnya menurut jadwal: { $next }
order-never = tidak pernah
order-not-asked-yet = belum dicek
order-waiting = menunggu { $number } dibayar ({ $amount }); kodenya dapat dibayar sampai { $until }
order-answer-not-paid = sudah dicek: belum lunas
order-answer-none = sudah dicek: { $error }
order-state-changed = status { $number } sekarang { $state }
order-check-not-paid = pengecekan { $check }: belum lunas
order-check-failed = pengecekan { $check }: { $error }
order-not-paid = pesanan belum lunas
order-last-check-unanswered = tidak diketahui apakah sudah lunas: pengecekan terakhir, pada { $at }, tidak dijawab
order-not-known-whether-paid = tidak diketahui apakah sudah lunas: { $error }
order-not-in-books = tidak ada pesanan dengan nomor ini
order-expected-state = seharusnya salah satu dari { $states }
order-no-reason = seharusnya ada alasan, ternyata kosong
order-stays = status tetap { $state }: menurut penyedia, invoice { $invoice } belum dibayar. Kasir yang berjalan terus mengeceknya; jika tidak ada invoice, pakai --not-made
order-asked-too-soon = status tidak berubah: belum boleh dicek sekarang; coba lagi dalam { $seconds } dtk
order-books-not-kept = { $failure }; dan basis data tidak dapat ditulis
order-books-not-kept-because = { $failure }; dan basis data tidak dapat ditulis: { $error }
order-database-silent = basis data tidak menjawab
order-interrupted = dihentikan
order-interrupted-while-asked = dihentikan saat meminta kode kepada penyedia: tidak diketahui apakah kode dibuat; lihat pesanan ini lagi dalam dua menit, dan jangan pakai nomor baru sebelum itu
order-interrupted-before-asked = dihentikan sebelum kode diminta; lihat pesanan ini lagi
order-facts = nomor { $number }, qris_invoiceid { $invoice }, qris_request_date { $date }
order-made-not-written-yet = penyedia membuat invoice ({ $facts }), tetapi basis data belum dapat ditulis: dicoba selama { $seconds } dtk
order-answered-not-written-yet = penyedia sudah menjawab, tetapi basis data belum dapat ditulis: dicoba selama { $seconds } dtk
order-must-not-be-shown = penyedia membuat invoice yang tidak boleh ditampilkan: { $error }. Tanyakan kepada InterActive sebelum menagih lagi: { $facts }
order-not-recorded = penyedia membuat invoice yang tidak dapat dicatat: { $why }. Invoice itu masih bisa dibayar; tanyakan kepada InterActive sebelum menagih lagi: { $facts }

# Pesanan sebagai teks. Label paling panjang 19 karakter.
order-number = nomor
order-description = keterangan
order-reference = referensi
order-amount = nominal
order-tip = tip
order-tip-asked = ditanyakan kepada pembayar
order-channel = kanal
order-state = status
order-due-at = jatuh tempo
order-shown-until = ditampilkan sampai
order-expires-at = berlaku sampai
order-watched-until = dipantau sampai
order-paid-at = dibayar pada
order-method = cara bayar
order-customer = nama pembayar
order-not-said = tidak disebut
order-note = catatan
order-overpaid = kelebihan bayar
order-acknowledged = ditandai selesai
order-not-yet = belum
order-time-left = masih dapat dibayar selama { $minutes } mnt { $seconds } dtk
order-time-over = kedaluwarsa, tetapi pembayaran terlambat masih bisa masuk
order-codes = kode, yang terlama dulu:
order-story = riwayat:
order-by = , oleh { $name }
order-code-made = , dibuat { $at }
order-code-paid = , dibayar { $at }
order-code-unanswered = , tidak dijawab sejak { $at }

import-done = { $new } pesanan diimpor; { $known } sudah ada di basis data
import-no-links = pay_url kosong: isi --public-url dengan alamat kasir untuk pembayar
import-not-written = { $file }: { $error }; pesanan sudah diimpor: impor lagi berkas yang sama
import-cell = baris { $line }, kolom { $column }: { $fault }
import-too-long = { $file }: seharusnya paling banyak { $limit } byte, ternyata lebih
import-refused = { $file }: tidak ada yang diimpor
import-refused-more = { $file }: { $more } baris lain juga salah; tidak ada yang diimpor
import-other-value = nomor ini ada di basis data dengan nilai lain di kolom ini: pakai nomor baru
import-line = baris { $line }: { $fault }
import-too-many = seharusnya paling banyak { $limit } pesanan, ternyata lebih
import-cells = seharusnya { $expected } sel, ditemukan { $found }
import-number-twice = seharusnya tiap nomor satu kali, ditemukan juga di baris { $line }
import-unknown-column = seharusnya tiap kolom paling banyak satu kali, dari { $columns }; ditemukan nama lain atau kolom berulang
import-both-due = seharusnya hanya satu dari kolom due dan due_at, ditemukan keduanya
import-no-column = seharusnya ada kolom { $column }, tidak ditemukan
import-no-value = seharusnya ada nilai, ternyata kosong
import-due = seharusnya hari seperti 2026-11-30, atau waktu seperti 2026-11-30 17:00:00
import-long-text = seharusnya paling banyak { $limit } karakter tanpa karakter kontrol
import-not-utf8 = seharusnya UTF-8, ditemukan byte lain
import-not-csv = seharusnya nilai yang dipisahkan koma, ditemukan format lain

money-not-whole = seharusnya nominal rupiah berisi angka saja, seperti 25578: tanpa Rp, titik, atau koma
money-out-of-range = seharusnya nominal { $least } sampai { $most } rupiah, ditemukan { $found }

report-counts = invoice { $invoices } lunas { $payments }
report-total = jumlah

# Yang harus diperiksa atau diperbaiki orang.
attention = perlu ditangani: { $line }
attention-unknown = { $number }: tidak diketahui apakah penyedia membuat kode; periksa di portal InterActive, lalu catat hasilnya dengan `qris order resolve`
attention-unanswered = { $number }: waktunya habis dan pengecekan terakhir tidak dijawab; cek lagi dengan `qris order check`
attention-unanswered-since = { $number }: waktunya habis dan pengecekan terakhir, pada { $at }, tidak dijawab; cek lagi dengan `qris order check`
attention-bill = { $number }: tagihan ini tidak dibuat, karena nomornya sudah dipakai pesanan lain; buat dengan nomor lain
attention-row = { $row }; dilewati sampai ada yang memperbaikinya
attention-webhook = sebuah webhook menyebut invoice { $invoice } ({ $status }), yang tidak ada di pesanan mana pun
attention-webhook-of-order = sebuah webhook menyebut invoice { $invoice } ({ $status }), yang tidak ada di pesanan mana pun; mungkin milik { $number }: `qris order resolve --invoiceid { $invoice } -- { $number }`
attention-more-webhooks = { $count } webhook lain dengan invoice yang tidak ada di pesanan mana pun
