# Yang dikatakan `qris till`, `user`, `token`, dan `backup`.

till-asking = bertanya kepada { $provider }
till-books = pembukuan: { $books }
till-open = Kasir terbuka di http://{ $address }/
till-webhook-token = webhook_token di { $place }: { $error }
till-webhook-token-of-main = seharusnya webhook_token di tabel tiap merchant, ditemukan QRIS_WEBHOOK_TOKEN, yang hanya untuk merchant main

user-added = { $name } boleh masuk sebagai { $role }
user-pin = { $name } punya PIN lain
user-revoked = { $name } tidak boleh masuk lagi
revoked = dicabut { $at }

pin-ask = PIN (paling sedikit 4 digit, lebih baik 6):
pin-ask-again = PIN yang sama sekali lagi:
pin-two = seharusnya PIN yang sama dua kali, ditemukan dua PIN
pin-no-terminal = seharusnya ada terminal untuk menanyakan PIN, atau --pin-stdin
pin-stdin-only = seharusnya --pin-stdin di sistem ini

token-revoked = { $name } tidak memberi akses lagi
token-shown-once = token { $name }, yang hanya ditampilkan sekali ini:
token-all-merchants = semua merchant
token-used = dipakai { $at }
token-never-used = belum pernah dipakai
token-no-random-numbers = seharusnya ada bilangan acak dari sistem, tidak ditemukan

backup-file-exists = seharusnya belum ada berkas { $file }, ditemukan
backup-not-written = { $file } tidak ditulis: { $error }
backup-copied = { $from } disalin ke { $to }
