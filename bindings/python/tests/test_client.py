"""The clients against the sandbox, over real HTTP."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import pickle
import re
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import pytest
import qris
from conftest import SAMPLE, TRY_GAP, client_of, replying

UTC = timezone.utc


def test_an_invoice_says_what_was_asked_and_until_when(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    invoice = client.create_invoice("INV-1", 25_578)
    assert (invoice.number, invoice.amount) == ("INV-1", Decimal(25_578))
    assert isinstance(invoice.amount, Decimal)
    assert before <= invoice.qris_request_date <= datetime.now(UTC)
    assert invoice.qris_request_date.utcoffset() == timedelta(hours=7)
    assert invoice.shown_until - invoice.qris_request_date == timedelta(minutes=30)
    assert invoice.expires_at - invoice.qris_request_date == timedelta(minutes=60)
    assert invoice.qris_nmid == sandbox.nmid
    code = qris.decode(invoice.qris_content)
    assert (code.amount, code.tip) == (Decimal(25_578), None)
    assert code.additional.reference_label == str(invoice.qris_invoiceid)
    assert pickle.loads(pickle.dumps(invoice)) == invoice
    assert {invoice: 1}[dataclasses.replace(invoice)] == 1


def test_a_tip_and_a_decimal_can_be_asked_for(client: qris.Client) -> None:
    invoice = client.create_invoice("INV-1", Decimal("1E+4"), tip=True)
    code = qris.decode(invoice.qris_content)
    assert (code.amount, code.tip) == (Decimal(10_000), qris.Tip("prompt"))


def test_shown_time_and_validity_are_settings(sandbox: qris.SandboxServer) -> None:
    with qris.Client(
        sandbox.api_key,
        sandbox.merchant_id,
        base_url=sandbox.base_url,
        shown=timedelta(minutes=3),
        validity=timedelta(minutes=30),
    ) as client:
        invoice = client.create_invoice("INV-1", 1_000)
    assert invoice.shown_until - invoice.qris_request_date == timedelta(minutes=3)
    assert invoice.expires_at - invoice.qris_request_date == timedelta(minutes=30)


@pytest.mark.parametrize(
    "number",
    ["INV/2026/00001", "#1001", "INV_7", "Order 00012-003-0004", "X" * 64],
)
def test_a_number_may_be_what_an_order_system_prints(
    sandbox: qris.SandboxServer, client: qris.Client, number: str
) -> None:
    invoice = client.create_invoice(number, 1_000)
    assert invoice.number == number
    assert client.check_invoice(invoice) == qris.Payment(False)


def test_a_check_tells_unpaid_from_paid(sandbox: qris.SandboxServer, client: qris.Client) -> None:
    invoice = client.create_invoice("INV-1", 25_578)
    assert client.check_invoice(invoice) == qris.Payment(False)
    sandbox.pay(invoice, customer_name="SITI AMINAH", method="BCA")
    payment = client.check_invoice(invoice)
    assert (payment.is_paid, payment.method, payment.customer_name) == (True, "BCA", "SITI AMINAH")
    assert payment.paid_at is not None and payment.paid_at.utcoffset() == timedelta(hours=7)
    assert "SITI" not in repr(payment)
    assert pickle.loads(pickle.dumps(payment)) == payment


def test_a_payment_has_all_that_the_reply_says(client: qris.Client) -> None:
    reply = (
        b'{"status":"success","data":{"qris_status":"paid","qris_paid_date":"2026-11-22 11:15:00",'
        b'"qris_payment_customername":"SITI","qris_payment_methodby":"BCA","rrn":"000380970875",'
        b'"note":"1 PAY-1 10200"},"qris_api_version_code":"2206091709"}'
    )
    moment = datetime(2026, 11, 22, 4, tzinfo=UTC)
    invoice = qris.Invoice("INV-1", Decimal(10_200), SAMPLE, moment, 1, "", moment, moment)
    with replying(200, {}, reply) as url:
        payment = qris.Client("k", "1", base_url=url).check_invoice(invoice)
    assert payment == qris.Payment(
        is_paid=True,
        paid_at=datetime(2026, 11, 22, 4, 15, tzinfo=UTC),
        method="BCA",
        customer_name="SITI",
        rrn="000380970875",
        note="1 PAY-1 10200",
        api_version="2206091709",
    )


def test_an_invoice_from_a_database_can_be_checked(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    made = client.create_invoice("INV-1", 25_578)
    sandbox.pay(made.qris_invoiceid)
    kept = qris.Invoice(
        number=made.number,
        amount=made.amount,
        qris_content=made.qris_content,
        qris_request_date=made.qris_request_date.astimezone(UTC),
        qris_invoiceid=made.qris_invoiceid,
        qris_nmid=made.qris_nmid,
        shown_until=made.shown_until.astimezone(UTC),
        expires_at=made.expires_at.astimezone(UTC),
    )
    assert kept == made
    assert client.check_invoice(kept).is_paid
    naive = dataclasses.replace(made, qris_request_date=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="with a time zone"):
        client.check_invoice(naive)


@pytest.mark.parametrize(
    ("number", "amount"),
    [("INV\t1", 1_000), ("", 1_000), (" INV", 1_000), ("INV ", 1_000), ("X" * 65, 1_000),
     ("I\u00e9", 1_000), ("I", 0), ("I", 99), ("I", 10_000_001), ("I", Decimal("1000.50")),
     ("I", -1)],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_a_value_error_and_not_sent(
    sandbox: qris.SandboxServer, client: qris.Client, number: str, amount: int | Decimal
) -> None:
    with pytest.raises(ValueError, match="expected"):
        client.create_invoice(number, amount)
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
def test_each_way_in_which_a_create_fails_is_another_exception(
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


def test_a_qr_of_another_nmid_than_that_of_the_settings_is_refused(
    sandbox: qris.SandboxServer,
) -> None:
    assert client_of(sandbox, nmid=sandbox.nmid).create_invoice("INV-1", 25_578).number == "INV-1"
    with pytest.raises(qris.ContentMismatch) as refused:
        client_of(sandbox, nmid="ID1020021181745").create_invoice("INV-2", 25_578)
    assert refused.value.code == "nmid"
    # An invoice was made all the same: a person looks it up.
    assert refused.value.qris_invoiceid is not None


def test_a_refusal_in_unknown_words_keeps_them(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    sandbox.inject("refuse", words="closed today")
    with pytest.raises(qris.Rejected) as refused:
        client.create_invoice("INV-1", 25_578)
    assert (refused.value.code, refused.value.words) == ("other", "closed today")


def test_a_reply_to_a_check_that_cannot_be_read_says_how_long_it_was(
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
def test_settings_that_make_no_sense_are_value_errors(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected"):
        qris.Client(**{"api_key": "k", "merchant_id": "1", **settings})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [qris.Client, qris.AsyncClient])
def test_a_client_whose_settings_were_refused_has_a_representation(
    kind: type[qris.Client | qris.AsyncClient],
) -> None:
    client = kind.__new__(kind)
    with pytest.raises(ValueError):
        client.__init__("k", "1", timeout=0.0)  # type: ignore[misc]
    assert repr(client) == f"<qris.{kind.__name__} closed>"


def test_a_sandbox_that_could_not_start_has_a_representation() -> None:
    sandbox = qris.SandboxServer.__new__(qris.SandboxServer)
    with pytest.raises(ValueError):
        sandbox.__init__(listen="nowhere")  # type: ignore[misc]
    assert repr(sandbox) == "<qris.SandboxServer not started>"


@pytest.mark.parametrize("setting", ["api_key", "merchant_id", "base_url"])
def test_no_refusal_of_a_lone_surrogate_holds_the_text(setting: str) -> None:
    settings: dict[str, Any] = {"api_key": "k", "merchant_id": "1", setting: "s3cr3t\udce9"}
    with pytest.raises(ValueError, match="lone surrogates") as refused:
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
        with pytest.raises(ValueError, match="lone surrogates") as refused:
            call()
        assert not isinstance(refused.value, UnicodeError)
        assert "SITI" not in repr(refused.value) and refused.value.__context__ is None


def test_wrong_arguments_are_type_errors_or_value_errors(
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
    with pytest.raises(ValueError, match="expected qris_invoiceid of 0 to"):
        client.check_invoice(dataclasses.replace(invoice, qris_invoiceid=-1))
    for wrong in (-1, 2**64):
        with pytest.raises(ValueError, match="expected invoice of 0 to"):
            sandbox.pay(wrong)
    with pytest.raises(TypeError, match="expected int as invoice, found str"):
        sandbox.pay("1")  # type: ignore[arg-type]
    for wrong in (10**400, -1.0):
        with pytest.raises(ValueError, match="expected seconds of 0 s or more"):
            sandbox.inject("slow", seconds=wrong)
        with pytest.raises(ValueError, match="expected timeout of 0 s or more"):
            qris.Client("k", "1", timeout=wrong)
    assert sandbox.calls().checks == 0


@pytest.mark.parametrize("exponent", [10**9, -(10**9), 400, -400])
def test_no_amount_is_written_out_that_is_far_too_long(
    client: qris.Client, exponent: int
) -> None:
    amount = Decimal(f"1E{exponent:+}")
    with pytest.raises(ValueError, match="expected whole rupiah"):
        client.create_invoice("INV-1", amount)
    with pytest.raises(ValueError, match="expected whole rupiah"):
        client.create_invoice("INV-1", 10**5_000)


def test_an_entered_client_keeps_its_type(sandbox: qris.SandboxServer) -> None:
    class Shop(qris.Client):
        till = 1

    class Stand(qris.SandboxServer):
        place = "here"

    with Stand() as stand, Shop(stand.api_key, "1", base_url=stand.base_url) as shop:
        assert (shop.till, stand.place) == (1, "here")


def test_a_closed_client_makes_no_calls(sandbox: qris.SandboxServer, client: qris.Client) -> None:
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.create_invoice("INV-1", 25_578)
    assert sandbox.calls().creates == 0


def test_waiting_tells_each_check_and_ends_with_the_payment(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    invoice = client.create_invoice("INV-1", 25_578)
    sandbox.pay(invoice, method="BNI")
    told: list[qris.Check] = []
    payment = client.wait_for_payment(invoice, on_check=told.append)
    assert (payment.is_paid, payment.method) == (True, "BNI")
    (check,) = told
    assert (check.number, check.trigger, check.error, check.next_at) == (1, "schedule", None, None)
    assert check.payment == payment
    assert check.made_at.utcoffset() == timedelta(hours=7)


def test_a_wait_does_not_go_by_the_clock_of_this_machine(sandbox: qris.SandboxServer) -> None:
    # As if this machine's clock were two hours ahead.
    sandbox.set_time(sandbox.now() - timedelta(hours=2))
    with client_of(sandbox) as client:
        invoice = client.create_invoice("INV-1", 25_578)
    told: list[qris.Check] = []

    def pay(check: qris.Check) -> None:
        told.append(check)
        if check.number == 1:
            sandbox.pay(invoice)

    # A client that has heard nothing from the provider yet.
    with client_of(sandbox) as restarted:
        payment = restarted.wait_for_payment(invoice, on_check=pay)
    assert [check.payment and check.payment.is_paid for check in told] == [False, True]
    assert payment.is_paid


def test_a_check_that_fails_is_told_and_ends_no_waiting(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    invoice = client.create_invoice("INV-1", 25_578)
    sandbox.inject("html", on="check")

    def stop(check: qris.Check) -> None:
        assert check.payment is None and check.next_at is not None
        assert isinstance(check.error, qris.MalformedReply)
        raise StopIteration

    with pytest.raises(StopIteration):
        client.wait_for_payment(invoice, on_check=stop)


def test_a_wait_with_a_wrong_key_ends_at_the_first_check(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    invoice = client.create_invoice("INV-1", 25_578)
    told: list[qris.Check] = []
    with qris.Client(
        "wrong", sandbox.merchant_id, base_url=sandbox.base_url, try_gap=TRY_GAP
    ) as stranger:
        with pytest.raises(qris.Rejected) as refused:
            stranger.wait_for_payment(invoice, on_check=told.append)
    assert refused.value.code == "invalid-api-key"
    assert [(check.number, check.next_at) for check in told] == [(1, None)]


def test_what_is_raised_while_a_check_is_told_ends_the_waiting(
    sandbox: qris.SandboxServer, client: qris.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = client.create_invoice("INV-1", 25_578)
    sandbox.inject("html", on="check")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(qris.MalformedReply, "__init__", interrupted)

    def tell(check: qris.Check) -> None:
        raise AssertionError("the interruption was told as a failed check")

    with pytest.raises(KeyboardInterrupt):
        client.wait_for_payment(invoice, on_check=tell)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals to a process")
def test_control_c_ends_a_wait_before_its_first_check(sandbox: qris.SandboxServer) -> None:
    client = client_of(sandbox, try_gap=timedelta(seconds=15))
    invoice = client.create_invoice("INV-1", 25_578)
    # A shell starts its background jobs with Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        client.wait_for_payment(invoice)
    assert sandbox.calls().checks == 0, "the first check is due after 15 s"


def test_other_threads_run_while_one_waits(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    sandbox.inject("slow", seconds=0.5)
    waiting = threading.Thread(target=client.create_invoice, args=("INV-1", 25_578))
    waiting.start()
    ticks = 0
    while waiting.is_alive():
        time.sleep(0.01)
        ticks += 1
    assert ticks > 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_can_call(sandbox: qris.SandboxServer, client: qris.Client) -> None:
    client.create_invoice("INV-1", 25_578)
    child = os.fork()
    if child == 0:
        # The child must end here, whatever happens.
        try:
            os._exit(0 if client.create_invoice("INV-2", 25_578).number == "INV-2" else 1)
        except BaseException:
            os._exit(2)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert sandbox.calls().creates == 2


def test_a_notebook_shows_an_invoice_with_number_amount_and_end(client: qris.Client) -> None:
    invoice = client.create_invoice("INV-1", 25_578)
    page = invoice._repr_html_()
    assert qris.draw(invoice.qris_content).decode() == invoice._repr_svg_()
    assert invoice._repr_svg_() in page
    assert f"INV-1: Rp25.578, until {invoice.shown_until:%H:%M} WIB" in page
    assert "Rp25.578" in invoice._repr_svg_(), "as the picture writes it"
    kept = dataclasses.replace(
        invoice, shown_until=invoice.shown_until.astimezone(UTC), amount=Decimal("1000.50")
    )
    assert f"Rp1.000,50, until {invoice.shown_until:%H:%M} WIB" in kept._repr_html_()
    odd = dataclasses.replace(invoice, number="<script>")
    assert "<script>" not in odd._repr_html_()


def test_a_webhook_says_what_it_says() -> None:
    hint = qris.read_webhook(
        b'{"rrn":"000380970875","note":"1 PAY-1 10200","invoice":"413255111",'
        b'"qris_status":"success","qris_paid_date":"2024-02-27 11:15:00",'
        b'"qris_payment_methodby":"BCA","qris_payment_customername":"SITI"}'
    )
    assert hint == qris.Webhook(
        qris_invoiceid=413_255_111,
        status="paid",
        paid_at=datetime(2024, 2, 27, 4, 15, tzinfo=UTC),
        method="BCA",
        customer_name="SITI",
        rrn="000380970875",
        note="1 PAY-1 10200",
    )
    assert "SITI" not in repr(hint)


def test_the_sandbox_says_why_a_payer_cannot_pay(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    invoice = client.create_invoice("INV-1", 25_578)
    sandbox.pay(invoice)
    for number, code in ((invoice, "already-paid"), (1, "not-found")):
        with pytest.raises(qris.SandboxError) as refused:
            sandbox.pay(number)
        assert refused.value.code == code
    late = client.create_invoice("INV-2", 25_578)
    sandbox.set_time(sandbox.now() + timedelta(hours=2))
    with pytest.raises(qris.SandboxError) as refused:
        sandbox.pay(late)
    assert refused.value.code == "expired"


def test_a_closed_sandbox_is_closed(sandbox: qris.SandboxServer) -> None:
    sandbox.close()
    sandbox.close()
    with pytest.raises(RuntimeError, match="closed"):
        sandbox.now()
    with pytest.raises(ValueError, match="expected one of slow "):
        qris.SandboxServer().inject("no-such-fault")  # type: ignore[arg-type]
    with pytest.raises(OSError):
        qris.SandboxServer(listen="203.0.113.1:1")


@pytest.mark.parametrize(
    ("fault", "on"),
    [
        ("wrong-amount", "check"),
        ("numeric-id", "check"),
        ("late-payment", "check"),
        ("duplicate-webhook", "create"),
    ],
)
def test_a_fault_on_an_occasion_where_it_cannot_happen_is_a_value_error(
    sandbox: qris.SandboxServer, client: qris.Client, fault: Any, on: Any
) -> None:
    with pytest.raises(ValueError, match=f"expected an occasion on which {fault} happens"):
        sandbox.inject(fault, on=on)
    sandbox.inject(fault)
    sandbox.clear_faults()
    assert client.create_invoice("INV-1", 25_578).number == "INV-1"


def test_the_types_name_every_fault(sandbox: qris.SandboxServer) -> None:
    names = get_args(get_type_hints(qris.SandboxServer.inject)["fault"])
    for name in names:
        sandbox.inject(name)
    with pytest.raises(ValueError, match='expected one of .*, found "no-such-fault"') as error:
        sandbox.inject("no-such-fault")  # type: ignore[arg-type]
    listed = re.sub(r" \(\w+\)", "", str(error.value))
    assert listed == f'expected one of {", ".join(names)}, found "no-such-fault"'


def test_content_is_not_in_the_representation_of_an_invoice() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    invoice = qris.Invoice("I", Decimal(1), SAMPLE, moment, 1, "ID1020021181745", moment, moment)
    assert "InterActive" not in repr(invoice)


def test_names_and_notes_are_in_no_representation() -> None:
    payment = qris.Payment(
        True, customer_name="SITI", rrn="000380970875", note="1 PAY-1 10200", api_version="22"
    )
    hint = qris.Webhook(1, "paid", customer_name="SITI", rrn="000380970875", note="1 PAY-1 10200")
    for thing in (payment, hint):
        assert "SITI" not in repr(thing) and "PAY-1" not in repr(thing)
        assert "rrn='000380970875'" in repr(thing)
