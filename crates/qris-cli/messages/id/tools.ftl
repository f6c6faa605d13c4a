# Yang dikatakan `qris forget`, `listen`, `trigger`, dan `sandbox`.

forget-too-late = seharusnya --payers-before paling lambat { $today }, ditemukan hari sesudahnya
forget-done = pembayar sebelum { $day }, dari { $merchants }: dihapus dari { $orders } pesanan, { $events } peristiwa, { $webhooks } webhook, dan { $plans } rencana
forget-events-waiting = { $events } peristiwa menyimpan namanya karena menunggu dikirim: jalankan lagi nanti
forget-no-trace = berkas basis data tidak menyimpan sisanya
forget-log = program lain membaca terlalu lama, jadi berkas di sebelah basis data (-wal) mungkin masih menyimpannya: jalankan lagi, atau hentikan kasir dulu
forget-server = versi lama baris di server PostgreSQL menyimpannya sampai VACUUM berjalan dan ruangnya dipakai lagi, begitu pula write-ahead log dan arsipnya
forget-free-space = ruang kosong berkas basis data mungkin masih menyimpannya: hentikan kasir dan jalankan lagi dengan --rewrite
forget-copies = cadangan dan ekspor yang dibuat sebelumnya masih berisi nama: hapus, atau simpan selama yang diizinkan
listen-forward-to = --forward-to: seharusnya URL http di mesin ini, seperti http://127.0.0.1:3000/hook
listen-secret = QRIS_WEBHOOK_SECRET: seharusnya whsec_ dan Base64
listen-signed = ditandatangani dengan { $secret }
listen-stream-ended = kasir mengakhiri aliran peristiwa; dibuka lagi
listen-again = { $error }; dicoba lagi
listen-no-events = seharusnya peristiwa sebuah kasir, ditemukan HTTP { $status }: apakah QRIS_TILL_TOKEN tokennya?
listen-no-till = seharusnya jawaban sebuah kasir
listen-no-stream = seharusnya aliran peristiwa, ditemukan HTTP { $status }
listen-long-line = seharusnya baris kasir lebih pendek
listen-no-answer = tidak dijawab
listen-nobody = tidak ada yang mendengarkan di sana
listen-silence = kasir diam selama 40 dtk
service-refused = seharusnya ada jawaban, ditemukan HTTP { $status }: { $message }
service-till = --till: seharusnya URL seperti http://127.0.0.1:8080
service-till-https = --till: seharusnya https, atau http ke mesin ini: token dapat dibaca di perjalanan
service-no-sandbox = seharusnya alamat sandbox di mesin ini di --base-url atau QRIS_BASE_URL, ditemukan yang lain: di penyedia tidak ada yang dapat dibuat terjadi
trigger-done = { $number } berstatus { $state }
trigger-overpaid = { $number } berstatus { $state }, kelebihan Rp{ $more }
trigger-not-waiting = seharusnya pesanan yang menunggu pembayaran, atau nomor baru; ditemukan berstatus { $state }
trigger-no-code = seharusnya pesanan dengan kode, tidak ditemukan
trigger-no-code-in-sandbox = seharusnya pesanan dengan kode di sandbox, tidak ditemukan
trigger-may-not-be-asked = seharusnya pesanan yang boleh dimintai kode, atau nomor baru; ditemukan berstatus { $state }
trigger-too-long = seharusnya kasir mengetahuinya dalam { $seconds } dtk, ditemukan pesanan berstatus { $state }
sandbox-phone = Ponsel pembayar: http://{ $address }/
sandbox-not-printable = seharusnya ASCII yang dapat dicetak, ditemukan yang lain

## Why another program was not reached.

connection-refused = server menolak sambungan
connection-cut-off = sambungan terputus
connection-timed-out = server tidak menjawab tepat waktu
