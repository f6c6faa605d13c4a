# What the commands that write and draw payloads say.

rewrite-already-dynamic = the code is dynamic already (01 is 12): give --replace to replace its amount
rewrite-invalid = { $fault } of what it would become [{ $code }]
rewrite-foreign = { $fault } of what it would become [{ $code }]; it is not Indonesia's: try --rules emv
anonymize-no-payload = note: this is no payload: { $fault } [{ $code }]
anonymize-unread = note: this is no payload: { $fault } [{ $code }]; the rest, from byte { $offset } on, could not be read
draw-file-name = expected a file name that ends in .svg, .png, .escpos or .pdf, or --format
draw-omitted = note: left out "{ $line }": this format lacks some of its letters; SVG has them all
draw-pdf-without-poster = expected --poster with PDF: only posters are drawn as PDF
draw-poster-format = expected SVG or PDF for a poster: give -o with a name that ends in .svg or .pdf, or --format
draw-poster-dynamic = expected a static code for a poster, found a dynamic one: it is for one payment only
read-no-qr = { $file }: expected a QR, found none
encode-too-long = expected at most { $limit } bytes of JSON, found more
encode-invalid = { $fault } of what would be written [{ $code }]
encode-no-objects = object { $path } has no objects inside: it cannot be written
encode-not-of-account = object { $tag }.{ $inner } cannot be written: of an account only 00 to 03 can
encode-unreadable = the fields cannot be read at line { $line } column { $column }: { $fault }
encode-key = key "{ $key }": { $fault }
encode-tag = key "tag": expected two digits, found something else
