"""Orders over a database: charged, watched, and paid once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from os import PathLike, fspath
from types import TracebackType
from typing import Any, Literal, NoReturn, TypeVar

from . import _native
from ._calls import finish
from ._merchant import Merchant
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

# `typing.Self` is Python 3.11's.
_View = TypeVar("_View", bound="OrdersSettings")
_Orders = TypeVar("_Orders", bound="Orders")
_Watch = TypeVar("_Watch", bound="Watch")


class OrdersSettings:
    """What `Orders` and `AsyncOrders` share: the settings, and views for a merchant or an actor."""

    _open: _native.Orders

    def __init__(
        self,
        database: str | PathLike[str],
        merchants: Merchant | Iterable[Merchant],
        *,
        actor: str = "program",
        public_url: str | None = None,
        pay_key_file: str | PathLike[str] | None = None,
    ) -> None:
        url = fspath(database)
        if "://" not in url:
            url = f"sqlite://{url}"
        if isinstance(merchants, Merchant):
            merchants = [merchants]
        self._open = _native.Orders(url, list(merchants), actor, public_url, pay_key_file)

    def for_merchant(self: _View, name: str) -> _View:
        """The orders of another merchant. Without this they are the first one's."""
        return self._view(self._open.for_merchant(name))

    def by(self: _View, actor: str) -> _View:
        """The same orders; what is done is booked under the name of this person or program."""
        return self._view(self._open.by(actor))

    def _view(self: _View, native: _native.Orders) -> _View:
        view = object.__new__(type(self))
        view._open = native
        return view

    def __reduce__(self) -> NoReturn:
        raise TypeError("orders hold keys and cannot be pickled")

    def __repr__(self) -> str:
        return f"<qris.{type(self).__name__}>"


