# Help of the commands around the till.

help-till = Runs the till: an HTTP API, and pages for the cashier, the customer and the owner
    .long = The till watches the orders of all merchants in the settings, or of the merchant that --merchant names. Several tills can share a database: each payment is recorded once. People sign in with a name and a PIN (`qris user add`); programs and displays have their own tokens (`qris token create`). QRIS_TILL_TOKEN in the environment is the owner's token. Without this token and without users nobody needs to sign in, and the till listens only on this machine. QRIS_WEBHOOK_TOKEN opens /webhook/TOKEN to the provider; it has 16 to 256 characters from A-Z a-z 0-9 - . _ ~. With several merchants, each has its own webhook_token in the settings file.
    .listen = The address to listen on
    .idle_minutes = After how many minutes without activity a person has to sign in again. Default: 720
    .abandon_seconds = After how many seconds an order whose code is still being requested becomes unknown. Default: the API timeout, at least 35 seconds, plus one minute: 95 seconds for the default timeout
    .private_networks = Private networks to which events may be sent, also over plain HTTP, such as 192.168.1.0/24. Public addresses and this machine are always allowed [env: QRIS_PRIVATE_NETWORKS]
    .notify_urls = Allowed prefixes of an order's notify_url, such as https://shop.example/notify/. Without any, no order may have a notify_url [env: QRIS_NOTIFY_URLS]
    .allow_origins = Sites whose pages may call the API from a browser, such as https://shop.example [env: QRIS_ALLOW_ORIGINS]
    .ca_file = A PEM file with certificate authorities for endpoints, in addition to those of this system [env: QRIS_CA_FILE]
    .pay_listen = A second address that serves only the payment pages. It may be open to the internet, behind a reverse proxy with TLS [env: QRIS_PAY_LISTEN]
    .after =
        Example:
          qris till --database sqlite://shop.db

          # For tablets in the shop: each asks for this token once.
          (umask 077; openssl rand -hex 20 > token)
          QRIS_TILL_TOKEN=$(cat token) qris till --listen 0.0.0.0:8080

help-user = Adds, lists and revokes the people who use the till
    .long = Users sign in at the till with name and PIN. A running till sees a change within two seconds. Once there is a user, a till without QRIS_TILL_TOKEN asks everybody to sign in.
    .after =
        Example:
          qris user add Siti --role cashier
          qris user list

help-user-add = Adds a user, and asks for the PIN
    .long = A cashier charges, lists today's orders, and finds any order by its number. A supervisor also resolves, lists all days, and reads reports. An owner may do everything.
    .name = The name to sign in with: 1 to 32 characters
    .role = What the user may do
    .after =
        Examples:
          qris user add Siti --role cashier
          qris user add Budi --role owner --pin-stdin < pin

help-user-pin = Gives a user a new PIN; this ends the user's sessions and the delay after wrong PINs
    .name = The user's name
    .after =
        Example:
          qris user pin Siti

help-user-list = Lists the users, including revoked ones
    .after =
        Example:
          qris user list --json

help-user-revoke = Stops a user from signing in, and ends the user's sessions
    .name = The user's name
    .after =
        Example:
          qris user revoke Siti

help-token = Creates, lists and revokes the tokens of programs and displays
    .long = A program sends its token as `Authorization: Bearer`. A display does the same, or somebody types the token once on the display's sign-in page. A running till sees a change within two seconds.
    .after =
        Example:
          qris token create erp --role program --merchant main
          qris token list

help-token-create = Creates a token and prints it once
    .long = With --merchant the token is only for that merchant's orders.
    .name = Its name: 1 to 32 characters; events say `token NAME`
    .role = What the token is for
    .after =
        Examples:
          (umask 077; qris token create erp --role program > token)
          qris token create layar-1 --role display

help-token-list = Lists the tokens, including revoked ones; their values cannot be shown again
    .after =
        Example:
          qris token list --json

help-token-revoke = Ends a token and the sessions that use it
    .name = The token's name
    .after =
        Example:
          qris token revoke erp

