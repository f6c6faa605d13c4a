"""The same number charged again: at once, on a later day, by two threads."""

from __future__ import annotations

import pickle
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import qris
from conftest import merchant_of


def test_another_amount_under_the_same_number_is_a_conflict(orders: qris.Orders) -> None:
    orders.charge("INV-1", 25_578)
    with pytest.raises(qris.Conflict, match="booked with Rp25578") as refused:
        orders.charge("INV-1", 30_000)
    assert refused.value.code == "conflict"


def test_an_order_that_expired_days_ago_is_renewed_and_not_charged_again(
    sandbox: qris.SandboxServer, tmp_path: Path
) -> None:
    merchant = merchant_of(sandbox)
    with qris.Orders(tmp_path / "shop.db", merchant) as orders:
        orders.charge("INV-1", 25_578)
        orders.charge("INV-2", 25_578, reference="order 2")
    sandbox.set_time(sandbox.now() + timedelta(days=2))
    # It opens with the provider's time, so the host's clock does not matter.
    with qris.Orders(tmp_path / "shop.db", merchant) as orders:
        assert orders.order("INV-1").state == "expired"
        with pytest.raises(qris.Conflict, match="renew that order if it is the same sale") as used:
            orders.charge("INV-1", 25_578)
        assert used.value.code == "used-earlier"
        assert orders.charge("INV-2", 25_578, reference="order 2").state == "expired"
        for number in ("INV-1", "INV-2"):
            renewed = orders.renew(number)
            assert (renewed.state, len(renewed.invoices)) == ("pending", 2)


def test_a_repeated_charge_keeps_the_first_terms(orders: qris.Orders) -> None:
    first = orders.charge("INV-1", 25_578, description="tea", metadata={"table": 7})
    again = orders.charge(
        "INV-1", 25_578, channel="bill", tip=True, description="coffee", metadata={"table": 8}
    )
    assert again == first
    # If only one of two charges has a reference, it is neither compared nor stored.
    assert orders.charge("INV-1", 25_578, reference="order 7") == first
    orders.charge("INV-2", 25_578, reference="order 7")
    assert orders.charge("INV-2", 25_578).reference == "order 7"
    with pytest.raises(qris.Conflict) as refused:
        orders.charge("INV-2", 25_578, reference="order 8")
    assert refused.value.code == "conflict"


def test_a_charge_after_a_refusal_has_the_new_terms(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    sandbox.inject("refuse", on="create", words="closed today")
    with pytest.raises(qris.Rejected):
        orders.charge("INV-1", 25_578, description="tea", metadata={"table": 7})
    again = orders.charge("INV-1", 25_578, channel="bill", metadata={"table": 8})
    assert (again.channel, again.description, again.metadata) == ("bill", None, {"table": 8})


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_metadata_with_a_number_that_json_does_not_have_is_an_invalid_value_and_records_nothing(
    orders: qris.Orders, number: float
) -> None:
    circle: dict[str, object] = {}
    wrong: dict[str, object] = {"rate": [number]}
    circle["again"] = circle
    for metadata in (wrong, circle):
        with pytest.raises(qris.InvalidValue, match="expected metadata that is JSON") as refused:
            orders.charge("INV-1", 25_578, metadata=metadata)
        assert refused.value.code == "argument"
    assert orders.orders() == []


def test_two_threads_that_charge_the_same_number_get_the_same_code(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    found: list[qris.Order] = []
    threads = [
        threading.Thread(target=lambda: found.append(orders.charge("INV-1", 25_578)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({order.qris_invoiceid for order in found}) == 1 and len(found) == 8
    assert sandbox.calls().creates == 1


def test_an_order_that_is_being_charged_says_when_to_charge_it_again(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    sandbox.inject("slow", seconds=2)
    charging = threading.Thread(target=orders.charge, args=("INV-1", 25_578))
    charging.start()
    until = time.monotonic() + 20
    while not orders.orders(state="requested"):
        assert time.monotonic() < until
        time.sleep(0.02)
    with pytest.raises(qris.OutcomeUnknown) as refused:
        orders.renew("INV-1")
    charging.join()
    assert refused.value.code == "still-requested"
    assert refused.value.retry_after is not None and 0 < refused.value.retry_after < 120
    again = pickle.loads(pickle.dumps(refused.value))
    assert again.retry_after == refused.value.retry_after
