"""The examples, against the sandbox."""

from __future__ import annotations

import doctest
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args, get_type_hints

import pytest
import qris
from conftest import SAMPLE, merchant_of

EXAMPLES = Path(__file__).parents[1] / "examples"
sys.path.insert(0, str(EXAMPLES))


def request(url: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as reply:
        text = reply.read().decode()
        return json.loads(text) if reply.headers["content-type"] == "application/json" else text


@contextmanager
def served(app: Any) -> Iterator[str]:
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def checkout(sandbox: qris.SandboxServer, folder: Path, **settings: Any) -> Iterator[str]:
    """The shop with Flask; only webhooks cause checks."""
    from checkout import make_app

    merchant = merchant_of(sandbox, try_gap=timedelta(minutes=5), **settings)
    with qris.Orders(folder / "shop.db", merchant) as orders, orders.watch():
        with served(make_app(orders, webhook_token="unguessable")) as shop:
            yield shop


def has_state(shop: str, number: str, state: str) -> None:
    for _ in range(400):
        if request(f"{shop}/orders/{number}/state") == {"state": state}:
            return
        time.sleep(0.05)
    raise AssertionError(f"the order is not {state}")


def status(url: str, body: dict[str, Any]) -> int:
    try:
        request(url, body)
    except urllib.error.HTTPError as refused:
        with refused:
            return int(refused.code)
    return 200


def test_the_checkout_shows_the_qr_of_a_cart_until_a_webhook_is_confirmed(
    sandbox: qris.SandboxServer, tmp_path: Path
) -> None:
    with checkout(sandbox, tmp_path) as shop:
        sandbox.set_webhook(f"{shop}/webhook/unguessable")
        sandbox.inject("duplicate-webhook")
        order = request(f"{shop}/orders", {"cart": 17, "amount": 25_578})
        assert request(f"{shop}/orders", {"cart": 17, "amount": 25_578}) == order
        assert status(f"{shop}/orders", {"cart": 17, "amount": 30_000}) == 409
        assert status(f"{shop}/orders", {"cart": 18, "amount": 1}) == 400
        page = request(f"{shop}/orders/{order['number']}")
        assert "<svg" in page and "Rp25.578" in page
        has_state(shop, order["number"], "pending")
        sandbox.pay(order["qris_invoiceid"])
        has_state(shop, order["number"], "paid")
        assert "Paid." in request(f"{shop}/orders/{order['number']}")
    assert sandbox.calls().creates == 1


def test_the_checkout_ignores_a_webhook_that_a_check_does_not_confirm(
    sandbox: qris.SandboxServer, tmp_path: Path
) -> None:
    with checkout(sandbox, tmp_path) as shop:
        order = request(f"{shop}/orders", {"cart": 17, "amount": 25_578})
        lie = {"invoice": str(order["qris_invoiceid"]), "qris_status": "success"}
        assert status(f"{shop}/webhook/guessed", lie) == 404
        request(f"{shop}/webhook/unguessable", lie)
        for _ in range(400):
            if sandbox.calls().checks:
                break
            time.sleep(0.05)
        assert sandbox.calls().checks == 1
        has_state(shop, order["number"], "pending")


def test_the_checkout_shows_no_qr_after_its_shown_time_and_another_one_when_it_is_asked(
    sandbox: qris.SandboxServer, tmp_path: Path
) -> None:
    with checkout(sandbox, tmp_path, shown=timedelta(seconds=2)) as shop:
        order = request(f"{shop}/orders", {"cart": 17, "amount": 25_578})
        page = request(f"{shop}/orders/{order['number']}")
        assert "<svg" in page and "http-equiv=refresh content=" in page
        has_state(shop, order["number"], "expired")
        page = request(f"{shop}/orders/{order['number']}")
        assert "<svg" not in page and "The time to pay is over." in page
        # The older code is checked first, as soon as a check is allowed.
        assert "<svg" in request(f"{shop}/orders/{order['number']}/code", {})
        has_state(shop, order["number"], "expired")
        # It is still watched: a payment that was already started is recorded.
        sandbox.set_webhook(f"{shop}/webhook/unguessable")
        sandbox.pay(order["qris_invoiceid"])
        has_state(shop, order["number"], "paid")
    assert sandbox.calls().creates == 2


class OneOrder:
    """Orders with one order, which counts the calls that may request a code."""

    def __init__(self, state: str) -> None:
        self.state = state
        self.requests: list[str] = []

    def order(self, number: str) -> Any:
        amount, content = 150_000, SAMPLE
        return SimpleNamespace(number=number, amount=amount, state=self.state, qris_content=content)

    def charge(self, number: str, amount: int) -> None:
        self.requests.append("charge")

    def renew(self, number: str) -> None:
        self.requests.append("renew")


def biller() -> dict[str, Any]:
    """The functions of the README's biller program."""
    text = EXAMPLES.parent.joinpath("README.md").read_text("utf-8")
    names: dict[str, Any] = {"qris": qris}
    for example in doctest.DocTestParser().get_examples(text):
        if example.source.startswith(("WORDS =", "def page_of(", "def press(")):
            exec(example.source, names)
    return names


@pytest.mark.parametrize("state", get_args(get_type_hints(qris.Order)["state"]))
def test_the_bill_page_of_the_readme_has_every_state_and_only_its_button_requests_a_code(
    state: str,
) -> None:
    page_of, press, orders = biller()["page_of"], biller()["press"], OneOrder(state)
    page = page_of(orders, "SITI-2026-12")
    assert orders.requests == []
    has_button = "<button>" in page
    assert ("<svg" in page) == (state == "pending")
    assert has_button == (state in ("open", "expired", "rejected"))
    press(orders, "SITI-2026-12")
    assert orders.requests == ["charge" if state == "open" else "renew"] * has_button


@pytest.mark.parametrize("error", [qris.NotChecked, qris.OutcomeUnknown])
def test_the_bill_page_of_the_readme_follows_a_failed_request(error: type[qris.QrisError]) -> None:
    class Failing(OneOrder):
        def renew(self, number: str) -> None:
            raise error("no answer", code="not-checked")

    assert "<button>" in biller()["press"](Failing("expired"), "SITI-2026-12")


def point_of_sale(sandbox: qris.SandboxServer, settings: str) -> subprocess.Popen[str]:
    """The point of sale, with short gaps in its client settings."""
    program = (
        "import functools, runpy, sys\n"
        "from datetime import timedelta\n"
        "import qris\n"
        f"qris.Client = functools.partial(qris.Client, {settings})\n"
        "sys.argv = ['pos.py', 'INV-1', '25578']\n"
        f"runpy.run_path({str(EXAMPLES / 'pos.py')!r}, run_name='__main__')\n"
    )
    environment = {
        "QRIS_API_KEY": sandbox.api_key,
        "QRIS_MERCHANT_ID": sandbox.merchant_id,
        "QRIS_BASE_URL": sandbox.base_url,
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def test_the_point_of_sale_shows_no_qr_after_its_shown_time(sandbox: qris.SandboxServer) -> None:
    with point_of_sale(sandbox, "shown=timedelta(seconds=1)") as sale:
        assert sale.stdout is not None
        limit = threading.Timer(30, sale.kill)
        limit.start()
        said = ""
        for line in sale.stdout:
            said += line
            if "the time to pay is over" in line:
                break
        limit.cancel()
        sale.kill()
    shown, _, cleared = said.rpartition("\x1b[2J\x1b[H")
    assert "█" in shown and "WIB" in shown
    assert cleared == "the time to pay is over\n"


def test_the_point_of_sale_draws_the_qr_and_sees_the_payment(
    sandbox: qris.SandboxServer,
) -> None:
    sale = point_of_sale(sandbox, "try_gap=timedelta(seconds=1)")
    invoices = sandbox.base_url.replace("/restapi/qris/", "/sandbox/invoices")
    while not (made := request(invoices)):
        assert sale.poll() is None, "it ended before it asked for an invoice"
        time.sleep(0.05)
    sandbox.pay(made[0]["qris_invoiceid"], method="BCA")
    said, _ = sale.communicate(timeout=60)
    assert sale.returncode == 0
    assert "█" in said and "Rp25.578" in said
    assert said.rstrip().endswith("paid with BCA")


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        ([], {"QRIS_API_KEY": "k", "QRIS_MERCHANT_ID": "1"}),
        (["INV-1", "x"], {"QRIS_API_KEY": "k", "QRIS_MERCHANT_ID": "1"}),
        (["INV-1", "1"], {"QRIS_API_KEY": "k", "QRIS_MERCHANT_ID": "1"}),
        (["INV-1", "25578"], {}),
    ],
)
def test_the_point_of_sale_says_how_it_is_used(
    arguments: list[str], settings: dict[str, str]
) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QRIS_")}
    sale = subprocess.run(
        [sys.executable, EXAMPLES / "pos.py", *arguments],
        env={**clean, **settings, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    assert sale.returncode == 2
    assert sale.stderr.startswith("error: ") and "pos.py INV-1 25578" in sale.stderr
    assert "Traceback" not in sale.stderr


def test_the_point_of_sale_takes_some_twenty_five_lines() -> None:
    lines = (EXAMPLES / "pos.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 28
