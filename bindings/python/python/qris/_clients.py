"""The Open API's clients: one that blocks and one for asyncio, with the same methods."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from types import TracebackType
from typing import NoReturn, TypeVar

from . import _native
from ._api import Check, Invoice, Payment
from ._moment import to_seconds

_Answer = TypeVar("_Answer", Invoice, Payment)
# `typing.Self` is Python 3.11's.
_Client = TypeVar("_Client", bound="Client")
_AsyncClient = TypeVar("_AsyncClient", bound="AsyncClient")


class _Settings:
    """What both clients have: the settings, and an end."""

    # `None` too where the settings were refused.
    _open: _native.Client | None = None

    def __init__(
        self,
        api_key: str,
        merchant_id: str,
        *,
        base_url: str | None = None,
        timeout: float = 35.0,
        validity: timedelta = timedelta(minutes=60),
    ) -> None:
        seconds = to_seconds("validity", validity)
        self._open = _native.Client(api_key, merchant_id, base_url, timeout, seconds)
        self._timeout = timeout
        self._validity = validity

    @property
    def _native(self) -> _native.Client:
        if self._open is None:
            raise RuntimeError("expected an open client, found one that is closed")
        return self._open

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client holds a key and cannot be pickled")

    def __repr__(self) -> str:
        kind = type(self).__name__
        if self._open is None:
            return f"<qris.{kind} closed>"
        return f"<qris.{kind} timeout={self._timeout} validity={self._validity}>"


class Client(_Settings):
    """Calls the Open API and waits for its answers, with the interpreter released.

    Without `base_url` it calls InterActive's own host; any other must be https, or http on this
    machine. `timeout` is in seconds and for a whole call: the provider takes up to 30. `validity`
    is how long an invoice can be paid; some accounts have 30 minutes. A thread can use a client
    while another does.

    Clients of one key share its budget of 60 checks a minute within the process. A check that the
    budget does not allow yet waits, up to a minute; this comes on top of `timeout`.

    >>> with qris.SandboxServer() as sandbox:
    ...     with qris.Client(
    ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
    ...     ) as client:
    ...         invoice = client.create_invoice("INV-1", 25_578)
    ...         sandbox.pay(invoice)
    ...         client.check_invoice(invoice)
    Payment(is_paid=True, paid_at=datetime.datetime(...), method='Sakuku')
    """

    def create_invoice(self, number: str, amount: int | Decimal, *, tip: bool = False) -> Invoice:
        """Asks for an invoice of this many rupiah and cross-checks the QR that comes.

        The amount is whole, from Rp100 to Rp10,000,000. `number` is the caller's own, 1 to 40 of
        `A-Z a-z 0-9 -`. The provider makes another payable invoice each time it is asked, even
        under the same number.

        Raises `ValueError` for an amount or number that cannot be asked for, `Rejected`,
        `Unreachable` where nothing was sent, `OutcomeUnknown` where it may have been, and
        `ContentMismatch` where the QR is not the one that was asked for.

        >>> with qris.SandboxServer() as sandbox:
        ...     client = qris.Client(
        ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
        ...     )
        ...     invoice = client.create_invoice("INV-1", 25_578)
        >>> invoice.number, invoice.amount
        ('INV-1', Decimal('25578'))
        """
        return _finish(self._native.create_invoice(number, amount, tip, None), Invoice)

    def check_invoice(self, invoice: Invoice) -> Payment:
        """Asks once whether an invoice is paid, when the key's budget allows.

        The 61st check in a minute waits until it may be made, and only then its `timeout` begins.

        Raises `Rejected`, `Unreachable` and `MalformedReply`. None of them says that the invoice is
        unpaid.

        >>> with qris.SandboxServer() as sandbox:
        ...     client = qris.Client(
        ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
        ...     )
        ...     client.check_invoice(client.create_invoice("INV-1", 25_578))
        Payment(is_paid=False, paid_at=None, method=None)
        """
        return _finish(self._native.check_invoice(invoice, None), Payment)

    def wait_for_payment(
        self, invoice: Invoice, *, on_check: Callable[[Check], object] | None = None
    ) -> Payment:
        """Waits until an invoice is paid, or can no longer be: for its validity and ten minutes.

        It asks 15, 30 and 45 s after the invoice was made, and then by the minute and slower, as
        the provider demands. `on_check` is told of each check; what it raises ends the waiting, and
        so does Ctrl-C, at once. A check that failed does not, unless it is the last or was
        `Rejected` for a known reason, such as a wrong key.

        >>> with qris.SandboxServer() as sandbox:
        ...     client = qris.Client(
        ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
        ...     )
        ...     sandbox.set_time(sandbox.now() - timedelta(minutes=1))  # a check is due at once
        ...     invoice = client.create_invoice("INV-1", 25_578)
        ...     sandbox.pay(invoice, method="BCA")
        ...     payment = client.wait_for_payment(
        ...         invoice, on_check=lambda check: print("check", check.number)
        ...     )
        check 1
        >>> payment.is_paid, payment.method
        (True, 'BCA')
        """
        call = self._native.wait_for_payment(invoice, on_check is not None, None)
        return _finish(call, Payment, on_check)

    def close(self) -> None:
        """Forgets the key. Calls afterwards are a `RuntimeError`."""
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
    """Calls the Open API from asyncio. Arguments, answers and errors are those of `Client`.

    Cancelling the task cancels the call. Waits cost no thread: a thousand of them run on one loop.

    >>> async def sell(sandbox):
    ...     async with qris.AsyncClient(
    ...         sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url
    ...     ) as client:
    ...         invoice = await client.create_invoice("INV-2", 10_000)
    ...         return await client.check_invoice(invoice)
    >>> with qris.SandboxServer() as sandbox:
    ...     asyncio.run(sell(sandbox))
    Payment(is_paid=False, paid_at=None, method=None)
    """

    async def create_invoice(
        self, number: str, amount: int | Decimal, *, tip: bool = False
    ) -> Invoice:
        """Asks for an invoice; see `Client.create_invoice`.

        A task that is cancelled meanwhile leaves the same doubt as `OutcomeUnknown`.
        """
        client = self._native
        return await _finish_async(
            lambda heard: client.create_invoice(number, amount, tip, heard), Invoice
        )

    async def check_invoice(self, invoice: Invoice) -> Payment:
        """Asks once whether an invoice is paid; see `Client.check_invoice`."""
        client = self._native
        return await _finish_async(lambda heard: client.check_invoice(invoice, heard), Payment)

    async def wait_for_payment(
        self, invoice: Invoice, *, on_check: Callable[[Check], object] | None = None
    ) -> Payment:
        """Waits until an invoice is paid, or can no longer be; see `Client.wait_for_payment`.

        `on_check` may be a coroutine function.
        """
        client = self._native
        tell = on_check is not None
        return await _finish_async(
            lambda heard: client.wait_for_payment(invoice, tell, heard), Payment, on_check
        )

    async def aclose(self) -> None:
        """Forgets the key. Calls afterwards are a `RuntimeError`."""
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


def _finish(
    call: _native.Call,
    answer: type[_Answer],
    on_check: Callable[[Check], object] | None = None,
) -> _Answer:
    """Waits for the answer, and tells of the checks before it."""
    try:
        while True:
            said = call.next()
            if isinstance(said, answer):
                return said
            if on_check is not None:
                on_check(said)
    finally:
        call.cancel()


async def _finish_async(
    start: Callable[[Callable[[], object]], _native.Call],
    answer: type[_Answer],
    on_check: Callable[[Check], object] | None = None,
) -> _Answer:
    loop = asyncio.get_running_loop()
    word = asyncio.Event()
    # The call speaks from a thread of its own.
    call = start(lambda: loop.call_soon_threadsafe(word.set))
    try:
        while True:
            await word.wait()
            word.clear()
            while (said := call.poll()) is not None:
                if isinstance(said, answer):
                    return said
                told = on_check(said) if on_check is not None else None
                if inspect.isawaitable(told):
                    await told
    finally:
        call.cancel()
