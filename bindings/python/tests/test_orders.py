"""Orders over a SQLite file, against the sandbox."""

from __future__ import annotations

import json
import os
import pickle
import signal
import threading
import time
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import qris
from conftest import merchant_of


def paid(orders: qris.Orders, number: str, within: float = 20) -> qris.Order:
    """Waits until the order is paid, and returns it."""
    until = time.monotonic() + within
    while (order := orders.order(number)).state != "paid":
        assert time.monotonic() < until, order
        time.sleep(0.02)
    return order


def types(orders: qris.Orders, since: int = 0) -> list[str]:
    return [event.type for event in orders.events(since)]


def test_a_charge_gives_a_code_to_show_and_the_same_charge_the_same_code(
    orders: qris.Orders,
) -> None:
    order = orders.charge("INV-1", 25_578, channel="ecommerce", description="two coffees")
    assert (order.number, order.amount, order.channel) == ("INV-1", 25_578, "ecommerce")
    assert (order.state, order.description, order.overpaid) == ("pending", "two coffees", 0)
    assert order.qris_content is not None
    assert order.shown_until is not None and order.qris_request_date is not None
    assert qris.decode(order.qris_content).amount == Decimal("25578")
    assert order.created_at.utcoffset() == timedelta(hours=7)
    assert order.shown_until - order.qris_request_date == timedelta(minutes=30)
    assert [code.qris_invoiceid for code in order.invoices] == [order.qris_invoiceid]
    assert orders.charge("INV-1", Decimal("25578.00")) == order


