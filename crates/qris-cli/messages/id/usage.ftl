# Kesalahan dalam argumen sebuah perintah.

usage-help = `--help` menjelaskan semua argumen.
usage-no-value = { $argument } belum diberi nilai
usage-no-word = { $argument } belum diberi nilai; pilih salah satu dari { $values }
usage-other-word = { $argument } harus salah satu dari { $values }, bukan { $value }
usage-bad-value = nilai { $argument } tidak dapat dipakai, ditemukan { $value }
usage-wrong-value = { $argument }: { $why }
usage-missing = { $arguments } belum diisi
usage-unknown-argument = perintah ini tidak punya argumen { $argument }
usage-unknown-command = tidak ada perintah { $command }
usage-suggestion = { $error }. Maksud Anda { $suggestion }?
usage-conflict = { $argument } tidak dapat dipakai bersama { $other }
usage-twice = { $argument } hanya boleh satu kali, ditemukan dua kali
usage-bad-format = seharusnya nilai dengan bentuk lain
usage-day = seharusnya hari seperti 2026-11-30
usage-address = seharusnya alamat seperti 127.0.0.1:8080
usage-range = seharusnya angka dari { $least } sampai { $most }
usage-number = seharusnya angka saja
person-bad-name = seharusnya nama 1 sampai 32 huruf, angka, dan karakter lain yang terlihat, yang tidak diawali "token " dan bukan kata dari program ini, seperti cashier, payer, atau webhook
person-name-taken = nama ini sudah dipakai pengguna atau token: pilih nama lain
person-no-such-name = tidak ada pengguna atau token aktif dengan nama ini
order-bad-number = seharusnya nomor 1 sampai { $most } huruf, angka, dan karakter ASCII lain, tanpa spasi di awal atau akhir
