"""`AsyncOrders` is `Orders` for asyncio."""

from __future__ import annotations

import asyncio
import inspect
from pathlib import Path
from typing import get_type_hints

import pytest
import qris
from conftest import merchant_of


def test_both_have_the_same_methods_with_the_same_arguments() -> None:
    names = {
        name
        for name, value in vars(qris.Orders).items()
        if not name.startswith("_") and callable(value) and name != "close"
    }
    assert {"charge", "renew", "check", "cancel", "resolve", "watch", "events"} <= names
    for name in names:
        sync, twin = getattr(qris.Orders, name), getattr(qris.AsyncOrders, name)
        assert inspect.signature(sync).parameters == inspect.signature(twin).parameters, name
        assert inspect.iscoroutinefunction(twin) is (name != "watch"), name
        if name != "watch":
            assert get_type_hints(sync) == get_type_hints(twin), name


def test_an_order_is_charged_paid_and_acknowledged(sandbox: qris.SandboxServer, tmp_path: Path) -> None:
    async def sell() -> list[str]:
        merchant = merchant_of(sandbox)
        async with qris.AsyncOrders(tmp_path / "shop.db", merchant) as orders:
            async with orders.watch():
                order = await orders.charge("INV-1", 25_578)
                assert order.qris_invoiceid is not None
                sandbox.pay(order.qris_invoiceid)
                [event] = await orders.events(since=1, wait=20)
                assert event.order.state == "paid"
                with pytest.raises(RuntimeError, match="without a running watch"):
                    await orders.watch().start()
            [paid] = await orders.unacknowledged()
            assert await orders.acknowledge(paid.number)
            assert await orders.check("INV-1") == await orders.order("INV-1")
            with pytest.raises(qris.Conflict):
                await orders.charge("INV-1", 30_000)
            [line] = await orders.report(by="channel")
            assert (line.channel, line.paid) == ("pos", 25_578)
            assert [order.number for order in await orders.payments()] == ["INV-1"]
            cancelled = await orders.by("siti").charge("INV-2", 10_000)
            assert (await orders.cancel("INV-2")).state == "cancelled"
            assert await orders.on_webhook(b'{"invoice":"9","qris_status":"success"}') is None
            found = await orders.orders(state="cancelled")
            assert [order.number for order in found] == [cancelled.number]
            assert [order.number for order in await orders.orders(limit=1)] == ["INV-2"]
            told: list[str] = [event.type for event in await orders.events()]
        with pytest.raises(RuntimeError, match="closed"):
            await orders.order("INV-1")
        return told

    expected = ["order.created", "order.paid", "order.created", "order.cancelled"]
    assert asyncio.run(sell()) == expected


def test_cancelling_a_task_does_not_stop_its_charge(
    sandbox: qris.SandboxServer, tmp_path: Path
) -> None:
    async def sell() -> str:
        orders = qris.AsyncOrders(tmp_path / "shop.db", merchant_of(sandbox))
        # The first call opens the database.
        assert await orders.orders() == []
        sandbox.inject("slow", seconds=1)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(orders.charge("INV-1", 25_578), 0.3)
        order = await orders.charge("INV-1", 25_578)
        await orders.aclose()
        return order.state

    assert asyncio.run(sell()) == "pending"
    assert sandbox.calls().creates == 1


def test_a_hundred_waits_for_events_run_on_one_loop(
    sandbox: qris.SandboxServer, tmp_path: Path
) -> None:
    async def wait() -> int:
        async with qris.AsyncOrders(tmp_path / "shop.db", merchant_of(sandbox)) as orders:
            waits = [asyncio.create_task(orders.events(wait=20)) for _ in range(100)]
            await orders.charge("INV-1", 25_578, code=False)
            return sum(len(events) for events in await asyncio.gather(*waits))

    assert asyncio.run(wait()) == 100
