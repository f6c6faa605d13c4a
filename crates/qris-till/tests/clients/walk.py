"""Walks through an order with a client that was generated from openapi.json: create, wait, pay, paid,
report. Usage: walk.py TILL SANDBOX TOKEN"""

import sys
import threading
import urllib.request
from typing import TypeVar

from httpx import Timeout
from qris_till_client import AuthenticatedClient
from qris_till_client.api.default import (
    charge,
    check_order,
    list_events,
    list_orders,
    report,
    show_order,
)
from qris_till_client.models import Channel, Charge, Order, Refusal, State
from qris_till_client.models.report_by import ReportBy

T = TypeVar("T")
NUMBER = "BILL/2026 #1"


def ok(answer: T | Refusal | None) -> T:
    """What an answer brought, if it is no refusal."""
    if isinstance(answer, Refusal):
        raise SystemExit(f"{answer.error}: {answer.message}")
    assert answer is not None
    return answer


def main(till: str, sandbox: str, token: str) -> None:
    client = AuthenticatedClient(base_url=till, token=token, timeout=Timeout(60))
    body = Charge(number=NUMBER, amount=25_578, channel=Channel.BILL)
    made = ok(charge.sync(client=client, body=body))
    assert made.state is State.PENDING, made.state
    assert made.qris_content is not None and made.qris_content.startswith("000201")
    assert made.qris_invoiceid is not None

    found: list[Order] = []

    def wait() -> None:
        query = show_order.sync(NUMBER, client=client, while_=State.PENDING, wait=50)
        found.append(ok(query))

    waiting = threading.Thread(target=wait)
    waiting.start()
    pay = f"{sandbox}/sandbox/invoices/{made.qris_invoiceid}/pay"
    with urllib.request.urlopen(pay, data=b"") as answer:
        assert answer.status == 200, answer.status
    assert ok(check_order.sync(NUMBER, client=client)).left >= 0
    waiting.join(timeout=60)
    assert [order.state for order in found] == [State.PAID]
    assert ok(show_order.sync(NUMBER, client=client)).overpaid == 0

    totals = ok(report.sync(client=client)).totals
    assert sum(total.paid for total in totals if total.channel is Channel.BILL) == 25_578
    payments = ok(report.sync(client=client, by=ReportBy.PAYMENT)).orders
    assert NUMBER in [order.number for order in payments]
    events = ok(list_events.sync(client=client)).events
    told = [event.type_.value for event in events if event.data.number == NUMBER]
    assert told == ["order.created", "order.paid"], told

    refused = list_orders.sync_detailed(client=client, limit=500)
    assert refused.status_code == 422, refused.status_code
    assert isinstance(refused.parsed, Refusal) and refused.parsed.error == "invalid"
    print("Python: created, waited, paid, reported")


main(*sys.argv[1:])
