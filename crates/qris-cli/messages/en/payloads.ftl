# What the commands that write and draw payloads say.

rewrite-already-dynamic = the code is dynamic already (01 is 12): give --replace to replace its amount
rewrite-invalid = { $fault } of what it would become [{ $code }]
rewrite-foreign = { $fault } of what it would become [{ $code }]; it is not Indonesia's: try --rules emv
anonymize-no-payload = note: this is no payload: { $fault } [{ $code }]
anonymize-unread = note: this is no payload: { $fault } [{ $code }]; the rest, from byte { $offset } on, could not be read
draw-file-name = expected a file name that ends in .svg, .png or .escpos
read-no-qr = { $file }: expected a QR, found none
encode-too-long = expected at most { $limit } bytes of JSON, found more
encode-invalid = { $fault } of what would be written [{ $code }]
encode-no-objects = object { $path } has no objects inside: it cannot be written
encode-not-of-account = object { $tag }.{ $inner } cannot be written: of an account only 00 to 03 can
encode-unreadable = the fields cannot be read at line { $line } column { $column }: { $fault }
encode-key = key "{ $key }": { $fault }
encode-tag = key "tag": expected two digits, found something else
