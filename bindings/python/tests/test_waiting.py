"""Waiting for payments, with threads and processes, against the sandbox."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import timedelta

import pytest
import qris
from conftest import TRY_GAP, client_of


def test_a_wait_reports_each_check_and_ends_with_the_payment(
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


def test_a_wait_does_not_use_the_clock_of_this_machine(sandbox: qris.SandboxServer) -> None:
    # As if this machine's clock were two hours ahead.
    sandbox.set_time(sandbox.now() - timedelta(hours=2))
    with client_of(sandbox) as client:
        invoice = client.create_invoice("INV-1", 25_578)
    told: list[qris.Check] = []

    def pay(check: qris.Check) -> None:
        told.append(check)
        if check.number == 1:
            sandbox.pay(invoice)

    # A client without any answer from the provider yet.
    with client_of(sandbox) as restarted:
        payment = restarted.wait_for_payment(invoice, on_check=pay)
    assert [check.payment and check.payment.is_paid for check in told] == [False, True]
    assert payment.is_paid


def test_the_button_makes_an_early_check(sandbox: qris.SandboxServer) -> None:
    with client_of(sandbox, check_gap=timedelta(minutes=5)) as client:
        invoice = client.create_invoice("INV-1", 25_578)
        button = client.early_check()
        told: list[qris.Check] = []

        def press(check: qris.Check) -> None:
            told.append(check)
            # The scheduled tries are over (three, or fewer on a slow machine): the next check is
            # minutes away.
            if check.next_at and check.next_at - check.made_at > timedelta(minutes=1):
                sandbox.pay(invoice)
                assert button.press() == qris.Press(True, 2, None)

        assert client.wait_for_payment(invoice, on_check=press, early_check=button).is_paid
    *before, last = [check.trigger for check in told]
    assert set(before) == {"schedule"} and len(before) <= 3
    assert last == "button"


def test_the_presses_of_a_button_are_apart_and_end(sandbox: qris.SandboxServer) -> None:
    with client_of(sandbox, try_gap=timedelta(seconds=1)) as client:
        button = client.early_check()
        assert button.press().left == 2
        press = button.press()
        assert not press.is_accepted and press.retry_after is not None
        assert 0 < press.retry_after <= 1
        for left in (1, 0):
            time.sleep(1.1)
            assert button.press() == qris.Press(True, left, None)
        assert button.press() == qris.Press(False, 0, None)


def test_a_webhook_makes_one_early_check(sandbox: qris.SandboxServer) -> None:
    with client_of(sandbox, try_gap=timedelta(minutes=5)) as client:
        invoice = client.create_invoice("INV-1", 25_578)
        hint = client.early_check()
        hint.webhook()
        hint.webhook()
        sandbox.pay(invoice)
        told: list[qris.Check] = []
        assert client.wait_for_payment(invoice, on_check=told.append, early_check=hint).is_paid
    assert [check.trigger for check in told] == ["webhook"]


def test_an_invoice_is_checked_for_its_validity_and_grace(
    sandbox: qris.SandboxServer,
) -> None:
    times = {
        "shown": timedelta(seconds=0.2),
        "validity": timedelta(seconds=0.4),
        "check_gap": TRY_GAP,
    }
    with client_of(sandbox, grace=timedelta(seconds=0.6), **times) as client:
        invoice = client.create_invoice("INV-1", 25_578)
        begun = time.monotonic()
        assert not client.wait_for_payment(invoice).is_paid
        assert 0.8 < time.monotonic() - begun < 30
    assert invoice.expires_at - invoice.qris_request_date == timedelta(seconds=0.4)
    for setting in ("grace", "shown", "check_gap"):
        with pytest.raises(TypeError, match=f"expected a timedelta as {setting}"):
            client_of(sandbox, **{setting: 60})


def test_a_failed_check_is_reported_and_does_not_end_the_wait(
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


def test_an_exception_in_the_callback_ends_the_wait(
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
        # The child must end here in any case.
        try:
            os._exit(0 if client.create_invoice("INV-2", 25_578).number == "INV-2" else 1)
        except BaseException:
            os._exit(2)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert sandbox.calls().creates == 2
