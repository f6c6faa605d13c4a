# Help of the commands on orders.

help-order = Menagih pesanan: meminta kodenya, mengecek apakah sudah dibayar, dan mencatatnya
    .long = Kode keluar 0: selesai, atau lunas. 1: ditolak, pada akhirnya tidak dibayar, atau QR pada jawaban bukan yang diminta. 2: pemakaian atau setelan salah. 3: tidak diketahui apakah penyedia membuat invoice, atau apakah sudah dibayar: pengecekan terakhir tidak dijawab.
    .json = Mencetak pesanan sebagai JSON, bukan teks dan QR. pay_url-nya null sampai --public-url, atau public_url dalam setelan, menyebut alamat kasir bagi pembayar
    .after =
        Contoh, dengan sandbox yang dijalankan `qris sandbox` di tempat lain:
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
          qris order create INV-1 25578
          qris order wait INV-1

help-order-create = Menagih sebuah pesanan dan menampilkan QR-nya; nomor dan nominal yang sama menampilkan pesanan yang sama lagi
    .number = Nomor pesanan Anda sendiri, seperti INV/2026/00001: 1 sampai 64 karakter ASCII yang dapat dicetak, tanpa spasi di awal atau akhir; tulis -- sebelum nomor yang diawali -
    .amount = Nominal dalam rupiah bulat, hanya digit
    .tip = Menyuruh dompet pembayar menanyakan tip
    .channel = Tempat penjualan
    .description = Untuk apa, dalam kata-kata
    .reference = Nama Anda sendiri untuk tagihan ini: nomor yang lunas, kedaluwarsa, atau dibatalkan pada hari sebelumnya ditolak kecuali referensinya sama
    .no_code = Hanya mencatat pesanan, tanpa meminta kode: menagihnya nanti dengan nomor dan nominal yang sama akan meminta kode
    .after =
        Contoh:
          qris order create INV-1 25578 --channel pos
          qris order create BILL-7 150000 --no-code --description 'November'

help-order-renew = Meminta kode lain untuk sebuah pesanan, setelah kode terakhir tidak ditampilkan lagi
    .long = Setiap kode lama dicek dulu, segera setelah aturan penyedia mengizinkan: jika salah satunya ternyata dibayar, pesanan lunas dan tidak ada kode baru (kode keluar 0). Tanpa jawaban tentang setiap kode itu, kode baru juga tidak ada (3).
    .after =
        Contoh:
          qris order renew INV-1

help-order-check = Bertanya satu kali apakah sebuah pesanan lunas, segera setelah aturan penyedia mengizinkan: tiga kali pertama berjarak paling dekat 15 detik, lalu menurut jadwal
    .after =
        Contoh:
          qris order check INV-1

help-order-wait = Menunggu sampai sebuah pesanan lunas, atau waktunya habis
    .after =
        Contoh:
          qris order wait INV-1 && echo paid

help-order-cancel = Membatalkan pesanan yang belum lunas; kodenya tidak dapat ditarik, jadi pembayaran yang tetap datang akan dicatat
    .long = Penyedia ditanya dulu, jika boleh ditanya dalam dua detik. Kode keluar 1 jika pesanan ternyata lunas, atau tidak sedang menunggu.
    .after =
        Contoh:
          qris order cancel INV-1

help-order-resolve = Mengakhiri hasil yang tidak diketahui, menurut apa yang ditemukan seseorang
    .long = Kode keluar 3 selama hasilnya tetap tidak diketahui: invoice yang disebut belum dibayar, atau penyedia tidak menjawab.
    .invoiceid = Invoice penyedia untuk penjualan ini, seperti di portal merchant atau di webhook: pengecekan harus memastikan bahwa invoice itu lunas
    .not_made = Penyedia tidak membuat invoice: nomor ini dapat diminta lagi
    .reason = Bagaimana hal itu diketahui; alasan ini disimpan
    .after =
        Contoh:
          qris order resolve INV-1 --invoiceid 413255111
          qris order resolve INV-1 --not-made --reason 'tidak ada di portal'

