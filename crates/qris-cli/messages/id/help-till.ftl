# Help of the commands around the till.

help-till = Menjalankan kasir: API HTTP, dan halaman untuk kasir, pelanggan, dan pemilik
    .long = Mengawasi pesanan semua merchant dalam setelan, atau satu yang disebut --merchant, dan melunasi tiap pesanan satu kali, berapa pun kasir yang memakai pembukuan yang sama. Orang masuk dengan nama dan PIN (`qris user add`); program dan layar punya token sendiri (`qris token create`). QRIS_TILL_TOKEN di lingkungan adalah token pemilik. Tanpa token itu dan tanpa pengguna, tidak ada yang ditanya, dan kasir hanya mendengarkan di mesin ini. QRIS_WEBHOOK_TOKEN membuka /webhook/TOKEN bagi penyedia; jika ada beberapa merchant, masing-masing punya webhook_token sendiri di berkas setelan.
    .listen = Alamat untuk mendengarkan
    .idle_minutes = Berapa lama orang yang sudah masuk boleh tidak melakukan apa pun sebelum harus masuk lagi. Bawaan: 720
    .abandon_seconds = Berapa lama setelah meminta kode jawabannya tidak mungkin datang lagi: pesanan menjadi unknown. Bawaan: 180, atau selama satu panggilan boleh berlangsung ditambah satu menit jika itu lebih lama
    .private_networks = Jaringan, selain internet umum dan mesin ini, tujuan peristiwa boleh dikirim, juga lewat HTTP biasa, seperti 192.168.1.0/24 [env: QRIS_PRIVATE_NETWORKS]
    .notify_urls = Awalan wajib notify_url sebuah pesanan, seperti https://shop.example/notify/. Tanpa ini pesanan tidak boleh memilikinya [env: QRIS_NOTIFY_URLS]
    .allow_origins = Situs yang halamannya boleh memakai API dari peramban, seperti https://shop.example [env: QRIS_ALLOW_ORIGINS]
    .ca_file = Berkas PEM dengan otoritas yang boleh menerbitkan sertifikat endpoint, selain yang dipercaya sistem ini [env: QRIS_CA_FILE]
    .pay_listen = Tempat melayani halaman pembayar juga, dan tidak ada yang lain: alamat yang boleh terbuka ke internet, di belakang reverse proxy dengan TLS [env: QRIS_PAY_LISTEN]
    .after =
        Contoh:
          qris till --database sqlite://shop.db

          # Untuk tablet di toko, yang menanyakan token ini sekali:
          (umask 077; openssl rand -hex 20 > token)
          QRIS_TILL_TOKEN=$(cat token) qris till --listen 0.0.0.0:8080

help-user = Menambah, mendaftar, dan mencabut orang yang memakai kasir
    .long = Pengguna masuk ke kasir dengan nama dan PIN. Kasir yang berjalan mengetahui perubahan dalam dua detik. Begitu ada pengguna, kasir tanpa QRIS_TILL_TOKEN meminta semua orang masuk.
    .after =
        Contoh:
          qris user add Siti --role cashier
          qris user list

help-user-add = Menambah pengguna, dan menanyakan PIN-nya
    .long = Kasir menagih, mendaftar pesanan hari ini, dan mencari pesanan menurut nomornya. Penyelia juga menyelesaikan hasil yang tidak diketahui, mendaftar semua hari, dan membaca laporan. Pemilik boleh melakukan semuanya.
    .name = Nama untuk masuk: 1 sampai 32 karakter
    .role = Yang boleh dilakukan pengguna
    .after =
        Contoh:
          qris user add Siti --role cashier
          qris user add Budi --role owner --pin-stdin < pin

help-user-pin = Memberi pengguna PIN lain; sesi pengguna itu dan jeda setelah PIN salah berakhir
    .name = Nama pengguna
    .after =
        Contoh:
          qris user pin Siti

help-user-list = Mendaftar pengguna, juga yang sudah dicabut
    .after =
        Contoh:
          qris user list --json

help-user-revoke = Tidak mengizinkan pengguna masuk lagi, dan mengakhiri sesinya
    .name = Nama pengguna
    .after =
        Contoh:
          qris user revoke Siti

help-token = Membuat, mendaftar, dan mencabut token program dan layar
    .long = Program mengirim tokennya sebagai `Authorization: Bearer`. Layar mengirimnya dengan cara yang sama, atau seseorang mengetiknya sekali di halaman masuk layar itu. Kasir yang berjalan mengetahui perubahan dalam dua detik.
    .after =
        Contoh:
          qris token create erp --role program --merchant main
          qris token list

help-token-create = Membuat token dan mencetaknya, sekali ini saja
    .long = Dengan --merchant, token hanya untuk pesanan merchant itu.
    .name = Namanya: 1 sampai 32 karakter; peristiwa menyebut `token NAME`
    .role = Kegunaannya
    .after =
        Contoh:
          (umask 077; qris token create erp --role program > token)
          qris token create layar-1 --role display

help-token-list = Mendaftar token, juga yang sudah dicabut; tidak ada yang dapat dibaca lagi
    .after =
        Contoh:
          qris token list --json

help-token-revoke = Mengakhiri token, dan yang masuk dengannya
    .name = Nama token
    .after =
        Contoh:
          qris token revoke erp

