"""Webhooks, and the sandbox itself."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any, get_args, get_type_hints

import pytest
import qris

UTC = timezone.utc


def test_a_webhook_is_read() -> None:
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


def test_the_sandbox_raises_why_a_payer_cannot_pay(
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
    with pytest.raises(qris.InvalidValue, match="expected one of slow "):
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
    with pytest.raises(qris.InvalidValue, match=f"for which {fault} can happen"):
        sandbox.inject(fault, on=on)
    sandbox.inject(fault)
    sandbox.clear_faults()
    assert client.create_invoice("INV-1", 25_578).number == "INV-1"


def test_the_types_name_every_fault(sandbox: qris.SandboxServer) -> None:
    names = get_args(get_type_hints(qris.SandboxServer.inject)["fault"])
    for name in names:
        sandbox.inject(name)
    with pytest.raises(qris.InvalidValue, match='expected one of .*, found "no-such-fault"') as error:
        sandbox.inject("no-such-fault")  # type: ignore[arg-type]
    listed = re.sub(r" \(\w+\)", "", str(error.value))
    assert listed == f'expected one of {", ".join(names)}, found "no-such-fault"'
