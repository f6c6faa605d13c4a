"""Properties for any text."""

from __future__ import annotations

from decimal import Decimal

import qris
from conftest import STICKER, vectors
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_codec import with_checksum

SEVERITY = {"info": 0, "warning": 1, "error": 2}

# The first text builds Unicode tables once, which looks slow on a busy machine.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

any_text = st.text(st.characters(exclude_categories=[]))
payloads = st.sampled_from([vector.payload for vector in vectors()])


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A vector with a piece exchanged, and a right checksum half of the time."""
    payload = draw(payloads)
    start = draw(st.integers(0, len(payload)))
    end = draw(st.integers(start, min(len(payload), start + 8)))
    changed = payload[:start] + draw(st.text(max_size=8)) + payload[end:]
    return with_checksum(changed[:-8]) if draw(st.booleans()) else changed


@given(any_text | mutated())
def test_any_text_is_refused_or_judged_and_both_agree(text: str) -> None:
    inspection = qris.inspect(text)
    severities = [SEVERITY[finding.severity] for finding in inspection.findings]
    assert severities == sorted(severities, reverse=True), "worst first"
    length = len(text.encode("utf-8", "surrogatepass"))
    assert all(finding.offset <= length for finding in inspection.findings)
    try:
        code = qris.decode(text)
    except qris.DecodeError as error:
        assert inspection.verdict in ("malformed", "invalid")
        assert error.code in [finding.code for finding in inspection.findings]
    else:
        assert inspection.verdict == ("warn" if 1 in severities else "valid")
        fields = (code.merchant_name, code.amount, code.tip, code.accounts, code.additional)
        assert fields == (code.merchant_name, code.amount, code.tip, code.accounts, code.additional)
        assert repr(code).startswith("<qris.Qris ")
        assert code.text in text


@given(st.lists(any_text | mutated(), max_size=5))
def test_the_functions_for_many_texts_agree_with_the_ones_for_one(texts: list[str]) -> None:
    assert qris.inspect_many(texts, threads=2) == [qris.inspect(text) for text in texts]
    codes = [getattr(result, "code", None) for result in qris.decode_many(texts, threads=2)]
    for text, code in zip(texts, codes):
        try:
            qris.decode(text)
        except qris.DecodeError as error:
            assert code == error.code
        else:
            assert code is None


# A checksum of 16 bits detects every change of one byte, but not always of a longer character.
@given(st.integers(0, len(STICKER) - 1), st.characters(codec="ascii"))
def test_a_changed_character_is_refused(at: int, to: str) -> None:
    assume(STICKER[at] != to)
    changed = STICKER[:at] + to + STICKER[at + 1 :]
    assume(qris.inspect(changed).verdict != "warn")  # spaces at an end; a lower-case checksum
    assert qris.inspect(changed).verdict == "malformed"


@given(st.integers(1, 10_000_000), st.text("ABCXYZ0189-", min_size=1, max_size=25))
def test_a_dynamic_copy_is_dynamic(rupiah: int, reference: str) -> None:
    code = qris.decode(qris.decode(STICKER).to_dynamic(rupiah, reference_label=reference))
    assert code.amount == Decimal(rupiah)
    assert code.additional.reference_label == reference
    assert code.to_static() == STICKER


@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_an_error(picture: bytes) -> None:
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"):
        try:
            assert qris.read_image(start + picture) == []
        except qris.DecodeError as error:
            assert error.code in ("picture-format", "picture-damaged", "picture-too-large")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_webhook_or_an_error(body: bytes) -> None:
    try:
        assert qris.read_webhook(body).qris_invoiceid >= 0
    except qris.DecodeError as error:
        assert error.code == "webhook-malformed"
