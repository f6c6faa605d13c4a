"""What the Open API speaks of: invoices, payments, checks and webhooks."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from . import _native
from ._errors import ApiError
from ._moment import WIB


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice that the provider has made, with the QR to show.

    The fields are named as the provider wants them in a merchant's database. One that came from
    `create_invoice` has been cross-checked; one that was put together from a database is what the
    caller says it is.
    """

    number: str
    """The caller's own number of the transaction."""
    amount: int
    """What is to be paid, without a tip: whole rupiah."""
    qris_content: str = field(repr=False)
    """The payload to draw as a QR."""
    qris_request_date: datetime
    """When the provider made the invoice: aware, +07:00."""
    qris_invoiceid: int
    """The provider's number of the invoice; 32 bits do not hold it."""
    qris_nmid: str
    """The merchant's national number, to be shown under the QR."""
    shown_until: datetime
    """Until when to show the QR: `qris_request_date` and the client's `shown`. Take it off the
    screen then: some accounts refuse a later payment."""
    expires_at: datetime
    """Until when a payment may come: `qris_request_date` and the client's `validity`."""

    def _repr_svg_(self) -> str:
        return _native.draw(self.qris_content, "svg", False, "M", 4, None, None, 58).decode()

    def _repr_html_(self) -> str:
        return (
            f'<figure style="max-width: 20em">{self._repr_svg_()}<figcaption>'
            f"{html.escape(self.number)}: {_rupiah(self.amount)}, "
            f"until {self.shown_until.astimezone(WIB):%H:%M} WIB"
            "</figcaption></figure>"
        )


def _rupiah(amount: int) -> str:
    """The amount as the picture has it: `Rp25.578`."""
    return f"Rp{amount:,}".replace(",", ".")


@dataclass(frozen=True, slots=True)
class Payment:
    """What the provider says of an invoice. There is no third state: an expired invoice stays
    unpaid.

    >>> payment = qris.Payment(True, method="BCA", customer_name="SITI")
    >>> match payment:
    ...     case qris.Payment(is_paid=True, method=method):
    ...         print("paid with", method)
    paid with BCA
    >>> payment
    Payment(is_paid=True, paid_at=None, method='BCA', rrn=None)
    """

    is_paid: bool
    """Whether the invoice is paid. The other facts are missing from some replies."""
    paid_at: datetime | None = None
    """When it was paid: aware, +07:00."""
    method: str | None = None
    """The payer's bank or wallet: `BCA`, `Sakuku`…"""
    customer_name: str | None = field(default=None, repr=False)
    """The payer's name, as the payer's bank knows it."""
    rrn: str | None = None
    """The national retrieval reference number. Settlement lists and disputes go by it; replies to a
    check lack it as a rule."""
    note: str | None = field(default=None, repr=False)
    """Words of the provider on the payment; replies to a check lack them as a rule."""
    api_version: str | None = field(default=None, repr=False)
    """The version that the API says it has."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check that was made while waiting for a payment."""

    number: int
    """Which one it was, from 1."""
    trigger: Literal["schedule", "button", "hint"]
    """What it was made for."""
    made_at: datetime
    payment: Payment | None
    """What it said, or `None` where it failed."""
    error: ApiError | None
    """Why it failed; the waiting goes on."""
    next_at: datetime | None
    """When the next one is due, or `None` if this was the last."""


@dataclass(frozen=True, slots=True)
class Press:
    """What came of a press of the button."""

    is_accepted: bool
    """Whether the invoice is checked as soon as the key's budget allows."""
    left: int | None
    """How many presses are left; 0 where all are used up and the schedule goes on."""
    retry_after: float | None
    """After how many seconds the next press may follow, where this one came too soon."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """What a webhook's body says: a hint and nothing more, for it is not signed."""

    qris_invoiceid: int
    """The invoice that there may be news of."""
    status: Literal["paid", "pending", "other"]
    paid_at: datetime | None = None
    method: str | None = None
    customer_name: str | None = field(default=None, repr=False)
    rrn: str | None = None
    """The national retrieval reference number of the payment. Keep it: settlement lists and
    disputes go by it, and replies to a check lack it as a rule."""
    note: str | None = field(default=None, repr=False)
    """Words of the provider: in the one live sample the transaction number and the amount."""


def read_webhook(body: bytes) -> Webhook:
    """Reads what the provider posts to a merchant's webhook, or raises `DecodeError`.

    The body is not signed and names no amount: check the invoice before anything is handed over.
    Guard the address with an unguessable part, answer with 200, and expect the same twice and late.

    >>> hint = qris.read_webhook(b'{"invoice":"413255111","qris_status":"success"}')
    >>> hint.qris_invoiceid, hint.status
    (413255111, 'paid')
    """
    return _native.read_webhook(body)
