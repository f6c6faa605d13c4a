# Help of the commands for trying things out.

help-demo = Memeragakan satu pembayaran dari awal sampai akhir: tanpa akun, tanpa jaringan
    .long = Menjalankan sandbox di port loopback, menagih pesanan lewat HTTP sungguhan, mencocokkan dan menggambar QR-nya, menunggu kodenya kedaluwarsa, membuat kode baru, membayarnya sebagai pembayar sandbox, mengecek sampai lunas, lalu mencatatnya. Kode keluar 0 hanya jika semua langkah berhasil.
    .books = Berkas basis data. Bawaan: berkas baru di folder sementara sistem
    .after =
        Contoh:
          qris demo
          qris demo --books shop.db

help-sandbox = Menjalankan pengganti Open API sampai dihentikan
    .long =
        Sandbox menjawab kedua panggilan API. Semua isinya hilang setelah dihentikan. Permintaan tanpa `useTip` mendapat QR yang menanyakan tip.

        Untuk membayar invoice: buka alamat sandbox di peramban, yang menampilkan ponsel pembayar, lalu tekan tombol invoice itu. Program mengirim POST /sandbox/invoices/ID/pay, dengan ID dari qris_invoiceid. GET /sandbox/invoices menampilkan semua invoice. Jika memakai kasir, `qris trigger paid NUMBER` membayar sebuah pesanan.
    .listen = Alamat server. Sandbox tidak punya pengamanan: biarkan di loopback
    .webhook = Ke mana webhook dikirim setelah pembayaran
    .validity = Berapa menit invoice dapat dibayar
    .strict = Menolak yang tidak ada di dokumen penyedia tetapi dikirim klien sungguhan: POST, waktu setelah tanggal, `do` lain pada pengecekan, tanpa `useTip`
    .ids = Tipe JSON untuk qris_invoiceid
    .longest_number = Panjang maksimum nomor transaksi dalam karakter, paling besar 64
    .repeated_number = Jawaban untuk nomor yang sudah pernah dipakai
    .absent_tip = Jawaban untuk permintaan tanpa useTip
    .refusals = `data` penolakan: selalu teks, selalu objek, atau seperti di dokumentasi
    .refusal_status = Status HTTP penolakan
    .content_type = Content-Type jawaban
    .check_date = Hari di trxdate pada pengecekan yang menemukan pembayaran
    .time_in_date = Pengaruh waktu setelah tanggal di dalam trxdate
    .check_amount = Apakah trxvalue harus sama dengan nominal
    .check_action = Pengaruh kata lain di dalam `do` pada pengecekan
    .note = Catatan pada webhook
    .rrn = rrn pada webhook
    .fault = Gangguan di setiap jawaban, seperti php-notice, byte-order-mark, atau text-behind; dapat diulang
    .heading = Yang tidak dijelaskan dokumen penyedia
    .after =
        Contoh:
          qris sandbox --listen 127.0.0.1:7000

        Lalu, di terminal lain:
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
          qris order create INV-1 25578
          curl http://127.0.0.1:7000/sandbox/invoices
          curl -X POST http://127.0.0.1:7000/sandbox/invoices/ID/pay
          qris order wait INV-1

help-probe = Mencari tahu bagaimana penyedia memperlakukan akun ini, dengan satu pembayaran Rp1.000 yang Anda lakukan
    .long =
        Banyak hal tidak dijelaskan di dokumen penyedia: jawaban untuk nomor yang dipakai dua kali, data yang dicocokkan saat pengecekan, dan apakah webhook dikirim. Probe membuat paling banyak tujuh invoice Rp1.000, meminta Anda membayar salah satunya, mengeceknya sesuai aturan, lalu mencetak halaman fakta. Halaman itu dapat dilampirkan pada laporan masalah. Halaman itu tidak berisi kunci API, ID merchant, atau nama pembayar.

        Probe bertanya sebelum langkah yang membuat invoice atau memerlukan Anda: `yes` melanjutkan, `skip` melewati langkah itu, `stop` mengakhiri dengan fakta sejauh ini, begitu pula Ctrl-C. Hanya satu kode yang ditampilkan, yaitu kode yang harus dibayar. Kode lain bernama DO-NOT-PAY atau merupakan kode kedua dari nomor yang dibayar; kode itu tidak ditampilkan dan tidak boleh dibayar. Perlu 10 sampai 30 menit, sebagian besar untuk menunggu di antara pengecekan.

        Tidak ada yang ditulis ke basis data: kasir yang berjalan dengan akun yang sama mencatat webhook pembayaran itu sebagai webhook invoice yang tidak dikenal. Kode keluar 0: halaman sudah ditulis, 1: penyedia menolak kredensial atau tidak dapat dihubungi.
    .yes = Menjawab yes untuk setiap pertanyaan, untuk skrip. Pembayaran tetap ditunggu
    .out = Menulis halaman ke berkas ini, bukan ke standard output
    .json = Menulis halaman sebagai satu objek JSON, bukan Markdown
    .listen = Alamat untuk menerima webhook penyedia, di /webhook/ dan sebuah token: QRIS_WEBHOOK_TOKEN, atau acak. Beri tahu InterActive alamatnya
    .expiry = Berjalan satu jam lebih lama, dan mengecek invoice yang belum dibayar setelah 31 dan 61 menit
    .gap_seconds = Jarak antara dua pengecekan dalam detik, 0.1 sampai 60, hanya untuk sandbox di komputer ini. Untuk penyedia 15 dan 60, dan tidak ada setelan yang memendekkannya
    .after =
        Contoh:
          qris probe --out facts.md

          # Tanpa akun, untuk melihat cara kerjanya; bayar di halaman sandbox:
          qris sandbox --listen 127.0.0.1:7000 &
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          qris probe --base-url http://127.0.0.1:7000/restapi/qris/ --gap-seconds 2 --yes

          # Dengan webhook: beri tahu InterActive alamatnya, dan pasang proxy dengan TLS di depannya:
          qris probe --listen 127.0.0.1:8080 --out facts.md
