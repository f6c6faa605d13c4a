# What `qris probe` says on the terminal. Its page of facts is in English, because it is attached to reports.

probe-intro = This probe makes invoices of Rp1,000 and asks you to pay one of them. It shows only the code of that one. Do not pay any other.
probe-step-1 = Step 1: send three requests that the API should refuse: a create with another `do`, a create of Rp0, and a check without an invoice? If the API makes an invoice nevertheless, its number begins with DO-NOT-PAY.
probe-step-2 = Step 2: make three invoices of Rp1,000, one without useTip, one with useTip=yes and one with a number of 64 characters? Their numbers begin with DO-NOT-PAY and their codes are not shown. Do not pay them.
probe-step-3 = Step 3: make the invoice of Rp1,000 that you will pay? Its code is shown in step 5.
probe-step-4 = Step 4: send the create of { $number } once more? A second invoice of that number can be paid like the first. Its code is not shown. Do not scan or pay it.
probe-step-5 = Step 5: show the code and wait for your payment of Rp1,000? You have about 20 minutes, and the money goes to your own account.
probe-last-step = Last step: wait until an unpaid invoice is 61 minutes old, and check it twice?
probe-webhook = Webhook: has InterActive registered an address that leads here, with this path? yes: listen; skip: continue without webhooks.
probe-portal = Look at the row of the payment in the merchant's portal, if you can: is its idinv { $invoice }?
probe-answered-yes = { $question } yes (--yes)
probe-yes-skip-stop = expected yes, skip or stop, found another answer
probe-yes-no-skip-stop = expected yes, no, skip or stop, found another answer

probe-sending = sending a create call (number { $number })…
probe-made = invoice { $invoice }, number { $number }
probe-other-qr = The QR is not the one that was requested: { $field }. It is not shown. Do not pay invoice { $invoice }.
probe-create-refused = the provider refused the create call: { $reason }
probe-credentials-refused = the provider refused the credentials: { $reason }
probe-do-not-pay = Do not scan or pay invoice { $invoice }: it is the second code of number { $number }.
probe-pay-this = Pay this code once, and no other code: Rp1,000, number { $number }, NMID { $nmid }.
probe-press-enter = Press Enter as soon as your phone shows that it is paid; type skip to give up.
probe-waiting = waiting for the payment of invoice { $invoice }
probe-no-manual-checks = no manual checks are left; automatic checks continue
probe-not-paid = not paid yet
probe-check-refused = the check was refused: { $reason }
probe-no-answer = a check had no answer: { $error }
probe-paid = A check says that it is paid. Do not pay again. A few more checks follow, about a minute apart.
probe-checking-with = checking the paid invoice with { $what }…
probe-another-trxdate = another trxdate
probe-time-after-date = a time after the date
probe-another-trxvalue = another trxvalue
probe-another-do = another `do`
probe-checking-other = checking the other invoice of the number…
probe-checking-again = checking the paid invoice as usual once more…
probe-waiting-until-old = waiting until invoice { $invoice } is { $minutes } minutes old
probe-webhook-at = webhook address: http://{ $address }{ $path }
probe-webhook-at-own = webhook address: http://{ $address }/webhook/ and QRIS_WEBHOOK_TOKEN
probe-waiting-webhook = waiting for a webhook…
probe-listen = expected to listen on { $address }: { $error }
probe-stopped = stopped: the page has the facts found so far
probe-written = the page is in { $file }
probe-gap-range = expected a number of seconds from 0.1 to 60
probe-gap-provider = expected --gap-seconds only for a sandbox on this machine, found it for the provider: the provider blocks keys that check too often
