"""What can go wrong. No message holds a key, a payload, a URL, a body or a payer's name."""

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
        # Exceptions are pickled by their positional arguments, and the facts are keywords.
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
    """A text that is no payload that may be used, or a picture or webhook that cannot be read.

    `code` is the word of the list of findings, such as `checksum-mismatch`; `tag` the path of the
    object where it is known; `offset` the byte of the text.

    >>> try:
    ...     qris.decode("0002015912WARUNG")
    ... except qris.DecodeError as error:
    ...     print(error)
    ...     print(error.code, error.tag, error.offset)
    object 59 should hold 12 characters, found 6 at byte 10
    object-truncated 59 10
    """


class EncodeError(_AtAPlace):
    """Values that make no payload or no picture.

    `offset` is the byte of the payload at which it would stand, and `tag` the object, where they
    are known.

    >>> try:
    ...     qris.encode(merchant_name="TOKO", merchant_city="JAKARTA", merchant_category_code="581")
    ... except qris.EncodeError as error:
    ...     print(error.code, error.tag)
    category-code-shape 52
    """


class InvalidValue(QrisError, ValueError):
    """A value that was refused before anything was sent: correct it.

    `code` is `api-key`, `merchant-id`, `base-url`, `transaction-number`, `amount`, `database-url`,
    `no-postgres`, `too-large`, or `certificate-store` where this system has no usable one. It is the word that Rust and C have for
    the failure, as everywhere.

    >>> try:
    ...     qris.Client("key", "195255685725", base_url="http://example.com/")
    ... except qris.InvalidValue as error:
    ...     print(error.code)
    base-url
    """


class ApiError(QrisError):
    """A call to the Open API that did not come to an answer. Each kind is another thing to do."""


class Rejected(ApiError):
    """The provider refused: correct the request or the credentials.

    `code` is `invalid-amount`, `invalid-api-key`, `invalid-merchant-id`,
    `transaction-number-empty`, `invoice-id-empty`, `unknown-request`, `rejected` (it refused the
    charge of another program that was waited for) or `other`, and then `words` are the provider's own.
    """

    words: str | None

    def __init__(self, message: str, *, code: str, words: str | None = None) -> None:
        super().__init__(message, code=code)
        self.words = words


class OutcomeUnknown(ApiError):
    """The create may have reached the provider, so an invoice that can be paid may exist: look
    before trying again. `code` is `timed-out`, `interrupted` or `malformed-reply`, and
    `outcome-unknown` for an order that was charged before."""


class Unreachable(ApiError):
    """No answer came, and trying again is safe. `code` is `no-connection`, `timed-out` or
    `interrupted`."""


class Paused(Unreachable):
    """Nothing was sent, because the provider wants no checks with this key for now.

    Ask again after `retry_after` seconds. `code` is `retry-after` where the provider is busy, and
    `invalid-api-key` or `invalid-merchant-id` where it refused the credentials: correct them. It
    says nothing about the invoice.
    """

    retry_after: float

    def __init__(self, message: str, *, code: str, retry_after: float) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class MalformedReply(ApiError):
    """An answer came to a check that cannot be read: `status` is HTTP's, `length` in bytes. The
    message says what was expected."""

    status: int
    length: int

    def __init__(self, message: str, *, code: str, status: int, length: int) -> None:
        super().__init__(message, code=code)
        self.status = status
        self.length = length


class ContentMismatch(ApiError):
    """The QR in the reply is not what was asked for: it must never be shown.

    `code` is what differs: `payload`, `initiation`, `currency`, `amount`, `nmid`, `tip`,
    `reference` (the number of another invoice) or `reused` (the number or the QR of another sale).
    `qris_invoiceid` is the invoice that was made, where it is known.
    """

    qris_invoiceid: int | None

    def __init__(self, message: str, *, code: str, qris_invoiceid: int | None = None) -> None:
        super().__init__(message, code=code)
        self.qris_invoiceid = qris_invoiceid


class SandboxError(QrisError):
    """The sandbox's payer cannot pay: `code` is `not-found`, `expired` or `already-paid`."""


class OrdersError(QrisError):
    """Something that `Orders` did not do. Each kind is another thing to do; `code` is the word that
    Rust, C and the till's HTTP API have for it.

    Where the provider refused or failed, it is an `ApiError`, as with `Client`: after
    `OutcomeUnknown` and `ContentMismatch` the order is `unknown`, after any other `rejected`.
    """


class Conflict(OrdersError):
    """The number is in the ledger for something else: use a new number.

    `code` is `conflict` where it has another amount, and `used-earlier` where it was paid, expired or
    cancelled on an earlier day and the call had no `reference`, or another one.
    """


class NotFound(OrdersError, LookupError):
    """No order has this number. `code` is `not-found`."""


class WrongState(OrdersError):
    """The order is in a state in which this cannot be done: `state`. `code` is `wrong-state`."""

    state: str

    def __init__(self, message: str, *, code: str, state: str) -> None:
        super().__init__(message, code=code)
        self.state = state


class TooSoon(OrdersError):
    """The provider may not be asked yet.

    Try again after `retry_after` seconds: `code` is `too-soon`. With `code` `none-left` all presses
    of this code are used up; the schedule goes on, and checks it after `retry_after` seconds, if it
    does.
    """

    retry_after: float | None

    def __init__(self, message: str, *, code: str, retry_after: float | None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class NotChecked(OrdersError):
    """The provider gave no answer, so it is not known whether the order was paid just now: try again
    later. `code` is `not-checked`."""


class LedgerUnavailable(OrdersError):
    """The database refused or failed.

    `code` is `busy`, `full`, `read-only` or `unreachable` where it helps to try again later;
    `other-account` where the database is of another account, as a sandbox's is; `newer-format` where a
    newer version wrote it; `replaced` where another file is at its path; else `books-unavailable`.
    """
