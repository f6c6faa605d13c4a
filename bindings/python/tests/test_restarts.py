"""The shops of the examples are killed during payments and started again: each payment is recorded
once, and each order is shipped once."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import qris
from conftest import merchant_of

EXAMPLES = Path(__file__).parents[1] / "examples"

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")

# Starts a program of an example with short gaps. On request it dies just before
# `acknowledge`.
START = """
import functools, os, runpy, signal, sys
from datetime import timedelta
import qris
gap = timedelta(milliseconds=200)
qris.Merchant = functools.partial(
    qris.Merchant,
    timeout=5.0,
    shown=timedelta(minutes=2),
    validity=timedelta(minutes=2),
    grace=timedelta(0),
    try_gap=gap,
    check_gap=gap,
)
if os.environ.get("DIE_BEFORE_ACKNOWLEDGE"):
    qris.Orders.acknowledge = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(sys.argv[0]))
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Program:
    """A program of an example, in its own folder."""

    def __init__(
        self, sandbox: qris.SandboxServer, folder: Path, port: int, *command: str | Path
    ) -> None:
        self._command = [sys.executable, "-c", START, *map(str, command)]
        self._settings = {
            "QRIS_API_KEY": sandbox.api_key,
            "QRIS_MERCHANT_ID": sandbox.merchant_id,
            "QRIS_BASE_URL": sandbox.base_url,
            "QRIS_DATABASE_URL": f"sqlite://{folder / 'qris.db'}",
            "SHOP_FOLDER": str(folder),
            "PORT": str(port),
            "WEBHOOK_TOKEN": "unguessable",
            "DJANGO_SECRET_KEY": "a test\'s",
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._log = folder / "log"

    def run(self) -> str:
        """Runs it to its end, and returns its output."""
        done = subprocess.run(
            self._command,
            env={**os.environ, **self._settings},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def killed_at_the_end(self, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
        """Starts it, and kills it at the end unless it has died."""
        with self._log.open("ab") as log:
            started = subprocess.Popen(
                self._command,
                env={**os.environ, **self._settings, **settings},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            yield started
        finally:
            started.send_signal(signal.SIGKILL)
            assert started.wait(30) == -signal.SIGKILL, self._log.read_text("utf-8")

    def shipped(self) -> list[str]:
        """The orders that the program printed as shipped."""
        lines = self._log.read_text("utf-8").splitlines()
        return sorted(line.removeprefix("ship ") for line in lines if line.startswith("ship "))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def request(url: str, body: dict[str, Any] | None = None) -> Any:
    """The JSON answer of an address; `None` while there is no answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", "accept": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as reply:
            return json.loads(reply.read())
    except urllib.error.HTTPError as refused:
        with refused:
            raise AssertionError(f"{url}: {refused.code}") from None
    except OSError:
        return None


def becomes(what: str, holds: Callable[[], object]) -> None:
    until = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < until, f"expected that {what}"
        time.sleep(0.05)


def place(url: str, cart: int) -> int:
    """Orders a cart again and again until the shop accepts it. Returns the id of its code."""
    order: Any = None

    def is_placed() -> object:
        nonlocal order
        order = request(url, {"cart": cart, "amount": 10_000 + cart})
        return order

    becomes("the shop takes an order", is_placed)
    assert order["number"] == f"CART-{cart}"
    return int(order["qris_invoiceid"])


def assert_each_is_paid_once(sandbox: qris.SandboxServer, folder: Path, carts: range) -> None:
    """The orders in the database at the end."""
    with qris.Orders(folder / "qris.db", merchant_of(sandbox)) as orders:
        numbers = [f"CART-{cart}" for cart in carts]
        assert orders.unacknowledged() == []
        assert sorted(order.number for order in orders.payments()) == numbers
        found = [orders.order(number) for number in numbers]
        assert [(order.state, order.overpaid) for order in found] == [("paid", 0)] * len(carts)
        told = [event.order.number for event in orders.events() if event.type == "order.paid"]
        assert sorted(told) == numbers
        [total] = orders.report(by="channel")
        assert (total.payments, total.paid) == (len(carts), sum(10_000 + cart for cart in carts))
    assert sandbox.calls().creates == len(carts)


def test_the_flask_shop_ships_each_payment_once_although_it_is_killed_again_and_again(
    sandbox: qris.SandboxServer, tmp_path: Path
) -> None:
    port = free_port()
    shop = Program(sandbox, tmp_path, port, EXAMPLES / "checkout.py")
    url = f"http://127.0.0.1:{port}/orders"
    sandbox.set_webhook(f"http://127.0.0.1:{port}/webhook/unguessable")

    # It ships, and is killed before it acknowledges.
    with shop.killed_at_the_end(DIE_BEFORE_ACKNOWLEDGE="1") as died:
        codes = {cart: place(url, cart) for cart in (1, 2)}
        sandbox.pay(codes[1])
        becomes("the shop dies", lambda: died.poll() is not None)
    assert shop.shipped() == ["CART-1"]
    # A payment comes while no program runs, and its webhook is lost.
    sandbox.pay(codes[2])

    # It is killed at a random time, while payments arrive.
    with shop.killed_at_the_end():
        assert place(url, 1) == codes[1], "the same cart is the same order"
        codes |= {cart: place(url, cart) for cart in (3, 4)}
        sandbox.pay(codes[3])
        sandbox.pay(codes[4])

    with shop.killed_at_the_end():
        codes[5] = place(url, 5)
        sandbox.pay(codes[5])
        expected = [f"CART-{cart}" for cart in range(1, 6)]
        becomes("all is shipped", lambda: shop.shipped() == expected)
        for number in expected:
            assert request(f"{url}/{number}/state") == {"state": "paid"}
        with sqlite3.connect(tmp_path / "shipments.db", timeout=30) as database:
            rows = database.execute("SELECT number FROM shipment ORDER BY number").fetchall()
        assert [number for (number,) in rows] == expected
        becomes("all is acknowledged", lambda: is_acknowledged(sandbox, tmp_path))
    assert shop.shipped() == expected
    assert_each_is_paid_once(sandbox, tmp_path, range(1, 6))


def is_acknowledged(sandbox: qris.SandboxServer, folder: Path) -> bool:
    with qris.Orders(folder / "qris.db", merchant_of(sandbox)) as orders:
        return orders.unacknowledged() == []


def test_the_django_shop_mirrors_and_ships_each_payment_once_although_it_is_killed(
    sandbox: qris.SandboxServer, tmp_path: Path
) -> None:
    port = free_port()
    manage = EXAMPLES / "django_shop" / "manage.py"

    def program(*command: str) -> Program:
        return Program(sandbox, tmp_path, port, manage, *command)

    def rows(query: str) -> list[Any]:
        with sqlite3.connect(tmp_path / "django.sqlite3", timeout=30) as database:
            return database.execute(query).fetchall()

    program("migrate", "--verbosity", "0").run()
    program("makemigrations", "--check", "--dry-run").run()
    web = program("runserver", "--noreload", f"127.0.0.1:{port}")
    watch = program("watch_orders")
    url = f"http://127.0.0.1:{port}/orders/"
    sandbox.set_webhook(f"http://127.0.0.1:{port}/webhook/unguessable")

    with web.killed_at_the_end():
        # The program that watches ships, and is killed before it acknowledges.
        with watch.killed_at_the_end(DIE_BEFORE_ACKNOWLEDGE="1") as died:
            codes = {cart: place(url, cart) for cart in (1, 2)}
            sandbox.pay(codes[1])
            becomes("the watch dies", lambda: died.poll() is not None)
        assert watch.shipped() == ["CART-1"]
        # A payment comes while no program watches.
        sandbox.pay(codes[2])
    with web.killed_at_the_end():
        assert place(url, 1) == codes[1], "the same cart is the same order"
        with watch.killed_at_the_end():
            codes |= {cart: place(url, cart) for cart in (3, 4)}
            sandbox.pay(codes[3])
            sandbox.pay(codes[4])
        expected = [f"CART-{cart}" for cart in range(1, 6)]
        mirrored = "SELECT number, state, amount FROM shop_order ORDER BY number"
        with watch.killed_at_the_end():
            sandbox.pay(place(url, 5))
            becomes("all is shipped", lambda: watch.shipped() == expected)
            shipped = rows("SELECT number FROM shop_shipment ORDER BY number")
            assert [number for (number,) in shipped] == expected
            paid = [(f"CART-{cart}", "paid", 10_000 + cart) for cart in range(1, 6)]
            becomes("all is mirrored", lambda: rows(mirrored) == paid)
            becomes("all is acknowledged", lambda: is_acknowledged(sandbox, tmp_path))
            assert request(f"{url}CART-5/") == {"state": "paid"}
    assert_each_is_paid_once(sandbox, tmp_path, range(1, 6))
    listed = program("shell", "-c", ADMIN_LIST).run()
    assert [number for number in expected if number in listed] == expected


# The admin's list for the owner.
ADMIN_LIST = """
from django.contrib.auth import get_user_model
from django.test import Client
client = Client()
client.force_login(get_user_model().objects.create_superuser("owner"))
page = client.get("/admin/shop/order/")
assert page.status_code == 200
assert client.get("/admin/shop/order/add/").status_code == 403
print(page.content.decode())
"""
