"""Orders that several programs share on one PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import postgres
import pytest
import qris
from conftest import merchant_of

# Charges, watches and prints its settled orders, until its input ends.
PROGRAM = """
import os, sys
from datetime import timedelta
import qris

key, merchant_id, base_url, name, first, count = sys.argv[1:]
merchant = qris.Merchant(
    key,
    merchant_id,
    base_url=base_url,
    timeout=10.0,
    try_gap=timedelta(milliseconds=300),
    check_gap=timedelta(seconds=2),
    checks_per_minute=40,
)
with qris.Orders(os.environ["DATABASE"], merchant, actor=name) as orders, orders.watch():
    for number in range(int(first), int(first) + int(count)):
        orders.charge(f"INV-{number}", 10_000 + number)
    print("charged", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres.server() as url:
        yield url


def test_twenty_orders_of_three_programs_on_one_postgresql_are_each_settled_once_within_the_budget(
    sandbox: qris.SandboxServer, database: str
) -> None:
    def start(name: str, first: int) -> subprocess.Popen[str]:
        arguments = [sandbox.api_key, sandbox.merchant_id, sandbox.base_url, name]
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments, str(first), "7"],
            env={**os.environ, "DATABASE": database},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    # Their numbers overlap: 0 to 6, 5 to 11, and 10 to 19 below.
    programs = [start("first", 0), start("second", 5)]
    numbers = [f"INV-{number}" for number in range(20)]
    merchant = merchant_of(sandbox, timeout=10.0, checks_per_minute=40)

    async def sell() -> list[qris.Order]:
        async with qris.AsyncOrders(database, merchant, actor="third") as orders:
            async with orders.watch():
                charges = [
                    orders.charge(f"INV-{number}", 10_000 + number) for number in range(10, 20)
                ]
                await asyncio.gather(*charges)
                for program in programs:
                    assert program.stdout is not None
                    line = await asyncio.to_thread(program.stdout.readline)
                    assert line == "charged\n"
                for number in numbers:
                    order = await orders.order(number)
                    assert order.qris_invoiceid is not None
                    sandbox.pay(order.qris_invoiceid)
                    # Like a till's webhook: each program may make the check.
                    hint = f'{{"invoice":{order.qris_invoiceid},"qris_status":"success"}}'
                    await orders.on_webhook(hint.encode())
                cursor, paid = 0, 0
                until = time.monotonic() + 120
                while paid < len(numbers):
                    assert time.monotonic() < until, f"{paid} are paid"
                    told = await orders.events(cursor, wait=5)
                    cursor = told[-1].cursor if told else cursor
                    paid += sum(event.type == "order.paid" for event in told)
                return [await orders.order(number) for number in numbers]

    settled = asyncio.run(sell())
    for program in programs:
        program.communicate(timeout=60)
        assert program.returncode == 0
    assert [(order.state, order.overpaid) for order in settled] == [("paid", 0)] * 20
    with qris.Orders(database, merchant) as orders:
        told = [event for event in orders.events() if event.type == "order.paid"]
        assert sorted(event.order.number for event in told) == sorted(numbers)
        [total] = orders.report(by="day")
        assert (total.payments, total.paid) == (20, sum(10_000 + n for n in range(20)))
    calls = sandbox.calls()
    assert calls.creates == 20
    assert calls.busiest_minute <= 40


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_has_connections_of_its_own_to_postgresql(
    sandbox: qris.SandboxServer, database: str
) -> None:
    merchant = merchant_of(sandbox, name="forked", try_gap=timedelta(minutes=5))
    with qris.Orders(database, merchant) as orders:
        orders.charge("INV-1", 25_578)
        children = []
        for number in (2, 3):
            child = os.fork()
            if child == 0:
                # The child must end here in any case.
                try:
                    charged = orders.charge(f"INV-{number}", 25_578)
                    os._exit(0 if charged.state == "pending" else 1)
                except BaseException:
                    os._exit(2)
            children.append(child)
        for child in children:
            _, status = os.waitpid(child, 0)
            assert os.waitstatus_to_exitcode(status) == 0
        assert {order.number for order in orders.orders()} == {"INV-1", "INV-2", "INV-3"}
