# What `qris till`, `user`, `token` and `backup` say.

till-asking = asking { $provider }
till-books = the books: { $books }
till-open = The till is open at http://{ $address }/
till-webhook-token = webhook_token in { $place }: { $error }
till-webhook-token-of-main = expected webhook_token in the table of each merchant, found QRIS_WEBHOOK_TOKEN, which is for the merchant main

user-added = { $name } may sign in as { $role }
user-pin = { $name } has another PIN
user-revoked = { $name } is let in no more
revoked = revoked { $at }

pin-ask = PIN (4 digits at least, 6 are better):
pin-ask-again = The same PIN again:
pin-two = expected the same PIN twice, found two
pin-no-terminal = expected a terminal to ask for the PIN on, or --pin-stdin
pin-stdin-only = expected --pin-stdin on this system

token-revoked = { $name } lets nobody in any more
token-shown-once = the token of { $name }, which is shown this once:
token-all-merchants = all merchants
token-used = used { $at }
token-never-used = never used
token-no-random-numbers = expected random numbers of the system, found none

backup-file-exists = expected no file { $file } yet, found one
backup-not-written = { $file } was not written: { $error }
backup-copied = { $from } is copied to { $to }
