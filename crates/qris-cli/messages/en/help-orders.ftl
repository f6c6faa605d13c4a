# Help of the commands on orders.

help-order = Charges orders: asks for their codes, checks whether they are paid, and records it
    .long = Exit code 0: done, or paid. 1: refused, not paid at the end, or the QR in the reply was not what was asked for. 2: wrong usage or settings. 3: not known whether the provider made an invoice, or whether it is paid: the last check had no answer.
    .json = Print the order as JSON instead of text and QR. Its pay_url is null until --public-url, or public_url in the settings, says where payers reach the till
    .after =
        Example, against a sandbox that `qris sandbox` runs elsewhere:
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
          qris order create INV-1 25578
          qris order wait INV-1

help-order-create = Charges an order and shows its QR; the same number and amount again show the same order
    .number = Your own number of the order, such as INV/2026/00001: 1 to 64 printable ASCII characters, no space at either end; write -- before one that begins with -
    .amount = The amount in whole rupiah, digits alone
    .tip = Have the payer's wallet ask for a tip
    .channel = Where the sale is made
    .description = What it is for, in words
    .reference = Your own name for this charge: a number that was paid, expired or cancelled on an earlier day is refused unless it has the same reference
    .no_code = Record the order alone, without asking for a code: charging it later with the same number and amount asks for one
    .after =
        Examples:
          qris order create INV-1 25578 --channel pos
          qris order create BILL-7 150000 --no-code --description 'November'

help-order-renew = Asks for another code of an order, once the last one is no longer shown
    .long = Every older code is checked first, as soon as the provider's rules allow: if one of them turns out to be paid, the order is paid and there is no new code (exit code 0). Without an answer about each of them there is none either (3).
    .after =
        Example:
          qris order renew INV-1

help-order-check = Asks once whether an order is paid, as soon as the provider's rules allow: the first three times no closer than 15 seconds, then by the schedule
    .after =
        Example:
          qris order check INV-1

help-order-wait = Waits until an order is paid, or its time is over
    .after =
        Example:
          qris order wait INV-1 && echo paid

help-order-cancel = Cancels an order that is not paid; its code cannot be withdrawn, so a payment that comes all the same is booked
    .long = The provider is asked first, if it may be asked within two seconds. Exit code 1 when the order turns out to be paid, or is not pending.
    .after =
        Example:
          qris order cancel INV-1

help-order-resolve = Ends an unknown outcome, by what a person found out
    .long = Exit code 3 while the outcome stays unknown: the named invoice is not paid, or the provider did not answer.
    .invoiceid = The provider's invoice of this sale, as the merchant's portal or a webhook has it: a check has to confirm that it is paid
    .not_made = The provider made no invoice: the number can be asked for again
    .reason = How that was found out; it is kept
    .after =
        Examples:
          qris order resolve INV-1 --invoiceid 413255111
          qris order resolve INV-1 --not-made --reason 'not in the portal'

help-order-list = Lists orders, the newest first, and on standard error what needs a person
    .state = Those in this state: open, requested, pending, paid, expired, rejected, unknown or cancelled
    .from = Those that were booked on this day in WIB or later, such as 2026-11-01
    .to = Those that were booked on this day in WIB or earlier
    .channel = Those of this channel
    .search = Those with this number, RRN or amount, or with this text in the number, description, reference, RRN or method: that in the newest 2,000 orders or, with --from, in all since then
    .unacknowledged = The paid ones that nobody has acknowledged, the oldest first
    .limit = How many
    .after =
        Examples:
          qris order list --limit 50 --json
          qris order list --state expired --from 2026-11-01 --search coffee
          qris order list --unacknowledged

help-order-show = Shows an order with all of its codes and what happened to it and, while its code may be shown, the QR; the provider is asked for its time alone
    .after =
        Example:
          qris order show INV-1 --json

help-order-acknowledge = Records that what a payment asks for is done: the goods are handed over or shipped
    .long = `list --unacknowledged` lists the paid orders of which nobody has said so.
    .after =
        Example:
          qris order acknowledge INV-1

help-order-import = Records orders without a code, one from each line of a CSV file
    .long = The first line names the columns: number and amount, and any of description, due (a day, or a time such as 2026-11-30 17:00:00), customer, channel (bill unless it is said) and reference. The file comes back with the column pay_url: for each order the link of a page where it can be paid. It is empty until --public-url, or public_url in the settings, says where payers reach the till. The same file again changes nothing. A file with a fault is refused whole, with the lines and columns; so is an amount that the provider makes no code of, below 100 or above 10000000 rupiah.
    .orders = The file, or `-` for standard input
    .out = Where to write the file with the column pay_url, instead of standard output
    .after =
        Example:
          qris order import bills.csv --public-url https://bayar.toko.example --out links.csv

help-report = Shows how many codes were made and paid, and how much came
    .long = Days are those of WIB. Tips are not in the sums: the API does not report them. It is about the chosen merchant or, where there are several and none is chosen, about all together. What needs a person is on standard error.
    .from = The first day, such as 2026-11-01; thirty days before the last unless given
    .to = The last day; today unless given
    .by = Add up all channels of a day, all days of a channel, or all of a merchant, or list each payment
    .csv = Print CSV
    .json = Print JSON
    .after =
        Example:
          qris report --from 2026-11-01 --to 2026-11-30 --by channel
          qris report --by payment --csv > november.csv

values-channel =
    .pos = A cashier's till
    .ecommerce = A web shop's checkout
    .bill = A recurring bill

values-by =
    .day = Each day, all channels together
    .channel = Each channel, all days together
    .merchant = Each merchant that has orders in the database, all days and channels together
    .payment = Each payment by itself, to be held against a bank's statement
