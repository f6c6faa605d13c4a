# Teks `qris till`, `user`, `token`, dan `backup`.

till-asking = penyedia: { $provider }
till-books = basis data: { $books }
till-open = Kasir dibuka di http://{ $address }/
till-webhook-token = webhook_token di { $place }: { $error }
till-webhook-token-of-main = seharusnya webhook_token di tabel tiap merchant, ditemukan QRIS_WEBHOOK_TOKEN, yang hanya untuk merchant main

user-added = { $name } sekarang boleh masuk sebagai { $role }
user-pin = PIN { $name } sudah diganti
user-revoked = { $name } tidak boleh masuk lagi
revoked = dicabut { $at }

pin-ask = PIN (minimal 4 digit, lebih baik 6):
pin-ask-again = Ulangi PIN yang sama:
pin-weak = PIN harus 4 sampai 12 angka yang sulit ditebak: bukan satu angka yang diulang, dan bukan angka berurutan
pin-two = seharusnya PIN yang sama dua kali, kedua PIN berbeda
pin-no-terminal = seharusnya ada terminal untuk mengetik PIN, atau --pin-stdin
pin-stdin-only = seharusnya --pin-stdin di sistem ini

token-revoked = { $name } tidak memberi akses lagi
token-shown-once = token { $name }, hanya ditampilkan sekali:
token-till-open = catatan: tanpa QRIS_TILL_TOKEN dan tanpa pengguna, siapa pun di komputer ini punya akses penuh ke kasir tanpa token. Isi QRIS_TILL_TOKEN untuk kasir, atau tambahkan pemilik dengan qris user add
token-all-merchants = semua merchant
token-used = dipakai { $at }
token-never-used = belum pernah dipakai
token-no-random-numbers = seharusnya ada bilangan acak dari sistem, tidak ditemukan

backup-no-folder = folder { $folder } tidak ada; buat dulu
backup-file-exists = berkas { $file } sudah ada; pakai nama lain
backup-not-written = { $file } tidak ditulis: { $error }
backup-copied = { $from } disalin ke { $to }
