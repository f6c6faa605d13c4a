# What `qris forget`, `listen`, `trigger` and `sandbox` say.

forget-too-late = expected --payers-before of { $today } at the latest, found a later day
forget-done = payers before { $day }, of { $merchants }: forgotten in { $orders } orders, { $events } events, { $webhooks } webhooks and { $plans } plans
forget-events-waiting = { $events } events keep the name because they wait to be delivered: run this again later
forget-no-trace = the database file has no trace of them
forget-log = another program was reading for too long, so the file beside the database (-wal) may have them still: run this again, or end the till first
forget-server = old versions of rows on the PostgreSQL server have them until VACUUM has run and their space is used again, and so have its write-ahead log and its archives
forget-free-space = free space of the database file may have them still: end the till and run this again with --rewrite
forget-copies = backups and exports that were made before have the names: delete them, or keep them as long as you may
listen-forward-to = --forward-to: expected an http URL of this machine, such as http://127.0.0.1:3000/hook
listen-secret = QRIS_WEBHOOK_SECRET: expected whsec_ and Base64
listen-signed = signed with { $secret }
listen-stream-ended = the till ended the stream; opening it again
listen-again = { $error }; trying again
listen-no-events = expected the events of a till, found HTTP { $status }: is QRIS_TILL_TOKEN its token?
listen-no-till = expected a till's answer
listen-no-stream = expected a stream, found HTTP { $status }
listen-long-line = expected shorter lines of the till
listen-no-answer = no answer
listen-nobody = nothing listens there
listen-silence = the till said nothing for 40 s
service-refused = expected an answer, found HTTP { $status }: { $message }
service-till = --till: expected a URL such as http://127.0.0.1:8080
service-till-https = --till: expected https, or http to this machine: the token would be readable on the way
service-no-sandbox = expected the address of a sandbox on this machine in --base-url or QRIS_BASE_URL, found another: nothing can be made to happen at the provider
trigger-done = { $number } is { $state }
trigger-overpaid = { $number } is { $state }, Rp{ $more } too much
trigger-not-waiting = expected an order that waits for its payment, or a new number; found it { $state }
trigger-no-code = expected an order with a code, found none
trigger-no-code-in-sandbox = expected an order with a code in the sandbox, found none
trigger-may-not-be-asked = expected an order that may be asked for, or a new number; found it { $state }
trigger-too-long = expected the till to find out within { $seconds } s, found the order { $state }
sandbox-phone = The payer's phone: http://{ $address }/
sandbox-not-printable = expected printable ASCII, found another

## Why another program was not reached.

connection-refused = the server refused the connection
connection-cut-off = the connection was cut off
connection-timed-out = the server did not answer in time
