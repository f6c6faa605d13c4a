# Texts of `qris order` and `qris report`.

# An error, on standard error.
error = error: { $words }
from-after-to = expected --from no later than --to

order-being-asked = the code is being requested, or the request was cut off: it is not known yet whether there is an invoice; look again in two minutes
order-outcome-unknown = it is not known whether the provider made an invoice: ask InterActive before you charge again, then record the answer with `qris order resolve`
order-no-invoice = this order is { $state }: it has no invoice to check
order-paid-no-new-code = the order is paid, so there is no new code
order-still-shown = its code is shown until { $until }: there is no new code before that time; see it with `qris order show`
order-no-code-yet = the order has no code yet: request the first one with `qris order create`
order-cancelled-no-new-code = the order is cancelled, so there is no new code: use a new number
order-other-reference = warning: expected qris_invoiceid { $invoice } as the reference label (62.05) of the QR, found another one or none: the payer's receipt may show another number
order-request-date-long-ago = the provider's request date for this code is long ago, so its QR cannot be shown. Its payment is still watched: qris order wait
order-asked-by-another-process = another process is requesting a code for this number, or was killed while it did: try again in { $seconds } seconds; do not use a new number before that
order-asked-before-outcome-unknown = a code was requested for this number before, and it is not known whether the provider made an invoice; check with the provider, then record the answer with `qris order resolve`
order-expired = this order is expired: its code was shown until { $shown_until }, but can be paid until { $expires_at }. Get a new code for the same order with `qris order renew`
order-use-new-number = this order is { $state }; use a new number
order-paid-not-cancelled = the order is paid, so it is not cancelled
order-cancelled-not-known-whether-paid = the order is cancelled, but it is not known whether it was paid just now, because the provider did not answer: { $error }
order-asked-a-moment-ago = it was checked a moment ago; checking again in { $seconds } s
order-checks-used-up = no manual checks are left; next scheduled check: { $next }
order-never = never
order-not-asked-yet = not checked yet
order-waiting = waiting until { $number } is paid ({ $amount }); its code can be paid until { $until }
order-answer-not-paid = checked: not paid yet
order-answer-none = checked: { $error }
order-state-changed = { $number } is now { $state }
order-check-not-paid = check { $check }: not paid yet
order-check-failed = check { $check }: { $error }
order-not-paid = the order is not paid
order-last-check-unanswered = it is not known whether the order is paid: the last check, at { $at }, had no answer
order-not-known-whether-paid = it is not known whether the order is paid: { $error }
order-not-in-books = no order has this number
order-expected-state = expected one of { $states }
order-no-reason = expected a reason, found an empty text
order-stays = the order stays { $state }: the provider says that invoice { $invoice } is not paid. A running till keeps checking it; if there is no invoice, use --not-made
order-asked-too-soon = nothing changed: a check is not allowed yet; try again in { $seconds } s
order-books-not-kept = { $failure }; and the database could not be written
order-books-not-kept-because = { $failure }; and the database could not be written: { $error }
order-database-silent = the database did not answer
order-interrupted = interrupted
order-interrupted-while-asked = interrupted during a request to the provider: it is not known whether a code was made; look at the order again in two minutes, and do not use a new number before that
order-interrupted-before-asked = interrupted before a code was requested; look at the order again
order-facts = number { $number }, qris_invoiceid { $invoice }, qris_request_date { $date }
order-made-not-written-yet = the provider made the invoice ({ $facts }), but the database cannot be written yet: trying for { $seconds } s
order-answered-not-written-yet = the provider has answered, but the database cannot be written yet: trying for { $seconds } s
order-must-not-be-shown = the provider made an invoice that must not be shown: { $error }. Ask InterActive about it before you charge again: { $facts }
order-not-recorded = the provider made an invoice that could not be recorded: { $why }. It may still be paid; ask InterActive about it before you charge again: { $facts }

# An order as text. The labels have 19 characters at most.
order-number = number
order-description = description
order-reference = reference
order-amount = amount
order-tip = tip
order-tip-asked = the payer is asked
order-channel = channel
order-state = state
order-due-at = due_at
order-shown-until = shown_until
order-expires-at = expires_at
order-watched-until = watched_until
order-paid-at = paid_at
order-method = method
order-customer = customer_name
order-not-said = not given
order-note = note
order-overpaid = overpaid
order-acknowledged = acknowledged
order-not-yet = not yet
order-time-left = can be paid for another { $minutes } min { $seconds } s
order-time-over = expired, but a late payment may still arrive
order-codes = codes, oldest first:
order-story = history:
order-by = , by { $name }
order-code-made = , made { $at }
order-code-paid = , paid { $at }
order-code-unanswered = , no answer since { $at }

import-done = imported { $new } orders; { $known } were in the database already
import-no-links = pay_url is empty: set --public-url to the till's address for payers
import-not-written = { $file }: { $error }; the orders are imported: import the same file again
import-cell = line { $line }, column { $column }: { $fault }
import-too-long = { $file }: expected at most { $limit } bytes, found more
import-refused = { $file }: nothing was imported
import-refused-more = { $file }: { $more } more lines are wrong; nothing was imported
import-other-value = the database has this number with another value in this column: use a new number
import-line = line { $line }: { $fault }
import-too-many = expected at most { $limit } orders, found more
import-cells = expected { $expected } cells, found { $found }
import-number-twice = expected each number once, found it on line { $line } too
import-unknown-column = expected each column at most once, from { $columns }; found another name or a repeated one
import-both-due = expected one of the columns due and due_at, found both
import-no-column = expected a column { $column }, found none
import-no-value = expected a value, found none
import-due = expected a day such as 2026-11-30, or a time such as 2026-11-30 17:00:00
import-long-text = expected at most { $limit } characters without control characters
import-not-utf8 = expected UTF-8, found bytes that are not UTF-8
import-not-csv = expected comma-separated values, found another format

money-not-whole = expected an amount in rupiah of digits only, such as 25578: without Rp, dots or commas
money-out-of-range = expected an amount of { $least } to { $most } rupiah, found { $found }

report-counts = invoices { $invoices } paid { $payments }
report-total = total

# What a person has to find out or correct.
attention = needs a person: { $line }
attention-unknown = { $number }: it is not known whether the provider made a code; look in InterActive's portal, then record the answer with `qris order resolve`
attention-unanswered = { $number }: its time is over and the last check had no answer; check again with `qris order check`
attention-unanswered-since = { $number }: its time is over and the last check, at { $at }, had no answer; check again with `qris order check`
attention-bill = { $number }: this bill was not made, because another order has this number; make it under another number
attention-row = { $row }; it is skipped until somebody corrects it
attention-webhook = a webhook names invoice { $invoice } ({ $status }), which no order has
attention-webhook-of-order = a webhook names invoice { $invoice } ({ $status }), which no order has; it probably belongs to { $number }: `qris order resolve --invoiceid { $invoice } -- { $number }`
attention-more-webhooks = { $count } more webhooks of invoices that no order has
