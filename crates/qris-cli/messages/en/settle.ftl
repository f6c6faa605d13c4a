# `qris settle`: its help and its texts.

help-settle = Compares what the provider settled with the payments in the database
    .long = The provider's API has no call for settlements. Its portal shows a table of transactions: save it as XLSX or CSV, or copy it as TSV, and import it. The terms of settlement are in the tables [settlement] and [merchant.NAME.settlement] of the settings file.
    .after =
        Example:
          qris settle import november.csv
          qris settle report --from 2026-11-01 --to 2026-11-30
          qris settle journal --from 2026-11-01 --to 2026-11-30 --out november.csv
    .criteria = The merchant's criteria: umi, uke, ume, ube, ure, education, fuel or public-service. Default: settlement.criteria of the settings file

help-settle-import = Stores the lines of a table from the provider's portal, each once
    .long = The file is XLSX, or CSV or TSV in UTF-8 or UTF-16. Its first line has the names of the columns. A file with a fault is refused as a whole; the message names line and column. Importing the same file again adds nothing. Names of payers and notes are not stored.
    .table = The file, or `-` for standard input
    .columns = The name of a column in the file: paid_at, amount, total, tip, status, payer, method, rrn, note, transaction, invoice or settled_on. It is used in addition to settlement.columns of the settings file
    .after =
        Examples:
          qris settle import november.xlsx
          qris settle import table.tsv --column amount='Uang masuk' --column paid_at=Jam

help-settle-report = Compares the imported lines with the payments in the database
    .long = Lines and payments are matched by invoice ID, then by RRN, then by amount and minute, and only if there is one possible match. Days are the days of payment, in WIB. Totals cover whole settlement days, so that you can compare each with the bank account. With criteria they include the MDR, rounded to whole rupiah per payment, half a rupiah up. With settlement.bank they also include the fee of one transfer a day and the expected bank credit.
    .from = The first day of the payments, such as 2026-11-01. Default: thirty days before the last day
    .to = The last day of the payments. Default: today
    .holidays = A national holiday, on which nothing is settled, in addition to settlement.holidays of the settings file; repeat it, or separate days by commas
    .due_days = After how many working days a payment should be settled. Default: settlement.due_days of the settings file, or 1
    .csv = Print CSV: one line per payment
    .after =
        Example:
          qris settle report --from 2026-11-01 --to 2026-11-30 --criteria umi
          qris settle report --holiday 2026-12-25 --csv > differences.csv

help-settle-journal = Writes debits and credits of payments and settlements, for an accounting program
    .long =
        Import the provider's table first. On the day of a payment, the receivable is debited and sales are credited. On the day of its settlement, the bank, the MDR and the transfer fee are debited and the receivable is credited. The balance of the receivable is what is recorded but not settled. Tips, differing amounts, and settled payments that are not in the database have accounts of their own. Sales include the MDR: it is the merchant's cost. The journal has no names of payers. Transfer fees are known only with settlement.bank or settlement.transfer_fee in the settings file.

        The names of the accounts are in the table [journal] of the settings file: receivable, bank, waiting, sales, mdr, transfer_fee, tips, differences and unbooked.
    .from = The first day in WIB, such as 2026-11-01
    .to = The last day
    .format = The format of the journal
    .by = One entry per day and channel, or one per payment
    .out = The file to write. Default: standard output
    .after =
        Example:
          qris settle journal --from 2026-11-01 --to 2026-11-30 --out november.csv
          qris settle journal --from 2026-11-01 --to 2026-11-30 --format beancount

values-journal-format =
    .csv = One line per debit and credit
    .hledger = An hledger journal
    .beancount = A Beancount file without `open` directives

values-journal-by =
    .day = All payments of a day and channel together
    .payment = Each payment separately

settle-imported = { $new } new lines, { $completed } completed, { $known } already known; { $unpaid } unpaid and skipped
settle-column = expected COLUMN=NAME, such as amount=Jumlah
settle-too-large = { $file }: expected at most { $limit } bytes, found more
settle-refused = { $file }: nothing was imported
settle-refused-more = { $file }: { $more } more lines are wrong; nothing was imported
settle-row = a row with a value that cannot be read in { $column } is skipped
settle-format = expected CSV, TSV or XLSX, found { $found }: open it in a spreadsheet and save it as XLSX
settle-encoding = expected text in UTF-8, or in UTF-16 with a byte order mark, found other bytes: save it as CSV UTF-8 or as XLSX
settle-too-much = expected at most 64 MiB in the XLSX file when it is unpacked, found more: save fewer days, or save it as CSV
settle-too-wide = expected at most 256 columns, found more
settle-no-column = expected this column, found none of its names: name it with --column
settle-two-columns = expected one column of this kind, found two: choose one with --column
settle-too-long = expected at most 200000 lines, found more
settle-bad-amount = expected whole rupiah such as 25.578, found another text
settle-bad-time = expected a time such as 27/11/2026 10:15:30, found another text
settle-bad-day = expected a day such as 27/11/2026, found another text
settle-bad-status = expected a status such as Sukses or Gagal, found another word
settle-bad-invoice = expected an invoice ID of digits only, found another text
settle-bad-id = expected an ID of at most 64 letters, digits and -_./:#, found another text: did a spreadsheet round it?
settle-contradiction = expected the amount, minute, invoice ID and RRN of the earlier line with the same transaction ID, found others
settle-other-payment = expected the value of an earlier import of this transaction, found another value
settle-not-written = { $file } was not written: { $error }
settle-days = paid from { $from } to { $to }

# The names of the lists and days have 42 characters at most.
settle-matched = recorded and settled
settle-other-amount = settled with a different amount
settle-unpaid = in the provider's table, not paid here
settle-only-booked = recorded, not in the provider's table
settle-only-settled = in the provider's table, not recorded
settle-settled-on = settled on { $day }
settle-not-settled = not settled yet
settle-row-booked = recorded { $amount }
settle-row-settled = settled { $amount }
settle-row-due = due { $day }
settle-row-late = due { $day }, late
settle-row-next-check = next check at { $at }
settle-row-tip = with tip
settle-row-ambiguous = matches several
settle-day-mdr = MDR { $mdr }  net { $net }
settle-day-carried = carried over { $amount }
settle-day-waiting = waiting for the next day { $amount }
settle-day-expected = fee { $fee }  expected { $expected }
settle-note-mdr = The MDR of { $criteria } is rounded to whole rupiah per payment, half a rupiah up.
settle-note-fees-default = One transfer per settlement day, with fees from press reports of 2023: { $small } below { $below }, otherwise { $fee }; less than { $minimum } waits for the next settlement day.
settle-note-fees = One transfer per settlement day, with your fees: { $small } below { $below }, otherwise { $fee }; less than { $minimum } waits for the next settlement day.
settle-note-holidays = No holidays of { $year } are listed, so a payment before a holiday may be reported late too early.
