# Help of the commands on payloads, and of the command itself.

help = Reads, judges, draws and takes QRIS payments

help-decode = Shows what a payload says and what is wrong with it
    .long = Exit code 0 when it is valid or has warnings only, 1 when it is invalid or malformed. A code that a payer's phone shows (CPM, Base64 that begins with hQVDUFY) is shown as well. Standard input may hold several payloads, one a line; then the exit code is that of the worst.
    .json = Print one JSON object for each payload instead of text
    .lang = The language of findings and of all text beside them. Default: that of LC_ALL, LC_MESSAGES or LANG, and for JSON always English
    .after =
        Example:
          qris decode 00020101021126620014COM.GO-JEK.WWW…6304ABCD
          qris decode --json - < payload.txt

help-validate = Judges a file of payloads, one a line
    .long = Prints the line's number, its verdict and the code of its worst finding, separated by tabs; totals go to standard error, and what was recognised in lines that are no payloads. Exit code 1 when any payload is invalid or malformed. The file may be of any size: memory does not grow with it.
    .file = A file with one payload a line, or `-` for standard input
    .json = Print one JSON object a line, with all findings
    .threads = How many threads judge; as many as there are processors unless given
    .after =
        Example:
          qris validate payloads.txt | grep -w malformed
          qris validate --json - < payloads.txt

help-encode = Writes a payload from fields, named as `qris decode --json` names them
    .long = Nothing is written in which `qris decode` would find an error or a warning. Of `objects` only the templates 62.50 to 62.99 and 80 to 99 count; the rest comes from the fields.
    .file = A file of JSON, or `-` to read it from standard input
    .after =
        Example:
          qris decode --json "$PAYLOAD" | qris encode -

        A smallest static code:
        {"  {"}"initiation": "static",
           "merchant": {"{"}"name": "TOKO", "city": "JAKARTA", "postal_code": "10110", "category_code": "5812"{"}"},
           "national_merchant_id": "ID1020038431489",
           "accounts": [{"{"}"tag": "26", "guid": "COM.GO-JEK.WWW", "pan": "936009143664001757",
                         "merchant_id": "M664001757", "criteria": "UMI"{"}"}]{"}"}

help-dynamic = Makes a static code dynamic: for one payment of a given amount
    .long = All other objects stay as they are. The result is this tool's, not the acquirer's: whether a wallet takes it is up to the wallet. Exit code 1 when the code is dynamic already or the result would be invalid.
    .replace = Take a code that is dynamic already, and replace its amount
    .rules = Whose rules the result is judged by
    .amount = The amount, such as 25000 or 25000.00
    .tip = Have the wallet ask the payer for a tip
    .fee = Add a fixed fee
    .fee_percent = Add a fee in percent of the amount, such as 2.5
    .reference = The reference label (62.05)
    .bill = The bill number (62.01)
    .after =
        Example:
          qris dynamic "$STICKER" --amount 25000 --reference INV-1

help-static = Makes a dynamic code static again: without amount, tip, fee, bill number and reference
    .after =
        Example:
          qris static "$PAYLOAD"

help-anonymize = Makes a copy that is safe to show to support: names and numbers become stand-ins
    .long = Every value that is not known to be public is masked. Lengths, check digits, the checksum and the verdict stay as they are. Text that is no payload is masked too, as far as it can be read and, behind that, letter by letter: a note on standard error says so.
    .after =
        Example:
          qris anonymize "$PAYLOAD"
          qris anonymize - < payload.txt

help-draw = Draws a payload: in the terminal, as SVG, PNG or ESC/POS for a receipt printer, or as a sign to print
    .long = Only a payload whose framing and checksum are right is drawn. PNG and ESC/POS have the letters of Western Europe only: a name with others is drawn in its other language (object 64), or left out with a note on standard error.
    .output = Where to write: a name that ends in .svg, .png, .escpos or .pdf
    .plain = Leave out the merchant name, NMID and amount under the QR
    .level = Error correction: how much of the symbol may be damaged
    .quiet_zone = Light modules round the symbol
    .scale = Pixels for each side of a module
    .width = Pixels across the whole picture
    .paper = The printer's paper in millimetres, for .escpos
    .format = What to draw, where the file's name does not say it; without a file, to standard output
    .poster = Draw a sign for the counter on paper of this size, as SVG or PDF; the code must be static
    .printed_by = Who printed the sign, behind "Dicetak oleh"; the acquirer's number unless given
    .print_version = The version of the sign, behind "Versi cetak"; 1.0 unless given
    .after =
        Example:
          qris draw "$PAYLOAD"
          qris draw "$PAYLOAD" -o code.svg
          qris draw "$PAYLOAD" -o code.png --width 600
          qris draw "$PAYLOAD" -o receipt.escpos --paper 80
          qris draw "$STICKER" --poster a5 -o poster.pdf

help-read = Finds payloads in pictures: prints the text of each QR, one a line
    .long = PNG, JPEG, WebP and BMP, of up to 120 megapixels. A text is printed exactly as it is; on a terminal, characters that cannot be seen are written out. What a code is that is no QRIS is said on standard error. Exit code 1 when a picture cannot be read or holds no QR; the others are read all the same.
    .images = Pictures, or `-` for standard input
    .json = Print one JSON object a line for each QR: file, text, kind (qris, emv, cpm, malformed, web-address, wifi, contact, message, location, event, one-time-password, upi, number, text, empty), country, and corners in pixels, from its own upper left clockwise
    .after =
        Example:
          qris read photo.jpg
          qris read photo.jpg | qris decode -
          qris read --json *.jpg | jq -r .text

help-completions = Prints what makes a shell complete the words of this command
    .shell = For which shell
    .after =
        Example:
          qris completions bash > ~/.local/share/bash-completion/completions/qris
          qris completions zsh > ~/.zfunc/_qris     # with fpath+=~/.zfunc before compinit
          qris completions fish > ~/.config/fish/completions/qris.fish

help-man = Prints the manual page, or writes those of all commands to a folder
    .out = A folder for a page of each command; made if there is none
    .after =
        Example:
          qris man | man -l -
          qris man --out ~/.local/share/man/man1 && man qris-order-wait

values-rules =
    .emv = EMVCo's, for any country
    .qris = EMVCo's and Indonesia's national rules

values-draw-format =
    .svg = Vectors, for pages and screens
    .png = Pixels, for screens and documents
    .escpos = Commands for a receipt printer
    .pdf = A page to print, with --poster
    .terminal = Half blocks and colours

values-poster =
    .a5 = 148 by 210 mm, upright
    .a6 = 105 by 148 mm, upright

values-level =
    .low = 7 %
    .medium = 15 %
    .quartile = 25 %
    .high = 30 %
