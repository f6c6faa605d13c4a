"""Reads, judges, writes and draws QRIS payment codes, and takes payments with them.

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

What there is:

* payloads: `decode`, `inspect`, `hints`, `encode`, `anonymize`, and `decode_many` and
  `inspect_many`, which release the interpreter and use all cores;
* codes that a payer shows: `decode_cpm`;
* pictures: `draw`, `read_image`;
* payments: `Client` and `AsyncClient`, `read_webhook`;
* tests of programs that use it: `SandboxServer`.

Every exception of the package is a `QrisError`; a wrong argument is a `TypeError` or `ValueError`,
and a key, number or amount that cannot be is an `InvalidValue`, which is both.
Amounts are `Decimal`, never floats; moments are aware, at +07:00.
"""

from ._api import Check, Invoice, Payment, Webhook, read_webhook
from ._clients import AsyncClient, Client
from ._codec import anonymize, decode_many, encode, hints, inspect, inspect_many
from ._cpm import Application, BinaryObject, ConsumerCode, decode_cpm
from ._errors import (
    ApiError,
    ContentMismatch,
    DecodeError,
    EncodeError,
    InvalidValue,
    MalformedReply,
    OutcomeUnknown,
    Paused,
    QrisError,
    Rejected,
    SandboxError,
    Unreachable,
)
from ._fields import Account, Additional, Language, Object, Tip
from ._findings import Anonymized, Finding, Hint, Inspection
from ._native import Qris, __version__, decode
from ._pictures import draw, read_image
from ._sandbox import Calls, SandboxServer

__all__ = [
    "Account",
    "Additional",
    "Anonymized",
    "ApiError",
    "Application",
    "AsyncClient",
    "BinaryObject",
    "Calls",
    "Check",
    "Client",
    "ConsumerCode",
    "ContentMismatch",
    "DecodeError",
    "EncodeError",
    "Finding",
    "Hint",
    "Inspection",
    "InvalidValue",
    "Invoice",
    "Language",
    "MalformedReply",
    "Object",
    "OutcomeUnknown",
    "Paused",
    "Payment",
    "Qris",
    "QrisError",
    "Rejected",
    "SandboxError",
    "SandboxServer",
    "Tip",
    "Unreachable",
    "Webhook",
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
