"""A web shop's checkout with Flask: an order, its QR, and a webhook that is believed only after a
check.

Run it (``pip install flask``); without QRIS_API_KEY it starts the sandbox, and prints its page, on
which the payer pays. Place an order and open its page, http://127.0.0.1:5000/orders/NUMBER::

    curl --json '{"amount": 25578}' http://127.0.0.1:5000/orders
"""

from __future__ import annotations

import hmac
import math
import os
import secrets
import threading
import time

import qris
from flask import Flask, abort, jsonify, request


class Orders:
    """The shop's orders. A real shop keeps them in its database, under these names."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._invoices: dict[str, qris.Invoice] = {}
        self._hidden_at: dict[str, float] = {}
        self._payments: dict[str, qris.Payment] = {}

    def add(self, invoice: qris.Invoice) -> None:
        shown = (invoice.shown_until - invoice.qris_request_date).total_seconds()
        with self._lock:
            self._invoices[invoice.number] = invoice
            self._hidden_at[invoice.number] = time.monotonic() + shown

    def seconds_shown(self, number: str) -> float:
        """For how many seconds more the QR may be shown, by a clock that nobody sets."""
        return self._hidden_at[number] - time.monotonic()

    def invoice(self, number: str) -> qris.Invoice | None:
        return self._invoices.get(number)

    def by_id(self, qris_invoiceid: int) -> qris.Invoice | None:
        with self._lock:
            invoices = list(self._invoices.values())
        return next((made for made in invoices if made.qris_invoiceid == qris_invoiceid), None)

    def settle(self, number: str, payment: qris.Payment) -> bool:
        """Books a payment once: true for the first that comes, whoever else comes at once."""
        with self._lock:
            return self._payments.setdefault(number, payment) is payment

    def is_paid(self, number: str) -> bool:
        return number in self._payments


def make_app(client: qris.Client, *, webhook_token: str) -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    orders = Orders()

    @app.post("/orders")
    def order():  # type: ignore[no-untyped-def]
        number = f"ORDER-{secrets.token_hex(8)}"
        try:
            # A real shop takes the amount from its own basket, never from the browser.
            invoice = client.create_invoice(number, request.get_json()["amount"])
        except (KeyError, TypeError, ValueError):
            abort(400)
        except qris.OutcomeUnknown:
            # There may be an invoice that can be paid, but nobody has seen its QR.
            abort(504)
        except qris.ApiError:
            abort(502)
        orders.add(invoice)
        return jsonify(number=number, qris_invoiceid=invoice.qris_invoiceid), 201

    @app.get("/orders/<number>")
    def page(number: str):  # type: ignore[no-untyped-def]
        invoice = orders.invoice(number) or abort(404)
        head = f"<!doctype html><title>{number}</title>"
        if orders.is_paid(number):
            return f"{head}<p>Paid."
        left = orders.seconds_shown(number)
        if left <= 0:
            # A payment may still come, but nobody may begin one.
            return f"{head}<p>The time to pay is over."
        svg = qris.draw(invoice.qris_content).decode()
        # The browser asks again when the time is over, and the QR goes.
        return (
            f"{head}<meta http-equiv=refresh content={math.ceil(left)}>"
            f"<main style='max-width: 24em'>{svg}"
            f"<p>Pay until {invoice.shown_until:%H:%M} WIB.</main>"
        )

    @app.get("/orders/<number>/state")
    def state(number: str):  # type: ignore[no-untyped-def]
        if orders.invoice(number) is None:
            abort(404)
        return jsonify(state="paid" if orders.is_paid(number) else "pending")

    @app.post("/webhook/<token>")
    def webhook(token: str):  # type: ignore[no-untyped-def]
        if not hmac.compare_digest(token.encode(), webhook_token.encode()):
            abort(404)
        try:
            hint = qris.read_webhook(request.get_data())
        except qris.DecodeError:
            abort(400)
        invoice = orders.by_id(hint.qris_invoiceid)
        if invoice is not None and not orders.is_paid(invoice.number):
            # The webhook is not signed: only a check says that money has come.
            try:
                payment = client.check_invoice(invoice)
            except qris.ApiError:
                abort(503)  # it is sent again until it is answered with 200
            if payment.is_paid and orders.settle(invoice.number, payment):
                app.logger.info("order %s is paid: hand over", invoice.number)
        return "", 200

    return app


def main() -> None:
    token = secrets.token_urlsafe(24)
    if "QRIS_API_KEY" in os.environ:
        client = qris.Client(os.environ["QRIS_API_KEY"], os.environ["QRIS_MERCHANT_ID"])
    else:
        sandbox = qris.SandboxServer(webhook=f"http://127.0.0.1:5000/webhook/{token}")
        client = qris.Client(sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url)
        print("sandbox, where payers pay:", sandbox.base_url.replace("/restapi/qris/", "/"))
    make_app(client, webhook_token=token).run("127.0.0.1", 5000)


if __name__ == "__main__":
    main()
