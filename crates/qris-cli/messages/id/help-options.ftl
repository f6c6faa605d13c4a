# Help of options that several commands have, and the words around all help.

help-options =
    .payload = Payload, atau `-` untuk membacanya dari standard input
    .rules = Aturan yang berlaku
    .rules-long = docs/rules.md dari proyek ini memuat tiap aturan dengan klausulnya, seberapa pasti aturan itu, dan apa yang ditemui di lapangan.
    .merchant = Merchant yang mana dari berkas setelan. Bawaan: main, yang setelannya adalah flag, lingkungan, dan bagian atas berkas, atau satu-satunya yang punya tabel [merchant.NAME]
    .merchant_id = Nomor merchant di penyedia (mID)
    .base_url = Alamat Open API; `qris sandbox` mencetak alamatnya sendiri
    .database_flag = Basis data: sqlite://PATH atau postgres://… Bawaan: berkas di folder data pengguna, yang lain untuk sandbox. URL dengan kata sandi tempatnya di QRIS_DATABASE_URL atau berkas setelan, karena pengguna lain dapat melihat baris perintah [env: QRIS_DATABASE_URL]
    .nmid = ID merchant nasional (NMID): kode dengan NMID lain ditolak. Bawaan: NMID invoice pertama di basis data
    .shown_minutes = Berapa lama kode ditampilkan kepada pembayar. Bawaan: 30, atau masa berlakunya jika lebih pendek
    .validity_minutes = Berapa lama invoice dapat dibayar. Bawaan: 60
    .timeout_seconds = Berapa lama panggilan API boleh berlangsung, 1 sampai 600. Bawaan: 35, karena penyedia memerlukan sampai 30
    .checks_per_minute = Berapa kali kunci boleh bertanya dalam satu menit, oleh semua program yang memakai basis data yang sama. Bawaan: 60; InterActive dapat memblokir kunci yang bertanya lebih sering
    .state_dir = Folder untuk berkas kecil yang menghitung pengecekan kunci, atas semua proses seorang pengguna. Bawaan: qris di folder state pengguna
    .public_url = Awalan tautan halaman pembayar (pay_url), seperti pembayar mencapai kasir: https://…, atau http:// di mesin ini. Tanpa ini pay_url bernilai null; kasir memakai alamatnya sendiri, jika itu di mesin ini
    .pay_key_file = Berkas dengan kunci pembuat tautan itu. Bawaan: di sebelah basis data SQLite, dibuat saat pertama dipakai; kasir-kasir yang memakai satu basis data PostgreSQL memerlukan salinan satu berkas, 32 byte acak
    .file = Berkas TOML dengan database_url, state_dir, public_url, pay_key_file, pay_listen, dan untuk tiap merchant api_key_file atau api_key, merchant_id, base_url, nmid, shown_minutes, validity_minutes, timeout_seconds, checks_per_minute, dan webhook_token: milik main di bagian atas, milik yang lain di tabel [merchant.NAME]. Untuk kasir juga private_networks, notify_urls, allow_origins, dan ca_file, serta printernya di tabel [printer.NAME]. Untuk qris settle, tabel [settlement] dan [merchant.NAME.settlement], serta nama akun di tabel [journal]. Bawaan: qris.toml di folder saat ini, jika ada, yang tanpa --settings tidak berlaku untuk kunci di QRIS_API_KEY
    .number = Nomor pesanan
    .pin_stdin = Membaca PIN dari baris pertama standard input, tanpa menanyakannya
    .json = Mencetak JSON, bukan teks
    .till = Tempat kasir mendengarkan. Tokennya dibaca dari QRIS_TILL_TOKEN

help-labels =
    .usage = Pemakaian:
    .commands = Perintah
    .arguments = Argumen
    .options = Opsi
    .help = Mencetak bantuan
    .help-more = Mencetak bantuan (selengkapnya dengan '--help')
    .help-less = Mencetak bantuan (ringkasan dengan '-h')
    .version = Mencetak versi
    .help-command = Mencetak pesan ini atau bantuan subperintah yang disebut
    .default = bawaan
    .values = pilihan
    .values-long = Pilihan
