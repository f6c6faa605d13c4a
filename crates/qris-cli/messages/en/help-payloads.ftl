# Help of the commands on payloads, and of the command itself.

help = Reads, checks, draws and receives QRIS payments

help-decode = Shows the content of a payload and what is wrong with it
    .long = Exit code 0: valid, or warnings only. 1: invalid or malformed. A code from a payer's phone (CPM, Base64 that begins with hQVDUFY) is shown as well. Standard input may have several payloads, one per line; then the exit code is the worst one.
    .json = Print one JSON object per payload instead of text
    .lang = The language of the findings and the other text. Default: from LC_ALL, LC_MESSAGES or LANG; JSON is always in English
    .after =
        Example:
          qris decode 00020101021126620014COM.GO-JEK.WWW…6304ABCD
          qris decode --json - < payload.txt

help-validate = Checks a file of payloads, one per line
    .long = Prints the line number, the verdict and the code of the worst finding, separated by tabs. Totals go to standard error, and so do hints about lines that are not payloads. Exit code 1 if any payload is invalid or malformed. The file may have any size: memory use does not grow with it.
    .file = A file with one payload per line, or `-` for standard input
    .json = Print one JSON object per line, with all findings
    .threads = How many threads to use. Default: the number of processors
    .after =
        Example:
          qris validate payloads.txt | grep -w malformed
          qris validate --json - < payloads.txt

help-encode = Writes a payload from fields, with the names that `qris decode --json` uses
    .long = Nothing is written if `qris decode` would find an error or a warning in it. From `objects` only the templates 62.50 to 62.99 and 80 to 99 are used; everything else comes from the fields.
    .file = A JSON file, or `-` to read it from standard input
    .after =
        Example:
          qris decode --json "$PAYLOAD" | qris encode -

        The smallest static code:
        {"  {"}"initiation": "static",
           "merchant": {"{"}"name": "TOKO", "city": "JAKARTA", "postal_code": "10110", "category_code": "5812"{"}"},
           "national_merchant_id": "ID1020038431489",
           "accounts": [{"{"}"tag": "26", "guid": "COM.GO-JEK.WWW", "pan": "936009143664001757",
                         "merchant_id": "M664001757", "criteria": "UMI"{"}"}]{"}"}

help-dynamic = Makes a static code dynamic: for one payment of a given amount
    .long = All other objects stay the same. The result comes from this tool and not from the acquirer, so a wallet may refuse it. Exit code 1 if the code is already dynamic or the result would be invalid.
    .replace = Accept a code that is already dynamic, and replace its amount
    .rules = The rules to check the result with
    .amount = The amount, such as 25000 or 25000.00
    .tip = Let the wallet ask the payer for a tip
    .fee = Add a fixed fee
    .fee_percent = Add a fee in percent of the amount, such as 2.5
    .reference = The reference label (62.05)
    .bill = The bill number (62.01)
    .after =
        Example:
          qris dynamic "$STICKER" --amount 25000 --reference INV-1

help-static = Makes a dynamic code static again: removes amount, tip, fee, bill number and reference
    .after =
        Example:
          qris static "$PAYLOAD"

help-anonymize = Makes a copy that is safe to send to support: names and numbers are replaced
    .long = Every value that is not known to be public is masked. Lengths, check digits, checksum and verdict stay the same. Text that is not a payload is masked too: field by field as far as it can be read, then letter by letter. A note on standard error says so.
    .after =
        Example:
          qris anonymize "$PAYLOAD"
          qris anonymize - < payload.txt

help-draw = Draws a payload: in the terminal, as SVG, PNG or ESC/POS for a receipt printer, or as a sign to print
    .long = Only payloads with correct structure and checksum are drawn. PNG and ESC/POS have only the letters of Western Europe: a name with other letters is drawn in its other language (object 64), or left out with a note on standard error.
    .output = The file to write; its name ends in .svg, .png, .escpos or .pdf
    .plain = Leave out the merchant name, NMID and amount under the QR
    .level = Error correction: how much of the symbol may be damaged
    .quiet_zone = Width of the light border around the symbol, in modules
    .scale = Pixels per module
    .width = Width of the whole picture in pixels
    .paper = The printer's paper in millimetres, for .escpos
    .format = The format, if the file's name does not show it. Without a file, the picture goes to standard output
    .poster = Draw a sign for the counter on paper of this size, as SVG or PDF; the code must be static. Add the logos of QRIS and GPN before you print it
    .printed_by = Who printed the sign, after "Dicetak oleh". Default: the acquirer's number
    .print_version = The version of the sign, after "Versi cetak". Default: 1.0
    .after =
        Example:
          qris draw "$PAYLOAD"
          qris draw "$PAYLOAD" -o code.svg
          qris draw "$PAYLOAD" -o code.png --width 600
          qris draw "$PAYLOAD" -o receipt.escpos --paper 80
          qris draw "$STICKER" --poster a5 -o poster.pdf

help-read = Finds payloads in pictures: prints the text of each QR, one per line
    .long = PNG, JPEG, WebP and BMP, of up to 120 megapixels. A text is printed exactly as it is; on a terminal, characters that cannot be seen are written out. If a code is not a QRIS code, a note on standard error says what it is. Exit code 1 if a picture cannot be read or has no QR; the other pictures are still read.
    .images = Pictures, or `-` for standard input
    .json = Print one JSON object per line for each QR: file, text, kind (qris, emv, cpm, malformed, web-address, wifi, contact, message, location, event, one-time-password, upi, number, text, empty), country, and corners in pixels, from its own upper left clockwise
    .after =
        Example:
          qris read photo.jpg
          qris read photo.jpg | qris decode -
          qris read --json *.jpg | jq -r .text

help-completions = Prints a script that lets a shell complete this command
    .shell = The shell
    .after =
        Example:
          qris completions bash > ~/.local/share/bash-completion/completions/qris
          qris completions zsh > ~/.zfunc/_qris     # with fpath+=~/.zfunc before compinit
          qris completions fish > ~/.config/fish/completions/qris.fish

help-man = Prints the manual page, or writes the pages of all commands to a folder
    .out = A folder for one page per command; it is created if needed
    .after =
        Example:
          qris man | man -l -
          qris man --out ~/.local/share/man/man1 && man qris-order-wait

values-rules =
    .emv = EMVCo's rules, for any country
    .qris = EMVCo's rules and Indonesia's national rules

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
