# Help of the commands around the till.

help-till = Menjalankan kasir: API HTTP, dan halaman untuk kasir, pelanggan, dan pemilik
    .long = Kasir memantau pesanan semua merchant dalam setelan, atau merchant yang dipilih dengan --merchant. Beberapa kasir boleh memakai satu basis data: tiap pembayaran dicatat satu kali. Orang masuk dengan nama dan PIN (`qris user add`); program dan layar punya token sendiri (`qris token create`). QRIS_TILL_TOKEN di lingkungan adalah token pemilik. Tanpa token itu dan tanpa pengguna, tidak ada yang perlu masuk, dan kasir hanya dapat diakses dari komputer ini. QRIS_WEBHOOK_TOKEN membuka /webhook/TOKEN untuk penyedia; panjangnya 16 sampai 256 karakter dari A-Z a-z 0-9 - . _ ~. Jika ada beberapa merchant, masing-masing punya webhook_token sendiri di berkas setelan.
    .listen = Alamat server kasir
    .idle_minutes = Setelah berapa menit tidak dipakai, pengguna harus masuk lagi. Bawaan: 720
    .abandon_seconds = Setelah berapa detik pesanan yang kodenya masih diminta menjadi unknown. Bawaan: batas waktu panggilan API, paling sedikit 35 detik, ditambah satu menit: 95 detik jika batas waktu itu tidak diubah
    .private_networks = Jaringan pribadi yang boleh dikirimi peristiwa, juga lewat HTTP biasa, seperti 192.168.1.0/24. Alamat umum dan komputer ini selalu boleh [env: QRIS_PRIVATE_NETWORKS]
    .notify_urls = Awalan notify_url yang diizinkan, seperti https://shop.example/notify/. Tanpa ini, pesanan tidak boleh punya notify_url [env: QRIS_NOTIFY_URLS]
    .allow_origins = Situs yang halamannya boleh memakai API dari peramban, seperti https://shop.example [env: QRIS_ALLOW_ORIGINS]
    .ca_file = Berkas PEM dengan otoritas sertifikat untuk endpoint, selain yang dipercaya sistem ini [env: QRIS_CA_FILE]
    .pay_listen = Alamat kedua yang hanya melayani halaman pembayaran. Alamat ini boleh terbuka ke internet, di belakang reverse proxy dengan TLS [env: QRIS_PAY_LISTEN]
    .after =
        Contoh:
          qris till --database sqlite://shop.db

          # Untuk tablet di toko, yang menanyakan token ini sekali:
          (umask 077; openssl rand -hex 20 > token)
          QRIS_TILL_TOKEN=$(cat token) qris till --listen 0.0.0.0:8080

help-user = Menambah, menampilkan, dan mencabut pengguna kasir
    .long = Pengguna masuk ke kasir dengan nama dan PIN. Kasir yang berjalan mengetahui perubahan dalam dua detik. Begitu ada pengguna, kasir tanpa QRIS_TILL_TOKEN meminta semua orang masuk.
    .after =
        Contoh:
          qris user add Siti --role cashier
          qris user list

help-user-add = Menambah pengguna, dan menanyakan PIN-nya
    .long = Kasir menagih, melihat pesanan hari ini, dan mencari pesanan dengan nomornya. Supervisor juga menyelesaikan pesanan yang belum pasti, melihat semua hari, dan membaca laporan. Pemilik boleh melakukan semuanya.
    .name = Nama untuk masuk: 1 sampai 32 karakter
    .role = Yang boleh dilakukan pengguna
    .after =
        Contoh:
          qris user add Siti --role cashier
          qris user add Budi --role owner --pin-stdin < pin

help-user-pin = Mengganti PIN pengguna; sesi pengguna itu dan jeda setelah PIN salah berakhir
    .name = Nama pengguna
    .after =
        Contoh:
          qris user pin Siti

help-user-list = Menampilkan pengguna, termasuk yang sudah dicabut
    .after =
        Contoh:
          qris user list --json

help-user-revoke = Mencabut akses pengguna, dan mengakhiri sesinya
    .name = Nama pengguna
    .after =
        Contoh:
          qris user revoke Siti

help-token = Membuat, menampilkan, dan mencabut token program dan layar
    .long = Program mengirim tokennya sebagai `Authorization: Bearer`. Layar juga begitu, atau token diketik sekali di halaman masuk layar itu. Kasir yang berjalan mengetahui perubahan dalam dua detik.
    .after =
        Contoh:
          qris token create erp --role program --merchant main
          qris token list

help-token-create = Membuat token dan mencetaknya satu kali
    .long = Dengan --merchant, token hanya untuk pesanan merchant itu.
    .name = Nama token: 1 sampai 32 karakter; peristiwa menyebut `token NAME`
    .role = Kegunaan token
    .after =
        Contoh:
          (umask 077; qris token create erp --role program > token)
          qris token create layar-1 --role display

help-token-list = Menampilkan token, termasuk yang sudah dicabut; isinya tidak dapat ditampilkan lagi
    .after =
        Contoh:
          qris token list --json

help-token-revoke = Mencabut token, dan mengakhiri sesi yang memakainya
    .name = Nama token
    .after =
        Contoh:
          qris token revoke erp

