"""The Open API's clients: a blocking one and one for asyncio, with the same methods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from os import PathLike
from types import TracebackType
from typing import Literal, NoReturn, TypeVar

from . import _native
from ._api import Check, Invoice, Payment
from ._calls import finish, finish_async
from ._merchant import Merchant
from ._native import EarlyCheck

# `typing.Self` is Python 3.11's.
_Client = TypeVar("_Client", bound="Client")
_AsyncClient = TypeVar("_AsyncClient", bound="AsyncClient")


class _Settings:
    """Common code of both clients: the settings, and closing."""

    # Also `None` if the settings were refused.
    _open: _native.Client | None = None

    def __init__(
        self,
        api_key: str,
        merchant_id: str,
        *,
        base_url: str | None = None,
        nmid: str | None = None,
        timeout: float = _native.CALL_TIMEOUT_SECONDS,
        shown: timedelta = timedelta(seconds=_native.SHOWN_SECONDS),
        validity: timedelta = timedelta(seconds=_native.VALIDITY_SECONDS),
        grace: timedelta = timedelta(seconds=_native.GRACE_SECONDS),
        try_gap: timedelta = timedelta(seconds=_native.TRY_GAP_SECONDS),
        check_gap: timedelta = timedelta(seconds=_native.CHECK_GAP_SECONDS),
        checks_per_minute: int = _native.CHECKS_PER_MINUTE,
        budget: Literal["file", "memory"] = "file",
        state_dir: str | PathLike[str] | None = None,
    ) -> None:
        merchant = Merchant(
            api_key,
            merchant_id,
            base_url=base_url,
            nmid=nmid,
            timeout=timeout,
            shown=shown,
            validity=validity,
            grace=grace,
            try_gap=try_gap,
            check_gap=check_gap,
            checks_per_minute=checks_per_minute,
            state_dir=state_dir,
        )
        self._open = _native.Client(merchant, budget)
        self._timeout = timeout
        self._shown = shown
        self._validity = validity

    def early_check(self) -> EarlyCheck:
        """Returns an object that requests early checks of one invoice, for a button or a
        webhook.

        Pass it to `wait_for_payment` of that invoice, and press it from another thread or task.

        >>> with qris.SandboxServer() as sandbox:
        ...     client = qris.Client(
        ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
        ...     )
        ...     invoice = client.create_invoice("INV-1", 25_578)
        ...     sandbox.pay(invoice)
        ...     button = client.early_check()
        ...     button.press()
        ...     client.wait_for_payment(invoice, early_check=button).is_paid
        Press(is_accepted=True, left=2, retry_after=None)
        True
        """
        return self._native.early_check()

    @property
    def _native(self) -> _native.Client:
        if self._open is None:
            raise RuntimeError("expected an open client, found a closed one")
        return self._open

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client has a key and cannot be pickled")

    def __repr__(self) -> str:
        kind = type(self).__name__
        if self._open is None:
            return f"<qris.{kind} closed>"
        return (
            f"<qris.{kind} timeout={self._timeout} shown={self._shown} validity={self._validity}>"
        )


class Client(_Settings):
    """Calls the Open API and waits for its answers. Other Python threads run during the
    wait.

    Without `base_url` it calls InterActive's host; another one must be https, or http on this
    machine. `timeout` is the limit of a whole call in seconds: the provider takes up to 30. `shown`
    is how long to show a QR to the payer, because some accounts refuse a payment after 30 minutes.
    `validity` is how long a payment may come, and `grace` how long an invoice is checked after that.
    Several threads can use a client at the same time.

    The provider blocks a key that asks too often. So a check waits until it is allowed: the first
    three of an invoice are `try_gap` apart, later ones `check_gap`, and a key makes at most
    `checks_per_minute` checks, by default 60. This wait is not part of `timeout`. All processes of
    a user share these limits, also after a restart: the last checks of each key are in a small file
    in the folder `state_dir`. By default that is the environment variable `QRIS_STATE_DIR`, or
    `qris` in `XDG_STATE_HOME`, in `~/.local/state`, or on Windows in `LOCALAPPDATA`. With
    `budget="memory"` each client counts for itself.

    `nmid` is the merchant's national number that every QR must have; by default it is the one in
    the first invoice that the client creates.

    >>> with qris.SandboxServer() as sandbox:
    ...     with qris.Client(
    ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
    ...     ) as client:
    ...         invoice = client.create_invoice("INV-1", 25_578)
    ...         sandbox.pay(invoice)
    ...         client.check_invoice(invoice)
    Payment(is_paid=True, paid_at=datetime.datetime(...), method='Sakuku', rrn=None)
    """

    def create_invoice(self, number: str, amount: int | Decimal, *, tip: bool = False) -> Invoice:
        """Creates an invoice of this many rupiah, and checks its QR against the
        request.

        The amount is whole rupiah, within the limits of the provider and Bank Indonesia:
        `InvalidValue` has the limits. `number` is the caller's own: 1 to 64 printable ASCII
        characters with no space at either end, such as `INV/2026/00001`. The provider creates
        another payable invoice with each call, even for the same number.

        Raises `InvalidValue` for a wrong amount or number, `Rejected`, `Unreachable` if
        nothing was sent, `OutcomeUnknown` if the request may have arrived, and
        `ContentMismatch` if the QR is not the requested one.

        >>> with qris.SandboxServer() as sandbox:
        ...     client = qris.Client(
        ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
        ...     )
        ...     invoice = client.create_invoice("INV-1", 25_578)
        >>> invoice.number, invoice.amount
        ('INV-1', 25578)
        """
        return finish(self._native.create_invoice(number, amount, tip, None), Invoice)

    def check_invoice(self, invoice: Invoice) -> Payment:
        """Checks once whether an invoice is paid, as soon as the key's budget allows.

        A check waits until it is allowed. Its `timeout` begins after that.

        Raises `Rejected`, `Unreachable` and `MalformedReply`, and `Paused` while checks are paused.
        None of them means that the invoice is unpaid.

        >>> with qris.SandboxServer() as sandbox:
        ...     client = qris.Client(
        ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
        ...     )
        ...     client.check_invoice(client.create_invoice("INV-1", 25_578))
        Payment(is_paid=False, paid_at=None, method=None, rrn=None)
        """
        return finish(self._native.check_invoice(invoice, None), Payment)

    def wait_for_payment(
        self,
        invoice: Invoice,
        *,
        on_check: Callable[[Check], object] | None = None,
        early_check: EarlyCheck | None = None,
    ) -> Payment:
        """Waits until an invoice is paid or can no longer be paid: for its validity and ten
        minutes.

        It checks 15, 30 and 45 s after the invoice was created, then about once a minute, and later
        less often, as the provider requires. It returns an unpaid `Payment` only if the provider
        says "unpaid" at or after the end. While the provider does not answer, the wait continues,
        with up to an hour between checks. This computer's clock does not matter. `on_check` is
        called after each check. An exception in it ends the wait, and Ctrl-C ends it at once. A
        failed check does not end the wait, unless the provider refuses for a known reason, such as a
        wrong key (`Rejected`). `early_check` requests checks before they are due.

        >>> with qris.SandboxServer() as sandbox:
        ...     client = qris.Client(
        ...         sandbox.api_key,
        ...         sandbox.merchant_id,
        ...         base_url=sandbox.base_url,
        ...         try_gap=timedelta(milliseconds=100),  # for the sandbox only
        ...     )
        ...     invoice = client.create_invoice("INV-1", 25_578)
        ...     sandbox.pay(invoice, method="BCA")
        ...     payment = client.wait_for_payment(
        ...         invoice, on_check=lambda check: print("check", check.number)
        ...     )
        check 1
        >>> payment.is_paid, payment.method
        (True, 'BCA')
        """
        call = self._native.wait_for_payment(
            invoice, on_check is not None, early_check, None
        )
        return finish(call, Payment, on_check)

    def close(self) -> None:
        """Closes the client and wipes the key. Later calls raise `RuntimeError`."""
        self._open = None

    def __enter__(self: _Client) -> _Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncClient(_Settings):
    """Calls the Open API from asyncio. It has the arguments, results and errors of `Client`.

    Cancelling the task cancels the call. Waits need no threads: a thousand of them run on one
    loop.

    >>> async def sell(sandbox):
    ...     async with qris.AsyncClient(
    ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
    ...     ) as client:
    ...         invoice = await client.create_invoice("INV-2", 10_000)
    ...         return await client.check_invoice(invoice)
    >>> with qris.SandboxServer() as sandbox:
    ...     asyncio.run(sell(sandbox))
    Payment(is_paid=False, paid_at=None, method=None, rrn=None)
    """

    async def create_invoice(
        self, number: str, amount: int | Decimal, *, tip: bool = False
    ) -> Invoice:
        """Creates an invoice; see `Client.create_invoice`.

        If the task is cancelled during the call, the outcome is unknown, as with
        `OutcomeUnknown`.
        """
        client = self._native
        return await finish_async(
            lambda on_ready: client.create_invoice(number, amount, tip, on_ready), Invoice
        )

    async def check_invoice(self, invoice: Invoice) -> Payment:
        """Checks once whether an invoice is paid; see `Client.check_invoice`."""
        client = self._native
        return await finish_async(lambda on_ready: client.check_invoice(invoice, on_ready), Payment)

    async def wait_for_payment(
        self,
        invoice: Invoice,
        *,
        on_check: Callable[[Check], object] | None = None,
        early_check: EarlyCheck | None = None,
    ) -> Payment:
        """Waits until an invoice is paid or can no longer be paid; see
        `Client.wait_for_payment`.

        `on_check` may be a coroutine function.
        """
        client = self._native
        tell = on_check is not None
        return await finish_async(
            lambda on_ready: client.wait_for_payment(invoice, tell, early_check, on_ready), Payment, on_check
        )

    async def aclose(self) -> None:
        """Closes the client and wipes the key. Later calls raise `RuntimeError`."""
        self._open = None

    async def __aenter__(self: _AsyncClient) -> _AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
