"""The parts of a payload."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from . import _native


@dataclass(frozen=True, slots=True)
class Account:
    """One of the merchant's accounts: an object of 02 to 51.

    02 to 25 are plain account numbers (`pan`) of international schemes; 26 to 51 are templates.
    """

    tag: str
    """The tag: two digits."""
    guid: str | None = None
    """00, the globally unique identifier: a reverse domain, or `00`."""
    pan: str | None = field(default=None, repr=False)
    """01, the merchant PAN; for 02 to 25 the account number."""
    merchant_id: str | None = field(default=None, repr=False)
    """02, the acquirer's merchant ID; in 51 the NMID."""
    criteria: str | None = None
    """03, the merchant's size."""

    @property
    def institution(self) -> str | None:
        """The institution of the PAN, if it is known.

        >>> qris.Account("26", pan="936009143664001757").institution
        'GoPay'
        """
        return None if self.pan is None else _native.institution(self.pan)


@dataclass(frozen=True, slots=True)
class Additional:
    """Additional data about the payment: template 62.

    If a value is `***`, the payer's app asks for it.
    """

    bill_number: str | None = None
    mobile_number: str | None = field(default=None, repr=False)
    store_label: str | None = None
    loyalty_number: str | None = field(default=None, repr=False)
    reference_label: str | None = None
    customer_label: str | None = field(default=None, repr=False)
    terminal_label: str | None = None
    purpose: str | None = None
    consumer_data_request: str | None = None
    merchant_tax_id: str | None = field(default=None, repr=False)
    merchant_channel: str | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """The merchant in another language: template 64."""

    code: str
    """The language as two letters."""
    merchant_name: str = field(repr=False)
    merchant_city: str | None = None


@dataclass(frozen=True, slots=True)
class Tip:
    """A tip or fee that is added to the amount: objects 55 to 57.

    >>> match qris.Tip("fixed", Decimal(500)):
    ...     case qris.Tip("prompt"):
    ...         print("the app asks for a tip")
    ...     case qris.Tip("fixed", fee):
    ...         print(f"a fee of Rp{fee}")
    ...     case qris.Tip("percent", percent):
    ...         print(f"a fee of {percent} %")
    a fee of Rp500
    """

    kind: Literal["prompt", "fixed", "percent"]
    """Whether the app asks the payer, or a fee is added: fixed, or in percent of the amount."""
    value: Decimal | None = None
    """The fee or the percentage; `None` if the app asks the payer."""


@dataclass(frozen=True, slots=True)
class Object:
    """An object of a payload, from `Qris.walk`."""

    path: str
    """Its path: `59`, or `62.05` inside a template."""
    offset: int
    """The byte of the payload at which its tag begins."""
    value: str = field(repr=False)
    """Its value; for a template, its whole content."""
