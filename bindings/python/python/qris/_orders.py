"""Orders in a database: charged, watched, and paid once."""

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
from ._errors import InvalidValue
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
    """Common code of `Orders` and `AsyncOrders`: the settings, and views for a merchant or
    actor."""

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
        """The orders of another merchant. The default is the first merchant."""
        return self._view(self._open.for_merchant(name))

    def by(self: _View, actor: str) -> _View:
        """The same orders; the history records this person or program for each step."""
        return self._view(self._open.by(actor))

    def _view(self: _View, native: _native.Orders) -> _View:
        view = object.__new__(type(self))
        view._open = native
        return view

    def __reduce__(self) -> NoReturn:
        raise TypeError("orders have keys and cannot be pickled")

    def __repr__(self) -> str:
        return f"<qris.{type(self).__name__}>"


class Orders(OrdersSettings):
    """The orders in a database. Each is charged once, watched, and becomes `paid` once, also after a
    crash. A second payment of an order is the event `order.overpaid`.

    **Never open the SQLite file with another SQLite library in the same process**, such as Python's
    `sqlite3` or Django's `DATABASES`. When one library closes the file, the locks of the other one
    are lost, and charges can be lost with them. Put your own tables in another file. `payments`,
    `orders` and the command `qris report` read this one.

    `database` is the path of a SQLite file, `sqlite://PATH`, or `postgres://…`; `merchants` is
    one `Merchant` or several. A till, the command `qris order` and other programs can use the
    same database at the same time, and see the same orders. The budget of the key is in it too.

    Run `watch` in at least one program: it checks each code as often as the provider allows. If that
    program is killed, the next one that watches continues; a code that was being checked is due
    again after up to 190 s. If a program is killed while it requests a code, that order stays
    `requested` for about 95 s, and then becomes `unknown`. A webhook with the payment's note, or
    `resolve`, ends this. These times are longer with a longer `timeout` of the merchant.

    With `public_url`, orders have the link of a payment page, which a till on the same database
    serves. `pay_key_file` has the key of these links; by default it is next to the SQLite file.

    Other Python threads run while a call waits. Any thread may make calls. Ctrl-C ends a wait at
    once, but a code that is being created is still recorded. A forked process opens its own
    connections. The database has the names of payers: protect it like the shop's own data.

    The provider's clock decides what has expired: opening asks the provider for its time, for 2 s at
    most. If it does not answer, this computer's clock counts until the provider's first reply, so
    keep that clock right with NTP.

    >>> with qris.SandboxServer() as sandbox:
    ...     merchant = qris.Merchant(
    ...         sandbox.api_key,
    ...         sandbox.merchant_id,
    ...         base_url=sandbox.base_url,
    ...         try_gap=timedelta(seconds=1),  # for the sandbox only
    ...         check_gap=timedelta(seconds=1),
    ...     )
    ...     with qris.Orders("shop.db", merchant) as orders, orders.watch():
    ...         order = orders.charge("INV-1", 25_578, channel="ecommerce")
    ...         sandbox.pay(order.qris_invoiceid)
    ...         # Event 1 is "order.created". This waits for the events after it.
    ...         events = orders.events(since=1, wait=10)
    ...         print(order.state, "and then", [event.type for event in events])
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
        """Charges an order: requests its code, once. With the same number and amount again, it
        returns the existing order, also if that is cancelled or expired: look at `state`.

        `amount` is from Rp100 to Rp10,000,000. `description` is cut to 500 characters.

        A repeated charge changes nothing: the order keeps its first `channel`, `tip`,
        `description`, `reference`, `metadata`, `due_at`, `shown` and `return_url`, and other values
        are ignored. Only a charge after a refusal (state `rejected`) replaces them.

        An order whose code has `expired` gets no new code from `charge`: use `renew`, on any day.

        An order that is pending is returned on any day, and one that is open gets its code. One that
        is paid, expired or cancelled is returned on the same day (WIB) only: the day of its payment,
        or of its creation. From the next day on, `charge` raises `Conflict` with the code
        `used-earlier`, because a shop may restart its numbers each day.

        `reference` is the caller's own reference for this charge. If both charges have the same
        one, `charge` returns the order on a later day too; if they have different ones, it raises
        `Conflict`. If only one of them has a reference, references are not compared.

        `shown` is how long its codes are shown, at most the merchant's `validity`: by default 60
        minutes, also with `shown=timedelta(hours=2)`. With `code=False` the order is created without
        a code, as `open`. To request the code, call `charge` again with the same number and amount,
        without `code=False`.

        Raises `Conflict` for a number of another order; `OutcomeUnknown` if an unseen code may
        exist, also after an HTTP status of 429 or 503: check before you charge another number;
        `Rejected`, `Unreachable` and
        `ContentMismatch`, as the client does; `InvalidValue`; `LedgerUnavailable`.
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
        """Requests another code for an order that is `expired` or `rejected`. It first checks every
        older code: if one is paid, it returns the paid order without a new code.

        It works on any day, and needs no `reference`. It waits until it may check each older code,
        for up to `try_gap` and 10 s (25 s by default), and for the provider's replies.

        Raises `NotChecked` if the check of an older code had no answer, `TooSoon` if one cannot be
        checked yet, `WrongState` for an order that is open, pending, unknown or cancelled, and the
        errors of `charge`.
        """
        return read_order(finish(self._open.renew(number, None), str))

    def check(self, number: str) -> Order:
        """Checks now whether an order is paid, for a cashier's button, and returns the order.

        Three presses are allowed for a code. If the last check is less than `try_gap` ago (15 s), the
        call waits for the rest of it, and for the provider's reply. If the last press is less than
        `try_gap` ago, or the checks of the key are paused, it raises `TooSoon`. The fourth press
        raises `TooSoon` with the code `none-left`.

        Raises `NotChecked` if the provider gave no answer. Neither error means that the order is
        unpaid. Raises `WrongState` for an order without a code.
        """
        return read_order(finish(self._open.check(number, None), str))

    def cancel(self, number: str) -> Order:
        """Cancels an order that is not paid, after a check. Its codes cannot be withdrawn. A payment
        that still comes makes the order `paid`, with the event `order.paid_late`, and
        `unacknowledged` lists it.

        Raises `WrongState` with `state` `paid` if the order is already paid.
        """
        return read_order(finish(self._open.cancel(number, None), str))

    def resolve(
        self, number: str, *, qris_invoiceid: int | None = None, not_made: str | None = None
    ) -> Order:
        """Resolves an `unknown` order with what a person found out, for example in the provider's
        portal. Pass one of two arguments. `qris_invoiceid` is the number of the provider's invoice
        for this order; a check must confirm that it is paid. `not_made` is a text: how the person
        knows that the provider made no invoice.

        The order stays `unknown` while the provider reports the invoice as unpaid.
        """
        return read_order(
            finish(resolve(self._open, number, qris_invoiceid, not_made, None), str)
        )

    def order(self, number: str) -> Order:
        """Returns the order with this number. Raises `NotFound`."""
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
        """Lists orders, the newest first. `first_day` and `last_day` limit the day of creation in
        WIB; `search` is part of a number, description, reference, RRN or method, or an amount.
        `after` is the last order of the page before."""
        call = self._open.orders(
            *list_arguments(state, channel, first_day, last_day, search, after), limit, None
        )
        return read_orders(finish(call, str))

    def unacknowledged(self, *, limit: int = 100) -> list[Order]:
        """Lists the paid orders that are not acknowledged yet, the oldest first. An order that was
        paid after it expired or was cancelled is in the list too. A second payment of an order that
        is acknowledged is not: it is the event `order.overpaid`.

        Call it at the start of the program and after each payment. For each order, ship first and
        then call `acknowledge`, so that a crash loses nothing. After a crash between the two, the
        order is in the list again: your shipping must ignore a number that it already shipped.
        """
        return read_orders(finish(self._open.unacknowledged(limit, None), str))

    def acknowledge(self, number: str) -> bool:
        """Records that a paid order is done, such as shipped. Returns `False` if that was recorded
        before. Raises `WrongState` for an order that is not paid."""
        return finish(self._open.acknowledge(number, None), str) == "true"

    def on_webhook(self, body: bytes) -> Order | None:
        """Stores the body of a webhook of the provider. Returns the order, or `None` if it matches
        no order in the database. A webhook alone does not make an order paid: the program that
        watches checks the code at once.

        Answer with 200 when this returns, because it is then on disk. If it raises
        `LedgerUnavailable`, answer with 503, so that the provider sends it again. Raises
        `DecodeError` for a body that is not a webhook.
        """
        text = finish(self._open.on_webhook(body, None), str)
        return None if text == "null" else read_order(text)

    def events(
        self, since: int = 0, *, limit: int = 100, wait: float = 0
    ) -> list[OrderEvent]:
        """Lists the events of the merchant's orders, from all programs, in order. Each event has a
        number, its `cursor`: 1, 2, 3 and so on. `since` is the number of the last event that you
        have handled, or 0; store it. If there is no later event yet, it waits up to `wait` seconds
        for one.

        After a restore of the database from a backup, start at 0. A `since` after the last event
        gives an empty list until the events have reached that number again, so you would miss the
        ones before it."""
        return read_events(finish(self._open.events(since, limit, wait, None), str))

    def report(
        self,
        first_day: date | None = None,
        last_day: date | None = None,
        *,
        by: Literal["day", "channel"] | None = None,
    ) -> list[Total]:
        """Totals from one day in WIB to another, by day and channel, or by one of them. By default
        the last day is today, and the first day is the last day."""
        call = self._open.report(day(first_day), day(last_day), by, None)
        return read_totals(finish(call, str))

    def payments(
        self, first_day: date | None = None, last_day: date | None = None
    ) -> list[Order]:
        """Lists the payments of these days, the earliest first, for comparison with a bank
        statement. An order with two paid codes is in the list once for each; `qris_invoiceid` and
        `paid_at` are that payment's. `overpaid` is the order's, on both: do not add it up."""
        call = self._open.payments(day(first_day), day(last_day), None)
        return read_orders(finish(call, str))

    def watch(self) -> Watch:
        """Watches the orders of all merchants. It checks codes as often as the provider allows,
        records payments, expires codes after their shown time, and creates recurring bills. If a
        program was killed during a charge, it makes that order `unknown`. It runs in its own thread,
        without Python, until `Watch.stop` or the end of the `with` statement.

        Several programs may watch one database; each check is made by one of them. A second watch in
        the same program raises `RuntimeError`.
        """
        return Watch(self._open)

    def is_ready(self) -> bool:
        """Whether charges and payments work now: this program watches, the provider refused no key,
        and the database is writable.

        It is `False` in a program that does not watch, such as a web process beside a worker, and
        says nothing about the worker there. Call it in the worker, and let that report the answer,
        for example on its own health page."""
        return finish(self._open.is_ready(None), str) == "true"

    def close(self) -> None:
        """Ends the watch, waits for running charges, for 45 s at most, and closes the database.
        Later calls raise `RuntimeError`."""
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
    """A running watch, until `stop` or the end of a `with` statement. Returned by
    `Orders.watch`."""

    def __init__(self, native: _native.Orders) -> None:
        self._open = native
        if finish(native.watch(None), str) != "true":
            raise RuntimeError("expected orders without a running watch, found a running watch")

    def stop(self) -> None:
        """Ends the watch. The next watch repeats unfinished checks."""
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
    """The text and number arguments of a charge."""
    if metadata is not None and not isinstance(metadata, Mapping):
        raise TypeError(f"expected a mapping as metadata, found {type(metadata).__name__}")
    kept = None if metadata is None else _json(metadata)
    return number, amount, channel, tip, description, reference, kept


def _json(metadata: Mapping[str, Any]) -> str:
    """The metadata as JSON text."""
    try:
        return json.dumps(dict(metadata), allow_nan=False)
    except ValueError as error:
        message = (
            "expected metadata that is JSON, found NaN, an infinity or an object that contains itself"
        )
        raise InvalidValue(message, code="argument") from error


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
    on_ready: Any,
) -> _native.Call:
    """Resolves an unknown outcome with what a person found out."""
    if (qris_invoiceid is None) == (not_made is None):
        message = "expected one of qris_invoiceid and not_made, found both or none"
        raise InvalidValue(message, code="argument")
    if not_made is not None:
        return native.resolve_not_made(number, not_made, on_ready)
    assert qris_invoiceid is not None
    return native.resolve_paid(number, qris_invoiceid, on_ready)


def day(value: date | None) -> str | None:
    """A day of a list or a report as text."""
    if value is None:
        return None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(f"expected a date, found {type(value).__name__}")
    return value.isoformat()
