"""What several tests need: payloads, vectors, a sandbox and a client for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
class Vector:
    line: int
    emv: str
    qris: str
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
            found.append(Vector(line, fields[1], fields[2], payload))
    return found


@pytest.fixture
def sandbox() -> Iterator[qris.SandboxServer]:
    with qris.SandboxServer() as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: qris.SandboxServer) -> Iterator[qris.Client]:
    with qris.Client(
        sandbox.api_key, sandbox.merchant_id, base_url=sandbox.base_url, timeout=5.0
    ) as client:
        yield client
