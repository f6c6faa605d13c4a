"""A stand-in for the Open API, so that your tests need no account."""

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
    """The numbers of calls with the right key."""

    creates: int
    checks: int
    busiest_minute: int
    """The maximum number of checks in any 60 seconds. The real provider would block a
    key with more than 60."""


class SandboxServer:
    """A stand-in for the Open API on a port of this machine, over real HTTP.

    It starts to listen when it is created, and ends with `close` or the `with` statement. Its QRs
    are valid, and it refuses with the provider's words. `pay` acts as the payer's phone, and
    `inject` causes faults. Pass `base_url`, `api_key` and `merchant_id` to a client.

    A client first checks an invoice 15 s after its creation, and each further check waits as long
    or longer. In a test, give it a short `try_gap`, and a short `check_gap` too if the payment may
    come after its first three checks. With `budget="memory"` it writes no file.

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

    # Empty if the settings were refused.
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
        """The address for a client."""
        return self._base_url

    @property
    def api_key(self) -> str:
        """The accepted key."""
        return self._api_key

    @property
    def merchant_id(self) -> str:
        """The accepted merchant number."""
        return self._merchant_id

    @property
    def nmid(self) -> str:
        """The merchant's national number in every right QR."""
        return self._native.nmid()

    def pay(
        self,
        invoice: Invoice | int,
        *,
        customer_name: str = "PEMBAYAR SANDBOX",
        method: str = "Sakuku",
    ) -> None:
        """Pays an invoice, or raises `SandboxError` if it cannot be paid."""
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
        """Causes a fault once, or from now on if `standing` is true.

        `seconds` is for `slow`, `refused-connection`, `too-many-requests`,
        `service-unavailable` and `late-payment`, `words` for `refuse`. Faults of an invoice's
        QR happen when it is created, and faults of a payment when it is paid: another `on` is
        an `InvalidValue`. `refused-connection` begins at once and ignores `standing`.

        >>> with qris.SandboxServer() as sandbox:
        ...     sandbox.inject("wrong-amount")
        ...     client = qris.Client(
        ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
        ...     )
        ...     client.create_invoice("INV-1", 25_578)
        Traceback (most recent call last):
        qris._errors.ContentMismatch: the QR in the reply is not the requested one: ...
        """
        self._native.inject(fault, on, standing, seconds, words)

    def clear_faults(self) -> None:
        """Ends all faults."""
        self._native.clear_faults()

    def set_webhook(self, url: str) -> None:
        """Sends a webhook for each payment to this http URL from now on."""
        self._native.set_webhook(url)

    def now(self) -> datetime:
        """The sandbox's time."""
        return self._native.now()

    def set_time(self, now: datetime) -> None:
        """Sets the sandbox's clock, which continues from there."""
        self._native.set_time(now)

    def calls(self) -> Calls:
        """The numbers of calls with the right key."""
        return Calls(*self._native.calls())

    def close(self) -> None:
        """Ends the sandbox after a short wait for running calls. A second call does nothing."""
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
