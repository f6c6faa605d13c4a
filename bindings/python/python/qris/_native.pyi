from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from os import PathLike
from typing import Any, Final, Literal, final

from ._api import Invoice, Press, Webhook
from ._cpm import ConsumerCode
from ._errors import DecodeError
from ._fields import Account, Additional, Language, Object, Tip
from ._findings import Anonymized, Hint, Inspection
from ._merchant import Merchant

__all__ = [
    "CALL_TIMEOUT_SECONDS",
    "CHECKS_PER_MINUTE",
    "CHECK_GAP_SECONDS",
    "Call",
    "Client",
    "EarlyCheck",
    "GRACE_SECONDS",
    "Orders",
    "Qris",
    "SHOWN_SECONDS",
    "Sandbox",
    "TRY_GAP_SECONDS",
    "VALIDITY_SECONDS",
    "__version__",
    "anonymize",
    "check_merchant",
    "decode",
    "decode_cpm",
    "decode_many",
    "draw",
    "draw_poster",
    "encode",
    "hints",
    "inspect",
    "inspect_many",
    "institution",
    "read_image",
    "read_webhook",
]

CALL_TIMEOUT_SECONDS: Final[float]
CHECKS_PER_MINUTE: Final[int]
CHECK_GAP_SECONDS: Final[float]
GRACE_SECONDS: Final[float]
SHOWN_SECONDS: Final[float]
TRY_GAP_SECONDS: Final[float]
VALIDITY_SECONDS: Final[float]

__version__: str

@final
class Qris:
    __match_args__ = ("merchant_name", "amount", "initiation")
    @property
    def text(self) -> str: ...
    @property
    def merchant_name(self) -> str: ...
    @property
    def merchant_city(self) -> str: ...
    @property
    def postal_code(self) -> str | None: ...
    @property
    def country_code(self) -> str: ...
    @property
    def merchant_category_code(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def amount(self) -> Decimal | None: ...
    @property
    def initiation(self) -> Literal["static", "dynamic"] | None: ...
    @property
    def tip(self) -> Tip | None: ...
    @property
    def national_merchant_id(self) -> str | None: ...
    @property
    def criteria(self) -> str | None: ...
    @property
    def accounts(self) -> tuple[Account, ...]: ...
    @property
    def additional(self) -> Additional: ...
    @property
    def language(self) -> Language | None: ...
    def get(self, path: str) -> str | None: ...
    def walk(self) -> tuple[Object, ...]: ...
    def to_dynamic(
        self,
        amount: int | Decimal,
        *,
        tip: bool = False,
        fee: int | Decimal | None = None,
        fee_percent: int | Decimal | None = None,
        reference_label: str | None = None,
        bill_number: str | None = None,
    ) -> str: ...
    def to_static(self) -> str: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Callable[[str], Qris], tuple[str]]: ...
    def _repr_svg_(self) -> str: ...
    def _repr_html_(self) -> str: ...

@final
class Call:
    def next(self) -> Any: ...
    def poll(self) -> Any: ...
    def cancel(self) -> None: ...

@final
class EarlyCheck:
    def press(self) -> Press: ...
    def webhook(self) -> None: ...

@final
class Client:
    def __new__(cls, merchant: Merchant, budget: str) -> Client: ...
    def early_check(self) -> EarlyCheck: ...
    def create_invoice(
        self,
        number: str,
        amount: int | Decimal,
        tip: bool,
        on_ready: Callable[[], object] | None,
    ) -> Call: ...
    def check_invoice(self, invoice: Invoice, on_ready: Callable[[], object] | None) -> Call: ...
    def wait_for_payment(
        self,
        invoice: Invoice,
        tell_checks: bool,
        early_check: EarlyCheck | None,
        on_ready: Callable[[], object] | None,
    ) -> Call: ...