help-listen = Meneruskan peristiwa kasir yang berjalan ke program di komputer ini, dengan tanda tangan seperti untuk endpoint
    .long = Perintah ini mengikuti GET /api/events, jadi kasir tidak memerlukan endpoint atau sambungan ke komputer ini. Peristiwa yang tidak diterima program tidak dikirim lagi: perintah ini untuk uji coba. Kunci rahasia tanda tangannya selalu baru dan dicetak, kecuali QRIS_WEBHOOK_SECRET diisi.
    .forward_to = URL program di komputer ini
    .events = Jenis yang diteruskan, seperti order.paid,order.paid_late. Bawaan: semua
    .since = Mulai setelah kursor ini; 0 berarti dari peristiwa pertama. Bawaan: hanya peristiwa baru
    .merchant = Merchant kasir. Bawaan: main, atau satu-satunya
    .after =
        Contoh:
          qris listen --forward-to http://127.0.0.1:3000/hook

help-trigger = Membuat sesuatu terjadi pada pesanan kasir yang memakai sandbox
    .long = Pesanan yang belum ada dibuat dulu. Lalu kasir mengecek pesanan itu, seolah-olah tombol cek ditekan. Jika waktu harus berlalu, perintah ini memajukan jam sandbox, untuk semua invoice.
    .event = Yang terjadi
    .number = Nomor pesanan
    .amount = Nominal dalam rupiah untuk pesanan yang dibuat dulu
    .base_url = Alamat API sandbox, seperti yang dicetak `qris sandbox`
    .merchant = Merchant kasir. Bawaan: main, atau satu-satunya
    .after =
        Contoh:
          qris listen --forward-to http://127.0.0.1:3000/hook &
          qris trigger paid INV-1

help-backup = Menyalin seluruh basis data ke sebuah berkas, juga ketika kasir berjalan
    .long = Jangan menyalin berkas basis data secara langsung: data terbaru ada di berkas sebelahnya (`-wal`). Kunci tautan pembayaran ikut disalin, ke berkas dengan akhiran `.pay-key`: tanpa kunci itu tautan yang sudah dikirim tetap berlaku, tetapi kasir tidak dapat menampilkannya lagi. Untuk PostgreSQL, pakai pg_dump untuk basis data dan cp untuk kuncinya.
    .to = Berkas salinan; belum boleh ada berkas dengan nama itu
    .after =
        Contoh:
          qris backup qris-$(date +%F).db

        Untuk kembali ke sebuah salinan: hentikan kasir, hapus berkas di sebelah basis data
        (-wal, -shm), letakkan salinan di tempatnya dan salinan kunci di tempat
        kunci (.pay-key, atau pay_key_file), lalu jalankan kasir lagi.

help-forget = Menghapus nama pembayar dari pembayaran yang dilakukan sebelum suatu hari
    .long =
        Nominal, waktu, cara bayar, dan RRN tetap ada. Perintah ini berlaku untuk semua merchant yang punya pesanan di basis data, atau hanya untuk merchant yang dipilih dengan --merchant. Kasir boleh tetap berjalan. Perintah ini boleh dihentikan kapan saja, dan dilanjutkan saat dijalankan lagi. Riwayat tiap pesanan mencatat penghapusan ini dan pelakunya.

        Nama pelanggan juga dihapus dari tagihan yang dibayar sebelum hari itu, dari webhook yang disimpan, dan dari tagihan berulang yang sudah berakhir. Peristiwa yang masih menunggu dikirim menyimpan nama itu sampai terkirim: jalankan lagi perintah ini setelahnya. Cadangan dan ekspor yang dibuat sebelumnya masih berisi nama.
    .payers_before = Hari pertama (WIB) yang nama pembayarnya tidak dihapus, seperti 2025-12-01; paling lambat hari ini
    .by = Siapa yang melakukannya, untuk riwayat pesanan
    .rewrite = Menulis ulang berkas SQLite, berapa pun ukurannya
    .after =
        Contoh:
          qris forget --payers-before 2025-12-01

        Terakhir, berkas SQLite sampai 256 MB ditulis ulang, sehingga tidak ada nama yang
        tersisa. Untuk berkas yang lebih besar, hentikan kasir dan pakai --rewrite:
        selama itu tidak ada program yang dapat menulis ke basis data.

help-doctor = Memeriksa setelan, jaringan, jam, dan basis data
    .long = API tidak dipanggil, jadi jatah pengecekan tidak terpakai; apakah kunci API benar, baru diketahui pada invoice pertama. Basis data dibuka seperti oleh semua perintah, dan dibuat jika belum ada. Semua pesanan dibaca sekali, untuk dibandingkan dengan laporan: beberapa detik untuk sejuta pesanan. Kode keluar 0: tidak ada masalah, 1: paling sedikit satu.
    .fix = Memperbaiki yang tidak perlu keputusan orang: jumlah di laporan yang berbeda dari pesanan
    .offline = Melewati yang memerlukan jaringan: server penyedia, perbandingan jam, dan printer
    .json = Mencetak satu objek JSON, bukan teks
    .after =
        Contoh:
          qris doctor && qris till

values-user-role =
    .cashier = Menagih, melihat pesanan hari ini, dan mencari pesanan dengan nomornya
    .supervisor = Juga menyelesaikan pesanan yang belum pasti, melihat semua hari, dan membaca laporan
    .owner = Semuanya

values-token-role =
    .program = Program yang memakai API HTTP
    .display = Layar yang menampilkan jumlah yang harus dibayar pelanggan

values-event =
    .paid = Pembayar membayar kode yang ditampilkan
    .paid_late = Pembayar membayar setelah kodenya tidak ditampilkan lagi
    .overpaid = Pembayar membayar kode lama dan kode baru
    .unknown = Jawaban atas permintaan kode tidak sampai
    .expired = Kodenya tidak ditampilkan lagi
