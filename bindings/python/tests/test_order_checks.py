"""Checks of an order at once, for a cashier's button."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
import qris
from conftest import merchant_of


def test_the_button_checks_at_once_and_then_says_how_long_to_wait(
    sandbox: qris.SandboxServer, tmp_path: Path
) -> None:
    merchant = merchant_of(sandbox, try_gap=timedelta(seconds=30))
    with qris.Orders(tmp_path / "shop.db", merchant) as orders:
        orders.charge("INV-1", 25_578)
        assert orders.check("INV-1").state == "pending"
        with pytest.raises(qris.TooSoon) as refused:
            orders.check("INV-1")
        assert refused.value.code == "too-soon" and refused.value.retry_after is not None
        assert 0 < refused.value.retry_after <= 31
    assert sandbox.calls().checks == 1


def test_the_button_returns_after_a_check_of_the_watch(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    with orders.watch():
        for number in ("INV-1", "INV-2", "INV-3"):
            orders.charge(number, 25_578)
            assert orders.check(number).state == "pending"


def test_a_check_without_an_answer_is_not_unpaid(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    orders.charge("INV-1", 25_578)
    sandbox.inject("html", on="check", standing=True)
    with pytest.raises(qris.NotChecked, match="found none") as refused:
        orders.check("INV-1")
    assert (refused.value.code, refused.value.retry_after) == ("not-checked", None)


def waits_of_checks(orders: qris.Orders, count: int) -> list[float | None]:
    """The `retry_after` of this many checks without an answer."""
    waits: list[float | None] = []
    until = time.monotonic() + 20
    while len(waits) < count:
        assert time.monotonic() < until
        try:
            orders.check("INV-1")
        except qris.NotChecked as error:
            waits.append(error.retry_after)
        except qris.TooSoon as error:
            time.sleep(min(error.retry_after or 0.1, 1))
    return waits


def test_a_check_during_a_pause_of_the_key_says_how_long_the_pause_is(
    sandbox: qris.SandboxServer, orders: qris.Orders
) -> None:
    orders.charge("INV-1", 25_578)
    sandbox.inject("too-many-requests", on="check", seconds=300)
    # The first check starts the pause.
    _, wait = waits_of_checks(orders, 2)
    assert wait is not None and 200 < wait <= 300


def test_the_presses_of_a_code_are_used_up(orders: qris.Orders) -> None:
    orders.charge("INV-1", 25_578)
    seen: list[str] = []
    until = time.monotonic() + 20
    while (not seen or seen[-1] != "none-left") and time.monotonic() < until:
        try:
            seen.append(orders.check("INV-1").state)
        except qris.TooSoon as error:
            seen.append(error.code)
            assert error.retry_after is not None
            time.sleep(min(error.retry_after, 1))
    assert seen.count("pending") == 3 and seen[-1] == "none-left"
