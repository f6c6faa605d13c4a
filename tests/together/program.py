"""The Python program. Each line on standard input lets it take the next step; each step ends with a
line on standard output."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import qris

ORDERS = 20
RUPIAH = 25_578


def press(orders: qris.Orders, number: str) -> None:
    try:
        orders.check(number)
    except (qris.TooSoon, qris.NotChecked):
        pass  # Another program pressed, or the minute's checks are used up: the watch goes on.


def main() -> None:
    database, base_url, state_dir, checks_per_minute = sys.argv[1:]
    merchant = qris.Merchant(
        "sandbox-key",
        "123456",
        base_url=base_url,
        timeout=10.0,
        try_gap=timedelta(seconds=1),
        check_gap=timedelta(seconds=1),
        checks_per_minute=int(checks_per_minute),
        state_dir=state_dir,
    )
    numbers = [f"INV-{number}" for number in range(1, ORDERS + 1)]
    with qris.Orders(database, merchant, actor="python") as orders, orders.watch():
        print("ready", flush=True)
        sys.stdin.readline()
        for number in numbers:
            orders.charge(number, RUPIAH)
        print("charged", flush=True)
        sys.stdin.readline()
        with ThreadPoolExecutor(ORDERS) as threads:
            list(threads.map(lambda number: press(orders, number), numbers))
        until = time.monotonic() + 150
        while len(paid := orders.orders(state="paid", limit=ORDERS + 1)) < ORDERS:
            assert time.monotonic() < until, f"expected {ORDERS} paid orders, found {len(paid)}"
            time.sleep(0.2)
        print(f"paid {len(paid)}", flush=True)
        sys.stdin.readline()
        print(f"first {sum(orders.acknowledge(number) for number in numbers)}", flush=True)


main()
