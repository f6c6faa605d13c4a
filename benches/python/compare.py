"""Compares qris with the packages on PyPI that read QRIS payloads, in one run.

``benches/python/run`` installs everything and runs this. Each figure is the median of rounds in
which all contenders take their turns, so that what disturbs the machine disturbs all of them.

qriskit's and pyqris's readers verify neither the checksum nor the rules; `qris.decode` does both.
"""

from __future__ import annotations

import gc
import platform
import statistics
import sys
import threading
import time
from collections.abc import Callable

import floor
import pyqris
import qris
import qriskit

# The Open API's own sample: 242 characters, 15 objects.
SAMPLE = (
    "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500019525599662"
    "70303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578."
    "005502015802ID5916InterActive Corp6013KOTA SURABAYA6105601366213050941325511163"
    "0439B7"
)
# Turns of half a millisecond: most of them pass without the system taking the core away.
ROUNDS = 301
BATCH = 100_000


def nanoseconds(call: Callable[[str], object], times: int) -> float:
    """What one call takes, loop included."""
    turns = [None] * times
    start = time.perf_counter_ns()
    for _ in turns:
        call(SAMPLE)
    return (time.perf_counter_ns() - start) / times


def compare_one() -> dict[str, float]:
    contenders: dict[str, tuple[Callable[[str], object], int]] = {
        "empty object": (floor.nothing, 5_000),
        "qris.decode": (qris.decode, 2_000),
        "qris.inspect": (qris.inspect, 300),
        "pyqris.from_str": (pyqris.QRIS.from_str, 200),
        "qriskit.parse": (qriskit.parse, 30),
        "qriskit.validate": (qriskit.validate, 5),
    }
    rounds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, (call, times) in contenders.items():
            rounds[name].append(nanoseconds(call, times))
    return {name: statistics.median(taken) for name, taken in rounds.items()}


def compare_many() -> tuple[float, float, float]:
    """What each of many takes: in a loop over `decode`, and at once on one thread and on all."""
    texts = [SAMPLE] * BATCH
    loop, one, every = [], [], []
    for _ in range(7):
        start = time.perf_counter_ns()
        codes = [qris.decode(text) for text in texts]
        loop.append((time.perf_counter_ns() - start) / BATCH)
        del codes
        for taken, threads in ((one, 1), (every, None)):
            start = time.perf_counter_ns()
            results = qris.decode_many(texts, threads=threads)
            taken.append((time.perf_counter_ns() - start) / BATCH)
            del results
    return statistics.median(loop), statistics.median(one), statistics.median(every)


def let_in() -> tuple[int, int, float]:
    """How often another thread gets to run: while a loop of `decode` runs, and while the same
    number is decoded at once on one thread."""
    texts = [SAMPLE] * BATCH
    counted = 0
    over = False

    def count() -> None:
        nonlocal counted
        while not over:
            counted += 1
            time.sleep(0.0001)

    counter = threading.Thread(target=count)
    counter.start()
    before = counted
    for text in texts:
        qris.decode(text)
    during_loop = counted - before
    before = counted
    start = time.perf_counter()
    qris.decode_many(texts, threads=1)
    took = time.perf_counter() - start
    during_batch = counted - before
    over = True
    counter.join()
    return during_loop, during_batch, took


def main() -> None:
    gc.disable()
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    taken = compare_one()
    decode = taken["qris.decode"]
    for name, time_taken in taken.items():
        print(f"{name:18}{time_taken:12.0f} ns  {time_taken / decode:8.2f} x qris.decode")
    print(f"{'':18}qris.decode is {decode / taken['empty object']:.2f} x the empty object")
    loop, one, every = compare_many()
    print(f"{BATCH} payloads, each: loop {loop:.0f} ns, decode_many on 1 thread {one:.0f} ns, "
          f"on all {every:.0f} ns")
    in_loop, in_batch, took = let_in()
    print(f"another thread ran {in_loop} times during the loop and {in_batch} times in the "
          f"{1000 * took:.0f} ms of decode_many")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
