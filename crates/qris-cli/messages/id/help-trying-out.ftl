# Help of the commands that try things out.

help-demo = Memainkan satu pembayaran dari awal sampai akhir: tanpa akun, tanpa jaringan
    .long = Menyalakan sandbox di port loopback, menagih sebuah pesanan di sana lewat HTTP sungguhan, mencocokkan dan menggambar QR-nya, membiarkan waktunya habis lalu memperbaruinya, menyuruh pembayar sandbox membayar, bertanya sampai lunas, lalu mencatatnya. Kode keluar 0 hanya jika setiap langkah berhasil.
    .books = Tempat pembukuan; jika tidak diisi, berkas baru di folder sementara sistem
    .after =
        Contoh:
          qris demo
          qris demo --books shop.db

help-sandbox = Menjalankan pengganti Open API sampai dihentikan
    .long = Menjawab kedua panggilan API, dan `/` adalah halaman yang memerankan ponsel pembayar. Permintaan tanpa `useTip` mendapat QR yang menanyakan tip. Tidak ada yang disimpan ketika berakhir.
    .listen = Alamat untuk mendengarkan. Sandbox tidak menjaga apa pun: biarkan di loopback
    .webhook = Ke mana webhook dikirim ketika seseorang membayar
    .validity = Berapa lama invoice dapat dibayar, dalam menit
    .strict = Menolak yang tidak ditunjukkan dokumen penyedia, walaupun klien sungguhan mengirimnya: POST, waktu setelah tanggal, `do` lain pada pengecekan, tanpa `useTip`
    .ids = Jenis nilai JSON untuk qris_invoiceid
    .longest_number = Karakter terbanyak untuk nomor transaksi; bawaannya adalah yang terbanyak yang dapat dipilih
    .repeated_number = Hasil permintaan dengan nomor yang sudah pernah dipakai
    .absent_tip = Hasil permintaan tanpa useTip
    .refusals = Bentuk penolakan: data berupa teks, objek, atau seperti yang didokumentasikan masing-masing
    .refusal_status = Status HTTP penolakan
    .content_type = Content-Type jawaban
    .check_date = Hari yang harus disebut trxdate agar pembayaran diberitahukan
    .time_in_date = Pengaruh waktu setelah tanggal di dalam trxdate
    .check_amount = Apakah trxvalue harus sama dengan nominal
    .check_action = Pengaruh kata lain di dalam `do` pada pengecekan
    .note = Catatan pada webhook
    .rrn = rrn pada webhook
    .fault = Gangguan yang selalu terjadi, seperti php-notice, byte-order-mark, atau text-behind; boleh diberikan beberapa kali
    .heading = Yang tidak dijelaskan dokumen penyedia
    .after =
        Contoh:
          qris sandbox --listen 127.0.0.1:7000

        Lalu, di tempat lain:
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
          qris order create INV-1 25578

help-probe = Mencari tahu bagaimana penyedia memperlakukan akun ini, dengan satu pembayaran Rp1.000 yang Anda lakukan
    .long =
        Dokumen penyedia tidak menjelaskan banyak hal: apa hasil nomor yang dipakai dua kali, apa yang dibandingkan oleh pengecekan, apakah webhook datang. Probe membuat paling banyak tujuh invoice Rp1.000, meminta Anda membayar satu di antaranya, mengeceknya menurut aturan, lalu mencetak halaman fakta yang dapat dikirim kepada kami. Halaman itu tidak berisi kunci API, ID merchant, atau nama pembayar.

        Probe bertanya sebelum tiap langkah yang membuat invoice atau memerlukan Anda: `yes` melanjutkan, `skip` melewati langkah itu, `stop` mengakhiri dengan fakta sejauh ini, begitu pula Ctrl-C. Satu kode ditampilkan, yaitu yang harus dibayar. Yang lain bernama DO-NOT-PAY atau merupakan kode kedua dari nomor yang dibayar; semuanya tidak ditampilkan dan tidak boleh dibayar. Ini memakan waktu 10 sampai 30 menit, sebagian besar di antara pengecekan.

        Tidak ada yang ditulis ke pembukuan: kasir yang berjalan dengan akun yang sama mencatat webhook pembayaran itu sebagai webhook invoice yang tidak dikenal. Kode keluar 0: halaman sudah ditulis, 1: penyedia menolak kredensial atau tidak dapat dihubungi.
    .yes = Menjawab yes untuk setiap pertanyaan, untuk skrip. Pembayaran tetap ditunggu
    .out = Menulis halaman ke berkas ini, bukan ke standard output
    .json = Menulis halaman sebagai satu objek JSON, bukan Markdown
    .listen = Mendengarkan webhook penyedia di sini, di bawah /webhook/ dan sebuah token: dari QRIS_WEBHOOK_TOKEN, atau acak. InterActive harus diberi tahu alamatnya
    .expiry = Tetap berjalan satu jam lagi untuk melihat jawaban pengecekan atas invoice yang belum dibayar setelah 31 dan 61 menit
    .gap_seconds = Jarak antara dua pengecekan dalam detik, 0.1 sampai 60, untuk sandbox di mesin ini. Milik penyedia 15 dan 60, dan tidak ada setelan yang memendekkannya
    .after =
        Contoh:
          qris probe --out facts.md

          # Tanpa akun, untuk melihat cara kerjanya; bayar di halaman sandbox:
          qris sandbox --listen 127.0.0.1:7000 &
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          qris probe --base-url http://127.0.0.1:7000/restapi/qris/ --gap-seconds 2 --yes

          # Dengan webhook, yang harus diberitahukan kepada InterActive; di depannya ada proxy dengan TLS:
          qris probe --listen 127.0.0.1:8080 --out facts.md
