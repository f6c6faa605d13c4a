# Help of the commands around the till.

help-till = Runs the till: an HTTP API, and pages for the cashier, the customer and the owner
    .long = It watches the orders of all merchants in the settings, or of the one that --merchant names, and settles each once, however many tills share the books. People sign in with a name and a PIN (`qris user add`); programs and displays have tokens of their own (`qris token create`). QRIS_TILL_TOKEN in the environment is the owner's token. With neither it nor users nobody is asked, and the till listens on this machine only. QRIS_WEBHOOK_TOKEN opens /webhook/TOKEN to the provider; where there are several merchants, each has its own webhook_token in the settings file.
    .listen = Where to listen
    .idle_minutes = How long somebody who signed in may do nothing before they have to sign in again. Default: 720
    .abandon_seconds = How long after asking for a code its answer can no longer come: then the order is unknown. Default: 180, or as long as a call may take and a minute if that is more
    .private_networks = Networks beside the public internet and this machine that events may be sent to, over plain HTTP too, such as 192.168.1.0/24 [env: QRIS_PRIVATE_NETWORKS]
    .notify_urls = What the notify_url of an order must begin with, such as https://shop.example/notify/. Without it no order may have one [env: QRIS_NOTIFY_URLS]
    .allow_origins = Sites whose pages may use the API from a browser, such as https://shop.example [env: QRIS_ALLOW_ORIGINS]
    .ca_file = A PEM file with authorities that the certificates of endpoints may be of, beside the ones that this system trusts [env: QRIS_CA_FILE]
    .pay_listen = Where to serve payers' pages too, and nothing else: an address that may be open to the internet, behind a reverse proxy that speaks TLS [env: QRIS_PAY_LISTEN]
    .after =
        Example:
          qris till --database sqlite://shop.db

          # For tablets in the shop, which ask for this token once:
          (umask 077; openssl rand -hex 20 > token)
          QRIS_TILL_TOKEN=$(cat token) qris till --listen 0.0.0.0:8080

help-user = Adds, lists and revokes the people who use the till
    .long = A user signs in at the till with name and PIN. A till that runs knows of a change within two seconds. Once there is a user, a till without QRIS_TILL_TOKEN asks everybody to sign in.
    .after =
        Example:
          qris user add Siti --role cashier
          qris user list

help-user-add = Adds a user, and asks for the PIN
    .long = A cashier charges, lists the orders of today, and finds any order by its number. A supervisor also resolves, lists all days, and reads reports. An owner may do everything.
    .name = The name to sign in with: 1 to 32 characters
    .role = What the user may do
    .after =
        Examples:
          qris user add Siti --role cashier
          qris user add Budi --role owner --pin-stdin < pin

help-user-pin = Gives a user another PIN; it ends the user's sessions and the pause after wrong PINs
    .name = The user's name
    .after =
        Example:
          qris user pin Siti

help-user-list = Lists the users, also those who are revoked
    .after =
        Example:
          qris user list --json

help-user-revoke = Lets a user in no more, and ends the user's sessions
    .name = The user's name
    .after =
        Example:
          qris user revoke Siti

help-token = Creates, lists and revokes the tokens of programs and displays
    .long = A program sends its token as `Authorization: Bearer`. A display sends it the same way, or somebody types it in once on the sign-in page of its screen. A till that runs knows of a change within two seconds.
    .after =
        Example:
          qris token create erp --role program --merchant main
          qris token list

help-token-create = Creates a token and prints it, this once
    .long = With --merchant it is for the orders of that merchant alone.
    .name = What it is called: 1 to 32 characters; events say `token NAME`
    .role = What it is for
    .after =
        Examples:
          (umask 077; qris token create erp --role program > token)
          qris token create layar-1 --role display

help-token-list = Lists the tokens, also those that are revoked; none can be read again
    .after =
        Example:
          qris token list --json

help-token-revoke = Ends a token, and what is signed in with it
    .name = The token's name
    .after =
        Example:
          qris token revoke erp

