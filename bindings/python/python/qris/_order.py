"""What `Orders` speaks of: orders, their codes, events and totals."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from . import _native
from ._moment import WIB

State: TypeAlias = Literal[
    "open", "requested", "pending", "paid", "expired", "rejected", "unknown", "cancelled"
]
InvoiceState: TypeAlias = Literal[
    "requested", "pending", "paid", "expired", "rejected", "unknown", "resolved"
]
Channel: TypeAlias = Literal["pos", "ecommerce", "bill"]
EventType: TypeAlias = Literal[
    "order.created",
    "order.paid",
    "order.paid_late",
    "order.overpaid",
    "order.expired",
    "order.overdue",
    "order.cancelled",
    "order.unknown",
    "order.resolved",
]


@dataclass(frozen=True, slots=True)
class OrderInvoice:
    """One of an order's codes."""

    state: InvoiceState
    """How far it has come."""
    qris_invoiceid: int | None
    """The provider's number of it, once it is known."""
    qris_request_date: datetime | None
    """When the provider made it: aware, +07:00."""
    paid_at: datetime | None
    """When it was paid."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order with its newest code, as it is now. The fields are those of its JSON, which the
    command prints and a till sends. Moments are aware, at +07:00; what there is not yet is `None`.
    """

    merchant: str
    """Whose it is."""
    number: str
    """The caller's own number."""
    reference: str | None
    """The caller's own name for it, such as an idempotency key."""
    amount: int
    """What is to be paid, in whole rupiah, without a tip."""
    channel: Channel
    """Where the sale was made."""
    tip: bool
    """Whether the payer's wallet asks for a tip."""
    description: str | None
    """What it is for."""
    metadata: Mapping[str, Any] | None = field(hash=False)
    """What the caller keeps with it."""
    state: State
    """How far it has come."""
    created_at: datetime
    """When it was booked."""
    due_at: datetime | None
    """Until when it should be paid."""
    pay_url: str | None = field(repr=False)
    """The link of its payer's page, where the orders have a `public_url`."""
    qris_content: str | None = field(repr=False)
    """The payload of its newest code. Draw it while the state is `pending`, and never longer."""
    qris_request_date: datetime | None
    """When the provider made that code."""
    qris_invoiceid: int | None
    """The provider's number of that code; 32 bits do not hold it."""
    qris_nmid: str | None
    """The merchant's national number, to be shown under the QR."""
    shown_until: datetime | None
    """Until when that code is shown: some accounts refuse a later payment."""
    watched_until: datetime | None
    """Until when it is watched at least: a late payment is booked too."""
    paid_at: datetime | None = None
    """When it was paid."""
    method: str | None = None
    """The payer's bank or wallet, if the provider said it."""
    customer_name: str | None = field(default=None, repr=False)
    """The payer's name, if the provider said it."""
    rrn: str | None = None
    """The national retrieval reference number of the payment, which a webhook brings."""
    overpaid: int = 0
    """How many rupiah came beyond the amount, because another of its codes was paid too."""
    invoices: tuple[OrderInvoice, ...] = field(default=(), repr=False)
    """All of its codes, the oldest first."""

    def _repr_svg_(self) -> str | None:
        if self.state != "pending" or self.qris_content is None:
            return None
        return _native.draw(self.qris_content, "svg", False, "M", 4, None, None, 58).decode()

    def _repr_html_(self) -> str:
        amount = f"Rp{self.amount:,}".replace(",", ".")
        until = ""
        if self.state == "pending" and self.shown_until is not None:
            until = f", until {self.shown_until.astimezone(WIB):%H:%M} WIB"
        return (
            f'<figure style="max-width: 20em">{self._repr_svg_() or ""}<figcaption>'
            f"{html.escape(self.number)}: {amount}, {self.state}{until}</figcaption></figure>"
        )


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """Something that happened to an order. A program that follows the events by their `cursor`
    misses none, and may see the last ones again after a crash."""

    cursor: int
    """Its place among the merchant's events: 1, 2, 3 and so on. Keep it with what you do."""
    id: str
    """The id that it has everywhere, such as in a till's webhooks."""
    type: EventType
    """What it tells."""
    at: datetime
    """When it was booked."""
    order: Order
    """The order as it was then."""


@dataclass(frozen=True, slots=True)
class Total:
    """What came on a day, by a channel, or both."""

    day: date | None
    """The day in WIB, if it is of one."""
    channel: Channel | None
    """The channel, if it is of one."""
    invoices: int
    """How many codes the provider made."""
    payments: int
    """How many payments came."""
    paid: int
    """How many rupiah came, without tips: the API does not report them."""


_MOMENTS = (
    "created_at",
    "due_at",
    "qris_request_date",
    "shown_until",
    "watched_until",
    "paid_at",
)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(WIB)


def _order(fields: dict[str, Any]) -> Order:
    known = {name: value for name, value in fields.items() if name in Order.__dataclass_fields__}
    known.update((name, _moment(fields.get(name))) for name in _MOMENTS)
    known["overpaid"] = fields.get("overpaid") or 0
    known["invoices"] = tuple(
        OrderInvoice(
            code["state"],
            code["qris_invoiceid"],
            _moment(code["qris_request_date"]),
            _moment(code["paid_at"]),
        )
        for code in fields["invoices"]
    )
    return Order(**known)


def read_order(text: str) -> Order:
    """An order from its JSON."""
    return _order(json.loads(text))


def read_orders(text: str) -> list[Order]:
    """Orders from their JSON."""
    return [_order(fields) for fields in json.loads(text)]


def read_events(text: str) -> list[OrderEvent]:
    """Events, each with its cursor and id."""
    return [
        OrderEvent(
            told["cursor"],
            told["id"],
            told["event"]["type"],
            datetime.fromisoformat(told["event"]["timestamp"]).astimezone(WIB),
            _order(told["event"]["data"]),
        )
        for told in json.loads(text)
    ]


def read_totals(text: str) -> list[Total]:
    """The totals of a report."""
    return [
        Total(
            date.fromisoformat(line["day"]) if "day" in line else None,
            line.get("channel"),
            line["invoices"],
            line["payments"],
            line["paid"],
        )
        for line in json.loads(text)
    ]
