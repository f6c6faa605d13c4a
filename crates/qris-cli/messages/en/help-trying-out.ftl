# Help of the commands for trying things out.

help-demo = Plays one payment from start to end: no account, no network
    .long = Starts the sandbox on a loopback port, charges an order over real HTTP, cross-checks and draws the QR, lets the code expire, renews it, pays it as the sandbox's payer, checks until it is paid, and records it. Exit code 0 only if every step succeeds.
    .books = The database file. Default: a new file in the system's temporary directory
    .after =
        Example:
          qris demo
          qris demo --books shop.db

help-sandbox = Runs a replacement for the Open API until you stop it
    .long =
        It answers the two calls of the API. Nothing is kept after it ends. A create call without `useTip` gets a QR that asks for a tip.

        To pay an invoice: open the sandbox's address in a browser, which shows the payer's phone, and press the button of the invoice. A program sends POST /sandbox/invoices/ID/pay, where ID is the qris_invoiceid. GET /sandbox/invoices lists all invoices. With a till, `qris trigger paid NUMBER` pays an order.
    .listen = The address to listen on. The sandbox has no protection: keep it on loopback
    .webhook = Where to send a webhook for each payment
    .validity = How many minutes an invoice can be paid
    .strict = Refuse what the provider's documentation does not show but production clients send: a POST, a time after the date, another `do` on a check, no `useTip`
    .ids = The JSON type of qris_invoiceid
    .longest_number = The maximum length of a transaction number in characters, at most 64
    .repeated_number = The answer to a create call with a number that was used before
    .absent_tip = The answer to a create call without useTip
    .refusals = `data` of a refusal: always text, always an object, or as the documentation shows it
    .refusal_status = The HTTP status of refusals
    .content_type = The Content-Type of answers
    .check_date = Which day a check's trxdate must have to find a payment
    .time_in_date = The effect of a time after the date in trxdate
    .check_amount = Whether trxvalue must equal the amount
    .check_action = The effect of another word in the `do` of a check
    .note = The note of webhooks
    .rrn = The rrn of webhooks
    .fault = A fault in every answer, such as php-notice, byte-order-mark or text-behind; can be repeated
    .heading = What the provider's documentation does not say
    .after =
        Example:
          qris sandbox --listen 127.0.0.1:7000

        Then, in another terminal:
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
          qris order create INV-1 25578
          curl http://127.0.0.1:7000/sandbox/invoices
          curl -X POST http://127.0.0.1:7000/sandbox/invoices/ID/pay
          qris order wait INV-1

help-probe = Finds out how the provider treats this account, with one payment of Rp1,000 that you make
    .long =
        The provider's documentation does not say everything: what happens when a number is used twice, what a check compares, whether a webhook is sent. The probe makes at most seven invoices of Rp1,000, asks you to pay one of them, checks it within the polling rules, and prints a page of facts. You can attach the page to an issue report: it has no API key, merchant ID or payer's name.

        It asks before each step that makes an invoice or needs you: `yes` continues, `skip` skips the step, `stop` or Ctrl-C ends with the facts found so far. Only the code to pay is shown. The others are named DO-NOT-PAY or are the second code of the paid number; they are not shown and must not be paid. It takes 10 to 30 minutes, mostly waiting between checks.

        Nothing is written to a database: a running till with the same account lists the webhook of the payment under unknown invoices. Exit code 0: the page is written, 1: the provider refused the credentials or could not be reached.
    .yes = Answer yes to every question, for scripts. It still waits for the payment
    .out = Write the page to this file instead of standard output
    .json = Write the page as one JSON object instead of Markdown
    .listen = Listen on this address for the provider's webhook, at /webhook/ and a token: QRIS_WEBHOOK_TOKEN, or a random one. Give the address to InterActive
    .expiry = Run one hour longer, and check an unpaid invoice after 31 and 61 minutes
    .gap_seconds = Seconds between two checks, 0.1 to 60, only for a sandbox on this machine. For the provider they are 15 and 60, and no setting shortens them
    .after =
        Example:
          qris probe --out facts.md

          # Without an account, to see what it does; pay on the sandbox's page:
          qris sandbox --listen 127.0.0.1:7000 &
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          qris probe --base-url http://127.0.0.1:7000/restapi/qris/ --gap-seconds 2 --yes

          # With the webhook: give InterActive the address, and put a proxy with TLS in front:
          qris probe --listen 127.0.0.1:8080 --out facts.md
