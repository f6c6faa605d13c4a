# Yang dikatakan `qris probe` di terminal. Halaman faktanya dalam bahasa Inggris, karena dilampirkan pada laporan.

probe-intro = Probe ini membuat beberapa invoice Rp1.000 dan meminta Anda membayar salah satunya. Hanya kode invoice itu yang ditampilkan. Jangan bayar yang lain.
probe-step-1 = Langkah 1: kirim tiga permintaan yang seharusnya ditolak API: pembuatan dengan `do` lain, pembuatan Rp0, dan pengecekan tanpa invoice? Jika API tetap membuat invoice, nomornya diawali DO-NOT-PAY.
probe-step-2 = Langkah 2: buat tiga invoice Rp1.000: satu tanpa useTip, satu dengan useTip=yes, dan satu dengan nomor 64 karakter? Nomornya diawali DO-NOT-PAY dan kodenya tidak ditampilkan. Jangan dibayar.
probe-step-3 = Langkah 3: buat invoice Rp1.000 yang akan Anda bayar? Kodenya ditampilkan di langkah 5.
probe-step-4 = Langkah 4: kirim sekali lagi permintaan untuk { $number }? Invoice kedua dengan nomor itu dapat dibayar seperti yang pertama. Kodenya tidak ditampilkan. Jangan dipindai atau dibayar.
probe-step-5 = Langkah 5: tampilkan kodenya dan tunggu pembayaran Rp1.000 dari Anda? Waktunya sekitar 20 menit, dan uangnya masuk ke akun Anda sendiri.
probe-last-step = Langkah terakhir: tunggu sampai sebuah invoice yang belum dibayar berumur 61 menit, lalu cek dua kali?
probe-webhook = Webhook: apakah InterActive sudah mendaftarkan alamat yang mengarah ke sini, dengan path ini? yes: menerima webhook; skip: lanjut tanpa webhook.
probe-portal = Lihat baris pembayaran itu di portal merchant, jika bisa: apakah idinv-nya { $invoice }?
probe-answered-yes = { $question } ya (--yes)
probe-yes-skip-stop = seharusnya yes, skip, atau stop, ditemukan jawaban lain
probe-yes-no-skip-stop = seharusnya yes, no, skip, atau stop, ditemukan jawaban lain

probe-sending = mengirim permintaan invoice (nomor { $number })…
probe-made = invoice { $invoice }, nomor { $number }
probe-other-qr = QR-nya bukan yang diminta: { $field }. QR itu tidak ditampilkan. Jangan bayar invoice { $invoice }.
probe-create-refused = penyedia menolak permintaan invoice: { $reason }
probe-credentials-refused = penyedia menolak kredensial: { $reason }
probe-do-not-pay = Jangan pindai atau bayar invoice { $invoice }: itu kode kedua dari nomor { $number }.
probe-pay-this = Bayar kode ini satu kali, dan jangan bayar kode lain: Rp1.000, nomor { $number }, NMID { $nmid }.
probe-press-enter = Tekan Enter begitu ponsel Anda menunjukkan pembayaran berhasil; ketik skip untuk berhenti menunggu.
probe-waiting = menunggu pembayaran invoice { $invoice }
probe-no-manual-checks = jatah pengecekan manual habis; pengecekan otomatis berlanjut
probe-not-paid = belum lunas
probe-check-refused = pengecekan ditolak: { $reason }
probe-no-answer = sebuah pengecekan tidak dijawab: { $error }
probe-paid = Menurut pengecekan, invoice itu lunas. Jangan bayar lagi. Masih ada beberapa pengecekan, kira-kira satu per menit.
probe-checking-with = mengecek invoice yang lunas dengan { $what }…
probe-another-trxdate = trxdate lain
probe-time-after-date = waktu setelah tanggal
probe-another-trxvalue = trxvalue lain
probe-another-do = `do` lain
probe-checking-other = mengecek invoice lain dari nomor itu…
probe-checking-again = mengecek sekali lagi invoice yang lunas seperti biasa…
probe-waiting-until-old = menunggu sampai invoice { $invoice } berumur { $minutes } menit
probe-webhook-at = alamat webhook: http://{ $address }{ $path }
probe-webhook-at-own = alamat webhook: http://{ $address }/webhook/ lalu QRIS_WEBHOOK_TOKEN
probe-waiting-webhook = menunggu webhook…
probe-listen = tidak dapat menerima sambungan di { $address }: { $error }
probe-stopped = dihentikan: halaman berisi fakta yang sudah ditemukan
probe-written = halaman ada di { $file }
probe-gap-range = seharusnya jumlah detik dari 0.1 sampai 60
probe-gap-provider = seharusnya --gap-seconds hanya untuk sandbox di komputer ini, ditemukan untuk penyedia: penyedia memblokir kunci yang terlalu sering mengecek
