"""The budget of a key, with several clients and processes, and after restarts."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import qris
from conftest import SAMPLE, client_of

JOB = """
import asyncio, sys
from datetime import datetime, timedelta, timezone
import qris

key, merchant, url, first, count = sys.argv[1:]

def invoice(number):
    now = datetime.now(timezone.utc)
    return qris.Invoice("INV-1", 25_578, "", now, number, "", now, now)

async def job():
    async with qris.AsyncClient(key, merchant, base_url=url, try_gap=timedelta(minutes=5)) as client:
        numbers = range(int(first), int(first) + int(count))
        checks = [asyncio.create_task(client.check_invoice(invoice(number))) for number in numbers]
        done, _ = await asyncio.wait(checks, timeout=3)
        print(len(done))

asyncio.run(job())
"""


def run_job(sandbox: qris.SandboxServer, first: int, count: int) -> int:
    """Starts a program that checks this many invoices at once, and returns how many it could
    check."""
    arguments = [sandbox.api_key, sandbox.merchant_id, sandbox.base_url, str(first), str(count)]
    job = [sys.executable, "-c", JOB, *arguments]
    return int(subprocess.run(job, capture_output=True, check=True, timeout=60).stdout)


def invoice_of(number: int) -> qris.Invoice:
    now = datetime.now(timezone.utc)
    return qris.Invoice("INV-1", 25_578, SAMPLE, now, number, "", now, now)


def test_a_restarted_job_stays_within_the_budget_of_the_key(sandbox: qris.SandboxServer) -> None:
    assert [run_job(sandbox, first, 25) for first in (100, 200, 300)] == [25, 25, 10]
    assert sandbox.calls().checks == 60


def test_a_restarted_job_checks_an_invoice_again_only_after_the_gap(
    sandbox: qris.SandboxServer,
) -> None:
    assert [run_job(sandbox, 100, 5) for _ in range(3)] == [5, 0, 0]
    assert sandbox.calls().checks == 5


def test_clients_of_one_key_share_its_budget_however_its_server_is_spelled(
    sandbox: qris.SandboxServer,
) -> None:
    url = sandbox.base_url
    spellings = [
        url,
        url.rstrip("/"),
        url.upper().replace("/RESTAPI/QRIS/", "/restapi/qris/"),
        f" {url}",
        url.replace("restapi", "./restapi"),
        url.replace("//", "", 1),
    ]

    async def ask_too_often() -> None:
        for number in range(61):
            async with qris.AsyncClient(
                sandbox.api_key, sandbox.merchant_id, base_url=spellings[number % len(spellings)]
            ) as client:
                await asyncio.wait_for(client.check_invoice(invoice_of(number)), 5)

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(ask_too_often())
    assert sandbox.calls() == qris.Calls(creates=0, checks=60, busiest_minute=60)


def test_the_budget_is_kept_in_one_file_without_the_key(
    sandbox: qris.SandboxServer, state_dir: Path
) -> None:
    for _ in range(2):
        with client_of(sandbox) as client:
            client.check_invoice(invoice_of(1))
    (file,) = state_dir.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    kept = file.name + file.read_text("utf-8")
    assert sandbox.api_key not in kept and sandbox.merchant_id not in kept


def test_the_folder_of_the_budget_is_a_setting(
    sandbox: qris.SandboxServer, state_dir: Path, tmp_path: Path
) -> None:
    for folder in (tmp_path / "path", str(tmp_path / "text")):
        with client_of(sandbox, state_dir=folder) as client:
            client.check_invoice(invoice_of(1))
        assert len(list(Path(folder).iterdir())) == 1
    assert not state_dir.exists()
    with pytest.raises(TypeError):
        client_of(sandbox, state_dir=1)


def test_a_budget_in_memory_leaves_no_file_and_knows_nothing_of_other_clients(
    sandbox: qris.SandboxServer, state_dir: Path
) -> None:
    for _ in range(2):
        with client_of(sandbox, budget="memory", try_gap=timedelta(minutes=5)) as client:
            client.check_invoice(invoice_of(1))
    assert sandbox.calls().checks == 2
    assert not state_dir.exists()
    with pytest.raises(qris.InvalidValue, match="expected file or memory as budget"):
        client_of(sandbox, budget="disk")


def test_the_checks_a_minute_are_a_setting(sandbox: qris.SandboxServer) -> None:
    async def ask() -> int:
        async with qris.AsyncClient(
            sandbox.api_key,
            sandbox.merchant_id,
            base_url=sandbox.base_url,
            budget="memory",
            checks_per_minute=5,
        ) as client:
            checks = [
                asyncio.create_task(client.check_invoice(invoice_of(number)))
                for number in range(8)
            ]
            while sum(check.done() for check in checks) < 5:
                await asyncio.sleep(0.05)
            done, _ = await asyncio.wait(checks, timeout=1)
            return len(done)

    assert asyncio.run(asyncio.wait_for(ask(), 60)) == 5
    with pytest.raises(qris.InvalidValue, match="expected checks_per_minute from 1"):
        client_of(sandbox, checks_per_minute=0)


def test_a_refused_key_asks_no_more(sandbox: qris.SandboxServer) -> None:
    def refused() -> qris.ApiError:
        with qris.Client("wrong", sandbox.merchant_id, base_url=sandbox.base_url) as client:
            with pytest.raises(qris.ApiError) as refused:
                client.check_invoice(invoice_of(1))
        return refused.value

    first, second = refused(), refused()
    assert (type(first), first.code) == (qris.Rejected, "invalid-api-key")
    assert isinstance(second, qris.Paused) and isinstance(second, qris.Unreachable)
    assert second.code == "invalid-api-key"
    assert 800 < second.retry_after <= 900
    assert "wrong" not in str(second)
