"""Types of the Open API: invoices, payments, checks and webhooks."""

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
    """An invoice of the provider, with the QR to show.

    The fields have the names that the provider requires in a merchant's database. An invoice from
    `create_invoice` is cross-checked; one that you restore from a database is not.
    """

    number: str
    """The caller's own number of the transaction."""
    amount: int
    """The amount to pay, without a tip, in whole rupiah."""
    qris_content: str = field(repr=False)
    """The payload to draw as a QR."""
    qris_request_date: datetime
    """When the provider created the invoice: aware, +07:00."""
    qris_invoiceid: int
    """The provider's number of the invoice; 32 bits do not hold it."""
    qris_nmid: str
    """The merchant's national number. Show it under the QR."""
    shown_until: datetime
    """When to stop showing the QR: `qris_request_date` plus the client's `shown`. Some
    accounts refuse a later payment."""
    expires_at: datetime
    """Until when a payment may come: `qris_request_date` plus the client's
    `validity`."""

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
    """The amount as in the picture: `Rp25.578`."""
    return f"Rp{amount:,}".replace(",", ".")


@dataclass(frozen=True, slots=True)
class Payment:
    """The provider's answer to a check. There is no third state: an expired invoice stays
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
    """Whether the invoice is paid. The other fields are missing in some replies."""
    paid_at: datetime | None = None
    """When it was paid: aware, +07:00."""
    method: str | None = None
    """The payer's bank or wallet: `BCA`, `Sakuku`…"""
    customer_name: str | None = field(default=None, repr=False)
    """The payer's name, as the payer's bank knows it."""
    rrn: str | None = None
    """The national retrieval reference number. Settlement lists and disputes use it. It is usually
    missing in replies to a check."""
    note: str | None = field(default=None, repr=False)
    """The provider's note on the payment. It is usually missing in replies to a
    check."""
    api_version: str | None = field(default=None, repr=False)
    """The version of the API."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check that was made while waiting for a payment."""

    number: int
    """The number of the check, from 1."""
    trigger: Literal["schedule", "button", "webhook"]
    """Why it was made."""
    made_at: datetime
    payment: Payment | None
    """The answer, or `None` if the check failed."""
    error: ApiError | None
    """Why it failed. The wait continues."""
    next_at: datetime | None
    """When the next check is due, or `None` if this was the last."""


@dataclass(frozen=True, slots=True)
class Press:
    """The result of a press of the button."""

    is_accepted: bool
    """Whether the invoice will be checked as soon as the key's budget allows."""
    left: int | None
    """How many presses are left. 0 if all are used up; scheduled checks continue."""
    retry_after: float | None
    """Seconds until the next press is allowed, if this one was too soon."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """The content of a webhook. It has no signature, so it is only a hint."""

    qris_invoiceid: int
    """The invoice."""
    status: Literal["paid", "pending", "other"]
    paid_at: datetime | None = None
    method: str | None = None
    customer_name: str | None = field(default=None, repr=False)
    rrn: str | None = None
    """The national retrieval reference number of the payment. Store it: settlement lists
    and disputes use it, and it is usually missing in replies to a check."""
    note: str | None = field(default=None, repr=False)
    """The provider's note: in the one known sample the transaction number and the amount."""


def read_webhook(body: bytes) -> Webhook:
    """Reads the body of a webhook of the provider, or raises `DecodeError`.

    The body has no signature and no amount: check the invoice before you hand out the goods. Use a
    secret part in the URL, and answer with 200. The same webhook may come twice or late.

    >>> webhook = qris.read_webhook(b'{"invoice":"413255111","qris_status":"success"}')
    >>> webhook.qris_invoiceid, webhook.status
    (413255111, 'paid')
    """
    return _native.read_webhook(body)