help-listen = Meneruskan peristiwa kasir yang berjalan ke program di mesin ini, ditandatangani seperti untuk endpoint
    .long = Perintah ini mengikuti GET /api/events, jadi kasir tidak memerlukan endpoint atau jalan ke mesin ini. Yang tidak diterima program tidak dikirim lagi: ini untuk mencoba. Rahasia penanda tangannya selalu baru dan dicetak, kecuali QRIS_WEBHOOK_SECRET berisi rahasia.
    .forward_to = Tempat program mendengarkan, di mesin ini
    .events = Jenis yang diteruskan, seperti order.paid,order.paid_late. Bawaan: semua
    .since = Mulai setelah kursor ini; 0 berarti sebelum peristiwa pertama. Bawaan: dengan yang terjadi mulai sekarang
    .merchant = Merchant kasir yang mana. Bawaan: main, atau satu-satunya
    .after =
        Contoh:
          qris listen --forward-to http://127.0.0.1:3000/hook

help-trigger = Membuat sesuatu terjadi pada pesanan kasir yang penyedianya sandbox
    .long = Pesanan yang belum ada dibuat dulu. Kasir mengetahuinya seperti di toko: ia bertanya kepada sandbox, seperti setelah tombol ditekan. Jam sandbox dimajukan jika waktu harus berlalu, untuk semua invoicenya.
    .event = Yang terjadi
    .number = Nomor pesanan
    .amount = Nominal pesanan yang dibuat lebih dulu, dalam rupiah
    .base_url = Alamat API sandbox, seperti yang dicetak `qris sandbox`
    .merchant = Merchant kasir yang mana. Bawaan: main, atau satu-satunya
    .after =
        Contoh:
          qris listen --forward-to http://127.0.0.1:3000/hook &
          qris trigger paid INV-1

help-backup = Menyalin pembukuan ke sebuah berkas, utuh dan seperti pada satu saat, juga ketika kasir berjalan
    .long = Menyalin berkas basis data itu sendiri kehilangan isi berkas di sebelahnya (`-wal`). Kunci tautan bayar disalin ke berkas di sebelah salinan, `.pay-key`: tanpa kunci itu tautannya tetap berlaku, tetapi tidak ada program yang dapat menampilkannya lagi. Pembukuan di PostgreSQL disalin dengan pg_dump, dan kuncinya dengan cp.
    .to = Salinannya; belum boleh ada berkas dengan nama itu
    .after =
        Contoh:
          qris backup qris-$(date +%F).db

        Untuk kembali ke sebuah salinan: hentikan kasir, hapus yang ada di sebelah basis
        data (-wal, -shm), letakkan salinan di tempatnya dan salinan kunci di tempat
        kunci (.pay-key, atau pay_key_file), lalu jalankan kasir lagi.

help-forget = Menghapus nama pembayar dari pembayaran yang dilakukan sebelum suatu hari
    .long =
        Nominal, waktu, cara bayar, dan RRN tetap ada. Ini tentang semua merchant yang punya pesanan di basis data, atau tentang satu yang disebut --merchant. Kasir boleh tetap berjalan. Perintah ini boleh dihentikan kapan saja, dan melanjutkan ketika dijalankan lagi. Riwayat tiap pesanan menyebut bahwa hal ini dilakukan, dan oleh siapa.

        Tagihan yang dibayar sebelum hari itu juga kehilangan nama pelanggannya, begitu pula webhook yang disimpan dan rencana yang sudah berakhir. Peristiwa yang masih menunggu dikirim menyimpan nama itu sampai diterima: jalankan lagi perintah ini setelahnya. Cadangan dan ekspor yang dibuat sebelumnya masih berisi nama.
    .payers_before = Hari pertama (WIB) yang pembayarnya tidak dihapus, seperti 2025-12-01; paling lambat hari ini
    .by = Siapa yang melakukannya, untuk riwayat pesanan
    .rewrite = Menulis ulang berkas SQLite, sebesar apa pun
    .after =
        Contoh:
          qris forget --payers-before 2025-12-01

        Pada akhirnya berkas SQLite sampai 256 MB ditulis ulang, sehingga nama tidak ada
        di bagian mana pun. Untuk yang lebih besar, hentikan kasir dan berikan --rewrite:
        selama itu tidak ada yang dapat mencatat.

help-doctor = Memeriksa apakah setelan, jaringan, jam, dan pembukuan sudah sebagaimana mestinya
    .long = API sendiri tidak dipanggil, jadi jatah kunci tidak terpakai; apakah kunci itu benar baru terlihat pada invoice pertama. Pembukuan dibuka seperti oleh setiap perintah, dan dibuat jika belum ada. Setiap pesanan dibaca sekali, untuk membandingkan laporan dengan jumlah pesanan: beberapa detik untuk sejuta. Kode keluar 0: tidak ada masalah, 1: paling sedikit satu.
    .fix = Memperbaiki yang tidak perlu diputuskan orang: jumlah laporan yang tidak sama dengan jumlah pesanan
    .offline = Tanpa yang memerlukan jaringan: server penyedia, jam di samping jamnya, dan apakah printer dapat dihubungi
    .json = Mencetak satu objek JSON, bukan teks
    .after =
        Contoh:
          qris doctor && qris till

values-user-role =
    .cashier = Menagih, mendaftar pesanan hari ini, dan mencari pesanan menurut nomornya
    .supervisor = Juga menyelesaikan hasil yang tidak diketahui, mendaftar semua hari, dan membaca laporan
    .owner = Semuanya

values-token-role =
    .program = Program yang memakai API HTTP
    .display = Layar yang menunjukkan kepada pelanggan apa yang harus dibayar

values-event =
    .paid = Pembayar membayar kode yang ditampilkan
    .paid_late = Pembayar membayar setelah kodenya tidak ditampilkan lagi
    .overpaid = Pembayar membayar kode lama dan kode baru
    .unknown = Jawaban atas permintaan kode hilang
    .expired = Kodenya tidak ditampilkan lagi
