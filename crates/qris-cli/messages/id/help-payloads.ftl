# Help of the commands on payloads, and of the command itself.

help = Membaca, memeriksa, menggambar, dan menerima pembayaran QRIS

help-decode = Menampilkan isi sebuah payload dan apa yang salah di dalamnya
    .long = Kode keluar 0: valid, atau hanya ada peringatan. 1: tidak valid atau rusak. Kode dari ponsel pembayar (CPM, Base64 yang diawali hQVDUFY) juga ditampilkan. Standard input boleh berisi beberapa payload, satu per baris; kode keluarnya yang terburuk.
    .json = Mencetak satu objek JSON untuk tiap payload, bukan teks
    .lang = Bahasa temuan dan teks lainnya. Bawaan: menurut LC_ALL, LC_MESSAGES, atau LANG; JSON selalu dalam bahasa Inggris
    .after =
        Contoh:
          qris decode 00020101021126620014COM.GO-JEK.WWW…6304ABCD
          qris decode --json - < payload.txt

help-validate = Memeriksa berkas berisi payload, satu per baris
    .long = Mencetak nomor baris, putusan, dan kode temuan terburuk, dipisahkan tab. Jumlahnya dicetak di standard error, begitu pula petunjuk tentang baris yang bukan payload. Kode keluar 1 jika ada payload yang tidak valid atau rusak. Ukuran berkas bebas: pemakaian memori tidak bertambah.
    .file = Berkas dengan satu payload per baris, atau `-` untuk standard input
    .json = Mencetak satu objek JSON per baris, dengan semua temuan
    .threads = Jumlah thread. Bawaan: jumlah prosesor
    .after =
        Contoh:
          qris validate payloads.txt | grep -w malformed
          qris validate --json - < payloads.txt

help-encode = Menulis payload dari kolom-kolom, dengan nama seperti pada `qris decode --json`
    .long = Tidak ada yang ditulis jika `qris decode` akan menemukan kesalahan atau peringatan di dalamnya. Dari `objects` hanya template 62.50 sampai 62.99 dan 80 sampai 99 yang dipakai; sisanya dari kolom lain.
    .file = Berkas JSON, atau `-` untuk membacanya dari standard input
    .after =
        Contoh:
          qris decode --json "$PAYLOAD" | qris encode -

        Kode statis terkecil:
        {"  {"}"initiation": "static",
           "merchant": {"{"}"name": "TOKO", "city": "JAKARTA", "postal_code": "10110", "category_code": "5812"{"}"},
           "national_merchant_id": "ID1020038431489",
           "accounts": [{"{"}"tag": "26", "guid": "COM.GO-JEK.WWW", "pan": "936009143664001757",
                         "merchant_id": "M664001757", "criteria": "UMI"{"}"}]{"}"}

help-dynamic = Mengubah kode statis menjadi dinamis: untuk satu pembayaran dengan nominal tertentu
    .long = Semua objek lain tetap sama. Hasilnya dibuat alat ini, bukan acquirer, jadi dompet bisa menolaknya. Kode keluar 1 jika kode sudah dinamis atau hasilnya tidak valid.
    .replace = Menerima kode yang sudah dinamis, dan mengganti nominalnya
    .rules = Aturan untuk memeriksa hasilnya
    .amount = Nominal, seperti 25000 atau 25000.00
    .tip = Dompet menanyakan tip kepada pembayar
    .fee = Menambahkan biaya tetap
    .fee_percent = Menambahkan biaya dalam persen dari nominal, seperti 2.5
    .reference = Label referensi (62.05)
    .bill = Nomor tagihan (62.01)
    .after =
        Contoh:
          qris dynamic "$STICKER" --amount 25000 --reference INV-1

help-static = Mengubah kode dinamis kembali menjadi statis: tanpa nominal, tip, biaya, nomor tagihan, dan referensi
    .after =
        Contoh:
          qris static "$PAYLOAD"

help-anonymize = Membuat salinan yang aman dikirim ke tim bantuan: nama dan nomor diganti
    .long = Semua nilai yang tidak diketahui bersifat umum disamarkan. Panjang, digit cek, CRC, dan putusannya tetap. Teks yang bukan payload juga disamarkan: per objek sejauh dapat dibaca, lalu huruf demi huruf. Catatan di standard error memberi tahu hal itu.
    .after =
        Contoh:
          qris anonymize "$PAYLOAD"
          qris anonymize - < payload.txt