def test_the_watch_settles_a_payment_and_reports_it_once(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    with orders.watch():
        order = orders.charge("INV-1", 25_578)
        assert order.qris_invoiceid is not None
        sandbox.pay(order.qris_invoiceid, customer_name="SITI", method="BCA")
        [event] = orders.events(since=1, wait=20)
        assert (event.cursor, event.type, event.order.state) == (2, "order.paid", "paid")
        settled = orders.order("INV-1")
    assert (settled.state, settled.method, settled.customer_name) == ("paid", "BCA", "SITI")
    assert settled.paid_at is not None and settled.paid_at.tzinfo is not None
    assert "SITI" not in repr(settled)
    assert types(orders) == ["order.created", "order.paid"]


def test_nothing_is_checked_before_the_watch_and_after_it(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    order = orders.charge("INV-1", 25_578)
    assert order.qris_invoiceid is not None
    sandbox.pay(order.qris_invoiceid)
    assert not orders.is_ready()
    watch = orders.watch()
    with pytest.raises(RuntimeError, match="without a running watch"):
        orders.watch()
    paid(orders, "INV-1")
    assert orders.is_ready()
    watch.stop()
    watch.stop()
    assert not orders.is_ready()
    later = orders.charge("INV-2", 25_578)
    assert later.qris_invoiceid is not None
    sandbox.pay(later.qris_invoiceid)
    checks = sandbox.calls().checks
    assert orders.events(since=3, wait=1.5) == []
    assert sandbox.calls().checks == checks
    with orders.watch():
        paid(orders, "INV-2")


def test_a_paid_order_is_unacknowledged_until_it_is_acknowledged(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    order = orders.charge("INV-1", 25_578)
    with pytest.raises(qris.WrongState) as refused:
        orders.acknowledge("INV-1")
    assert (refused.value.code, refused.value.state) == ("wrong-state", "pending")
    assert order.qris_invoiceid is not None
    sandbox.pay(order.qris_invoiceid)
    assert orders.check("INV-1").state == "paid"
    assert [found.number for found in orders.unacknowledged()] == ["INV-1"]
    assert [orders.acknowledge("INV-1"), orders.acknowledge("INV-1")] == [True, False]
    assert orders.unacknowledged() == []


def test_a_payment_of_a_cancelled_order_is_recorded(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    order = orders.charge("INV-1", 25_578)
    assert orders.cancel("INV-1").state == "cancelled"
    assert order.qris_invoiceid is not None
    sandbox.pay(order.qris_invoiceid)
    assert orders.check("INV-1").state == "paid"
    assert types(orders)[-1] == "order.paid_late"
    with pytest.raises(qris.WrongState) as refused:
        orders.cancel("INV-1")
    assert refused.value.state == "paid"


def test_an_expired_order_is_renewed_with_another_code(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    first = orders.charge("INV-1", 25_578, shown=timedelta(seconds=1))
    with pytest.raises(qris.WrongState) as refused:
        orders.renew("INV-1")
    assert refused.value.state == "pending"
    until = time.monotonic() + 20
    while orders.order("INV-1").state == "pending":
        assert time.monotonic() < until
        time.sleep(0.05)
    assert orders.charge("INV-1", 25_578).state == "expired"
    second = orders.renew("INV-1")
    assert (second.state, len(second.invoices)) == ("pending", 2)
    assert second.qris_invoiceid != first.qris_invoiceid
    assert first.qris_invoiceid is not None and second.qris_invoiceid is not None
    with orders.watch():
        for code in (first.qris_invoiceid, second.qris_invoiceid):
            sandbox.pay(code)
            orders.on_webhook(json.dumps({"invoice": code, "qris_status": "success"}).encode())
        until = time.monotonic() + 20
        while orders.order("INV-1").overpaid != 25_578:
            assert time.monotonic() < until
            time.sleep(0.05)
    assert types(orders) == ["order.created", "order.paid", "order.overpaid"]


def test_a_second_payment_of_an_acknowledged_order_is_an_event_and_a_row_with_its_own_code(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    codes = [orders.charge("INV-1", 25_578, shown=timedelta(seconds=1)).qris_invoiceid]
    until = time.monotonic() + 20
    while orders.order("INV-1").state == "pending":
        assert time.monotonic() < until
        time.sleep(0.05)
    codes.append(orders.renew("INV-1").qris_invoiceid)
    with orders.watch():
        for code in codes:
            assert code is not None
            sandbox.pay(code)
            orders.on_webhook(json.dumps({"invoice": code, "qris_status": "success"}).encode())
            if code == codes[0]:
                assert paid(orders, "INV-1").qris_invoiceid == codes[1]
                assert orders.acknowledge("INV-1")
        [event] = orders.events(since=2, wait=20)
    assert (event.cursor, event.type) == (3, "order.overpaid")
    assert [code.qris_invoiceid for code in event.order.invoices if code.paid_at] == codes
    assert orders.unacknowledged() == []
    assert {row.qris_invoiceid for row in orders.payments()} == set(codes)
    assert [row.overpaid for row in orders.payments()] == [25_578, 25_578]
    assert orders.events(since=4) == []


def test_a_rejected_order_is_renewed(sandbox: qris.SandboxServer, orders: qris.Orders) -> None:
    sandbox.inject("refuse", on="create", words="closed today")
    with pytest.raises(qris.Rejected):
        orders.charge("INV-1", 25_578)
    assert orders.order("INV-1").state == "rejected"
    assert orders.renew("INV-1").state == "pending"


def test_each_code_of_an_order_has_its_own_payment(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    order = orders.charge("INV-1", 25_578)
    [code] = order.invoices
    assert (code.paid_at, code.method, code.customer_name, code.rrn) == (None, None, None, None)
    assert order.qris_invoiceid is not None
    sandbox.pay(order.qris_invoiceid, customer_name="SITI", method="BCA")
    hint = {"invoice": order.qris_invoiceid, "qris_status": "success", "rrn": "0003"}
    orders.on_webhook(json.dumps(hint).encode())
    [code] = orders.check("INV-1").invoices
    assert code.paid_at is not None
    assert (code.method, code.customer_name, code.rrn) == ("BCA", "SITI", "0003")
    assert "SITI" not in repr(code)


def test_an_order_without_a_code_gets_one_when_it_is_charged(orders: qris.Orders) -> None:
    due = datetime(2026, 12, 24, 10, 0, tzinfo=timezone.utc)
    bill = orders.charge(
        "BILL-7",
        150_000,
        channel="bill",
        code=False,
        due_at=due,
        reference="contract 7",
        metadata={"customer": 7, "tags": ["new"]},
    )
    assert (bill.state, bill.qris_content, bill.invoices) == ("open", None, ())
    assert (bill.due_at, bill.reference) == (due, "contract 7")
    assert bill.metadata == {"customer": 7, "tags": ["new"]}
    charged = orders.charge("BILL-7", 150_000)
    assert (charged.state, charged.channel, charged.metadata) == ("pending", "bill", bill.metadata)


def test_a_lost_reply_is_an_unknown_outcome_until_a_person_resolves_it(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    sandbox.inject("drop-after-accepting", on="create")
    with pytest.raises(qris.OutcomeUnknown):
        orders.charge("INV-1", 25_578)
    assert orders.order("INV-1").state == "unknown"
    with pytest.raises(qris.OutcomeUnknown) as refused:
        orders.charge("INV-1", 25_578)
    assert refused.value.code == "outcome-unknown"
    with pytest.raises(qris.InvalidValue, match="expected one of"):
        orders.resolve("INV-1")
    with pytest.raises(qris.InvalidValue, match="expected a reason"):
        orders.resolve("INV-1", not_made=" ")
    resolved = orders.resolve("INV-1", not_made="not in the portal")
    assert (resolved.state, resolved.invoices[0].state) == ("rejected", "resolved")
    assert types(orders) == ["order.created", "order.unknown", "order.resolved"]
    assert orders.charge("INV-1", 25_578).state == "pending"


def test_an_unknown_order_is_resolved_with_its_invoice_and_a_check(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    other = orders.charge("INV-1", 25_578)
    assert other.qris_invoiceid is not None
    sandbox.inject("drop-after-accepting", on="create")
    with pytest.raises(qris.OutcomeUnknown):
        orders.charge("INV-2", 25_578)
    lost = other.qris_invoiceid + 1
    assert orders.resolve("INV-2", qris_invoiceid=lost).state == "unknown"
    sandbox.pay(lost)
    until = time.monotonic() + 20
    while True:
        try:
            resolved = orders.resolve("INV-2", qris_invoiceid=lost)
            break
        except qris.TooSoon as error:
            assert time.monotonic() < until
            time.sleep(error.retry_after or 0.1)
    assert (resolved.state, resolved.qris_invoiceid) == ("paid", lost)


def test_a_refused_charge_raises_the_errors_of_the_client(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    sandbox.inject("wrong-amount")
    with pytest.raises(qris.ContentMismatch) as mismatch:
        orders.charge("INV-1", 25_578)
    assert mismatch.value.code == "amount"
    for number, amount, code in (("", 25_578, "transaction-number"), ("INV-2", 50, "amount")):
        with pytest.raises(qris.InvalidValue) as invalid:
            orders.charge(number, amount)
        assert invalid.value.code == code
    with pytest.raises(qris.NotFound) as absent:
        orders.order("INV-3")
    assert absent.value.code == "not-found" and isinstance(absent.value, LookupError)


def test_a_webhook_starts_a_check_and_its_reference_number_is_kept(
    sandbox: qris.SandboxServer, tmp_path: Path
) -> None:
    merchant = merchant_of(sandbox, try_gap=timedelta(minutes=5))
    with qris.Orders(tmp_path / "shop.db", merchant) as orders, orders.watch():
        lie, truth = orders.charge("INV-1", 25_578), orders.charge("INV-2", 25_578)
        assert truth.qris_invoiceid is not None
        sandbox.pay(truth.qris_invoiceid)
        for order in (lie, truth):
            hint = {"invoice": order.qris_invoiceid, "qris_status": "success", "rrn": "0003"}
            known = orders.on_webhook(json.dumps(hint).encode())
            assert known is not None and (known.number, known.state) == (order.number, "pending")
        assert paid(orders, "INV-2").rrn == "0003"
        assert orders.order("INV-1").state == "pending"
        assert orders.on_webhook(b'{"invoice":"999","qris_status":"success"}') is None
        with pytest.raises(qris.DecodeError):
            orders.on_webhook(b"no webhook")


def test_lists_find_by_state_day_and_text_page_by_page(orders: qris.Orders) -> None:
    for number in range(5):
        orders.charge(f"INV-{number}", 10_000 + number, code=False, description=f"table {number}")
    page = orders.orders(limit=3)
    rest = orders.orders(limit=3, after=page[-1])
    assert sorted(order.number for order in page + rest) == [f"INV-{n}" for n in range(5)]
    assert [order.number for order in orders.orders(search="table 3")] == ["INV-3"]
    assert orders.orders(state="paid") == []
    today = page[0].created_at.date()
    assert len(orders.orders(first_day=today, last_day=today, channel="pos")) == 5
    assert orders.orders(last_day=today - timedelta(days=1)) == []
    with pytest.raises(qris.InvalidValue, match="first day"):
        orders.orders(first_day=today, last_day=today - timedelta(days=1))
    with pytest.raises(TypeError, match="expected a date"):
        orders.report(today.isoformat())  # type: ignore[arg-type]
    with pytest.raises(qris.InvalidValue, match="expected a state"):
        orders.orders(state="lost")  # type: ignore[arg-type]


def test_a_report_adds_up_payments(sandbox: qris.SandboxServer, orders: qris.Orders) -> None:
    for number, amount, channel in (("A", 10_000, "pos"), ("B", 20_000, "ecommerce")):
        order = orders.charge(number, amount, channel=channel)  # type: ignore[arg-type]
        assert order.qris_invoiceid is not None
        sandbox.pay(order.qris_invoiceid)
        assert orders.check(number).state == "paid"
    orders.charge("C", 30_000)
    day = orders.order("A").created_at.date()
    lines = {(line.channel, line.invoices, line.payments, line.paid) for line in orders.report()}
    assert lines == {("pos", 2, 1, 10_000), ("ecommerce", 1, 1, 20_000)}
    [total] = orders.report(day, day, by="day")
    assert total == qris.Total(day, None, 3, 2, 30_000)
    assert orders.report(date(2020, 1, 1), date(2020, 1, 31)) == []
    assert [order.number for order in orders.payments()] == ["A", "B"]


def test_merchants_have_separate_orders(sandbox: qris.SandboxServer, tmp_path: Path) -> None:
    merchants = [merchant_of(sandbox), merchant_of(sandbox, name="kios-2")]
    with qris.Orders(tmp_path / "shop.db", merchants) as orders:
        second = orders.for_merchant("kios-2")
        orders.charge("INV-1", 10_000)
        assert second.charge("INV-1", 20_000).merchant == "kios-2"
        assert orders.order("INV-1").amount == 10_000
        with pytest.raises(qris.InvalidValue, match="name of one of the merchants"):
            orders.for_merchant("kios-3")
    with pytest.raises(qris.InvalidValue, match="two with the same name"):
        qris.Orders(tmp_path / "shop.db", [merchant_of(sandbox), merchant_of(sandbox)])
    with pytest.raises(qris.InvalidValue, match="at least one merchant"):
        qris.Orders(tmp_path / "shop.db", [])


def test_pay_links_begin_with_the_public_url_and_no_representation_shows_them(
    sandbox: qris.SandboxServer, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {"public_url": "https://bayar.toko.example"}
    with qris.Orders(tmp_path / "shop.db", merchant_of(sandbox), **settings) as orders:
        order = orders.charge("INV-1", 10_000, code=False)
        assert order.pay_url is not None
        assert order.pay_url.startswith("https://bayar.toko.example/pay/")
        assert order.pay_url not in repr(order)
        assert orders.events()[0].order.pay_url == order.pay_url


def test_orders_that_cannot_be_opened_raise_the_reason(sandbox: qris.SandboxServer, tmp_path: Path) -> None:
    merchant = merchant_of(sandbox)
    with pytest.raises(qris.InvalidValue) as invalid:
        qris.Orders("mysql://shop", merchant)
    assert invalid.value.code == "database-url"
    with pytest.raises(qris.InvalidValue) as invalid:
        qris.Orders(tmp_path / "no" / "such" / "folder.db", merchant)
    assert invalid.value.code == "no-folder"
    path = tmp_path / "shop.db"
    qris.Orders(path, merchant).close()
    with qris.SandboxServer(merchant_id="654321") as other:
        with pytest.raises(qris.LedgerUnavailable) as another:
            qris.Orders(f"sqlite://{path}", merchant_of(other))
    assert another.value.code == "other-account"
    with pytest.raises(TypeError, match="expected Merchant"):
        qris.Orders(path, ["key"])  # type: ignore[list-item]
    with pytest.raises(qris.InvalidValue, match="expected name of"):
        qris.Orders(path, merchant_of(sandbox, name="Kios 2"))


def test_closed_orders_are_closed(sandbox: qris.SandboxServer, tmp_path: Path) -> None:
    orders = qris.Orders(tmp_path / "shop.db", merchant_of(sandbox))
    watch = orders.watch()
    orders.close()
    orders.close()
    watch.stop()
    with pytest.raises(RuntimeError, match="closed"):
        orders.order("INV-1")


def test_keys_are_in_no_representation_and_no_pickle(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    merchant = merchant_of(sandbox)
    assert sandbox.api_key not in repr(merchant) + repr(orders)
    for secret in (merchant, orders):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(secret)
    order = orders.charge("INV-1", 25_578)
    assert pickle.loads(pickle.dumps(order)) == order


def test_other_threads_run_while_a_charge_waits(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    sandbox.inject("slow", seconds=0.5)
    waiting = threading.Thread(target=orders.charge, args=("INV-1", 25_578))
    waiting.start()
    ticks = 0
    while waiting.is_alive():
        time.sleep(0.01)
        ticks += 1
    assert ticks > 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals to a process")
def test_control_c_ends_a_wait_for_events_at_once(orders: qris.Orders) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        orders.events(wait=30)
    assert time.monotonic() - begun < 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals to a process")
def test_control_c_does_not_stop_a_charge(sandbox: qris.SandboxServer, orders: qris.Orders) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sandbox.inject("slow", seconds=1)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        orders.charge("INV-1", 25_578)
    # Another charge of the number waits for the result of the first.
    assert orders.charge("INV-1", 25_578).state == "pending"
    assert sandbox.calls().creates == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_opens_the_same_orders_again(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    with orders.watch():
        orders.charge("INV-1", 25_578)
        for number in range(2, 6):
            child = os.fork()
            if child == 0:
                # The child must end here in any case.
                try:
                    orders.order("INV-1")
                    charged = orders.charge(f"INV-{number}", 25_578)
                    os._exit(0 if charged.state == "pending" else 1)
                except BaseException:
                    os._exit(2)
            _, status = os.waitpid(child, 0)
            assert os.waitstatus_to_exitcode(status) == 0
            order = orders.order(f"INV-{number}")
            assert order.qris_invoiceid is not None
            sandbox.pay(order.qris_invoiceid)
            # The parent still watches.
            paid(orders, f"INV-{number}")
    assert sandbox.calls().creates == 5


def test_a_notebook_shows_the_qr_of_an_order_while_it_may_be_paid(orders: qris.Orders) -> None:
    order = orders.charge("<b>1", 25_578)
    assert order.qris_content is not None and order.shown_until is not None
    page = order._repr_html_()
    assert qris.draw(order.qris_content).decode() in page
    assert f"Rp25.578, pending, until {order.shown_until:%H:%M} WIB" in page
    assert "<b>" not in page
    cancelled = orders.cancel("<b>1")
    assert cancelled._repr_svg_() is None and "<svg" not in cancelled._repr_html_()
