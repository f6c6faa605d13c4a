# Help of options that several commands have, and the words around all help.

help-options =
    .payload = The payload, or `-` to read it from standard input
    .rules = Whose rules apply
    .rules-long = The project's docs/rules.md has each rule with its clause, how certain it is, and what is met in the field.
    .merchant = Which merchant of the settings file. Default: main, whose settings are flags, the environment and the top of the file, or the only one that has a table [merchant.NAME]
    .merchant_id = The merchant's number at the provider (mID)
    .base_url = Address of the Open API; `qris sandbox` prints its own
    .database_flag = The database: sqlite://PATH or postgres://… Default: a file in the user's data directory, another one for the sandbox. A URL with a password belongs in QRIS_DATABASE_URL or the settings file, because other users can see a command line [env: QRIS_DATABASE_URL]
    .nmid = The merchant's national ID (NMID): a code with another one is refused. Default: the one that the first invoice in the database had
    .shown_minutes = For how long a code is shown to the payer. Default: 30, or the validity if that is less
    .validity_minutes = For how long an invoice can be paid. Default: 60
    .timeout_seconds = For how long a call of the API may take, 1 to 600. Default: 35, because the provider takes up to 30
    .checks_per_minute = How often the key may be asked in a minute, by all programs that share the database. Default: 60; InterActive can block a key that asks more often
    .state_dir = The folder for the small file that counts the checks of the key, over all processes of a user. Default: qris in the user's folder for state
    .public_url = What the links of payers' pages (pay_url) begin with, as payers reach the till: https://…, or http:// on this machine. Without it pay_url is null; a till takes its own address, where that is on this machine
    .pay_key_file = The file with the key that makes those links. Default: beside a SQLite database, made at first use; tills that share a PostgreSQL database need a copy of one file, 32 random bytes
    .file = A TOML file with database_url, state_dir, public_url, pay_key_file, pay_listen, and for each merchant api_key_file or api_key, merchant_id, base_url, nmid, shown_minutes, validity_minutes, timeout_seconds, checks_per_minute and webhook_token: those of main at the top, those of others in tables [merchant.NAME]. For the till also private_networks, notify_urls, allow_origins and ca_file, and its printers in tables [printer.NAME]. For qris settle, tables [settlement] and [merchant.NAME.settlement], and the names of accounts in the table [journal]. Default: qris.toml in the current folder, if there is one, which without --settings says nothing about a key in QRIS_API_KEY
    .number = The number of the order
    .pin_stdin = Read the PIN from the first line of standard input instead of asking for it
    .json = Print JSON instead of text
    .till = Where the till listens. Its token is read from QRIS_TILL_TOKEN

help-labels =
    .usage = Usage:
    .commands = Commands
    .arguments = Arguments
    .options = Options
    .help = Print help
    .help-more = Print help (see more with '--help')
    .help-less = Print help (see a summary with '-h')
    .version = Print version
    .help-command = Print this message or the help of the given subcommand(s)
    .default = default
    .values = possible values
    .values-long = Possible values
