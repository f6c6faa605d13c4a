# Yang dikatakan perintah yang menulis dan menggambar payload.

rewrite-already-dynamic = kode sudah dinamis (01 bernilai 12): berikan --replace untuk mengganti nominalnya
rewrite-invalid = { $fault } dari hasilnya [{ $code }]
rewrite-foreign = { $fault } dari hasilnya [{ $code }]; kode ini bukan dari Indonesia: coba --rules emv
anonymize-no-payload = catatan: ini bukan payload: { $fault } [{ $code }]
anonymize-unread = catatan: ini bukan payload: { $fault } [{ $code }]; sisanya, mulai byte { $offset }, tidak dapat dibaca
draw-file-name = seharusnya nama berkas berakhiran .svg, .png, .escpos, atau .pdf, atau --format
draw-omitted = catatan: "{ $line }" tidak digambar: sebagian hurufnya tidak ada di format ini; SVG punya semuanya
draw-pdf-without-poster = seharusnya PDF dengan --poster: hanya poster yang digambar sebagai PDF
draw-poster-format = seharusnya SVG atau PDF untuk poster: beri -o dengan nama berakhiran .svg atau .pdf, atau --format
draw-poster-dynamic = seharusnya kode statis untuk poster, ditemukan kode dinamis: kode itu hanya untuk satu pembayaran
read-no-qr = { $file }: seharusnya ada QR, tidak ditemukan
encode-too-long = seharusnya paling banyak { $limit } byte JSON, ditemukan lebih
encode-invalid = { $fault } dari yang akan ditulis [{ $code }]
encode-no-objects = objek { $path } tidak berisi objek: tidak dapat ditulis
encode-not-of-account = objek { $tag }.{ $inner } tidak dapat ditulis: dari sebuah akun hanya 00 sampai 03 yang dapat
encode-unreadable = kolom-kolomnya tidak dapat dibaca pada baris { $line } kolom { $column }: { $fault }
encode-key = kunci "{ $key }": { $fault }
encode-tag = kunci "tag": seharusnya dua digit, ditemukan yang lain
