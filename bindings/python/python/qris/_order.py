"""Types of `Orders`: orders, their codes, events and totals."""

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
"""The state of an order:

- `open`: no code was requested yet.
- `requested`: a code is being requested. If that program is killed, it becomes `unknown`.
- `pending`: it has a code. Show it until `shown_until`.
- `paid`: a payment is recorded. It stays `paid`.
- `expired`: its code is no longer shown. A payment that still comes makes it `paid`.
- `rejected`: no code exists, because the provider refused or a person said so. Charge or renew it.
- `unknown`: the provider may have made a code. A webhook with a note, or `resolve`, ends this.
- `cancelled`: the shop cancelled it. A payment that still comes makes it `paid`.
"""
InvoiceState: TypeAlias = Literal[
    "requested", "pending", "paid", "expired", "rejected", "unknown", "resolved"
]
"""The state of one code:

- `requested`: it is being requested.
- `pending`: it is shown.
- `paid`: it was paid.
- `expired`: it is no longer shown. A payment that still comes is recorded.
- `rejected`: the provider refused to make it.
- `unknown`: the provider may have made it.
- `resolved`: a person said that the provider did not make it.
"""
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
"""The type of an event:

- `order.created`: the order was created, or a refused one was charged again.
- `order.paid`: its first payment.
- `order.paid_late`: its first payment, after `order.expired` or `order.cancelled`. Let a person
  look before you ship.
- `order.overpaid`: another of its codes was paid too. Refund that payment.
- `order.expired`: none of its codes is shown any more. `renew` requests another one.
- `order.overdue`: `due_at` has passed. It can still be paid.
- `order.cancelled`: the shop cancelled it.
- `order.unknown`: the provider may have made a code whose number is not known.
- `order.resolved`: that is known again.
"""


@dataclass(frozen=True, slots=True)
class OrderInvoice:
    """One of an order's codes."""

    state: InvoiceState
    """The state of the code."""
    qris_invoiceid: int | None
    """The provider's number of it, if it is known."""
    qris_request_date: datetime | None
    """When the provider created it: aware, +07:00."""
    paid_at: datetime | None
    """When it was paid."""
    method: str | None = None
    """The payer's bank or wallet, if the reply had it."""
    customer_name: str | None = field(default=None, repr=False)
    """The payer's name, if the reply had it."""
    rrn: str | None = None
    """The national retrieval reference number of its payment, from a webhook."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order with its newest code, as it is now. It has the same fields as the JSON of the
    command and the till. Times are aware, at +07:00. A value that does not exist yet is `None`.

    `qris_content` and `qris_invoiceid` are of the newest code. `paid_at`, `method`, `customer_name`
    and `rrn` are of the code that was paid first, which can be an older one: see `invoices`. Only
    `Orders.payments` returns the order with the paid code.
    """

    merchant: str
    """The merchant's name."""
    number: str
    """The caller's own number."""
    reference: str | None
    """The caller's own reference, such as an idempotency key."""
    amount: int
    """The amount to pay, in whole rupiah, without a tip."""
    channel: Channel
    """Where the sale was made."""
    tip: bool
    """Whether the payer's wallet asks for a tip."""
    description: str | None
    """The description, at most 500 characters."""
    metadata: Mapping[str, Any] | None = field(hash=False)
    """The caller's own data."""
    state: State
    """The state of the order."""
    created_at: datetime
    """When it was created."""
    due_at: datetime | None
    """The due date of the payment."""
    pay_url: str | None = field(repr=False)
    """The link of its payment page, if the orders have a `public_url`."""
    qris_content: str | None = field(repr=False)
    """The payload of its newest code. Draw it only while the state is `pending`."""
    qris_request_date: datetime | None
    """When the provider created that code."""
    qris_invoiceid: int | None
    """The provider's number of that code; 32 bits do not hold it. The paid code can be an older
    one: see `invoices`."""
    qris_nmid: str | None
    """The merchant's national number. Show it under the QR."""
    shown_until: datetime | None
    """When to stop showing that code: some accounts refuse a later payment."""
    watched_until: datetime | None
    """Until when it is checked at least: a late payment is recorded too."""
    paid_at: datetime | None = None
    """When it was paid."""
    method: str | None = None
    """The payer's bank or wallet, if the reply had it."""
    customer_name: str | None = field(default=None, repr=False)
    """The payer's name, if the reply had it."""
    rrn: str | None = None
    """The national retrieval reference number of the payment, from a webhook."""
    overpaid: int = 0
    """The rupiah that were paid in addition, because another of its codes was paid too. It belongs
    to the order: do not add it up over the rows of `Orders.payments`, which have both payments."""
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
    misses none. After a crash it may see the last ones again, unless it stores its own work and the
    cursor in one transaction. After a restore of the database from a backup, start at 0: the
    cursors start again at an older number."""

    cursor: int
    """Its number among the merchant's events: 1, 2, 3 and so on. Store it when you have
    handled the event."""
    id: str
    """Its id, the same as in a till's webhooks."""
    type: EventType
    """The type of the event."""
    at: datetime
    """When it was recorded."""
    order: Order
    """The order as it was then."""


@dataclass(frozen=True, slots=True)
class Total:
    """The payments of a day, a channel, or both."""

    day: date | None
    """The day in WIB, if the total is for one day."""
    channel: Channel | None
    """The channel, if the total is for one channel."""
    invoices: int
    """The number of codes that the provider created."""
    payments: int
    """The number of payments."""
    paid: int
    """The paid rupiah, without tips, which the API does not report."""


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
            code.get("method"),
            code.get("customer_name"),
            code.get("rrn"),
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
            event["cursor"],
            event["id"],
            event["event"]["type"],
            datetime.fromisoformat(event["event"]["timestamp"]).astimezone(WIB),
            _order(event["event"]["data"]),
        )
        for event in json.loads(text)
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
