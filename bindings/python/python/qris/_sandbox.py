"""The Open API's stand-in, so that a program's own tests need no account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Literal, TypeVar

from . import _native
from ._api import Invoice
from ._moment import to_seconds

# `typing.Self` is Python 3.11's.
_Server = TypeVar("_Server", bound="SandboxServer")


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls that a sandbox has had with the right key."""

    creates: int
    checks: int
    busiest_minute: int
    """The most checks in any 60 seconds: more than 60 would cost a real key."""


class SandboxServer:
    """A stand-in for the Open API on a port of this machine, over real HTTP.

    It starts to listen when it is made, and ends with `close` or the `with` statement. Its QRs are
    valid and its refusals are those of the provider; `pay` plays the payer's phone, and `inject`
    makes things go wrong. `base_url`, `api_key` and `merchant_id` are what a client needs.

    A client checks an invoice 15 s after it was made for the first time, and each further check
    waits as long. A test need not: give its client a short `try_gap`, and `budget="memory"` so that
    it leaves no file behind.

    >>> with qris.SandboxServer() as sandbox:
    ...     client = qris.Client(
    ...         sandbox.api_key,
    ...         sandbox.merchant_id,
    ...         base_url=sandbox.base_url,
    ...         try_gap=timedelta(milliseconds=100),
    ...         budget="memory",
    ...     )
    ...     invoice = client.create_invoice("INV-1", 25_578)
    ...     sandbox.pay(invoice, customer_name="SITI", method="BCA")
    ...     client.wait_for_payment(invoice).method
    'BCA'
    """

    # Empty where the settings were refused.
    _base_url = ""

    def __init__(
        self,
        *,
        listen: str = "127.0.0.1:0",
        api_key: str = "sandbox-key",
        merchant_id: str = "123456",
        validity: timedelta = timedelta(seconds=_native.VALIDITY_SECONDS),
        webhook: str | None = None,
    ) -> None:
        seconds = to_seconds("validity", validity)
        self._native = _native.Sandbox(listen, api_key, merchant_id, seconds, webhook)
        self._base_url = self._native.base_url()
        self._api_key = api_key
        self._merchant_id = merchant_id

    @property
    def base_url(self) -> str:
        """The address to give to a client."""
        return self._base_url

    @property
    def api_key(self) -> str:
        """The key that is let in."""
        return self._api_key

    @property
    def merchant_id(self) -> str:
        """The merchant's number that is let in."""
        return self._merchant_id

    @property
    def nmid(self) -> str:
        """The merchant's national number, as it stands in every right QR."""
        return self._native.nmid()

    def pay(
        self,
        invoice: Invoice | int,
        *,
        customer_name: str = "PEMBAYAR SANDBOX",
        method: str = "Sakuku",
    ) -> None:
        """Pays an invoice, or raises `SandboxError` where the payer's app would say no."""
        number = invoice.qris_invoiceid if isinstance(invoice, Invoice) else invoice
        self._native.pay(number, customer_name, method)

    def inject(
        self,
        fault: Literal[
            "slow",
            "refuse",
            "refused-connection",
            "drop-before-accepting",
            "drop-after-accepting",
            "cut-connection",
            "too-many-requests",
            "service-unavailable",
            "html",
            "php-notice",
            "notice-before",
            "byte-order-mark",
            "text-behind",
            "empty",
            "cut-json",
            "huge",
            "redirect",
            "failed-5xx",
            "failed-with-invoice",
            "wrong-amount",
            "wrong-currency",
            "wrong-nmid",
            "other-merchant",
            "wrong-tip",
            "fixed-fee",
            "percentage-fee",
            "static-with-amount",
            "bad-checksum",
            "other-reference",
            "other-sales-qr",
            "numeric-id",
            "late-payment",
            "bad-bytes-in-names",
            "duplicate-webhook",
            "out-of-order-webhook",
            "webhook-without-note",
            "webhook-of-unbooked",
        ],
        *,
        on: Literal["any", "create", "check"] = "any",
        standing: bool = False,
        seconds: float | None = None,
        words: str | None = None,
    ) -> None:
        """Makes something go wrong once, or from now on if it is `standing`.

        `seconds` are for `slow`, `refused-connection`, `too-many-requests`,
        `service-unavailable` and `late-payment`, `words` for `refuse`. What is wrong with an
        invoice's QR goes wrong when it is created, and what is wrong with a payment when it is
        made: another `on` is a `ValueError`. `refused-connection` begins at once and takes no
        notice of `standing`.

        >>> with qris.SandboxServer() as sandbox:
        ...     sandbox.inject("wrong-amount")
        ...     client = qris.Client(
        ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
        ...     )
        ...     client.create_invoice("INV-1", 25_578)
        Traceback (most recent call last):
        qris._errors.ContentMismatch: the QR in the reply is not the one that was asked for: ...
        """
        self._native.inject(fault, on, standing, seconds, words)

    def clear_faults(self) -> None:
        """Makes everything go right again."""
        self._native.clear_faults()

    def set_webhook(self, url: str) -> None:
        """Posts payments to this plain-http URL from now on."""
        self._native.set_webhook(url)

    def now(self) -> datetime:
        """The moment it is for the sandbox."""
        return self._native.now()

    def set_time(self, now: datetime) -> None:
        """Sets the sandbox's clock, which goes on from there."""
        self._native.set_time(now)

    def calls(self) -> Calls:
        """The calls that came with the right key."""
        return Calls(*self._native.calls())

    def close(self) -> None:
        """Ends the sandbox, with a moment for calls under way. The second time does nothing."""
        stopping = self._native.stop()
        if stopping is not None:
            stopping.next()

    def __enter__(self: _Server) -> _Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        place = f"at {self._base_url}" if self._base_url else "not started"
        return f"<qris.SandboxServer {place}>"
