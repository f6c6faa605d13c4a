"""Holds the journals of `qris settle journal` against `qris settle report`, by hledger and Beancount.

Usage: check.py REPORT.json LAST_DAY NAME…, where NAME.csv, NAME.journal and NAME.beancount are the
journals of one month, in the order of time. Needs hledger in the path, and Beancount.
"""

import csv
import io
import json
import pathlib
import subprocess
import sys

from beancount import loader
from beancount.core import realization

RULES = pathlib.Path(__file__).with_name("qris.csv.rules")
BEANCOUNT = {
    "Piutang QRIS": "Assets:Piutang-QRIS",
    "Bank BCA": "Assets:Bank-BCA",
    "Saldo di InterActive": "Assets:Saldo-di-InterActive",
    "Penjualan": "Income:Penjualan",
    "Beban MDR": "Expenses:Beban-MDR",
    "Beban transfer": "Expenses:Beban-transfer",
    "Utang tip": "Liabilities:Utang-tip",
    "Selisih QRIS": "Income:Selisih-QRIS",
    "QRIS belum dibukukan": "Liabilities:QRIS-belum-dibukukan",
}


def expected(report, last):
    """The balances, out of the report alone."""
    pairs = report["matched"] + report["other_amount"]
    booked = pairs + report["only_booked"]
    is_settled = lambda row: row.get("settled_on") is not None and row["settled_on"] <= last
    settled = [row for row in pairs if is_settled(row)]
    days = [day for day in report["days"] if day["settled_on"] and day["settled_on"] <= last]
    more = lambda tip: sum(r["settled"] - r["booked"] for r in settled if bool(r.get("is_tip")) == tip)
    return {
        "Piutang QRIS": sum(r["booked"] for r in booked) - sum(r["booked"] for r in settled),
        "Bank BCA": sum(day["expected"] for day in days),
        "Saldo di InterActive": days[-1]["waiting"],
        "Penjualan": -sum(row["booked"] for row in booked),
        "Beban MDR": sum(day["mdr"] for day in days),
        "Beban transfer": sum(day["fee"] for day in days),
        "Utang tip": -more(True),
        "Selisih QRIS": -more(False),
        "QRIS belum dibukukan": -sum(r["settled"] for r in report["only_settled"] if is_settled(r)),
    }


def hledger(*arguments):
    """What hledger says of its balances, by account."""
    command = ["hledger", *arguments, "balance", "--flat", "--empty", "--output-format", "csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    amount = lambda text: int(text.replace("IDR", "").replace(",", "").strip())
    return {row["account"]: amount(row["balance"]) for row in rows}


def beancount(names):
    """What Beancount says of its balances, by account."""
    main = 'plugin "beancount.plugins.auto_accounts"\n'
    main += "".join(f'include "{pathlib.Path(name).resolve()}.beancount"\n' for name in names)
    path = pathlib.Path(names[0]).with_name("main.beancount")
    path.write_text(main)
    entries, errors, _ = loader.load_file(str(path))
    if errors:
        sys.exit(f"expected no errors of Beancount, found {len(errors)}, first {errors[0].message}")
    root = realization.realize(entries)
    found = {}
    for account in realization.iter_children(root):
        for position in account.balance:
            assert position.units.currency == "IDR" and position.units.number % 1 == 0
            found[account.account] = int(position.units.number)
    return found


def compare(program, found, wanted):
    """Each account has the balance of the report, and there is no other account."""
    found = {name: amount for name, amount in found.items() if amount != 0}
    wanted = {name: amount for name, amount in wanted.items() if amount != 0}
    if found != wanted:
        sys.exit(f"{program}: expected {wanted}, found {found}")
    print(f"{program}: {len(found)} accounts have the balances of the report")


report, last, *names = sys.argv[1:]
wanted = expected(json.loads(pathlib.Path(report).read_text()), last)
if not all(amount for amount in wanted.values()):
    sys.exit(f"expected an amount on each account, found {wanted}")
# Double entry: all balances come to 0. In the CSV, the other side of each line does.
both = {**wanted, "total": sum(wanted.values()), "Jurnal QRIS": 0}
if both["total"] != 0:
    sys.exit(f"expected a report that balances, found {both['total']} too much")
files = [argument for name in names for argument in ("-f", name + ".csv")]
compare("hledger, CSV", hledger(*files, "--rules-file", str(RULES)), both)
files = [argument for name in names for argument in ("-f", name + ".journal")]
subprocess.run(["hledger", *files, "check", "--strict", "ordereddates"], check=True)
compare("hledger, journal", hledger(*files), both)
compare("Beancount", beancount(names), {BEANCOUNT[name]: amount for name, amount in wanted.items()})
