# Help of shared options, and the labels of all help.

help-options =
    .payload = The payload, or `-` to read it from standard input
    .rules = The rules to apply
    .rules-long = docs/rules.md of the project lists each rule with its clause, how certain it is, and what is found in practice.
    .merchant = The merchant in the settings file. Default: main, which has its settings in flags, the environment and the top of the file; or the only table [merchant.NAME]
    .merchant_id = The merchant's ID at the provider (mID)
    .base_url = Address of the Open API; `qris sandbox` prints the sandbox's address
    .database_flag = The database: sqlite://PATH or postgres://… Default: a file in the user's data directory; the sandbox has a separate one. Put a URL with a password into QRIS_DATABASE_URL or the settings file, because other users can see a command line [env: QRIS_DATABASE_URL]
    .nmid = The merchant's national ID (NMID): a code with another NMID is refused. Default: the NMID of the first invoice in the database
    .shown_minutes = How many minutes a code is shown to the payer. Default: 30, or the validity if that is shorter
    .validity_minutes = How many minutes an invoice can be paid. Default: 60
    .timeout_seconds = How many seconds an API call may take, 1 to 600. Default: 35, because the provider may take 30
    .checks_per_minute = How many checks a minute the API key may make, from all programs that share the database. Default: 60; InterActive can block a key that checks more often
    .state_dir = The folder of the small file that counts the key's checks, over all processes of a user. Default: qris in the user's state folder
    .public_url = How the links of payment pages (pay_url) begin: https://…, or http:// on this machine. Without it pay_url is null; a till that listens on this machine uses its own address
    .pay_key_file = The file with the key for those links. Default: a file beside the SQLite database, made at first use; tills that share a PostgreSQL database need copies of one file with 32 random bytes
    .file = The settings file, in TOML. Default: qris.toml in the current folder, if it exists
    .file-long =
        At its top: database_url, state_dir, public_url, pay_key_file, pay_listen (text). For the till also ca_file (text), private_networks, notify_urls, allow_origins (lists of text).

        For a merchant: api_key_file or api_key, merchant_id, base_url, nmid, webhook_token (text), shown_minutes, validity_minutes, timeout_seconds, checks_per_minute (numbers). The merchant main has them at the top, each other merchant in a table [merchant.NAME], where NAME is 1 to 32 of a-z, 0-9, - and _.

        For a printer, in a table [printer.NAME]: address or device, drawer, language (text), width (58 or 80), cut, auto, status (true or false).

        For qris settle, in the tables [settlement] and [merchant.NAME.settlement]: criteria, bank (text), transfer_minimum, transfer_fee, small_transfer_fee, small_transfer_below, due_days (numbers), holidays (a file or a list of days), columns (a table of names), mdr (tables of criteria, from, up_to, percent).

        For qris settle journal, in the table [journal]: receivable, bank, waiting, sales, mdr, transfer_fee, tips, differences, unbooked (text).

        A qris.toml that --settings does not name may not change how a key from QRIS_API_KEY is used: it is refused then.
    .number = The number of the order
    .pin_stdin = Read the PIN from the first line of standard input instead of asking for it
    .json = Print JSON instead of text
    .till = The till's address. Its token is read from QRIS_TILL_TOKEN

help-labels =
    .usage = Usage:
    .commands = Commands
    .arguments = Arguments
    .options = Options
    .help = Print help
    .help-more = Print help (see more with '--help')
    .help-less = Print help (see a summary with '-h')
    .version = Print version
    .settings = Settings such as --database, --merchant and --settings: qris help settings
    .help-command = Print this message or the help of the given subcommand(s)
    .default = default
    .values = possible values
    .values-long = Possible values

help-settings = Lists the settings: flags, environment variables and the settings file
    .long = Every command that uses an account or a database takes these flags. A flag comes before its variable, and the variable before the settings file. The API key is never a flag, because other users can see command lines: set QRIS_API_KEY, or api_key_file or api_key in the settings file. `qris till --help` lists the additional settings of the till. `qris doctor` checks all settings.
    .after =
        Example, for the sandbox:
          export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
          export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
          qris doctor