help-order-list = Mendaftar pesanan, yang terbaru dulu, dan di standard error apa yang perlu ditangani orang
    .state = Yang berstatus ini: open, requested, pending, paid, expired, rejected, unknown, atau cancelled
    .from = Yang dicatat pada hari ini (WIB) atau sesudahnya, seperti 2026-11-01
    .to = Yang dicatat pada hari ini (WIB) atau sebelumnya
    .channel = Yang dari kanal ini
    .search = Yang bernomor, ber-RRN, atau bernominal ini, atau yang nomor, keterangan, referensi, RRN, atau cara bayarnya berisi teks ini: di antara 2.000 pesanan terbaru atau, dengan --from, semua sejak saat itu
    .unacknowledged = Yang lunas tetapi belum dinyatakan selesai, yang terlama dulu
    .limit = Berapa banyak
    .after =
        Contoh:
          qris order list --limit 50 --json
          qris order list --state expired --from 2026-11-01 --search kopi
          qris order list --unacknowledged

help-order-show = Menampilkan sebuah pesanan dengan semua kodenya, apa yang terjadi dan, selama kodenya boleh ditampilkan, QR-nya; penyedia hanya ditanya jamnya
    .after =
        Contoh:
          qris order show INV-1 --json

help-order-acknowledge = Mencatat bahwa yang diminta sebuah pembayaran sudah dilakukan: barang sudah diserahkan atau dikirim
    .long = `list --unacknowledged` mendaftar pesanan lunas yang belum dinyatakan begitu.
    .after =
        Contoh:
          qris order acknowledge INV-1

help-order-import = Mencatat pesanan tanpa kode, satu dari tiap baris berkas CSV
    .long = Baris pertama berisi nama kolom: number dan amount, serta bila ada description, due (hari, atau waktu seperti 2026-11-30 17:00:00), customer, channel (bill jika tidak disebut), dan reference. Berkas dikembalikan dengan kolom pay_url: untuk tiap pesanan tautan halaman tempat membayarnya. Kolom itu kosong sampai --public-url, atau public_url dalam setelan, menyebut alamat kasir bagi pembayar. Berkas yang sama sekali lagi tidak mengubah apa pun. Berkas yang salah ditolak seluruhnya, dengan baris dan kolomnya; begitu pula nominal yang tidak dibuatkan kode oleh penyedia, di bawah 100 atau di atas 10000000 rupiah.
    .orders = Berkas, atau `-` untuk standard input
    .out = Tempat menulis berkas dengan kolom pay_url, sebagai ganti standard output
    .after =
        Contoh:
          qris order import bills.csv --public-url https://bayar.toko.example --out links.csv

help-report = Menampilkan berapa kode dibuat dan dibayar, dan berapa uang yang masuk
    .long = Hari menurut WIB. Tip tidak termasuk: API tidak melaporkannya. Tentang merchant yang dipilih atau, jika ada beberapa dan tidak ada yang dipilih, tentang semuanya bersama. Apa yang perlu ditangani orang ada di standard error.
    .from = Hari pertama, seperti 2026-11-01; jika tidak diisi, tiga puluh hari sebelum hari terakhir
    .to = Hari terakhir; jika tidak diisi, hari ini
    .by = Menjumlahkan semua kanal per hari, semua hari per kanal, atau semuanya per merchant, atau mendaftar tiap pembayaran
    .csv = Mencetak CSV
    .json = Mencetak JSON
    .after =
        Contoh:
          qris report --from 2026-11-01 --to 2026-11-30 --by channel
          qris report --by payment --csv > november.csv

values-channel =
    .pos = Mesin kasir
    .ecommerce = Pembayaran di toko web
    .bill = Tagihan berkala

values-by =
    .day = Tiap hari, semua kanal bersama
    .channel = Tiap kanal, semua hari bersama
    .merchant = Tiap merchant yang punya pesanan di basis data, semua hari dan kanal bersama
    .payment = Tiap pembayaran sendiri-sendiri, untuk dicocokkan dengan rekening koran
