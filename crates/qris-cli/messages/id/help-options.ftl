# Help of shared options, and the labels of all help.

help-options =
    .payload = Payload, atau `-` untuk membacanya dari standard input
    .rules = Aturan yang berlaku
    .rules-long = docs/rules.md di proyek ini memuat tiap aturan dengan klausulnya, seberapa pasti aturan itu, dan apa yang ditemui di lapangan.
    .merchant = Merchant di berkas setelan. Bawaan: main, yang setelannya ada di flag, variabel lingkungan, dan bagian atas berkas; atau satu-satunya tabel [merchant.NAME]
    .merchant_id = ID merchant di penyedia (mID)
    .base_url = Alamat Open API; `qris sandbox` mencetak alamat sandbox
    .database_flag = Basis data: sqlite://PATH atau postgres://… Bawaan: berkas di folder data pengguna; sandbox punya berkas sendiri. Simpan URL yang berisi kata sandi di QRIS_DATABASE_URL atau berkas setelan, karena pengguna lain dapat melihat baris perintah [env: QRIS_DATABASE_URL]
    .nmid = ID merchant nasional (NMID): kode dengan NMID lain ditolak. Bawaan: NMID invoice pertama di basis data
    .shown_minutes = Berapa menit kode ditampilkan kepada pembayar. Bawaan: 30, atau masa berlakunya jika lebih pendek
    .validity_minutes = Berapa menit invoice dapat dibayar. Bawaan: 60
    .timeout_seconds = Berapa detik panggilan API boleh berlangsung, 1 sampai 600. Bawaan: 35, karena penyedia bisa memerlukan 30
    .checks_per_minute = Berapa pengecekan per menit untuk kunci API ini, dari semua program yang memakai basis data yang sama. Bawaan: 60; InterActive dapat memblokir kunci yang lebih sering mengecek
    .state_dir = Folder berkas kecil yang menghitung pengecekan kunci, dari semua proses seorang pengguna. Bawaan: qris di folder state pengguna
    .public_url = Awalan tautan halaman pembayaran (pay_url): https://…, atau http:// di komputer ini. Tanpa ini pay_url bernilai null; kasir di komputer ini memakai alamatnya sendiri
    .pay_key_file = Berkas kunci untuk tautan itu. Bawaan: berkas di sebelah basis data SQLite, dibuat saat pertama kali dipakai; beberapa kasir dengan satu basis data PostgreSQL memerlukan salinan berkas yang sama, 32 byte acak
    .file = Berkas setelan, dalam TOML. Bawaan: qris.toml di folder saat ini, jika ada
    .file-long =
        Di bagian atas: database_url, state_dir, public_url, pay_key_file, pay_listen (teks). Untuk kasir juga ca_file (teks), private_networks, notify_urls, allow_origins (daftar teks).

        Untuk merchant: api_key_file atau api_key, merchant_id, base_url, nmid, webhook_token (teks), shown_minutes, validity_minutes, timeout_seconds, checks_per_minute (angka). Untuk merchant main di bagian atas, untuk merchant lain di tabel [merchant.NAME], dengan NAME 1 sampai 32 dari a-z, 0-9, - dan _.

        Untuk printer, di tabel [printer.NAME]: address atau device, drawer, language (teks), width (58 atau 80), cut, auto, status (true atau false).

        Untuk qris settle, di tabel [settlement] dan [merchant.NAME.settlement]: criteria, bank (teks), transfer_minimum, transfer_fee, small_transfer_fee, small_transfer_below, due_days (angka), holidays (berkas atau daftar hari), columns (tabel nama), mdr (tabel criteria, from, up_to, percent).

        Untuk qris settle journal, di tabel [journal]: receivable, bank, waiting, sales, mdr, transfer_fee, tips, differences, unbooked (teks).

        qris.toml yang tidak disebut dengan --settings tidak boleh mengubah pemakaian kunci dari QRIS_API_KEY: berkas itu ditolak.
    .number = Nomor pesanan
    .pin_stdin = Membaca PIN dari baris pertama standard input, tanpa menanyakannya
    .json = Mencetak JSON, bukan teks
    .till = Alamat kasir. Tokennya dibaca dari QRIS_TILL_TOKEN

help-labels =
    .usage = Cara pakai:
    .commands = Perintah
    .arguments = Argumen
    .options = Opsi
    .help = Mencetak bantuan
    .help-more = Mencetak bantuan (selengkapnya dengan '--help')
    .help-less = Mencetak bantuan (ringkasan dengan '-h')
    .version = Mencetak versi
    .settings = Setelan seperti --database, --merchant, dan --settings: qris help settings
    .help-command = Mencetak pesan ini atau bantuan subperintah yang dipilih
    .default = bawaan
    .values = pilihan
    .values-long = Pilihan

help-settings = Menampilkan semua setelan: flag, variabel lingkungan, dan berkas setelan
    .long = Semua perintah yang memakai akun atau basis data menerima flag ini. Flag didahulukan dari variabel, dan variabel didahulukan dari berkas setelan. Kunci API tidak pernah menjadi flag, karena pengguna lain dapat melihat baris perintah: isi QRIS_API_KEY, atau api_key_file atau api_key di berkas setelan. `qris till --help` menampilkan setelan tambahan untuk kasir. `qris doctor` memeriksa semua setelan.
    .after =
        Contoh, untuk sandbox:
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
          qris doctor
