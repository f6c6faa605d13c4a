"""Reads, checks, writes and draws QRIS payment codes, and takes payments with them.

>>> import qris
>>> code = qris.decode(
...     "00020101021226620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
...     "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605405250005802ID"
...     "5911TOKO CONTOH6007JAKARTA61051011062070703A0163040FCD"
... )
>>> code.merchant_name, code.amount
('TOKO CONTOH', Decimal('25000'))
>>> code.accounts[0].institution
'GoPay'

Contents:

* payloads: `decode`, `inspect`, `hints`, `encode`, `anonymize`, and `decode_many` and
  `inspect_many`, which release the interpreter and use all cores;
* codes that payers show: `decode_cpm`;
* pictures: `draw`, `read_image`;
* orders in a database, paid once: `Orders` and `AsyncOrders`;
* single calls of the API: `Client` and `AsyncClient`, `read_webhook`;
* for tests of your program: `SandboxServer`.

Every failure is a `QrisError`. An argument of a wrong type is a `TypeError`; a wrong value, such as a
wrong key, number or amount, is an `InvalidValue`, which is a `QrisError` and a `ValueError`.
Amounts of orders and invoices are `int`, whole rupiah; amounts of payloads are `Decimal`. Times are
aware datetimes at +07:00.
"""

from ._api import Check, Invoice, Payment, Press, Webhook, read_webhook
from ._async_orders import AsyncOrders, AsyncWatch
from ._clients import AsyncClient, Client
from ._codec import anonymize, decode_many, encode, hints, inspect, inspect_many
from ._cpm import Application, BinaryObject, ConsumerCode, decode_cpm
from ._errors import (
    ApiError,
    Conflict,
    ContentMismatch,
    DecodeError,
    EncodeError,
    InvalidValue,
    LedgerUnavailable,
    MalformedReply,
    NotChecked,
    NotFound,
    OrdersError,
    OutcomeUnknown,
    Paused,
    QrisError,
    Rejected,
    SandboxError,
    TooSoon,
    Unreachable,
    WrongState,
)
from ._fields import Account, Additional, Language, Object, Tip
from ._findings import Anonymized, Finding, Hint, Inspection
from ._merchant import Merchant
from ._native import EarlyCheck, Qris, __version__, decode
from ._order import Order, OrderEvent, OrderInvoice, Total
from ._orders import Orders, Watch
from ._pictures import draw, read_image
from ._sandbox import Calls, SandboxServer

__all__ = [
    "Account",
    "Additional",
    "Anonymized",
    "ApiError",
    "Application",
    "AsyncClient",
    "AsyncOrders",
    "AsyncWatch",
    "BinaryObject",
    "Calls",
    "Check",
    "Client",
    "Conflict",
    "ConsumerCode",
    "ContentMismatch",
    "DecodeError",
    "EarlyCheck",
    "EncodeError",
    "Finding",
    "Hint",
    "Inspection",
    "InvalidValue",
    "Invoice",
    "Language",
    "LedgerUnavailable",
    "MalformedReply",
    "Merchant",
    "NotChecked",
    "NotFound",
    "Object",
    "Order",
    "OrderEvent",
    "OrderInvoice",
    "Orders",
    "OrdersError",
    "OutcomeUnknown",
    "Paused",
    "Payment",
    "Press",
    "Qris",
    "QrisError",
    "Rejected",
    "SandboxError",
    "SandboxServer",
    "Tip",
    "TooSoon",
    "Total",
    "Unreachable",
    "Watch",
    "Webhook",
    "WrongState",
    "__version__",
    "anonymize",
    "decode",
    "decode_cpm",
    "decode_many",
    "draw",
    "encode",
    "hints",
    "inspect",
    "inspect_many",
    "read_image",
    "read_webhook",
]
