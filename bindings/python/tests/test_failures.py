"""Values that a client refuses, failures of calls, and no secrets in failures."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import qris
from conftest import client_of


@pytest.mark.parametrize(
    ("number", "amount"),
    [("INV\t1", 1_000), ("", 1_000), (" INV", 1_000), ("INV ", 1_000), ("X" * 65, 1_000),
     ("I\u00e9", 1_000), ("I", 0), ("I", 99), ("I", 10_000_001), ("I", Decimal("1000.50")),
     ("I", -1)],
)  # fmt: skip
def test_a_wrong_value_is_an_invalid_value_and_not_sent(
    sandbox: qris.SandboxServer,
    client: qris.Client,
    orders: qris.Orders,
    number: str,
    amount: int | Decimal,
) -> None:
    code = "amount" if number == "I" else "transaction-number"
    calls: list[Callable[[], object]] = [
        lambda: client.create_invoice(number, amount),
        lambda: orders.charge(number, amount),
        lambda: orders.charge(number, amount, code=False),
    ]
    for call in calls:
        with pytest.raises(qris.InvalidValue, match="expected") as refused:
            call()
        assert refused.value.code == code
    with pytest.raises(TypeError, match="expected an int or a Decimal"):
        client.create_invoice("INV-1", 1000.0)  # type: ignore[arg-type]
    assert sandbox.calls().creates == 0


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("refuse", qris.Rejected, "other"),
        ("drop-after-accepting", qris.OutcomeUnknown, "interrupted"),
        ("html", qris.OutcomeUnknown, "malformed-reply"),
        ("wrong-amount", qris.ContentMismatch, "amount"),
        ("wrong-currency", qris.ContentMismatch, "currency"),
        ("wrong-nmid", qris.ContentMismatch, "nmid"),
        ("wrong-tip", qris.ContentMismatch, "tip"),
        ("bad-checksum", qris.ContentMismatch, "payload"),
    ],
)
def test_each_failure_of_a_create_has_its_exception(
    sandbox: qris.SandboxServer,
    client: qris.Client,
    fault: Any,
    kind: type[qris.ApiError],
    code: str,
) -> None:
    sandbox.inject(fault, on="create")
    with pytest.raises(qris.ApiError) as failed:
        client.create_invoice("INV-1", 25_578)
    assert (type(failed.value), failed.value.code) == (kind, code)
    if isinstance(failed.value, qris.ContentMismatch):
        assert failed.value.qris_invoiceid is not None
        assert str(failed.value.qris_invoiceid) in str(failed.value)
    again = pickle.loads(pickle.dumps(failed.value))
    assert (type(again), str(again), vars(again)) == (kind, str(failed.value), vars(failed.value))
    assert client.create_invoice("INV-2", 25_578).number == "INV-2", "once only"


def test_a_qr_with_another_nmid_than_the_settings_is_refused(
    sandbox: qris.SandboxServer,
) -> None:
    assert client_of(sandbox, nmid=sandbox.nmid).create_invoice("INV-1", 25_578).number == "INV-1"
    with pytest.raises(qris.ContentMismatch) as refused:
        client_of(sandbox, nmid="ID1020021181745").create_invoice("INV-2", 25_578)
    assert refused.value.code == "nmid"
    # The invoice exists: a person must look it up.
    assert refused.value.qris_invoiceid is not None


def test_a_refusal_in_unknown_words_keeps_them(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    sandbox.inject("refuse", words="closed today")
    with pytest.raises(qris.Rejected) as refused:
        client.create_invoice("INV-1", 25_578)
    assert (refused.value.code, refused.value.words) == ("other", "closed today")


def test_the_error_for_an_unreadable_reply_has_its_length(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    invoice = client.create_invoice("INV-1", 25_578)
    sandbox.inject("empty", on="check")
    with pytest.raises(qris.MalformedReply) as malformed:
        client.check_invoice(invoice)
    assert (malformed.value.status, malformed.value.length) == (200, 0)


def test_a_time_out_leaves_a_create_unknown(sandbox: qris.SandboxServer) -> None:
    sandbox.inject("slow", seconds=20.0)
    with qris.Client(
        sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url, timeout=0.2
    ) as client:
        with pytest.raises(qris.OutcomeUnknown) as unknown:
            client.create_invoice("INV-1", 25_578)
    assert unknown.value.code == "timed-out"


def test_a_server_that_is_gone_is_unreachable(sandbox: qris.SandboxServer) -> None:
    client = qris.Client(sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url)
    sandbox.close()
    with pytest.raises(qris.Unreachable) as unreachable:
        client.create_invoice("INV-1", 25_578)
    assert unreachable.value.code == "no-connection"


def test_no_exception_and_no_representation_shows_the_credentials(
    sandbox: qris.SandboxServer,
) -> None:
    key, merchant = "secret-key-139139", "987654321"
    with qris.Client(key, merchant, base_url=sandbox.base_url) as client:
        with pytest.raises(qris.Rejected) as refused:
            client.create_invoice("INV-1", 25_578)
    assert refused.value.code == "invalid-api-key"
    for shown in (repr(client), str(client), str(refused.value), repr(refused.value)):
        assert key not in shown and merchant not in shown and "http" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(client)


@pytest.mark.parametrize("amount", [-1, 10**30, Decimal("1000.50"), Decimal("NaN")])
def test_the_refusal_of_a_number_that_is_no_amount_has_the_limits(
    client: qris.Client, amount: int | Decimal
) -> None:
    with pytest.raises(qris.InvalidValue, match="from Rp100 to Rp10000000, found another number"):
        client.create_invoice("INV-1", amount)


@pytest.mark.parametrize(
    "settings",
    [
        {"api_key": ""},
        {"merchant_id": "a b"},
        {"base_url": "http://example.com/"},
        {"timeout": 0.0},
        {"timeout": float("nan")},
        {"shown": timedelta(0)},
        {"validity": timedelta(0)},
    ],
)
def test_wrong_settings_are_invalid_values(settings: dict[str, object]) -> None:
    for kind in (qris.Client, qris.AsyncClient, qris.Merchant):
        with pytest.raises(qris.InvalidValue, match="expected"):
            kind(**{"api_key": "k", "merchant_id": "1", **settings})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"api_key": "s3cr3t\n"}, "api-key"),
        ({"merchant_id": "s3cr3t\n"}, "merchant-id"),
        ({"base_url": "https://shop:s3cr3t@example.com/"}, "base-url"),
        ({"name": "s3cr3t!"}, "merchant-name"),
        ({"checks_per_minute": 0}, "argument"),
    ],
)
def test_a_merchant_with_a_wrong_value_cannot_be_made_and_the_refusal_does_not_show_it(
    settings: dict[str, Any], code: str
) -> None:
    with pytest.raises(qris.InvalidValue) as refused:
        qris.Merchant(**{"api_key": "k", "merchant_id": "1", **settings})
    assert refused.value.code == code
    assert "s3cr3t" not in repr(refused.value)
    with pytest.raises(qris.InvalidValue):
        dataclasses.replace(qris.Merchant("k", "1"), **settings)


@pytest.mark.parametrize("kind", [qris.Client, qris.AsyncClient])
def test_a_client_whose_settings_were_refused_has_a_representation(
    kind: type[qris.Client | qris.AsyncClient],
) -> None:
    client = kind.__new__(kind)
    with pytest.raises(qris.InvalidValue):
        client.__init__("k", "1", timeout=0.0)  # type: ignore[misc]
    assert repr(client) == f"<qris.{kind.__name__} closed>"


def test_a_sandbox_that_could_not_start_has_a_representation() -> None:
    sandbox = qris.SandboxServer.__new__(qris.SandboxServer)
    with pytest.raises(qris.InvalidValue):
        sandbox.__init__(listen="nowhere")  # type: ignore[misc]
    assert repr(sandbox) == "<qris.SandboxServer not started>"


@pytest.mark.parametrize("setting", ["api_key", "merchant_id", "base_url"])
def test_no_refusal_of_a_lone_surrogate_holds_the_text(setting: str) -> None:
    settings: dict[str, Any] = {"api_key": "k", "merchant_id": "1", setting: "s3cr3t\udce9"}
    with pytest.raises(qris.InvalidValue, match="lone surrogates") as refused:
        qris.Client(**settings)
    error: BaseException | None = refused.value
    while error is not None:
        assert not isinstance(error, UnicodeError)
        assert "s3cr3t" not in repr(error) and "s3cr3t" not in repr(vars(error))
        error = error.__cause__ or error.__context__


def test_no_call_with_a_lone_surrogate_holds_the_text(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    text = "SITI\udce9"
    invoice = client.create_invoice("INV-1", 25_578)
    calls: list[Callable[[], object]] = [
        lambda: qris.SandboxServer(api_key=text),
        lambda: sandbox.pay(invoice, customer_name=text),
        lambda: sandbox.pay(invoice, method=text),
        lambda: sandbox.inject("refuse", words=text),
        lambda: sandbox.set_webhook(text),
        lambda: client.create_invoice(text, 1_000),
        lambda: client.check_invoice(dataclasses.replace(invoice, qris_content=text)),
    ]
    for call in calls:
        with pytest.raises(qris.InvalidValue, match="lone surrogates") as refused:
            call()
        assert not isinstance(refused.value, UnicodeError)
        assert "SITI" not in repr(refused.value) and refused.value.__context__ is None


def test_wrong_arguments_are_type_errors_or_invalid_values(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    invoice = client.create_invoice("INV-1", 25_578)
    wrong: Any
    for wrong in (60, None, "60"):
        for kind in (lambda **settings: qris.Client("k", "1", **settings), qris.SandboxServer):
            with pytest.raises(TypeError, match="expected a timedelta as validity, found"):
                kind(validity=wrong)
        with pytest.raises(TypeError, match="expected a timedelta as shown, found"):
            qris.Client("k", "1", shown=wrong)
    for wrong in (None, "INV-9", 1):
        with pytest.raises(TypeError, match="expected Invoice, found"):
            client.check_invoice(wrong)
        with pytest.raises(TypeError, match="expected Invoice, found"):
            client.wait_for_payment(wrong)
    for field, wrong in (("qris_invoiceid", "1"), ("number", 1), ("qris_content", None)):
        with pytest.raises(TypeError, match=f"as {field}, found {type(wrong).__name__}"):
            client.check_invoice(dataclasses.replace(invoice, **{field: wrong}))
    with pytest.raises(qris.InvalidValue, match="expected qris_invoiceid from 0 to"):
        client.check_invoice(dataclasses.replace(invoice, qris_invoiceid=-1))
    for wrong in (-1, 2**64):
        with pytest.raises(qris.InvalidValue, match="expected invoice from 0 to"):
            sandbox.pay(wrong)
    with pytest.raises(TypeError, match="expected int as invoice, found str"):
        sandbox.pay("1")  # type: ignore[arg-type]
    for wrong in (10**400, -1.0):
        with pytest.raises(qris.InvalidValue, match="expected seconds of 0 s or more"):
            sandbox.inject("slow", seconds=wrong)
        with pytest.raises(qris.InvalidValue, match="expected timeout of 0 s or more"):
            qris.Client("k", "1", timeout=wrong)
    assert sandbox.calls().checks == 0


@pytest.mark.parametrize("exponent", [10**9, -(10**9), 400, -400])
def test_no_amount_is_written_out_that_is_far_too_long(
    client: qris.Client, exponent: int
) -> None:
    for amount in (Decimal(f"1E{exponent:+}"), 10**5_000):
        with pytest.raises(qris.InvalidValue, match="expected whole rupiah") as refused:
            client.create_invoice("INV-1", amount)
        assert refused.value.code == "amount"
