# Texts of `qris till`, `user`, `token` and `backup`.

till-asking = provider: { $provider }
till-books = database: { $books }
till-open = The till is open at http://{ $address }/
till-webhook-token = webhook_token in { $place }: { $error }
till-webhook-token-of-main = expected webhook_token in the table of each merchant, found QRIS_WEBHOOK_TOKEN, which is only for merchant main

user-added = { $name } may now sign in as { $role }
user-pin = { $name } has a new PIN
user-revoked = { $name } can no longer sign in
revoked = revoked { $at }

pin-ask = PIN (at least 4 digits, 6 are better):
pin-ask-again = The same PIN again:
pin-weak = expected a PIN of 4 to 12 digits that is hard to guess, not the same digit each time and not digits in order; found another text
pin-two = expected the same PIN twice, found two different ones
pin-no-terminal = expected a terminal to ask for the PIN, or --pin-stdin
pin-stdin-only = expected --pin-stdin on this system

token-revoked = { $name } no longer gives access
token-shown-once = the token of { $name }, shown only now:
token-till-open = note: without QRIS_TILL_TOKEN and without users, everyone on this machine has full access to the till without a token. Set QRIS_TILL_TOKEN for the till, or add an owner with qris user add
token-all-merchants = all merchants
token-used = used { $at }
token-never-used = never used
token-no-random-numbers = expected random numbers from the system, found none

backup-no-folder = expected a folder { $folder }, found none: make it first
backup-file-exists = expected no file { $file }, found one
backup-not-written = { $file } was not written: { $error }
backup-copied = { $from } is copied to { $to }