@final
class Orders:
    def __new__(
        cls,
        database: str,
        merchants: list[Merchant],
        actor: str,
        public_url: str | None,
        pay_key_file: str | PathLike[str] | None,
    ) -> Orders: ...
    def for_merchant(self, name: str) -> Orders: ...
    def by(self, actor: str) -> Orders: ...
    def open(self, on_ready: Callable[[], object] | None) -> Call: ...
    def close(self, on_ready: Callable[[], object] | None) -> Call | None: ...
    def charge(
        self,
        number: str,
        amount: int | Decimal,
        channel: str,
        tip: bool,
        description: str | None,
        reference: str | None,
        metadata: str | None,
        due_at: datetime | None,
        shown_seconds: float | None,
        return_url: str | None,
        code: bool,
        on_ready: Callable[[], object] | None,
    ) -> Call: ...
    def renew(self, number: str, on_ready: Callable[[], object] | None) -> Call: ...
    def check(self, number: str, on_ready: Callable[[], object] | None) -> Call: ...
    def cancel(self, number: str, on_ready: Callable[[], object] | None) -> Call: ...
    def resolve_paid(
        self, number: str, qris_invoiceid: int, on_ready: Callable[[], object] | None
    ) -> Call: ...
    def resolve_not_made(
        self, number: str, reason: str, on_ready: Callable[[], object] | None
    ) -> Call: ...
    def on_webhook(self, body: bytes, on_ready: Callable[[], object] | None) -> Call: ...
    def acknowledge(self, number: str, on_ready: Callable[[], object] | None) -> Call: ...
    def watch(self, on_ready: Callable[[], object] | None) -> Call: ...
    def stop_watching(self, on_ready: Callable[[], object] | None) -> Call | None: ...
    def is_ready(self, on_ready: Callable[[], object] | None) -> Call: ...
    def order(self, number: str, on_ready: Callable[[], object] | None) -> Call: ...
    def orders(
        self,
        state: str | None,
        channel: str | None,
        first_day: str | None,
        last_day: str | None,
        search: str | None,
        after: tuple[datetime, str] | None,
        limit: int,
        on_ready: Callable[[], object] | None,
    ) -> Call: ...
    def unacknowledged(self, limit: int, on_ready: Callable[[], object] | None) -> Call: ...
    def events(
        self,
        since: int,
        limit: int,
        wait_seconds: float,
        on_ready: Callable[[], object] | None,
    ) -> Call: ...
    def report(
        self,
        first_day: str | None,
        last_day: str | None,
        by: str | None,
        on_ready: Callable[[], object] | None,
    ) -> Call: ...
    def payments(
        self,
        first_day: str | None,
        last_day: str | None,
        on_ready: Callable[[], object] | None,
    ) -> Call: ...

@final
class Sandbox:
    def __new__(
        cls,
        listen: str,
        api_key: str,
        merchant_id: str,
        validity_seconds: float,
        webhook: str | None,
    ) -> Sandbox: ...
    def base_url(self) -> str: ...
    def nmid(self) -> str: ...
    def pay(self, invoice_id: int, customer_name: str, method: str) -> None: ...
    def inject(
        self, name: str, on: str, standing: bool, seconds: float | None, words: str | None
    ) -> None: ...
    def clear_faults(self) -> None: ...
    def set_webhook(self, url: str) -> None: ...
    def now(self) -> datetime: ...
    def set_time(self, now: datetime) -> None: ...
    def calls(self) -> tuple[int, int, int]: ...
    def stop(self) -> Call | None: ...

def check_merchant(merchant: Merchant) -> None: ...
def decode(text: str) -> Qris: ...
def decode_cpm(text: str) -> ConsumerCode: ...
def decode_many(texts: Iterable[str], threads: int | None) -> list[Qris | DecodeError]: ...
def hints(text: str, rules: str, lang: str) -> tuple[Hint, ...]: ...
def inspect(text: str, rules: str, lang: str) -> Inspection: ...
def inspect_many(
    texts: Iterable[str], rules: str, lang: str, threads: int | None
) -> list[Inspection]: ...
def institution(pan: str) -> str | None: ...
def encode(
    merchant_name: str,
    merchant_city: str,
    merchant_category_code: str,
    accounts: list[Account],
    national_merchant_id: str | None,
    criteria: str | None,
    postal_code: str | None,
    amount: int | Decimal | None,
    initiation: str | None,
    tip: bool,
    fee: int | Decimal | None,
    fee_percent: int | Decimal | None,
    additional: Additional | None,
    language: Language | None,
    templates: list[tuple[str, str]],
    country_code: str,
    currency: str,
    rules: str,
) -> str: ...
def anonymize(text: str) -> Anonymized: ...
def draw(
    text: str,
    format: str,
    plain: bool,
    level: str,
    quiet_zone: int,
    module: int | None,
    width: int | None,
    paper: int,
) -> bytes: ...
def draw_poster(
    text: str,
    format: str,
    size: str,
    level: str,
    printed_by: str | None,
    print_version: str | None,
) -> bytes: ...
def read_image(picture: bytes) -> list[str]: ...
def read_webhook(body: bytes) -> Webhook: ...
