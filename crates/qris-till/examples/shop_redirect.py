#!/usr/bin/env python3
"""A web shop that sends its buyers to the till's page, and ships when the till tells it of the payment.

It needs Python alone, and a running till:

    TILL=http://127.0.0.1:8080 TILL_TOKEN=... python3 shop_redirect.py

`pay_url` is the till's page for the payer. Whether an order is paid is told by the webhook, whose
signature is checked; that somebody came back to `return_url` says nothing.
"""

import base64
import hashlib
import hmac
import html
import json
import os
import secrets
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TILL = os.environ.get("TILL", "http://127.0.0.1:8080")
TOKEN = os.environ.get("TILL_TOKEN")
PORT = int(os.environ.get("PORT", "3000"))
PRICE = 25_578

# What is ordered, what is cancelled and what is shipped. A real shop keeps this in its database.
ordered, cancelled, shipped = set(), set(), set()


def till(path, body):
    """Posts JSON to the till."""
    headers = {"Content-Type": "application/json"}
    if TOKEN:
        headers["Authorization"] = f"Bearer {TOKEN}"
    request = urllib.request.Request(TILL + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def is_signed(headers, body, secret):
    """Whether an event is signed as Standard Webhooks says, and not older than five minutes."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent_at.isdigit() or abs(time.time() - int(sent_at)) > 300:
        return False
    signed = f"{message_id}.{sent_at}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    signatures = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(one, f"v1,{expected}") for one in signatures)


class Shop(BaseHTTPRequestHandler):
    secret = ""

    def do_GET(self):
        number = self.path.removeprefix("/order/")
        if self.path == "/":
            self.page('<form method="post" action="/buy"><button>Beli kopi, Rp25.578</button></form>')
        elif number in ordered:
            waits = "dibatalkan" if number in cancelled else "menunggu pembayaran"
            state = "dikirim" if number in shipped else waits
            self.page(f'<p>Pesanan {html.escape(number)}: <b id="state">{state}</b></p>')
        else:
            self.send_error(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/buy":
            # Random: anybody who knows the address of an order can see the order.
            number = f"WEB-{secrets.token_hex(8).upper()}"
            # Without a code: the payer's page asks for it once the payer is there.
            order = till("/api/orders", {
                "number": number, "amount": PRICE, "channel": "ecommerce", "description": "Kopi",
                "return_url": f"http://127.0.0.1:{PORT}/order/{number}", "code": False,
            })
            ordered.add(number)
            self.answer(303, {"Location": order["pay_url"]})
        elif self.path == "/hook" and is_signed(self.headers, body, self.secret):
            event = json.loads(body)
            number = event["data"]["number"]
            # The same event may come twice: shipping once is up to the shop.
            if event["type"] == "order.cancelled":
                cancelled.add(number)
            elif number in cancelled:
                print(f"to refund by hand: {number}, {event['type']}", flush=True)
            elif event["type"] in ("order.paid", "order.paid_late") and number not in shipped:
                shipped.add(number)
                print(f"shipped {number}", flush=True)
            self.answer(204, {})
        else:
            self.send_error(401 if self.path == "/hook" else 404)

    def page(self, content):
        text = f'<!doctype html><html lang="id"><meta charset="utf-8"><title>Toko</title>{content}'
        self.answer(200, {"Content-Type": "text/html; charset=utf-8"}, text.encode())

    def answer(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing of each request."""


if __name__ == "__main__":
    # The till shows the secret once. A real shop makes its endpoint once and stores the secret.
    events = ["order.paid", "order.paid_late", "order.cancelled"]
    endpoint = till("/api/endpoints", {"url": f"http://127.0.0.1:{PORT}/hook", "events": events})
    Shop.secret = endpoint["secret"]
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Shop)
    print(f"the shop: http://127.0.0.1:{PORT}", flush=True)
    server.serve_forever()