help-draw = Menggambar payload: di terminal, sebagai SVG, PNG, atau ESC/POS untuk printer struk, atau sebagai poster untuk dicetak
    .long = Hanya payload dengan susunan dan CRC yang benar yang digambar. PNG dan ESC/POS hanya punya huruf Eropa Barat: nama dengan huruf lain digambar dalam bahasa lainnya (objek 64), atau tidak digambar, dengan catatan di standard error.
    .output = Berkas hasil; namanya berakhiran .svg, .png, .escpos, atau .pdf
    .plain = Tanpa nama merchant, NMID, dan nominal di bawah QR
    .level = Koreksi kesalahan: seberapa banyak simbol boleh rusak
    .quiet_zone = Lebar tepi terang di sekeliling simbol, dalam modul
    .scale = Jumlah piksel per modul
    .width = Lebar seluruh gambar dalam piksel
    .paper = Kertas printer dalam milimeter, untuk .escpos
    .format = Format gambar, jika nama berkas tidak menyebutnya; tanpa berkas, ke standard output
    .poster = Menggambar poster untuk meja kasir di kertas ukuran ini, sebagai SVG atau PDF; kodenya harus statis. Tambahkan logo QRIS dan GPN sebelum dicetak
    .printed_by = Pencetak poster, setelah "Dicetak oleh". Bawaan: nomor acquirer
    .print_version = Versi poster, setelah "Versi cetak". Bawaan: 1.0
    .after =
        Contoh:
          qris draw "$PAYLOAD"
          qris draw "$PAYLOAD" -o code.svg
          qris draw "$PAYLOAD" -o code.png --width 600
          qris draw "$PAYLOAD" -o receipt.escpos --paper 80
          qris draw "$STIKER" --poster a5 -o poster.pdf

help-read = Mencari payload di dalam gambar: mencetak teks tiap QR, satu per baris
    .long = PNG, JPEG, WebP, dan BMP, sampai 120 megapiksel. Teks dicetak persis apa adanya; di terminal, karakter yang tidak terlihat ditulis dengan kodenya. Kode yang bukan QRIS dijelaskan di standard error. Kode keluar 1 jika sebuah gambar tidak dapat dibaca atau tidak berisi QR; gambar lainnya tetap dibaca.
    .images = Gambar, atau `-` untuk standard input
    .json = Mencetak satu objek JSON per baris untuk tiap QR: file, text, kind (qris, emv, cpm, malformed, web-address, wifi, contact, message, location, event, one-time-password, upi, number, text, empty), country, dan corners dalam piksel, dari sudut kiri atasnya sendiri searah jarum jam
    .after =
        Contoh:
          qris read photo.jpg
          qris read photo.jpg | qris decode -
          qris read --json *.jpg | jq -r .text

help-completions = Mencetak skrip agar shell melengkapi perintah ini
    .shell = Nama shell
    .after =
        Contoh:
          qris completions bash > ~/.local/share/bash-completion/completions/qris
          qris completions zsh > ~/.zfunc/_qris     # dengan fpath+=~/.zfunc sebelum compinit
          qris completions fish > ~/.config/fish/completions/qris.fish

help-man = Mencetak halaman manual, atau menulis halaman semua perintah ke sebuah folder
    .out = Folder untuk halaman tiap perintah; dibuat jika belum ada
    .after =
        Contoh:
          qris man | man -l -
          qris man --out ~/.local/share/man/man1 && man qris-order-wait

values-rules =
    .emv = Aturan EMVCo, untuk negara mana pun
    .qris = Aturan EMVCo dan aturan nasional Indonesia

values-draw-format =
    .svg = Vektor, untuk halaman dan layar
    .png = Piksel, untuk layar dan dokumen
    .escpos = Perintah untuk printer struk
    .pdf = Halaman untuk dicetak, dengan --poster
    .terminal = Setengah blok dan warna

values-poster =
    .a5 = 148 x 210 mm, tegak
    .a6 = 105 x 148 mm, tegak

values-level =
    .low = 7 %
    .medium = 15 %
    .quartile = 25 %
    .high = 30 %
