# `qris settle`: bantuan dan teksnya.

help-settle = Mencocokkan pencairan dari penyedia dengan pembayaran di basis data
    .long = API penyedia tidak punya panggilan untuk pencairan. Portalnya menampilkan tabel transaksi: simpan sebagai XLSX atau CSV, atau salin sebagai TSV, lalu impor. Ketentuan pencairan ada di tabel [settlement] dan [merchant.NAME.settlement] pada berkas setelan.
    .after =
        Contoh:
          qris settle import november.csv
          qris settle report --from 2026-11-01 --to 2026-11-30
          qris settle journal --from 2026-11-01 --to 2026-11-30 --out november.csv
    .criteria = Kriteria merchant: umi, uke, ume, ube, ure, education, fuel, atau public-service. Bawaan: settlement.criteria pada berkas setelan

help-settle-import = Menyimpan baris tabel dari portal penyedia, masing-masing satu kali
    .long = Berkasnya XLSX, atau CSV atau TSV dengan UTF-8 atau UTF-16. Baris pertama berisi nama kolom. Berkas yang salah ditolak seluruhnya; pesannya menyebut baris dan kolom. Mengimpor berkas yang sama lagi tidak menambah apa pun. Nama pembayar dan catatan tidak disimpan.
    .table = Berkas, atau `-` untuk standard input
    .columns = Nama kolom di berkas: paid_at, amount, total, tip, status, payer, method, rrn, note, transaction, invoice, atau settled_on. Dipakai bersama settlement.columns pada berkas setelan
    .after =
        Contoh:
          qris settle import november.xlsx
          qris settle import tabel.tsv --column amount='Uang masuk' --column paid_at=Jam

help-settle-report = Mencocokkan baris yang diimpor dengan pembayaran di basis data
    .long = Baris dan pembayaran dicocokkan menurut ID invoice, lalu RRN, lalu nominal dan menit, dan hanya jika pasangannya satu. Hari adalah hari pembayaran, menurut WIB. Jumlah dihitung per hari pencairan, agar dapat dicocokkan dengan rekening bank. Dengan kriteria, MDR ikut dihitung, dibulatkan ke rupiah per pembayaran, setengah rupiah ke atas. Dengan settlement.bank, biaya satu transfer per hari dan uang yang seharusnya masuk juga dihitung.
    .from = Hari pertama pembayaran, seperti 2026-11-01. Bawaan: tiga puluh hari sebelum hari terakhir
    .to = Hari terakhir pembayaran. Bawaan: hari ini
    .holidays = Hari libur nasional, saat tidak ada pencairan, selain settlement.holidays pada berkas setelan; ulangi, atau pisahkan hari dengan koma
    .due_days = Berapa hari kerja sampai pembayaran seharusnya cair. Bawaan: settlement.due_days pada berkas setelan, atau 1
    .csv = Mencetak CSV: satu baris per pembayaran
    .after =
        Contoh:
          qris settle report --from 2026-11-01 --to 2026-11-30 --criteria umi
          qris settle report --holiday 2026-12-25 --csv > selisih.csv

help-settle-journal = Menulis debit dan kredit pembayaran dan pencairan, untuk program akuntansi
    .long =
        Impor dulu tabel penyedia. Pada hari pembayaran, piutang didebit dan penjualan dikredit. Pada hari pencairan, bank, MDR, dan biaya transfer didebit dan piutang dikredit. Saldo piutang adalah yang sudah tercatat tetapi belum cair. Tip, nominal yang berbeda, dan pencairan yang tidak ada di basis data punya akun sendiri. Penjualan termasuk MDR: itu biaya merchant. Jurnal tidak berisi nama pembayar. Biaya transfer hanya diketahui jika settlement.bank atau settlement.transfer_fee diisi di berkas setelan.

        Nama akun ada di tabel [journal] pada berkas setelan: receivable, bank, waiting, sales, mdr, transfer_fee, tips, differences, dan unbooked.
    .from = Hari pertama menurut WIB, seperti 2026-11-01
    .to = Hari terakhir
    .format = Format jurnal
    .by = Satu entri per hari dan kanal, atau satu per pembayaran
    .out = Berkas hasil. Bawaan: standard output
    .after =
        Contoh:
          qris settle journal --from 2026-11-01 --to 2026-11-30 --out november.csv
          qris settle journal --from 2026-11-01 --to 2026-11-30 --format beancount

