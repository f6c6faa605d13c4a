# Teks `qris forget`, `listen`, `trigger`, dan `sandbox`.

forget-too-late = seharusnya --payers-before { $today } atau sebelumnya, ditemukan hari sesudahnya
forget-done = pembayar sebelum { $day } dari { $merchants }: nama dihapus dari { $orders } pesanan, { $events } peristiwa, { $webhooks } webhook, dan { $plans } tagihan berulang
forget-events-waiting = { $events } peristiwa masih menyimpan nama karena menunggu dikirim: jalankan lagi nanti
forget-no-trace = tidak ada nama yang tersisa di berkas basis data
forget-log = program lain membaca terlalu lama, jadi berkas di sebelah basis data (-wal) mungkin masih berisi nama: jalankan lagi, atau hentikan kasir dulu
forget-server = versi lama baris di server PostgreSQL masih berisi nama sampai VACUUM berjalan dan ruangnya dipakai lagi; begitu pula write-ahead log dan arsipnya
forget-free-space = ruang kosong berkas basis data mungkin masih berisi nama: hentikan kasir dan jalankan lagi dengan --rewrite
forget-copies = cadangan dan ekspor yang dibuat sebelumnya masih berisi nama: hapus, atau simpan hanya selama diizinkan
listen-forward-to = --forward-to: seharusnya URL http di komputer ini, seperti http://127.0.0.1:3000/hook
listen-secret = QRIS_WEBHOOK_SECRET: seharusnya whsec_ diikuti Base64
listen-signed = ditandatangani dengan { $secret }
listen-stream-ended = kasir menutup aliran peristiwa; dibuka lagi
listen-again = { $error }; dicoba lagi
listen-no-events = seharusnya peristiwa dari kasir, ditemukan HTTP { $status }: apakah QRIS_TILL_TOKEN token kasir ini?
listen-no-till = seharusnya jawaban dari kasir, ditemukan jawaban lain
listen-no-stream = seharusnya aliran peristiwa, ditemukan HTTP { $status }
listen-long-line = seharusnya baris dari kasir lebih pendek
listen-no-answer = tidak dijawab
listen-nobody = tidak ada program di alamat itu
listen-silence = kasir tidak mengirim apa pun selama 40 dtk
service-refused = seharusnya ada jawaban, ditemukan HTTP { $status }: { $message }
service-till = --till: seharusnya URL seperti http://127.0.0.1:8080
service-till-https = --till: seharusnya https, atau http ke komputer ini: lewat http biasa, token dapat dibaca orang lain
service-no-sandbox = seharusnya alamat sandbox di komputer ini di --base-url atau QRIS_BASE_URL, ditemukan yang lain: perintah ini tidak dapat dipakai pada penyedia sungguhan
trigger-done = { $number } berstatus { $state }
trigger-overpaid = { $number } berstatus { $state }, kelebihan bayar { $more }
trigger-not-waiting = seharusnya pesanan yang menunggu pembayaran, atau nomor baru; ditemukan pesanan berstatus { $state }
trigger-no-code = seharusnya pesanan dengan kode, tidak ditemukan
trigger-no-code-in-sandbox = seharusnya kode yang dibuat sandbox, tidak ditemukan
trigger-may-not-be-asked = seharusnya pesanan yang dapat dibuatkan kode, atau nomor baru; ditemukan pesanan berstatus { $state }
trigger-too-long = kasir belum mengetahui perubahannya setelah { $seconds } dtk: pesanan masih berstatus { $state }
sandbox-phone = Ponsel pembayar: http://{ $address }/
sandbox-webhook-url = URL webhook harus diawali http:// dan menyebut host
sandbox-not-printable = seharusnya ASCII yang dapat dicetak, ditemukan yang lain

## Why a connection failed.

connection-refused = server menolak sambungan
connection-cut-off = sambungan terputus
connection-timed-out = server terlalu lama tidak menjawab

## Why a file could not be opened.

file-not-found = berkas atau folder ini tidak ada
file-permission-denied = tidak diizinkan membukanya
file-is-folder = ini folder, bukan berkas
