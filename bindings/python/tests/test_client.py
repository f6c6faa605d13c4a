"""The clients against the sandbox, over real HTTP: invoices and payments."""

from __future__ import annotations

import dataclasses
import pickle
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
import qris
from conftest import SAMPLE, replying

UTC = timezone.utc


def test_an_invoice_says_what_was_asked_and_until_when(
    sandbox: qris.SandboxServer, client: qris.Client
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    invoice = client.create_invoice("INV-1", 25_578)
    assert (invoice.number, invoice.amount) == ("INV-1", 25_578)
    assert type(invoice.amount) is int
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
def test_a_number_may_have_the_characters_of_order_systems(
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


def test_a_payment_has_all_fields_of_the_reply(client: qris.Client) -> None:
    reply = (
        b'{"status":"success","data":{"qris_status":"paid","qris_paid_date":"2026-11-22 11:15:00",'
        b'"qris_payment_customername":"SITI","qris_payment_methodby":"BCA","rrn":"000380970875",'
        b'"note":"1 PAY-1 10200"},"qris_api_version_code":"2206091709"}'
    )
    moment = datetime(2026, 11, 22, 4, tzinfo=UTC)
    invoice = qris.Invoice("INV-1", 10_200, SAMPLE, moment, 1, "", moment, moment)
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
    with pytest.raises(qris.InvalidValue, match="with a time zone"):
        client.check_invoice(naive)


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


def test_a_notebook_shows_an_invoice_with_number_amount_and_end(client: qris.Client) -> None:
    invoice = client.create_invoice("INV-1", 25_578)
    page = invoice._repr_html_()
    assert qris.draw(invoice.qris_content).decode() == invoice._repr_svg_()
    assert invoice._repr_svg_() in page
    assert f"INV-1: Rp25.578, until {invoice.shown_until:%H:%M} WIB" in page
    assert "Rp25.578" in invoice._repr_svg_(), "as the picture writes it"
    kept = dataclasses.replace(
        invoice, shown_until=invoice.shown_until.astimezone(UTC), amount=1_000_500
    )
    assert f"Rp1.000.500, until {invoice.shown_until:%H:%M} WIB" in kept._repr_html_()
    odd = dataclasses.replace(invoice, number="<script>")
    assert "<script>" not in odd._repr_html_()


def test_content_is_not_in_the_representation_of_an_invoice() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    invoice = qris.Invoice("I", 1, SAMPLE, moment, 1, "ID1020021181745", moment, moment)
    assert "InterActive" not in repr(invoice)


def test_names_and_notes_are_in_no_representation() -> None:
    payment = qris.Payment(
        True, customer_name="SITI", rrn="000380970875", note="1 PAY-1 10200", api_version="22"
    )
    hint = qris.Webhook(1, "paid", customer_name="SITI", rrn="000380970875", note="1 PAY-1 10200")
    for thing in (payment, hint):
        assert "SITI" not in repr(thing) and "PAY-1" not in repr(thing)
        assert "rrn='000380970875'" in repr(thing)
