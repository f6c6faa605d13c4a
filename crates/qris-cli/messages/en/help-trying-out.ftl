# Help of the commands that try things out.

help-demo = Plays one payment from end to end: no account, no network
    .long = Starts the sandbox on a loopback port, charges an order there over real HTTP, cross-checks and draws the QR, lets its time pass and renews it, has the sandbox's payer pay, asks until it is paid, and books it. Exit code 0 only if every step held.
    .books = Where to keep the books; a new file in the system's temporary directory unless given
    .after =
        Example:
          qris demo
          qris demo --books shop.db

help-sandbox = Runs the stand-in for the Open API until it is interrupted
    .long = It answers the two calls of the API, and `/` is a page that plays the payer's phone. A create without `useTip` gets a QR that asks for a tip. Nothing is kept when it ends.
    .listen = Where to listen. The sandbox guards nothing: keep it on loopback
    .webhook = Where to send webhooks when somebody pays
    .validity = How long an invoice can be paid, in minutes
    .strict = Refuse what the provider's documentation does not show, though production clients send it: a POST, a time after the date, another `do` on a check, no `useTip`
    .ids = The kind of JSON value in which qris_invoiceid comes
    .longest_number = The most characters of a transaction number; the default is the most that can be set
    .repeated_number = What a create with a number that was used before gives
    .absent_tip = What a create without useTip gives
    .refusals = The shape of refusals: data is a text, an object, or as each is documented
    .refusal_status = The HTTP status of refusals
    .content_type = The Content-Type of answers
    .check_date = The day that trxdate must name to be told of a payment
    .time_in_date = What a time after the date in trxdate does
    .check_amount = Whether trxvalue must be the amount
    .check_action = What another word in the `do` of a check does
    .note = The note of webhooks
    .rrn = The rrn of webhooks
    .fault = A fault that happens every time, such as php-notice, byte-order-mark or text-behind; may be given several times
    .heading = What the provider's documentation leaves open
    .after =
        Example:
          qris sandbox --listen 127.0.0.1:7000

        Then, elsewhere:
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
          qris order create INV-1 25578

help-probe = Finds out how the provider treats this account, with one payment of Rp1,000 that you make
    .long =
        The provider's documents leave much open: what a number that is used twice gives, what a check compares, whether a webhook comes. The probe makes at most seven invoices of Rp1,000, asks you to pay one of them, checks it within the rules of polling, and prints a page of facts that can be sent to us. It holds no API key, merchant ID or payer's name.

        It asks before each step that makes an invoice or needs you: `yes` goes on, `skip` leaves the step out, `stop` ends with the facts so far, and so does Ctrl-C. One code is shown, the one to pay. The others are named DO-NOT-PAY or are the second of the paid number; they are not shown and must not be paid. It takes 10 to 30 minutes, most of it between the checks.

        Nothing is written to a ledger: a till that runs with the same account lists the webhook of the payment as one of an unknown invoice. Exit code 0: the page is written, 1: the provider refused the credentials or could not be reached.
    .yes = Answer yes to every question, for scripts. The payment is waited for all the same
    .out = Write the page to this file instead of standard output
    .json = Write the page as one JSON object instead of Markdown
    .listen = Listen here for the provider's webhook, under /webhook/ and a token: that of QRIS_WEBHOOK_TOKEN, or a random one. InterActive must be told the address
    .expiry = Stay an hour longer and see what a check says of an unpaid invoice after 31 and 61 minutes
    .gap_seconds = Seconds between two checks, 0.1 to 60, beside a sandbox on this machine. The provider's own are 15 and 60, and no setting shortens them
    .after =
        Example:
          qris probe --out facts.md

          # Without an account, to see what it does; pay on the sandbox's page:
          qris sandbox --listen 127.0.0.1:7000 &
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          qris probe --base-url http://127.0.0.1:7000/restapi/qris/ --gap-seconds 2 --yes

          # With the webhook, which InterActive must be told of; a proxy with TLS stands before it:
          qris probe --listen 127.0.0.1:8080 --out facts.md
