# Texts of `qris forget`, `listen`, `trigger` and `sandbox`.

forget-too-late = expected --payers-before { $today } or earlier, found a later day
forget-done = payers before { $day } of { $merchants }: names deleted from { $orders } orders, { $events } events, { $webhooks } webhooks and { $plans } plans
forget-events-waiting = { $events } events keep the name because they wait for delivery: run this again later
forget-no-trace = no name is left in the database file
forget-log = another program read for too long, so the file beside the database (-wal) may still have names: run this again, or stop the till first
forget-server = old row versions on the PostgreSQL server keep the names until VACUUM has run and their space is used again; so do its write-ahead log and its archives
forget-free-space = free space of the database file may still have names: stop the till and run this again with --rewrite
forget-copies = backups and exports made before this still have the names: delete them, or keep them no longer than you are allowed to
listen-forward-to = --forward-to: expected an http URL of this machine, such as http://127.0.0.1:3000/hook
listen-secret = QRIS_WEBHOOK_SECRET: expected whsec_ followed by Base64
listen-signed = signed with { $secret }
listen-stream-ended = the till ended the stream; opening it again
listen-again = { $error }; trying again
listen-no-events = expected the events of a till, found HTTP { $status }: is QRIS_TILL_TOKEN the token of this till?
listen-no-till = expected the answer of a till, found another one
listen-no-stream = expected a stream, found HTTP { $status }
listen-long-line = expected shorter lines from the till
listen-no-answer = no answer
listen-nobody = no program listens there
listen-silence = the till sent nothing for 40 s
service-refused = expected an answer, found HTTP { $status }: { $message }
service-till = --till: expected a URL such as http://127.0.0.1:8080
service-till-https = --till: expected https, or http to this machine: over plain http others can read the token
service-no-sandbox = expected the address of a sandbox on this machine in --base-url or QRIS_BASE_URL, found another one: this command cannot act on the real provider
trigger-done = { $number } is { $state }
trigger-overpaid = { $number } is { $state }, overpaid by { $more }
trigger-not-waiting = expected an order that waits for its payment, or a new number; found an order that is { $state }
trigger-no-code = expected an order with a code, found none
trigger-no-code-in-sandbox = expected a code that the sandbox made, found none
trigger-may-not-be-asked = expected an order that can get a code, or a new number; found an order that is { $state }
trigger-too-long = the till did not notice the change within { $seconds } s: the order is still { $state }
sandbox-phone = The payer's phone: http://{ $address }/
sandbox-webhook-url = expected a webhook URL that begins with http:// and names a host, found another text
sandbox-not-printable = expected printable ASCII characters, found others

## Why a connection failed.

connection-refused = the server refused the connection
connection-cut-off = the connection was cut off
connection-timed-out = the server did not answer in time

## Why a file could not be opened.

file-not-found = No such file or directory
file-permission-denied = Permission denied
file-is-folder = Is a directory
