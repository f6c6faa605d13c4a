"""A till, a Python program and a C program take the same twenty orders on one PostgreSQL at once: each
is asked for once, paid once and acknowledged first by one of them, and together they keep the budget
of the key.

Each program keeps the file that counts checks in a folder of its own, as on three machines, so that
nothing but the database holds the budget. The payer pays after the first twenty checks, so each order
needs one check more: without a budget in the database there are forty checks in the first minute, and
the last assertion fails, which expects 25 at most.

    together.py FOLDER      with `qris` and `libqris.so`
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

HERE = Path(__file__).resolve().parent
C = HERE.parents[1] / "bindings/c"
sys.path.insert(0, str(HERE.parents[1] / "bindings/python/tests"))
import postgres  # noqa: E402

ORDERS = 20
RUPIAH = 25_578
CHECKS_PER_MINUTE = 25
NUMBERS = [f"INV-{number}" for number in range(1, ORDERS + 1)]
# The programs, which are roles of the database too.
NAMES = ["till", "python", "c"]

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("QRIS_")}


def equal(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise AssertionError(f"{what}: expected {expected}, found {found}")


def await_value(what: str, seconds: float, read: Callable[[], Any]) -> Any:
    """What `read` gives as soon as it is true."""
    until = time.monotonic() + seconds
    while not (value := read()):
        if time.monotonic() > until:
            raise AssertionError(f"expected {what} within {seconds} s, found {value!r}")
        time.sleep(0.1)
    return value


def call(url: str, body: object = None, method: str | None = None) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    headers = {} if body is None else {"Content-Type": "application/json"}
    try:
        with urlopen(Request(url, data, headers, method=method), timeout=60) as reply:
            return reply.status, json.load(reply)
    except HTTPError as error:
        return error.code, json.load(error)


class Program:
    """A process that ends with the test, and at the latest after three minutes. Its log is a file."""

    def __init__(self, stack: ExitStack, name: str, folder: Path, command: list[object]) -> None:
        self.name = name
        log = stack.enter_context((folder / f"{name}.log").open("w"))
        self.process = stack.enter_context(
            subprocess.Popen(
                [str(word) for word in command],
                env=ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
            )
        )
        # So that no read of a line blocks forever.
        limit = Timer(180, self.process.kill)
        limit.start()
        stack.callback(limit.cancel)
        stack.callback(self.process.kill)

    def line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"expected a line of {self.name}, found its end")
        return line.rstrip("\n")

    def line_after(self, beginning: str) -> str:
        """The rest of the first line that begins so."""
        while not (line := self.line()).startswith(beginning):
            pass
        return line.removeprefix(beginning)

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()


class TillUser:
    """Does over HTTP what the programs do with their libraries."""

    def __init__(self, till: str) -> None:
        self.orders = f"{till}api/orders"

    def charge(self) -> None:
        for number in NUMBERS:
            status, reply = call(self.orders, {"number": number, "amount": RUPIAH})
            if status not in (200, 201):
                raise AssertionError(f"the till's charge: expected 200 or 201, found {status} {reply}")

    def press(self) -> None:
        for number in NUMBERS:
            status, reply = call(f"{self.orders}/{number}/check", method="POST")
            # 429: another program pressed.
            if status not in (200, 429):
                raise AssertionError(f"the till's check: expected 200 or 429, found {status} {reply}")

    def paid(self) -> int:
        status, reply = call(f"{self.orders}?state=paid&limit=100")
        equal("the till's list", 200, status)
        return len(reply["orders"])

    def acknowledge(self) -> None:
        # From the other end, so that the till and the programs meet in the middle.
        for number in reversed(NUMBERS):
            status, _ = call(f"{self.orders}/{number}/acknowledge", method="POST")
            equal("the till's acknowledge", 200, status)


def compile_program(folder: Path, library: Path) -> Path:
    program = folder / "program"
    flags = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1", f"-I{C / 'include'}"]
    source = [str(HERE / "program.c"), "-o", str(program)]
    linked = [str(library / "libqris.so"), f"-Wl,-rpath,{folder}"]
    subprocess.run(["gcc", *flags, *source, *linked], check=True, timeout=60)
    # The name that the program looks for.
    (folder / "libqris.so.0").symlink_to(library / "libqris.so")
    return program


def write_settings(path: Path, database: str, base_url: str, state_dir: Path) -> None:
    settings = {
        "database_url": database,
        "state_dir": str(state_dir),
        "api_key": "sandbox-key",
        "merchant_id": "123456",
        "base_url": base_url,
        "checks_per_minute": CHECKS_PER_MINUTE,
        "pay_key_file": str(path.with_name("pay.key")),
    }
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items()))
    path.chmod(0o600)
    path.with_name("pay.key").write_bytes(os.urandom(32))
    path.with_name("pay.key").chmod(0o600)


# Who acknowledged which order: each program signs in to PostgreSQL under a name of its own.
ACKNOWLEDGED = """
CREATE TABLE public.acknowledged (by_whom TEXT NOT NULL, order_id BIGINT NOT NULL);
CREATE FUNCTION public.note_acknowledged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.acknowledged VALUES (current_user, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER note_acknowledged AFTER UPDATE OF acknowledged_at ON qris_order FOR EACH ROW
    WHEN (NEW.acknowledged_at IS DISTINCT FROM OLD.acknowledged_at)
    EXECUTE FUNCTION public.note_acknowledged();
"""


def run(stack: ExitStack, folder: Path, library: Path) -> str:
    database = stack.enter_context(postgres.server())
    url = {name: database.replace("//qris@", f"//{name}@") for name in NAMES}
    psql = sorted(Path("/usr/lib/postgresql").glob("*/bin/psql"))[-1]

    def sql(text: str) -> list[str]:
        command = [str(psql), database, "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-c", text]
        reply = subprocess.run(command, check=True, timeout=30, capture_output=True, encoding="utf-8")
        return reply.stdout.splitlines()

    for name in NAMES:
        sql(f"CREATE ROLE {name} SUPERUSER LOGIN")
        (folder / name).mkdir(mode=0o700)

    qris = library / "qris"
    sandbox_program = Program(stack, "sandbox", folder, [qris, "sandbox", "--listen", "127.0.0.1:0"])
    base_url = sandbox_program.line_after("QRIS_BASE_URL=")
    sandbox = base_url.removesuffix("restapi/qris/") + "sandbox"

    def calls() -> dict[str, int]:
        found: dict[str, int] = call(f"{sandbox}/calls")[1]["sandbox-key"]
        return found

    settings = folder / "till/qris.toml"
    write_settings(settings, url["till"], base_url, folder / "till/state")
    command = [qris, "till", "--settings", settings, "--listen", "127.0.0.1:0"]
    till = Program(stack, "till", folder, command)
    user = TillUser(till.line_after("The till is open at "))
    sql(ACKNOWLEDGED)

    def start(name: str, command: list[object]) -> Program:
        arguments = [url[name], base_url, folder / name / "state", CHECKS_PER_MINUTE]
        return Program(stack, name, folder, [*command, *arguments])

    python = start("python", [sys.executable, HERE / "program.py"])
    c = start("c", [compile_program(folder, library)])
    programs = [python, c]
    threads = stack.enter_context(ThreadPoolExecutor(1))

    for program in programs:
        equal("the first line", "ready", program.line())
    for program in programs:
        program.go_on()
    user.charge()
    for program in programs:
        equal("the line after the charges", "charged", program.line())
    equal("creates", ORDERS, calls()["creates"])

    for program in programs:
        program.go_on()
    pressed = threads.submit(user.press)
    await_value("twenty checks", 60, lambda: calls()["checks"] >= ORDERS)
    pressed.result(timeout=60)
    for invoice in call(f"{sandbox}/invoices")[1]:
        payment = f"{sandbox}/invoices/{invoice['qris_invoiceid']}/pay"
        equal("paying", 200, call(payment, method="POST")[0])

    await_value("twenty paid orders at the till", 150, lambda: user.paid() == ORDERS)
    for program in programs:
        equal("what a program saw paid", f"paid {ORDERS}", program.line())
    for program in programs:
        program.go_on()
    user.acknowledge()
    firsts = {
        name: int(program.line_after("first "))
        for name, program in (("python", python), ("c", c))
    }
    for program in programs:
        equal("the exit status", 0, program.process.wait(timeout=60))

    orders = "SELECT number, state, overpaid FROM qris_order"
    equal("orders", sorted(f"{number}|paid|0" for number in NUMBERS), sorted(sql(orders)))
    codes = "SELECT state, count(*) FROM qris_invoice GROUP BY state"
    equal("codes", [f"paid|{ORDERS}"], sql(codes))
    told = (
        "SELECT number FROM qris_outbox JOIN qris_order ON qris_order.id = order_id "
        "WHERE type = 'order.paid'"
    )
    equal("order.paid", sorted(NUMBERS), sorted(sql(told)))
    others = "SELECT type FROM qris_outbox WHERE type NOT IN ('order.created', 'order.paid')"
    equal("other events", [], sql(others))
    acknowledged = "SELECT count(*), count(DISTINCT order_id) FROM acknowledged"
    equal("acknowledged orders", [f"{ORDERS}|{ORDERS}"], sql(acknowledged))
    rows = sql("SELECT by_whom, count(*) FROM acknowledged GROUP BY by_whom")
    by = {name: int(count) for name, count in (row.split("|") for row in rows)}
    for name, count in firsts.items():
        equal(f"what {name} says it acknowledged first", by.get(name, 0), count)
    at_sandbox = calls()
    equal("creates", ORDERS, at_sandbox["creates"])
    if at_sandbox["busiest_minute"] > CHECKS_PER_MINUTE:
        raise AssertionError(f"expected {CHECKS_PER_MINUTE} checks a minute at most, found {at_sandbox}")
    return f"acknowledged first by {by}; the sandbox counted {at_sandbox}"


def main() -> None:
    [library] = sys.argv[1:]
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="together") as folder:
        try:
            with ExitStack() as stack:
                said = run(stack, Path(folder), Path(library).resolve())
        except BaseException:
            for log in sorted(Path(folder).glob("*.log")):
                print(f"-- {log.name}\n{log.read_text()}", file=sys.stderr)
            raise
    took = time.monotonic() - start
    print(f"a till, Python and C took {ORDERS} orders together in {took:.0f} s: {said}")


main()
