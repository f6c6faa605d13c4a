"""A web shop's checkout with Flask and `qris.Orders`. It charges a cart once, shows the QR while it may be
paid, and ships each paid order once, also if the program is killed in between.

Run it (``pip install flask``). Without QRIS_API_KEY it starts the sandbox, and prints the address of the
page on which you pay. Place an order and open its page, http://127.0.0.1:5000/orders/NUMBER::

    curl --json '{"cart": 17, "amount": 25578}' http://127.0.0.1:5000/orders
"""

from __future__ import annotations

import hmac
import math
import os
import secrets
import sqlite3
import sys
import threading
from datetime import datetime, timezone
from pathlib import Path

import qris
from flask import Flask, abort, jsonify, redirect, request


class Shipments:
    """The shop's own table: what was shipped, each order once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as database:
            database.execute("CREATE TABLE IF NOT EXISTS shipment (number TEXT PRIMARY KEY)")

    def ship(self, order: qris.Order) -> None:
        # After a crash between this and `acknowledge`, the order is already here.
        with self._open() as database:
            row = database.execute("INSERT OR IGNORE INTO shipment VALUES (?)", (order.number,))
            if row.rowcount == 1:
                print("ship", order.number, flush=True)

    def numbers(self) -> list[str]:
        with self._open() as database:
            return [number for (number,) in database.execute("SELECT number FROM shipment")]

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)


def ship_what_is_paid(orders: qris.Orders, shipments: Shipments, stop: threading.Event) -> None:
    """Ships orders that were paid before the program started, and then new paid
    orders."""
    cursor = 0
    while not stop.is_set():
        try:
            for order in orders.unacknowledged():
                shipments.ship(order)
                orders.acknowledge(order.number)
            told = orders.events(cursor, wait=1)
            cursor = told[-1].cursor if told else cursor
        except qris.LedgerUnavailable as error:
            print("trying again:", error, file=sys.stderr)
            stop.wait(1)


def make_app(orders: qris.Orders, *, webhook_token: str) -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024

    def find(number: str) -> qris.Order:
        try:
            return orders.order(number)
        except (qris.NotFound, ValueError):
            abort(404)

    @app.post("/orders")
    def place():  # type: ignore[no-untyped-def]
        try:
            # A real shop uses the amount of its own basket, never one from the browser.
            cart, amount = int(request.get_json()["cart"]), request.get_json()["amount"]
            # One cart, one number: the same request again, also after a crash, is the same order.
            order = orders.charge(f"CART-{cart}", amount, channel="ecommerce")
        except (KeyError, TypeError, ValueError):
            abort(400)
        except qris.Conflict:
            abort(409)
        except qris.OutcomeUnknown:
            # A payable code may exist that nobody has seen. A person must check.
            abort(504)
        except (qris.ApiError, qris.LedgerUnavailable):
            abort(502)
        return jsonify(number=order.number, qris_invoiceid=order.qris_invoiceid), 201

    @app.get("/orders/<number>")
    def page(number: str):  # type: ignore[no-untyped-def]
        order = find(number)
        head = f"<!doctype html><title>{order.number}</title>"
        if order.state == "paid":
            return f"{head}<p>Paid."
        if order.state in ("cancelled", "requested", "unknown"):
            # In the last two, a code may exist that nobody has seen.
            return f"{head}<p>Please ask us before you pay."
        if order.state != "pending" or order.qris_content is None or order.shown_until is None:
            # A started payment may still come, but no new one may begin.
            return (
                f"{head}<p>The time to pay is over."
                f"<form method=post action=/orders/{order.number}/code><button>New code</button></form>"
            )
        svg = qris.draw(order.qris_content).decode()
        left = (order.shown_until - datetime.now(timezone.utc)).total_seconds()
        # The browser loads again when the time is over, and the QR disappears.
        return (
            f"{head}<meta http-equiv=refresh content={max(1, math.ceil(left))}>"
            f"<main style='max-width: 24em'>{svg}"
            f"<p>Pay until {order.shown_until:%H:%M} WIB.</main>"
        )

    @app.post("/orders/<number>/code")
    def code(number: str):  # type: ignore[no-untyped-def]
        try:
            # It checks every older code first: the payer may have paid just now.
            orders.renew(find(number).number)
        except qris.WrongState:
            pass  # it has a code or is paid, as the page shows
        except (qris.OrdersError, qris.ApiError):
            abort(503)
        return redirect(f"/orders/{number}", 303)

    @app.get("/orders/<number>/state")
    def state(number: str):  # type: ignore[no-untyped-def]
        return jsonify(state=find(number).state)

    @app.post("/webhook/<token>")
    def webhook(token: str):  # type: ignore[no-untyped-def]
        if not hmac.compare_digest(token.encode(), webhook_token.encode()):
            abort(404)
        try:
            # It is not signed, so it is only a hint: the code is checked at once.
            orders.on_webhook(request.get_data())
        except qris.DecodeError:
            abort(400)
        except qris.LedgerUnavailable:
            abort(503)  # the provider sends it again until the answer is 200
        return "", 200

    return app


def main() -> None:
    folder = Path(os.environ.get("SHOP_FOLDER", "."))
    port = int(os.environ.get("PORT", "5000"))
    token = os.environ.get("WEBHOOK_TOKEN") or secrets.token_urlsafe(24)
    if "QRIS_API_KEY" in os.environ:
        merchant = qris.Merchant(
            os.environ["QRIS_API_KEY"],
            os.environ["QRIS_MERCHANT_ID"],
            base_url=os.environ.get("QRIS_BASE_URL"),
        )
        database = os.environ.get("QRIS_DATABASE_URL", str(folder / "shop.db"))
    else:
        sandbox = qris.SandboxServer(webhook=f"http://127.0.0.1:{port}/webhook/{token}")
        merchant = qris.Merchant(
            sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
        )
        # A sandbox forgets its invoices: never use it with the shop's real database.
        database = str(folder / f"sandbox-{os.getpid()}.db")
        print("sandbox, where payers pay:", sandbox.base_url.replace("/restapi/qris/", "/"))
    stop = threading.Event()
    with qris.Orders(database, merchant, actor="checkout") as orders, orders.watch():
        shipper = threading.Thread(
            target=ship_what_is_paid, args=(orders, Shipments(folder / "shipments.db"), stop)
        )
        shipper.start()
        try:
            make_app(orders, webhook_token=token).run("127.0.0.1", port)
        finally:
            stop.set()
            shipper.join()


if __name__ == "__main__":
    main()
