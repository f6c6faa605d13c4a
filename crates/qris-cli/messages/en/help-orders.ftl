# Help of the commands on orders.

help-order = Charges orders: requests their codes, checks whether they are paid, and records it
    .long = Exit code 0: done, or paid. 1: refused, not paid at the end, or the QR in the reply is not the one requested. 2: wrong usage or settings. 3: not known whether the provider made an invoice, or not known whether it is paid, because the last check had no answer.
    .json = Print the order as JSON instead of text and QR. pay_url is null unless --public-url, or public_url in the settings, gives the till's address for payers
    .after =
        Example, with `qris sandbox` running in another terminal:
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
          qris order create INV-1 25578
          qris order wait INV-1

help-order-create = Charges an order and shows its QR; the same number and amount show the same order again
    .number = Your number for the order, such as INV/2026/00001: 1 to 64 printable ASCII characters, no space at either end; write -- before a number that begins with -
    .amount = The amount in whole rupiah, digits only: 25578, not Rp25.578
    .tip = Let the payer add a tip in the wallet
    .channel = The sales channel
    .description = What is sold, as text
    .reference = Your reference for this charge: a number that was paid, expired or cancelled on an earlier day is refused unless the reference is the same
    .no_code = Record the order without a code: charging the same number and amount later requests one
    .after =
        Examples:
          qris order create INV-1 25578 --channel pos
          qris order create BILL-7 150000 --no-code --description 'November'

help-order-renew = Requests a new code for an order when the last code is no longer shown
    .long = Every older code is checked first, as soon as the provider's rules allow. If one of them is paid, the order is paid and no code is made (exit code 0). If one of these checks has no answer, no code is made either (exit code 3).
    .after =
        Example:
          qris order renew INV-1

help-order-check = Checks once whether an order is paid, as soon as the provider's rules allow. The first three checks are at least 15 seconds apart; later ones follow the schedule
    .after =
        Example:
          qris order check INV-1

help-order-wait = Waits until an order is paid or its time is over
    .after =
        Example:
          qris order wait INV-1 && echo paid

help-order-cancel = Cancels an unpaid order; its code cannot be withdrawn, so a payment that still arrives is recorded
    .long = The provider is checked first if a check is allowed within two seconds. Exit code 1 if the order is paid or not pending.
    .after =
        Example:
          qris order cancel INV-1

help-order-resolve = Ends an unknown outcome with what a person found out
    .long = Exit code 3 if the outcome stays unknown: the named invoice is not paid, or the provider did not answer.
    .invoiceid = The provider's invoice for this sale, from the merchant's portal or a webhook: a check must confirm that it is paid
    .not_made = The provider made no invoice: the number can be used again
    .reason = How you found out; the reason is stored
    .after =
        Examples:
          qris order resolve INV-1 --invoiceid 413255111
          qris order resolve INV-1 --not-made --reason 'not in the portal'

help-order-list = Lists orders, newest first; what needs a person goes to standard error
    .state = Orders in this state: open, requested, pending, paid, expired, rejected, unknown or cancelled
    .from = Orders recorded on this day (WIB) or later, such as 2026-11-01
    .to = Orders recorded on this day (WIB) or earlier
    .channel = Orders of this channel
    .search = Orders with this number, RRN or amount, or with this text in the number, description, reference, RRN or method. The text is searched in the newest 2,000 orders or, with --from, in all orders since then
    .unacknowledged = Paid orders that nobody has acknowledged, oldest first
    .limit = How many orders
    .after =
        Examples:
          qris order list --limit 50 --json
          qris order list --state expired --from 2026-11-01 --search coffee
          qris order list --unacknowledged

help-order-show = Shows an order with its codes and history, and its QR while that may be shown; the provider is asked only for its time
    .after =
        Example:
          qris order show INV-1 --json

help-order-acknowledge = Records that a paid order is fulfilled: the goods are handed over or shipped
    .long = `list --unacknowledged` lists the paid orders that are not fulfilled yet.
    .after =
        Example:
          qris order acknowledge INV-1

help-order-import = Records orders without codes from a CSV file, one per line
    .long = The first line names the columns: number and amount; optional are description, due (a day, or a time such as 2026-11-30 17:00:00), customer, channel (default: bill) and reference. The output is the same file with a column pay_url: the link of each order's payment page. The column is empty unless --public-url, or public_url in the settings, gives the till's address for payers. Importing the same file again changes nothing. A file with a fault is refused as a whole; the message names lines and columns. Amounts below 100 or above 10000000 rupiah are refused, because the provider makes no code for them.
    .json = Print the orders as a JSON list instead of the CSV file
    .orders = The file, or `-` for standard input
    .out = Where to write the file with the column pay_url. Default: standard output
    .after =
        Example:
          qris order import bills.csv --public-url https://bayar.toko.example --out links.csv

help-report = Shows how many codes were made and paid, and the sum of the payments
    .long = Days are in WIB. Tips are not included, because the API does not report them. The report covers the chosen merchant; if there are several and none is chosen, it covers all of them. What needs a person goes to standard error.
    .from = The first day, such as 2026-11-01. Default: thirty days before the last day
    .to = The last day. Default: today
    .by = Add up per day, per channel or per merchant, or list each payment
    .csv = Print CSV
    .json = Print JSON
    .after =
        Example:
          qris report --from 2026-11-01 --to 2026-11-30 --by channel
          qris report --by payment --csv > november.csv

values-channel =
    .pos = A shop counter
    .ecommerce = A web shop's checkout
    .bill = A recurring bill

values-by =
    .day = Each day, all channels together
    .channel = Each channel, all days together
    .merchant = Each merchant that has orders in the database, all days and channels together
    .payment = Each payment, to compare with a bank statement