help-listen = Forwards the events of a running till to a program on this machine, with the same signature as for an endpoint
    .long = It follows GET /api/events, so the till needs no endpoint and no connection to this machine. An event that the program does not accept is not sent again: this command is for trying things out. It makes a new signing secret each time and prints it, unless QRIS_WEBHOOK_SECRET is set.
    .forward_to = The program's URL on this machine
    .events = Event types to forward, such as order.paid,order.paid_late. Default: all
    .since = Start after this cursor; 0 starts with the first event. Default: only new events
    .merchant = The merchant of the till. Default: main, or the only one
    .after =
        Example:
          qris listen --forward-to http://127.0.0.1:3000/hook

help-trigger = Makes something happen to an order of a till that uses the sandbox
    .long = An order that does not exist is made first. The till then checks the order, as if somebody had pressed its check button. If time has to pass, the command moves the sandbox's clock forward, for all invoices.
    .event = What happens
    .number = The order's number
    .amount = The amount in rupiah for an order that is made first
    .base_url = The sandbox's API address, as `qris sandbox` prints it
    .merchant = The merchant of the till. Default: main, or the only one
    .after =
        Example:
          qris listen --forward-to http://127.0.0.1:3000/hook &
          qris trigger paid INV-1

help-backup = Copies the whole database to a file at one moment, even while a till runs
    .long = Do not copy the database file itself: the newest data is in the file beside it (`-wal`). The key of payment links is copied too, to a file with the suffix `.pay-key`: without the key, links that you sent still work, but the till cannot show them again. For PostgreSQL, use pg_dump for the database and cp for the key.
    .to = The copy; no file of this name may exist
    .after =
        Example:
          qris backup qris-$(date +%F).db

        To restore a copy: stop the till, remove the files beside the database
        (-wal, -shm), replace the database with the copy and the key (.pay-key, or
        pay_key_file) with its copy, and start the till again.

help-forget = Deletes the names of payers from payments before a day
    .long =
        Amounts, times, methods and RRNs stay. The command covers all merchants that have orders in the database, or only the one that --merchant names. A till may run at the same time. You may stop the command at any time; run it again to continue. The history of each order says that the name was deleted, and by whom.

        Customer names are also deleted from bills paid before that day, from stored webhooks and from ended plans. An event that still waits for delivery keeps the name until it is delivered: run the command again after that. Backups and exports made earlier still have the names.
    .payers_before = The first day (WIB) whose payers are kept, such as 2025-12-01; today at the latest
    .by = Who does it, for the history of the orders
    .rewrite = Rewrite a SQLite file of any size
    .after =
        Example:
          qris forget --payers-before 2025-12-01

        At the end a SQLite file of up to 256 MB is rewritten, so that no part of it has
        the names. For a larger file, stop the till and use --rewrite: while it runs, no
        program can write to the database.

help-doctor = Checks settings, network, clock and database
    .long = The API itself is not called, so no check of the key is used up; the first invoice shows whether the key is right. The database is opened as by every command, and created if it does not exist. Every order is read once, to compare the reports with the orders: a few seconds for a million orders. Exit code 0: no problem, 1: at least one.
    .fix = Correct what needs no decision: report totals that differ from the orders
    .offline = Skip what needs the network: the provider's server, the comparison of clocks, and the printers
    .json = Print one JSON object instead of text
    .after =
        Example:
          qris doctor && qris till

values-user-role =
    .cashier = Charges, lists today's orders, and finds any order by its number
    .supervisor = Also resolves, lists all days, and reads reports
    .owner = Everything

values-token-role =
    .program = A program that uses the HTTP API
    .display = A screen that shows customers what to pay

values-event =
    .paid = The payer pays the code that is shown
    .paid_late = The payer pays after the code was no longer shown
    .overpaid = The payer pays an older code and the newer one
    .unknown = The answer to the request for a code is lost
    .expired = The code is no longer shown
