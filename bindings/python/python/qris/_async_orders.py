"""Orders in a database, for asyncio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import Any, Literal, TypeVar

from . import _native
from ._calls import finish_async
from ._moment import to_seconds
from ._order import (
    Channel,
    Order,
    OrderEvent,
    State,
    Total,
    read_events,
    read_order,
    read_orders,
    read_totals,
)
from ._orders import OrdersSettings, charge_arguments, day, list_arguments, resolve

# `typing.Self` is Python 3.11's.
_AsyncOrders = TypeVar("_AsyncOrders", bound="AsyncOrders")
_AsyncWatch = TypeVar("_AsyncWatch", bound="AsyncWatch")


class AsyncOrders(OrdersSettings):
    """The orders in a database, from asyncio. It has the arguments, answers and errors of `Orders`.

    **Never open the SQLite file with another SQLite library in the same process**, such as Python's
    `sqlite3`: see `Orders`.

    `async with` or the first call opens the database. Cancelling a task does not stop a charge:
    its code is still recorded.

    >>> async def sell(sandbox):
    ...     merchant = qris.Merchant(
    ...         sandbox.api_key,
    ...         sandbox.merchant_id,
    ...         base_url=sandbox.base_url,
    ...         try_gap=timedelta(seconds=1),  # for the sandbox only
    ...         check_gap=timedelta(seconds=1),
    ...     )
    ...     async with qris.AsyncOrders("async.db", merchant) as orders:
    ...         async with orders.watch():
    ...             order = await orders.charge("INV-1", 25_578)
    ...             sandbox.pay(order.qris_invoiceid)
    ...             [paid] = await orders.events(since=1, wait=10)  # after "order.created"
    ...             return paid.type, paid.order.amount
    >>> with qris.SandboxServer() as sandbox:
    ...     asyncio.run(sell(sandbox))
    ('order.paid', 25578)
    """

    async def charge(
        self,
        number: str,
        amount: int | Decimal,
        *,
        channel: Channel = "pos",
        tip: bool = False,
        description: str | None = None,
        reference: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        due_at: datetime | None = None,
        shown: timedelta | None = None,
        return_url: str | None = None,
        code: bool = True,
    ) -> Order:
        """Charges an order; see `Orders.charge`.

        A repeated charge returns the existing order, also if that is cancelled or expired, and ignores other values than `amount` and
        `reference`. If only one of two charges has a `reference`, references are not compared.
        """
        native = self._open
        terms = charge_arguments(number, amount, channel, tip, description, reference, metadata)
        seconds = None if shown is None else to_seconds("shown", shown)
        return await _order(
            lambda on_ready: native.charge(*terms, due_at, seconds, return_url, code, on_ready)
        )

    async def renew(self, number: str) -> Order:
        """Requests another code for an expired or rejected order; see `Orders.renew`."""
        native = self._open
        return await _order(lambda on_ready: native.renew(number, on_ready))

    async def check(self, number: str) -> Order:
        """Checks now whether an order is paid; see `Orders.check`."""
        native = self._open
        return await _order(lambda on_ready: native.check(number, on_ready))

    async def cancel(self, number: str) -> Order:
        """Cancels an order that is not paid. A payment that still comes makes it `paid`; see
        `Orders.cancel`."""
        native = self._open
        return await _order(lambda on_ready: native.cancel(number, on_ready))

    async def resolve(
        self, number: str, *, qris_invoiceid: int | None = None, not_made: str | None = None
    ) -> Order:
        """Resolves an unknown order with what a person found out; see
        `Orders.resolve`."""
        native = self._open
        return await _order(
            lambda on_ready: resolve(native, number, qris_invoiceid, not_made, on_ready)
        )

    async def order(self, number: str) -> Order:
        """Returns the order with this number; see `Orders.order`."""
        native = self._open
        return await _order(lambda on_ready: native.order(number, on_ready))

    async def orders(
        self,
        *,
        state: State | None = None,
        channel: Channel | None = None,
        first_day: date | None = None,
        last_day: date | None = None,
        search: str | None = None,
        after: Order | None = None,
        limit: int = 20,
    ) -> list[Order]:
        """Lists orders, the newest first; see `Orders.orders`."""
        native = self._open
        asked = list_arguments(state, channel, first_day, last_day, search, after)
        found = await finish_async(lambda on_ready: native.orders(*asked, limit, on_ready), str)
        return read_orders(found)

    async def unacknowledged(self, *, limit: int = 100) -> list[Order]:
        """Lists the paid orders that are not acknowledged yet; see
        `Orders.unacknowledged`."""
        native = self._open
        return read_orders(
            await finish_async(lambda on_ready: native.unacknowledged(limit, on_ready), str)
        )

    async def acknowledge(self, number: str) -> bool:
        """Records that a paid order is done; see `Orders.acknowledge`."""
        native = self._open
        return await finish_async(lambda on_ready: native.acknowledge(number, on_ready), str) == "true"

    async def on_webhook(self, body: bytes) -> Order | None:
        """Stores the body of a webhook of the provider; see `Orders.on_webhook`."""
        native = self._open
        text = await finish_async(lambda on_ready: native.on_webhook(body, on_ready), str)
        return None if text == "null" else read_order(text)

    async def events(
        self, since: int = 0, *, limit: int = 100, wait: float = 0
    ) -> list[OrderEvent]:
        """Lists the events of the merchant's orders after a cursor. After a restore of the database,
        start at 0; see `Orders.events`."""
        native = self._open
        return read_events(
            await finish_async(lambda on_ready: native.events(since, limit, wait, on_ready), str)
        )

    async def report(
        self,
        first_day: date | None = None,
        last_day: date | None = None,
        *,
        by: Literal["day", "channel"] | None = None,
    ) -> list[Total]:
        """Totals from one day in WIB to another; see `Orders.report`."""
        native, days = self._open, (day(first_day), day(last_day))
        return read_totals(await finish_async(lambda on_ready: native.report(*days, by, on_ready), str))

    async def payments(
        self, first_day: date | None = None, last_day: date | None = None
    ) -> list[Order]:
        """Lists the payments of these days, one row for each; see `Orders.payments`."""
        native, days = self._open, (day(first_day), day(last_day))
        return read_orders(await finish_async(lambda on_ready: native.payments(*days, on_ready), str))

    def watch(self) -> AsyncWatch:
        """Watches the orders of all merchants while its `async with` block runs; see
        `Orders.watch`."""
        return AsyncWatch(self._open)

    async def is_ready(self) -> bool:
        """Whether charges and payments work now, in a program that watches; see
        `Orders.is_ready`."""
        native = self._open
        return await finish_async(lambda on_ready: native.is_ready(on_ready), str) == "true"

    async def aclose(self) -> None:
        """Ends the watch and closes the database; see `Orders.close`."""
        await _end(self._open.close)

    async def __aenter__(self: _AsyncOrders) -> _AsyncOrders:
        native = self._open
        await finish_async(lambda on_ready: native.open(on_ready), str)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


class AsyncWatch:
    """A watch that runs while its `async with` block runs. Returned by `AsyncOrders.watch`."""

    def __init__(self, native: _native.Orders) -> None:
        self._open = native

    async def start(self) -> None:
        """Starts the watch, like `async with`."""
        native = self._open
        if await finish_async(lambda on_ready: native.watch(on_ready), str) != "true":
            raise RuntimeError("expected orders without a running watch, found a running watch")

    async def stop(self) -> None:
        """Ends the watch. The next watch repeats unfinished checks."""
        await _end(self._open.stop_watching)

    async def __aenter__(self: _AsyncWatch) -> _AsyncWatch:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()


async def _order(start: Callable[[Callable[[], object]], _native.Call]) -> Order:
    return read_order(await finish_async(start, str))


class _Nothing(Exception):
    """There is nothing to end."""


async def _end(stop: Callable[[Callable[[], object] | None], _native.Call | None]) -> None:
    """Ends something, if it was started."""

    def start(on_ready: Callable[[], object]) -> _native.Call:
        call = stop(on_ready)
        if call is None:
            raise _Nothing
        return call

    try:
        await finish_async(start, str)
    except _Nothing:
        pass
