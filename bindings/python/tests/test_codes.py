"""Each failure has the code and the class in `codes.tsv`, as in Rust and C."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import qris
from conftest import SAMPLE, client_of

CODES = Path(__file__).parents[3] / "crates/qris-api/tests/codes.tsv"
LINES = {
    name: (code, kind)
    for name, code, _, kind in (
        line.split("\t") for line in CODES.read_text("utf-8").splitlines()[1:]
    )
}
# The sandbox cannot cause them.
UNSEEN = {"Invalid/CertificateStore", "ContentMismatch/Reference"}

Call = Callable[[qris.SandboxServer], object]


def create(number: str = "INV-1", amount: int = 25_578, **settings: Any) -> Call:
    return lambda sandbox: client_of(sandbox, **settings).create_invoice(number, amount)


def check(**settings: Any) -> Call:
    now = datetime.now(timezone.utc)
    invoice = qris.Invoice("INV-1", 25_578, SAMPLE, now, 1, "", now, now)
    return lambda sandbox: client_of(sandbox, **settings).check_invoice(invoice)


def with_fault(fault: Any, call: Call, **parameters: Any) -> Call:
    def spoilt(sandbox: qris.SandboxServer) -> object:
        sandbox.inject(fault, **parameters)
        return call(sandbox)

    return spoilt


def refusing(words: str) -> Call:
    return with_fault("refuse", create(), words=words)


def twice(call: Call) -> Call:
    """The second call is refused by the pause that the first one started."""

    def again(sandbox: qris.SandboxServer) -> object:
        with contextlib.suppress(qris.ApiError):
            call(sandbox)
        return call(sandbox)

    return again


def with_the_qr_of_another_sale(sandbox: qris.SandboxServer) -> object:
    client = client_of(sandbox)
    client.create_invoice("INV-1", 25_578)
    sandbox.inject("other-sales-qr")
    return client.create_invoice("INV-2", 25_578)


FAILURES: dict[str, Call] = {
    "Invalid/ApiKey": lambda sandbox: qris.Client("", "1"),
    "Invalid/MerchantId": lambda sandbox: qris.Client("k", "a b"),
    "Invalid/TransactionNumber": create(number="INV\t1"),
    "Invalid/Amount": create(amount=99),
    "Invalid/BaseUrl": create(base_url="http://example.com/"),
    "Rejected/InvalidAmount": refusing("invalid amount"),
    "Rejected/InvalidApiKey": refusing("invalid apikey"),
    "Rejected/InvalidMerchantId": refusing("invalid mID"),
    "Rejected/TransactionNumberEmpty": refusing("transcation number is empty"),
    "Rejected/InvoiceIdEmpty": refusing("Invoice ID is empty"),
    "Rejected/UnknownRequest": refusing("what we do for you?"),
    "Rejected/Other": refusing("closed today"),
    "OutcomeUnknown/TimedOut": with_fault("slow", create(timeout=0.2), seconds=20),
    "OutcomeUnknown/Interrupted": with_fault("drop-after-accepting", create()),
    "OutcomeUnknown/MalformedReply": with_fault("html", create()),
    "Unreachable/Connect": check(base_url="http://127.0.0.1:1/"),
    "Unreachable/TimedOut": with_fault("slow", check(timeout=0.2), seconds=20),
    "Unreachable/Interrupted": with_fault("drop-after-accepting", check()),
    "Paused/RetryAfter": twice(with_fault("too-many-requests", check(), seconds=7)),
    "Paused/InvalidApiKey": twice(with_fault("refuse", check(), words="invalid apikey")),
    "Paused/InvalidMerchantId": twice(with_fault("refuse", check(), words="invalid mID")),
    "MalformedReply": with_fault("html", check()),
    "ContentMismatch/Payload": with_fault("bad-checksum", create()),
    "ContentMismatch/Initiation": with_fault("static-with-amount", create()),
    "ContentMismatch/Currency": with_fault("wrong-currency", create()),
    "ContentMismatch/Amount": with_fault("wrong-amount", create()),
    "ContentMismatch/NationalMerchantId": with_fault("wrong-nmid", create()),
    "ContentMismatch/Tip": with_fault("wrong-tip", create()),
    "ContentMismatch/Reused": with_the_qr_of_another_sale,
}


def test_every_line_has_a_failure() -> None:
    assert set(FAILURES) | UNSEEN == set(LINES)


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_has_the_class_and_the_code_of_its_line(
    sandbox: qris.SandboxServer, name: str
) -> None:
    with pytest.raises(qris.QrisError) as failed:
        FAILURES[name](sandbox)
    assert (failed.value.code, type(failed.value).__name__) == LINES[name]
    retry_after = getattr(failed.value, "retry_after", None)
    assert (retry_after is not None) == name.startswith("Paused/")
