"""The asyncio client: it does not block the loop, and cancelling works."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest
import qris
from conftest import SAMPLE, TRY_GAP


def client_of(sandbox: qris.SandboxServer) -> qris.AsyncClient:
    return qris.AsyncClient(
        sandbox.api_key,
        sandbox.merchant_id,
        base_url=sandbox.base_url,
        timeout=5.0,
        try_gap=TRY_GAP,
    )


def requested(ago: timedelta) -> qris.Invoice:
    made = datetime.now(timezone.utc) - ago
    return qris.Invoice(
        number="INV-1",
        amount=25_578,
        qris_content=SAMPLE,
        qris_request_date=made,
        # Checks of this number have no jitter; others are delayed by up to 5 s.
        qris_invoiceid=0,
        qris_nmid="ID1020021181745",
        shown_until=made + timedelta(minutes=30),
        expires_at=made + timedelta(minutes=60),
    )


def test_all_calls_answer_like_the_blocking_client(sandbox: qris.SandboxServer) -> None:
    async def sell() -> None:
        async with client_of(sandbox) as client:
            invoice = await client.create_invoice("INV-1", 25_578, tip=True)
            assert qris.decode(invoice.qris_content).tip == qris.Tip("prompt")
            assert await client.check_invoice(invoice) == qris.Payment(False)
            sandbox.pay(invoice, method="BCA")
            told: list[int] = []

            async def tell(check: qris.Check) -> None:
                await asyncio.sleep(0)
                told.append(check.number)

            payment = await client.wait_for_payment(invoice, on_check=tell)
            assert (payment.is_paid, payment.method, told) == (True, "BCA", [1])
            sandbox.inject("wrong-amount")
            with pytest.raises(qris.ContentMismatch):
                await client.create_invoice("INV-2", 25_578)
        with pytest.raises(RuntimeError, match="closed"):
            await client.check_invoice(invoice)

    asyncio.run(sell())


def test_cancelling_the_task_hangs_up() -> None:
    async def hang_up() -> bytes:
        called = asyncio.Event()
        hung_up: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        async def never_answer(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            await reader.readuntil(b"\r\n\r\n")
            called.set()
            hung_up.set_result(await reader.read())
            writer.close()

        server = await asyncio.start_server(never_answer, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        async with server:
            client = qris.AsyncClient("k", "1", base_url=f"http://{host}:{port}/")
            wait = requested(ago=timedelta(minutes=1))
            task = asyncio.create_task(client.wait_for_payment(wait))
            await asyncio.wait_for(called.wait(), 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return await asyncio.wait_for(hung_up, 10)

    assert asyncio.run(hang_up()) == b"", "the connection is closed, with nothing more said"


def test_a_thousand_waits_run_on_one_loop_and_one_thread_more() -> None:
    body = b'{"status":"success","data":{"qris_status":"paid"}}'
    reply = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body) + body

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply)
        await writer.drain()
        writer.close()

    async def wait_for_all() -> tuple[list[qris.Payment], int]:
        threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 0
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        async with server:
            tasks = []
            for number in range(1000):
                # Each key has its own budget. The first checks are due one by one.
                client = qris.AsyncClient(f"key-{number}", "1", base_url=f"http://{host}:{port}/")
                ago = timedelta(seconds=13) - number * timedelta(milliseconds=2)
                tasks.append(asyncio.create_task(client.wait_for_payment(requested(ago))))
            await asyncio.sleep(0)
            assert not any(task.done() for task in tasks)
            more = 0
            if threads:
                more = len(os.listdir("/proc/self/task")) - threads
            return await asyncio.gather(*tasks), more

    payments, more_threads = asyncio.run(wait_for_all())
    assert payments == [qris.Payment(True)] * 1000
    assert more_threads <= 1


def test_a_loop_that_closes_over_a_wait_leaves_nothing_behind(
    sandbox: qris.SandboxServer,
) -> None:
    async def walk_away() -> None:
        client = client_of(sandbox)
        invoice = await client.create_invoice("INV-1", 25_578)
        asyncio.get_running_loop().create_task(client.wait_for_payment(invoice))
        await asyncio.sleep(0)

    asyncio.run(walk_away())
    assert sandbox.calls().checks == 0


JOB = """
import asyncio, sys
from datetime import datetime, timezone
import qris

def invoice(number):
    now = datetime.now(timezone.utc)
    return qris.Invoice("INV-1", 25_578, "", now, number, "", now, now)

async def job():
    key, merchant, url = sys.argv[1:]
    client = qris.AsyncClient(key, merchant, base_url=url, budget="memory")
    checks = [asyncio.create_task(client.check_invoice(invoice(id))) for id in range(1, 60)]
    await asyncio.wait(checks, return_when=asyncio.FIRST_COMPLETED)

asyncio.run(job())
"""


def test_a_program_may_exit_while_answers_arrive(sandbox: qris.SandboxServer) -> None:
    arguments = [sandbox.api_key, sandbox.merchant_id, sandbox.base_url]
    for _ in range(10):
        ended = subprocess.run([sys.executable, "-c", JOB, *arguments], timeout=60)
        assert ended.returncode == 0
