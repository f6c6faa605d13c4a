"""Shared by the tests: payloads, vectors, a sandbox and a client for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import qris

VECTORS = Path(__file__).parents[3] / "crates/qris-codec/tests/vectors/payloads.tsv"

STICKER = (
    "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO "
    "CONTOH6007JAKARTA61051011062070703A01630466DC"
)
SAMPLE = (
    "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500019525599662"
    "70303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578."
    "005502015802ID5916InterActive Corp6013KOTA SURABAYA6105601366213050941325511163"
    "0439B7"
)


@dataclass(frozen=True)
class Judgement:
    """The result in a line of the vectors for one set of rules."""

    verdict: str
    findings: tuple[tuple[str, str | None, int], ...]
    """Code, path and offset, in the order of the payload."""

    @classmethod
    def parse(cls, verdict: str, places: str) -> Judgement:
        findings = []
        for place in places.split(",") if places != "-" else ():
            code, _, rest = place.partition("@")
            path, _, offset = rest.partition(":")
            findings.append((code, None if path == "-" else path, int(offset)))
        return cls(verdict, tuple(findings))


@dataclass(frozen=True)
class Vector:
    line: int
    emv: Judgement
    qris: Judgement
    payload: str


def vectors() -> list[Vector]:
    rows = VECTORS.read_text(encoding="utf-8").split("\n")[1:]
    found = []
    for line, row in enumerate(rows, start=2):
        if row:
            fields = row.split("\t")
            payload = fields[5]
            for escape, character in (("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t")):
                payload = payload.replace(escape, character)
            emv = Judgement.parse(fields[1], fields[3])
            national = Judgement.parse(fields[2], fields[4])
            found.append(Vector(line, emv, national, payload))
    return found


@contextmanager
def replying(status: int, headers: dict[str, str], body: bytes = b"") -> Iterator[str]:
    """A provider that gives every call the same reply."""

    class Provider(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *values: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test has its own budgets."""
    folder = tmp_path / "state"
    monkeypatch.setenv("QRIS_STATE_DIR", str(folder))
    return folder


# The gaps are short: the real provider would block the key.
TRY_GAP = timedelta(milliseconds=50)


def client_of(sandbox: qris.SandboxServer, **settings: Any) -> qris.Client:
    """A client that checks without long gaps."""
    usual = {"base_url": sandbox.base_url, "timeout": 5.0, "try_gap": TRY_GAP}
    return qris.Client(sandbox.api_key, sandbox.merchant_id, **{**usual, **settings})


def merchant_of(sandbox: qris.SandboxServer, **settings: Any) -> qris.Merchant:
    """A merchant whose codes are checked without long gaps."""
    usual = {
        "base_url": sandbox.base_url,
        "timeout": 5.0,
        "try_gap": TRY_GAP,
        "check_gap": TRY_GAP,
    }
    return qris.Merchant(sandbox.api_key, sandbox.merchant_id, **{**usual, **settings})


@pytest.fixture
def sandbox() -> Iterator[qris.SandboxServer]:
    with qris.SandboxServer() as sandbox:
        yield sandbox


@pytest.fixture
def orders(sandbox: qris.SandboxServer, tmp_path: Path) -> Iterator[qris.Orders]:
    with qris.Orders(tmp_path / "shop.db", merchant_of(sandbox)) as orders:
        yield orders


@pytest.fixture
def client(sandbox: qris.SandboxServer) -> Iterator[qris.Client]:
    with client_of(sandbox) as client:
        yield client