help-listen = Hands the events of a running till to a program on this machine, signed as they are for an endpoint
    .long = It follows GET /api/events, so the till needs neither an endpoint nor a way to this machine. What the program does not take is not sent again: this is for trying out. The secret that signs is new each time and printed, unless QRIS_WEBHOOK_SECRET has one.
    .forward_to = Where the program listens, on this machine
    .events = Which types to hand on, such as order.paid,order.paid_late. Default: all
    .since = Begin after this cursor; 0 is before the first event. Default: with what happens from now on
    .merchant = Which merchant of the till. Default: main, or the only one
    .after =
        Example:
          qris listen --forward-to http://127.0.0.1:3000/hook

help-trigger = Makes something happen to an order of a till whose provider is the sandbox
    .long = An order that is not there yet is made first. The till learns of it as it does in a shop: it asks the sandbox, as after a press of the button. The sandbox's clock is moved where time has to pass, for all its invoices.
    .event = What happens
    .number = The order's number
    .amount = The amount of an order that is made first, in rupiah
    .base_url = The address of the sandbox's API, as `qris sandbox` prints it
    .merchant = Which merchant of the till. Default: main, or the only one
    .after =
        Example:
          qris listen --forward-to http://127.0.0.1:3000/hook &
          qris trigger paid INV-1

help-backup = Copies the books to a file, whole and as they are at one moment, even while a till runs
    .long = Copying the database file itself loses what stands in the file beside it (`-wal`). The key of pay links is copied to a file beside the copy, `.pay-key`: without it their links work, but no program can show them again. Books in PostgreSQL are copied by pg_dump, and their key by cp.
    .to = The copy; there must be nothing of that name yet
    .after =
        Example:
          qris backup qris-$(date +%F).db

        To go back to a copy: end the till, remove what stands beside the database
        (-wal, -shm), put the copy in its place and the copy of the key in the place
        of the key (.pay-key, or pay_key_file), start the till again.

help-forget = Takes the names of payers out of payments that were made before a day
    .long =
        Amounts, times, methods and RRNs stay. It is about all merchants that have orders in the database, or about the one that --merchant names. A till may run meanwhile. It may be stopped at any time, and goes on when it is run again. The history of each order says that it was done, and by whom.

        Bills that were paid before that day lose the customer's name too, and so do webhooks that were kept and plans that have ended. An event that still waits to be delivered keeps the name until it was taken: run the command again then. Backups and exports that were made before have the names.
    .payers_before = The first day in WIB whose payers are not forgotten, such as 2025-12-01; today at the latest
    .by = Who does it, for the history of the orders
    .rewrite = Write a SQLite file anew however large it is
    .after =
        Example:
          qris forget --payers-before 2025-12-01

        At the end a SQLite file of up to 256 MB is written anew, so that the names are
        in no part of it. For a larger one, end the till and give --rewrite: nobody can
        book anything meanwhile.

help-doctor = Looks whether settings, network, clock and books are as they should be
    .long = The API itself is not called, so nothing of the key's budget is spent; whether the key is right shows with the first invoice. The books are opened as every command opens them, and made where there are none. Every order is read once, to compare what reports say with what the orders add up to: a few seconds for a million. Exit code 0: no problem, 1: at least one.
    .fix = Correct what needs no person to decide: totals of reports that are not what the orders add up to
    .offline = Leave out what needs the network: the provider's server, the clock beside its clock, and whether printers can be reached
    .json = Print one JSON object instead of text
    .after =
        Example:
          qris doctor && qris till

values-user-role =
    .cashier = Charges, lists the orders of today, and finds any order by its number
    .supervisor = Also resolves, lists all days, and reads reports
    .owner = Everything

values-token-role =
    .program = A program that uses the HTTP API
    .display = A screen that shows customers what they are to pay

values-event =
    .paid = The payer pays the code that is shown
    .paid_late = The payer pays after the code was no longer shown
    .overpaid = The payer pays an older code and the newer one
    .unknown = The answer to the request for a code is lost
    .expired = The code is no longer shown