class Orders(OrdersSettings):
    """The orders in a database: each is charged once, watched, and paid once, also after a crash.

    `database` is the path of a SQLite file, `sqlite://PATH`, or `postgres://…`; `merchants` one
    `Merchant` or several. A till, the command `qris order` and other programs can have the same
    database at the same time, and see the same orders: the budget of the key is in it too.

    A code is shown for a time, and checked as often as the provider allows, by the program that
    watches: run `watch` in one program at least. It survives crashes: what was being charged or paid
    when a program was killed is found out by the next one that watches.

    With `public_url`, orders have the link of a page for their payer, which a till on the same database
    serves. `pay_key_file` is the key of these links, beside a SQLite file by default.

    Calls release the interpreter while they wait, any thread may make them, and Ctrl-C ends a wait at
    once: a code that is being made is booked all the same. A process that is forked opens its own
    connections. The names of payers are in the database: keep it as safe as the shop's own.

    >>> with qris.SandboxServer() as sandbox:
    ...     merchant = qris.Merchant(
    ...         sandbox.api_key,
    ...         sandbox.merchant_id,
    ...         base_url=sandbox.base_url,
    ...         try_gap=timedelta(milliseconds=100),  # for the sandbox only
    ...     )
    ...     with qris.Orders("shop.db", merchant) as orders, orders.watch():
    ...         order = orders.charge("INV-1", 25_578, channel="ecommerce")
    ...         sandbox.pay(order.qris_invoiceid)
    ...         told = orders.events(since=1, wait=10)
    ...         print(order.state, "and then", [event.type for event in told])
    ...         for paid in orders.unacknowledged():
    ...             print("ship", paid.number)
    ...             orders.acknowledge(paid.number)
    pending and then ['order.paid']
    ship INV-1
    True
    """

    def __init__(
        self,
        database: str | PathLike[str],
        merchants: Merchant | Iterable[Merchant],
        *,
        actor: str = "program",
        public_url: str | None = None,
        pay_key_file: str | PathLike[str] | None = None,
    ) -> None:
        super().__init__(
            database,
            merchants,
            actor=actor,
            public_url=public_url,
            pay_key_file=pay_key_file,
        )
        finish(self._open.open(None), str)

    def charge(
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
        """Charges an order: asks for its code, once. The same number and amount again give the order
        as it is, with its live code; one that is `expired` needs `renew`.

        `reference` is the caller's own name for this charge: with it the same number is the same order
        on a later day too. `shown` is how long its codes are shown. With `code=False` the order is
        booked alone, as `open`; charging it later asks for the code.

        Raises `Conflict` for a number that is another order's; `OutcomeUnknown` where there may be a
        code that nobody has seen: look before charging under another number; `Rejected`, `Unreachable`
        and `ContentMismatch` as the client does; `InvalidValue`; `LedgerUnavailable`.
        """
        call = self._open.charge(
            *charge_arguments(number, amount, channel, tip, description, reference, metadata),
            due_at,
            None if shown is None else to_seconds("shown", shown),
            return_url,
            code,
            None,
        )
        return read_order(finish(call, str))

    def renew(self, number: str) -> Order:
        """Asks for another code of an order that is `expired`. Every older code is checked first: if one
        is paid, the order comes back paid, without a new code.

        Raises `NotChecked` where an older code had no answer, `TooSoon` where one may not be checked
        yet, `WrongState` for an order that is not expired, and what `charge` raises.
        """
        return read_order(finish(self._open.renew(number, None), str))

    def check(self, number: str) -> Order:
        """The cashier's button: asks the provider now whether an order is paid, and gives the order as
        it is then. There are three presses for a code, `try_gap` apart.

        Raises `TooSoon`, and `NotChecked` where the provider gave no answer: neither says that it is
        unpaid. `WrongState` for an order without a code.
        """
        return read_order(finish(self._open.check(number, None), str))

    def cancel(self, number: str) -> Order:
        """Cancels an order that is not paid, after a check. Its codes cannot be withdrawn, so a payment
        that comes all the same is booked.

        Raises `WrongState` with `state` `paid` where the payer was faster.
        """
        return read_order(finish(self._open.cancel(number, None), str))

    def resolve(
        self, number: str, *, qris_invoiceid: int | None = None, not_made: str | None = None
    ) -> Order:
        """Ends an `unknown` outcome, by what a person found out: which of the provider's invoices is
        this order's, which a check confirms; or that the provider made none, and how that was found out.

        The order stays `unknown` while the provider says that the invoice is not paid.
        """
        return read_order(
            finish(resolve(self._open, number, qris_invoiceid, not_made, None), str)
        )

    def order(self, number: str) -> Order:
        """The order of this number. Raises `NotFound`."""
        return read_order(finish(self._open.order(number, None), str))

    def orders(
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
        """Orders, the newest first. `first_day` and `last_day` are days of WIB on which they were
        booked; `search` is part of a number, description, reference, RRN or method, or an amount.
        `after` is the last order of the page before."""
        call = self._open.orders(
            *list_arguments(state, channel, first_day, last_day, search, after), limit, None
        )
        return read_orders(finish(call, str))

    def unacknowledged(self, *, limit: int = 100) -> list[Order]:
        """The paid orders of which no program has said `acknowledge`, the oldest first.

        Ask when the program starts and after each payment, ship, then acknowledge: so a crash in
        between loses nothing. What ships must take the same number twice, because the crash may come
        between the two.
        """
        return read_orders(finish(self._open.unacknowledged(limit, None), str))

    def acknowledge(self, number: str) -> bool:
        """Books that what the payment asks for is done. `False` where that was booked before. Raises
        `WrongState` for an order that is not paid."""
        return finish(self._open.acknowledge(number, None), str) == "true"

    def on_webhook(self, body: bytes) -> Order | None:
        """Takes the body that the provider posts to the merchant's webhook, and answers with the order,
        or `None` where it is of none that is booked. It is not believed: the program that watches
        checks the code at once.

        Answer with 200 when this returns, for then it is on disk; where it raises `LedgerUnavailable`,
        with 503, so that it is sent again. A body that is none is a `DecodeError`.
        """
        text = finish(self._open.on_webhook(body, None), str)
        return None if text == "null" else read_order(text)

    def events(
        self, since: int = 0, *, limit: int = 100, wait: float = 0
    ) -> list[OrderEvent]:
        """What happened to the merchant's orders after a cursor, in order, by whichever program; 0 is
        before the first. Where there is nothing yet, this waits up to `wait` seconds for the next."""
        return read_events(finish(self._open.events(since, limit, wait, None), str))

    def report(
        self,
        first_day: date | None = None,
        last_day: date | None = None,
        *,
        by: Literal["day", "channel"] | None = None,
    ) -> list[Total]:
        """What came from one day of WIB to another, by day and channel, or by one of them. The last day
        is today unless it is said, and the first is the last."""
        call = self._open.report(day(first_day), day(last_day), by, None)
        return read_totals(finish(call, str))

    def payments(
        self, first_day: date | None = None, last_day: date | None = None
    ) -> list[Order]:
        """What was paid in these days, one by one, the earliest first: what a bank's statement is held
        against. An order of which two codes were paid is there twice."""
        call = self._open.payments(day(first_day), day(last_day), None)
        return read_orders(finish(call, str))

    def watch(self) -> Watch:
        """Begins to watch the orders of all merchants, in a thread of its own that needs no interpreter:
        checks what is due within the budget of the key, expires codes whose time to be shown is over,
        settles what is paid, finds out what a killed program left, and makes the bills whose dates have
        come. It goes on until `Watch.stop`, or the end of the `with` statement.

        Several programs may watch one database; each check is made by one of them. A second watch of
        the same program is a `RuntimeError`.
        """
        return Watch(self._open)

    def is_ready(self) -> bool:
        """Whether a charge would be taken, and a payment be seen and booked: this program watches, the
        provider has refused no key, and the database can be written to."""
        return finish(self._open.is_ready(None), str) == "true"

    def close(self) -> None:
        """Ends the watch, waits until charges that are under way have ended, for 45 s at most, and
        closes the database. Calls afterwards are a `RuntimeError`."""
        call = self._open.close(None)
        if call is not None:
            finish(call, str)

    def __enter__(self: _Orders) -> _Orders:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class Watch:
    """Orders that are being watched, until `stop` or the end of a `with` statement. Made by
    `Orders.watch`."""

    def __init__(self, native: _native.Orders) -> None:
        self._open = native
        if finish(native.watch(None), str) != "true":
            raise RuntimeError("expected orders that nobody watches here, found watched ones")

    def stop(self) -> None:
        """Ends the watch. What is being checked is checked again by the next one."""
        call = self._open.stop_watching(None)
        if call is not None:
            finish(call, str)

    def __enter__(self: _Watch) -> _Watch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def charge_arguments(
    number: str,
    amount: int | Decimal,
    channel: str,
    tip: bool,
    description: str | None,
    reference: str | None,
    metadata: Mapping[str, Any] | None,
) -> tuple[str, int | Decimal, str, bool, str | None, str | None, str | None]:
    """The terms of a charge that are texts and numbers."""
    if metadata is not None and not isinstance(metadata, Mapping):
        raise TypeError(f"expected a mapping as metadata, found {type(metadata).__name__}")
    kept = None if metadata is None else json.dumps(dict(metadata))
    return number, amount, channel, tip, description, reference, kept


def list_arguments(
    state: str | None,
    channel: str | None,
    first_day: date | None,
    last_day: date | None,
    search: str | None,
    after: Order | None,
) -> tuple[
    str | None,
    str | None,
    str | None,
    str | None,
    str | None,
    tuple[datetime, str] | None,
]:
    """The filter of a list."""
    place = None if after is None else (after.created_at, after.number)
    return state, channel, day(first_day), day(last_day), search, place


def resolve(
    native: _native.Orders,
    number: str,
    qris_invoiceid: int | None,
    not_made: str | None,
    heard: Any,
) -> _native.Call:
    """What a person found out about an unknown outcome."""
    if (qris_invoiceid is None) == (not_made is None):
        raise ValueError("expected one of qris_invoiceid and not_made, found both or none")
    if not_made is not None:
        return native.resolve_not_made(number, not_made, heard)
    assert qris_invoiceid is not None
    return native.resolve_paid(number, qris_invoiceid, heard)


def day(value: date | None) -> str | None:
    """A day of a list or a report, as it is handed over."""
    if value is None:
        return None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(f"expected a date, found {type(value).__name__}")
    return value.isoformat()
