# What `qris order` and `qris report` say.

# An error, on standard error.
error = error: { $words }
from-after-to = expected --from to be no later than --to

order-being-asked = it is being asked for, or was cut off: not known yet whether there is an invoice; look again in three minutes
order-outcome-unknown = it is not known whether the provider made an invoice: ask InterActive before charging again, then say what you found with `qris order resolve`
order-no-invoice = this number is { $state }: there is no invoice to ask about
order-paid-no-new-code = it is paid, so there is no new code
order-still-shown = its code is shown until { $until }: there is no other one before; see it with `qris order show`
order-no-code-yet = it has no code yet: ask for the first one with `qris order create`
order-cancelled-no-new-code = it is cancelled, so there is no new code: use a new number
order-other-reference = warning: expected qris_invoiceid { $invoice } as the reference label (62.05) of the QR, found another or none: the payer's receipt may show another number
order-request-date-long-ago = the provider made the code with a request date long ago, so its QR cannot be shown. Its payment is watched all the same: qris order wait
order-asked-by-another-process = another process is asking for this number, or was killed while it did: ask again in three minutes; do not use a new number before
order-asked-before-outcome-unknown = this number was asked for before and it is not known whether the provider made an invoice; look with the provider, then say what you found with `qris order resolve`
order-expired = this number is expired: its code could be shown until { $shown_until } and is not shown any more, but it can be paid until { $expires_at }. Get a new code for the same order with `qris order renew`
order-use-new-number = this number is { $state }; use a new one
order-paid-not-cancelled = it is paid, so it is not cancelled
order-cancelled-not-known-whether-paid = it is cancelled, and it is not known whether it was paid just now, because the provider did not answer: { $error }
order-asked-a-moment-ago = it was asked a moment ago; asking again in { $seconds } s
order-checks-used-up = its checks by hand are used up; the next by the schedule: { $next }
order-never = never
order-not-asked-yet = not asked yet
order-check-not-paid = check { $check }: not paid yet
order-check-failed = check { $check }: { $error }
order-not-paid = the order is not paid
order-last-check-unanswered = not known whether it is paid: the last check, at { $at }, had no answer
order-not-known-whether-paid = not known whether it is paid: { $error }
order-not-in-books = this number is not in the books
order-expected-state = expected one of { $states }
order-no-reason = expected a reason, found no text
order-stays = it stays { $state }: the provider says that invoice { $invoice } is not paid. A till that runs checks it while it may be paid; if there is no invoice, say --not-made
order-asked-too-soon = it stays as it is: the provider may not be asked just now; try again in { $seconds } s
order-books-not-kept = { $failure }; and the books could not be kept
order-books-not-kept-because = { $failure }; and the books could not be kept: { $error }
order-database-silent = the database did not answer
order-interrupted = interrupted
order-interrupted-while-asked = interrupted while the provider was asked: it is not known whether it made a code; look at the order again in three minutes, and do not use a new number before
order-interrupted-before-asked = interrupted before the provider was asked for a code; look at the order again
order-facts = number { $number }, qris_invoiceid { $invoice }, qris_request_date { $date }
order-made-not-written-yet = the provider made the invoice ({ $facts }), but the ledger cannot be written to yet: trying for { $seconds } s
order-answered-not-written-yet = the provider has answered, but the ledger cannot be written to yet: trying for { $seconds } s
order-must-not-be-shown = the provider made an invoice that must not be shown: { $error }. Ask InterActive about it before charging again: { $facts }
order-not-recorded = the provider made an invoice that could not be recorded: { $why }. It is not known whether it will be paid; ask InterActive about it before charging again: { $facts }

# An order as text. The labels have 19 characters at most.
order-number = number
order-description = description
order-reference = reference
order-amount = amount
order-tip = tip
order-tip-asked = asked for
order-channel = channel
order-state = state
order-due-at = due_at
order-shown-until = shown_until
order-expires-at = expires_at
order-watched-until = watched_until
order-paid-at = paid_at
order-method = method
order-customer = customer_name
order-not-said = not said
order-note = note
order-overpaid = overpaid
order-acknowledged = acknowledged
order-not-yet = not yet
order-time-left = { $time } left
order-time-over = expired, a late payment may still come
order-codes = codes, the oldest first:
order-story = what happened:
order-by = , by { $name }
order-code-made = , made { $at }
order-code-paid = , paid { $at }
order-code-unanswered = , no answer since { $at }

import-done = imported { $new } orders; { $known } were in the books already
import-no-links = pay_url is empty: --public-url says at which address payers reach the till
import-not-written = { $file }: { $error }; the orders are imported: import the same file again
import-cell = line { $line }, column { $column }: { $fault }
import-too-long = { $file }: expected at most { $limit } bytes, found more
import-refused = { $file }: nothing was imported
import-refused-more = { $file }: { $more } more lines are wrong; nothing was imported
import-other-value = this number is in the books with another value here: use a new number
import-line = line { $line }: { $fault }
import-too-many = expected at most { $limit } orders, found more
import-cells = expected { $expected } cells, found { $found }
import-number-twice = expected each number once, found it in line { $line } too
import-unknown-column = expected the names of the columns, each once, of { $columns }; found another word
import-both-due = expected a column due or due_at, found both
import-no-column = expected a column { $column }, found none
import-no-value = expected a value, found none
import-due = expected a day such as 2026-11-30, or a time such as 2026-11-30 17:00:00
import-long-text = expected at most { $limit } characters without control characters
import-not-utf8 = expected UTF-8, found other bytes
import-not-csv = expected comma-separated values, found something else

money-not-whole = expected whole rupiah as digits alone, such as 25578
money-out-of-range = expected an amount of { $least } to { $most } rupiah, found { $found }

report-counts = invoices { $invoices } paid { $payments }
report-total = total

# What the program cannot find out or correct by itself.
attention = needs a person: { $line }
attention-unknown = { $number }: it is not known whether the provider made a code; look in InterActive's portal, then say what you found with `qris order resolve`
attention-unanswered = { $number }: its time is over and the last check had no answer; ask again with `qris order check`
attention-unanswered-since = { $number }: its time is over and the last check, at { $at }, had no answer; ask again with `qris order check`
attention-bill = { $number }: this bill was not made, because another order has its number; make it with another number
attention-row = { $row }; it is left out until somebody corrects it
attention-webhook = a webhook names invoice { $invoice } ({ $status }), which no order has
attention-webhook-of-order = a webhook names invoice { $invoice } ({ $status }), which no order has; it is likely the one of { $number }: `qris order resolve --invoiceid { $invoice } -- { $number }`
attention-more-webhooks = { $count } more webhooks of invoices that no order has
