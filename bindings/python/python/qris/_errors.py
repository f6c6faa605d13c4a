"""Exceptions. No message has a key, a payload, a URL, a body or a payer's name."""

from __future__ import annotations

from typing import Any, TypeVar

_Error = TypeVar("_Error", bound="QrisError")


def _rebuild(kind: type[_Error], args: tuple[Any, ...], facts: dict[str, Any]) -> _Error:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class QrisError(Exception):
    """Any failure of this package. `code` is a stable word for it, in kebab case."""

    code: str

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions are pickled with their positional arguments, but the facts are keywords.
        return _rebuild, (type(self), self.args, self.__dict__)


class _AtAPlace(QrisError, ValueError):
    tag: str | None
    offset: int | None

    def __init__(
        self, message: str, *, code: str, tag: str | None = None, offset: int | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.tag = tag
        self.offset = offset


class DecodeError(_AtAPlace):
    """A text that is not a usable payload, or a picture or webhook that cannot be read.

    `code` is a word of the list of findings, such as `checksum-mismatch`; `tag` is the path of
    the object, if it is known; `offset` is the byte of the text.

    >>> try:
    ...     qris.decode("0002015912WARUNG")
    ... except qris.DecodeError as error:
    ...     print(error)
    ...     print(error.code, error.tag, error.offset)
    object 59 should hold 12 characters, found 6 at byte 10
    object-truncated 59 10
    """


class EncodeError(_AtAPlace):
    """A payload or picture that cannot be made from the given values.

    `offset` is the byte in the payload, and `tag` the path of the object, if they are known.

    >>> try:
    ...     qris.encode(merchant_name="TOKO", merchant_city="JAKARTA", merchant_category_code="581")
    ... except qris.EncodeError as error:
    ...     print(error.code, error.tag)
    category-code-shape 52
    """


class InvalidValue(QrisError, ValueError):
    """A value was refused and nothing was sent. Correct the value.

    `code` is `api-key`, `merchant-id`, `base-url`, `transaction-number`, `amount`, `database-url`,
    `no-postgres`, `no-folder`, `too-large`, `too-long`, or `certificate-store` if this system has no
    usable certificates. Rust and C have the same words. For another argument it is `merchant-name` or
    `argument`, and the message names the argument.

    >>> try:
    ...     qris.Client("key", "195255685725", base_url="http://example.com/")
    ... except qris.InvalidValue as error:
    ...     print(error.code)
    base-url
    """


class ApiError(QrisError):
    """A failed call of the Open API. Each subclass asks for another action of the caller."""


class Rejected(ApiError):
    """The provider refused. Correct the request or the credentials.

    `code` is `invalid-amount`, `invalid-api-key`, `invalid-merchant-id`,
    `transaction-number-empty`, `invoice-id-empty`, `unknown-request`, `rejected` (the same charge
    of another program was refused) or `other`; then `words` are the provider's own.
    """

    words: str | None

    def __init__(self, message: str, *, code: str, words: str | None = None) -> None:
        super().__init__(message, code=code)
        self.words = words


class OutcomeUnknown(ApiError):
    """The create may have reached the provider, so a payable invoice may exist. Check before
    you try again.

    `code` is `timed-out`, `interrupted` or `malformed-reply` (also for an HTTP status such as 429 or
    503), or `outcome-unknown` for an order that was charged before: a webhook with the payment's
    note, or a person with `Orders.resolve`, ends it. With `still-requested` another program may
    still be requesting the code of this order: charge the same number again after `retry_after`
    seconds, which is otherwise `None`.
    """

    retry_after: float | None

    def __init__(self, message: str, *, code: str, retry_after: float | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unreachable(ApiError):
    """No answer came. It is safe to try again. `code` is `no-connection`, `timed-out` or
    `interrupted`."""


class Paused(Unreachable):
    """Nothing was sent, because checks with this key are paused.

    Ask again after `retry_after` seconds. `code` is `retry-after` if the provider asked to wait,
    and `invalid-api-key` or `invalid-merchant-id` if it refused the credentials: correct them. It
    does not mean that the invoice is unpaid.
    """

    retry_after: float

    def __init__(self, message: str, *, code: str, retry_after: float) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class MalformedReply(ApiError):
    """The answer to a check cannot be read: `status` is the HTTP status, `length` is in bytes.
    The message says what was expected."""

    status: int
    length: int

    def __init__(self, message: str, *, code: str, status: int, length: int) -> None:
        super().__init__(message, code=code)
        self.status = status
        self.length = length


class ContentMismatch(ApiError):
    """The QR in the reply is not the requested one. It must never be shown.

    `code` is the part that differs: `payload`, `initiation`, `currency`, `amount`, `nmid`, `tip`,
    `reference` (the number of another invoice) or `reused` (the number or the QR of another sale).
    `qris_invoiceid` is the created invoice, if its number is known.
    """

    qris_invoiceid: int | None

    def __init__(self, message: str, *, code: str, qris_invoiceid: int | None = None) -> None:
        super().__init__(message, code=code)
        self.qris_invoiceid = qris_invoiceid


class SandboxError(QrisError):
    """The sandbox's payer cannot pay: `code` is `not-found`, `expired` or `already-paid`."""


class OrdersError(QrisError):
    """A failed call of `Orders`. Each subclass asks for another action of the caller. `code` is the
    same word as in Rust, C and the till's HTTP API.

    If the provider refused or failed, it is an `ApiError`, as with `Client`: after
    `OutcomeUnknown` and `ContentMismatch` the order is `unknown`, after any other `ApiError`
    it is `rejected`.
    """


class Conflict(OrdersError):
    """The number is already used for another order: use a new number for a new sale.

    `code` is `conflict` if that order has another amount or another `reference`. It is
    `used-earlier` if that order was paid, expired or cancelled on an earlier day (WIB) and the call
    did not have its `reference`. If you mean that same order, read it with `Orders.order`; if it is
    `expired`, `Orders.renew` requests its next code on any day.
    """


class NotFound(OrdersError, LookupError):
    """No order has this number. `code` is `not-found`."""


class WrongState(OrdersError):
    """The order's `state` does not allow this call. `code` is `wrong-state`."""

    state: str

    def __init__(self, message: str, *, code: str, state: str) -> None:
        super().__init__(message, code=code)
        self.state = state


class TooSoon(OrdersError):
    """It is too early to ask the provider.

    With `code` `too-soon`, try again after `retry_after` seconds. With `none-left`, no press is left
    for this code. Wait: the watch checks it again in `retry_after` seconds. If that is `None`, no
    check is scheduled.
    """

    retry_after: float | None

    def __init__(self, message: str, *, code: str, retry_after: float | None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class NotChecked(OrdersError):
    """The provider gave no answer, so the order may have been paid just now. Try again later.

    `code` is `not-checked`. If this call found that checks with the key are paused, `retry_after` is
    the number of seconds until the end of the pause. Otherwise it is `None`.
    """

    retry_after: float | None

    def __init__(self, message: str, *, code: str, retry_after: float | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class LedgerUnavailable(OrdersError):
    """The database refused or failed.

    `code` is `busy`, `full`, `read-only` or `unreachable` if you can try again later;
    `other-account` if the database belongs to another account, such as a sandbox's; `newer-format`
    if a newer version wrote it; `replaced` if another file is at its path; otherwise
    `books-unavailable`.
    """
