# Help of the commands on orders.

help-order = Menagih pesanan: meminta kodenya, mengecek apakah sudah dibayar, dan mencatatnya
    .long = Kode keluar 0: selesai, atau lunas. 1: ditolak, akhirnya tidak dibayar, atau QR dalam jawaban bukan yang diminta. 2: pemakaian atau setelan salah. 3: tidak diketahui apakah penyedia membuat invoice, atau apakah sudah dibayar karena pengecekan terakhir tidak dijawab.
    .json = Mencetak pesanan sebagai JSON, bukan teks dan QR. pay_url bernilai null jika --public-url, atau public_url dalam setelan, tidak diisi dengan alamat kasir untuk pembayar
    .after =
        Contoh, dengan `qris sandbox` yang berjalan di terminal lain:
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
          qris order create INV-1 25578
          qris order wait INV-1

help-order-create = Menagih pesanan dan menampilkan QR-nya; nomor dan nominal yang sama menampilkan pesanan yang sama
    .number = Nomor pesanan dari Anda, seperti INV/2026/00001: 1 sampai 64 karakter ASCII yang dapat dicetak, tanpa spasi di awal atau akhir; tulis -- sebelum nomor yang diawali -
    .amount = Nominal dalam rupiah bulat, hanya angka: 25578, bukan Rp25.578
    .tip = Pembayar boleh menambahkan tip di dompetnya
    .channel = Kanal penjualan
    .description = Keterangan: apa yang dijual
    .reference = Referensi Anda untuk penagihan ini: nomor yang lunas, kedaluwarsa, atau dibatalkan pada hari sebelumnya ditolak kecuali referensinya sama
    .no_code = Hanya mencatat pesanan, tanpa kode: kode diminta nanti saat nomor dan nominal yang sama ditagih
    .after =
        Contoh:
          qris order create INV-1 25578 --channel pos
          qris order create BILL-7 150000 --no-code --description 'November'

help-order-renew = Meminta kode baru untuk pesanan, setelah kode terakhir tidak ditampilkan lagi
    .long = Semua kode lama dicek dulu, segera setelah aturan penyedia mengizinkan. Jika salah satunya sudah dibayar, pesanan lunas dan kode baru tidak dibuat (kode keluar 0). Jika salah satu pengecekan tidak dijawab, kode baru juga tidak dibuat (kode keluar 3).
    .after =
        Contoh:
          qris order renew INV-1

help-order-check = Mengecek sekali apakah pesanan sudah lunas, segera setelah aturan penyedia mengizinkan. Jarak tiga pengecekan pertama paling sedikit 15 detik; setelah itu mengikuti jadwal
    .after =
        Contoh:
          qris order check INV-1

help-order-wait = Menunggu sampai pesanan lunas atau waktunya habis
    .after =
        Contoh:
          qris order wait INV-1 && echo paid

help-order-cancel = Membatalkan pesanan yang belum lunas; kodenya tidak dapat ditarik, jadi pembayaran yang tetap datang akan dicatat
    .long = Pembayarannya dicek dulu, jika boleh dicek dalam dua detik. Kode keluar 1 jika pesanan ternyata lunas, atau tidak sedang menunggu pembayaran.
    .after =
        Contoh:
          qris order cancel INV-1

help-order-resolve = Menyelesaikan pesanan yang hasilnya tidak diketahui, dengan hasil pemeriksaan Anda
    .long = Kode keluar 3 jika hasilnya tetap tidak diketahui: invoice itu belum dibayar, atau penyedia tidak menjawab.
    .invoiceid = Invoice penyedia untuk penjualan ini, dari portal merchant atau webhook: pengecekan harus memastikan bahwa invoice itu lunas
    .not_made = Penyedia tidak membuat invoice: nomor ini dapat dipakai lagi
    .reason = Bagaimana Anda mengetahuinya; alasan ini disimpan
    .after =
        Contoh:
          qris order resolve INV-1 --invoiceid 413255111
          qris order resolve INV-1 --not-made --reason 'tidak ada di portal'