values-journal-format =
    .csv = Satu baris per debit dan kredit
    .hledger = Jurnal hledger
    .beancount = Berkas Beancount tanpa direktif `open`

values-journal-by =
    .day = Semua pembayaran per hari dan kanal
    .payment = Tiap pembayaran terpisah

settle-imported = { $new } baris baru, { $completed } dilengkapi, { $known } sudah ada; { $unpaid } belum lunas dan dilewati
settle-column = seharusnya COLUMN=NAME, seperti amount=Jumlah
settle-too-large = { $file }: seharusnya paling banyak { $limit } byte, ternyata lebih
settle-refused = { $file }: tidak ada yang diimpor
settle-refused-more = { $file }: { $more } baris lain juga salah; tidak ada yang diimpor
settle-row = satu baris dengan nilai { $column } yang tidak dapat dibaca dilewati
settle-format = seharusnya CSV, TSV, atau XLSX, ditemukan format lain ({ $found }): buka di aplikasi lembar kerja, lalu simpan sebagai XLSX
settle-encoding = seharusnya teks UTF-8, atau UTF-16 dengan byte order mark, ditemukan yang lain: simpan sebagai CSV UTF-8 atau XLSX
settle-too-much = seharusnya isi XLSX paling banyak 64 MiB, ternyata lebih: simpan lebih sedikit hari, atau simpan sebagai CSV
settle-too-wide = seharusnya paling banyak 256 kolom, ternyata lebih
settle-no-column = kolom ini tidak ditemukan: sebutkan namanya dengan --column
settle-two-columns = seharusnya satu kolom untuk isi ini, ditemukan dua: pilih salah satu dengan --column
settle-too-long = seharusnya paling banyak 200000 baris, ternyata lebih
settle-bad-amount = seharusnya rupiah bulat seperti 25.578, ditemukan teks lain
settle-bad-time = seharusnya waktu seperti 27/11/2026 10:15:30, ditemukan teks lain
settle-bad-day = seharusnya hari seperti 27/11/2026, ditemukan teks lain
settle-bad-status = seharusnya status seperti Sukses atau Gagal, ditemukan kata lain
settle-bad-invoice = seharusnya ID invoice berisi angka saja, ditemukan teks lain
settle-bad-id = seharusnya ID paling banyak 64 huruf, angka, dan -_./:#, ditemukan teks lain: apakah aplikasi lembar kerja membulatkannya?
settle-contradiction = nominal, menit, ID invoice, dan RRN seharusnya sama dengan baris sebelumnya yang punya ID transaksi yang sama, ternyata berbeda
settle-other-payment = seharusnya nilai yang sudah diimpor untuk transaksi ini, ditemukan nilai lain
settle-not-written = { $file } tidak ditulis: { $error }
settle-days = dibayar { $from } sampai { $to }

# Nama daftar dan hari paling panjang 42 karakter.
settle-matched = tercatat dan cair
settle-other-amount = cair dengan nominal berbeda
settle-unpaid = ada di tabel penyedia, di sini belum lunas
settle-only-booked = tercatat, tidak ada di tabel penyedia
settle-only-settled = ada di tabel penyedia, tidak tercatat
settle-settled-on = cair { $day }
settle-not-settled = belum cair
settle-row-booked = tercatat { $amount }
settle-row-settled = cair { $amount }
settle-row-due = paling lambat { $day }
settle-row-late = paling lambat { $day }, terlambat
settle-row-next-check = dicek lagi { $at }
settle-row-tip = dengan tip
settle-row-ambiguous = cocok dengan beberapa
settle-day-mdr = MDR { $mdr }  bersih { $net }
settle-day-carried = dari hari sebelumnya { $amount }
settle-day-waiting = menunggu hari berikutnya { $amount }
settle-day-expected = biaya { $fee }  seharusnya masuk { $expected }
settle-note-mdr = MDR { $criteria } dibulatkan ke rupiah per pembayaran, setengah rupiah ke atas.
settle-note-fees-default = Satu transfer per hari pencairan, dengan biaya dari berita tahun 2023: { $small } di bawah { $below }, selain itu { $fee }; yang kurang dari { $minimum } menunggu hari pencairan berikutnya.
settle-note-fees = Satu transfer per hari pencairan, dengan biaya yang Anda isi: { $small } di bawah { $below }, selain itu { $fee }; yang kurang dari { $minimum } menunggu hari pencairan berikutnya.
settle-note-holidays = Hari libur { $year } belum diisi, jadi pembayaran sebelum hari libur bisa disebut terlambat terlalu awal.