help-order-list = Menampilkan daftar pesanan, yang terbaru dulu; yang perlu ditangani dicetak di standard error
    .state = Pesanan dengan status ini: open, requested, pending, paid, expired, rejected, unknown, atau cancelled
    .from = Pesanan yang dicatat pada hari ini (WIB) atau sesudahnya, seperti 2026-11-01
    .to = Pesanan yang dicatat pada hari ini (WIB) atau sebelumnya
    .channel = Pesanan dari kanal ini
    .search = Pesanan dengan nomor, RRN, atau nominal ini, atau dengan teks ini di nomor, keterangan, referensi, RRN, atau cara bayarnya. Teks dicari di 2.000 pesanan terbaru atau, dengan --from, di semua pesanan sejak hari itu
    .unacknowledged = Pesanan lunas yang belum ditandai selesai, yang terlama dulu
    .limit = Jumlah pesanan
    .after =
        Contoh:
          qris order list --limit 50 --json
          qris order list --state expired --from 2026-11-01 --search kopi
          qris order list --unacknowledged

help-order-show = Menampilkan pesanan dengan kode dan riwayatnya, serta QR-nya jika masih boleh ditampilkan; penyedia hanya ditanya jamnya
    .after =
        Contoh:
          qris order show INV-1 --json

help-order-acknowledge = Menandai pesanan lunas sudah selesai: barang sudah diserahkan atau dikirim
    .long = `list --unacknowledged` menampilkan pesanan lunas yang belum selesai.
    .after =
        Contoh:
          qris order acknowledge INV-1

help-order-import = Mencatat pesanan tanpa kode dari berkas CSV, satu per baris
    .long = Baris pertama berisi nama kolom: number dan amount; boleh juga description, due (hari, atau waktu seperti 2026-11-30 17:00:00), customer, channel (bawaan: bill), dan reference. Hasilnya berkas yang sama dengan kolom pay_url: tautan halaman pembayaran tiap pesanan. Kolom itu kosong jika --public-url, atau public_url dalam setelan, tidak diisi dengan alamat kasir untuk pembayar. Mengimpor berkas yang sama lagi tidak mengubah apa pun. Berkas yang salah ditolak seluruhnya; pesannya menyebut baris dan kolom. Nominal di bawah 100 atau di atas 10000000 rupiah ditolak, karena penyedia tidak membuat kode untuk nominal itu.
    .json = Mencetak pesanan sebagai daftar JSON, bukan berkas CSV
    .orders = Berkas, atau `-` untuk standard input
    .out = Tempat menulis berkas dengan kolom pay_url. Bawaan: standard output
    .after =
        Contoh:
          qris order import bills.csv --public-url https://bayar.toko.example --out links.csv

help-report = Menampilkan jumlah kode yang dibuat dan dibayar, dan uang yang masuk
    .long = Hari menurut WIB. Tip tidak termasuk, karena API tidak melaporkannya. Laporan ini untuk merchant yang dipilih; jika ada beberapa dan tidak ada yang dipilih, untuk semuanya. Yang perlu ditangani dicetak di standard error.
    .from = Hari pertama, seperti 2026-11-01. Bawaan: tiga puluh hari sebelum hari terakhir
    .to = Hari terakhir. Bawaan: hari ini
    .by = Menjumlahkan per hari, per kanal, atau per merchant, atau menampilkan tiap pembayaran
    .csv = Mencetak CSV
    .json = Mencetak JSON
    .after =
        Contoh:
          qris report --from 2026-11-01 --to 2026-11-30 --by channel
          qris report --by payment --csv > november.csv

values-channel =
    .pos = Mesin kasir
    .ecommerce = Toko online
    .bill = Tagihan rutin

values-by =
    .day = Tiap hari, semua kanal
    .channel = Tiap kanal, semua hari
    .merchant = Tiap merchant yang punya pesanan di basis data, semua hari dan kanal
    .payment = Tiap pembayaran, untuk dicocokkan dengan rekening koran
