"""Reading, checking and masking payloads."""

from __future__ import annotations

import pickle
import threading
import time
from decimal import Decimal
from typing import Any, Literal

import pytest
import qris
from conftest import SAMPLE, STICKER, Judgement, Vector, vectors


def with_checksum(body: str) -> str:
    crc = 0xFFFF
    for byte in f"{body}6304".encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
            crc &= 0xFFFF
    return f"{body}6304{crc:04X}"


def test_every_field_of_the_open_api_sample_is_read() -> None:
    code = qris.decode(SAMPLE)
    assert code.text == SAMPLE
    assert code.merchant_name == "InterActive Corp"
    assert code.merchant_city == "KOTA SURABAYA"
    assert code.postal_code == "60136"
    assert code.country_code == "ID"
    assert code.merchant_category_code == "5732"
    assert code.currency == "360"
    assert code.amount == Decimal("25578") and str(code.amount) == "25578.00"
    assert code.initiation == "dynamic"
    assert code.tip == qris.Tip("prompt")
    assert code.national_merchant_id == "ID1020021181745"
    assert code.criteria == "UMI"
    assert code.accounts == (
        qris.Account(
            "26",
            guid="ID.CO.TELKOM.WWW",
            pan="936008980255996627",
            merchant_id="000195255996627",
            criteria="UMI",
        ),
    )
    assert code.additional == qris.Additional(reference_label="413255111")
    assert code.language is None
    assert code.get("62.05") == "413255111"
    assert code.get("62.07") is None


def test_a_refusal_says_code_tag_and_offset() -> None:
    with pytest.raises(qris.DecodeError) as refused:
        qris.decode(SAMPLE[:-4] + "39B8")
    error = refused.value
    assert (error.code, error.tag, error.offset) == ("checksum-mismatch", "63", len(SAMPLE) - 4)
    assert str(error) == f"expected checksum 39B7, found 39B8 at byte {len(SAMPLE) - 4}"
    assert isinstance(error, ValueError) and isinstance(error, qris.QrisError)


def test_a_finding_of_severity_error_is_refused_with_its_object() -> None:
    text = with_checksum(STICKER[:-8].replace("5303360", "5303840"))
    with pytest.raises(qris.DecodeError) as refused:
        qris.decode(text)
    assert (refused.value.code, refused.value.tag) == ("currency-not-rupiah", "53")
    assert qris.inspect(text, "emv").verdict == "valid"


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: f"line-{vector.line}")
def test_every_vector_gets_the_result_of_its_line(vector: Vector) -> None:
    rule_sets: tuple[tuple[Literal["emv", "qris"], Judgement], ...] = (
        ("emv", vector.emv),
        ("qris", vector.qris),
    )
    for rules, expected in rule_sets:
        inspection = qris.inspect(vector.payload, rules)
        assert inspection.verdict == expected.verdict
        # The worst first; findings of one severity in the order of the payload.
        rank = {f.code: ("error", "warning", "info").index(f.severity) for f in inspection.findings}
        found = [(f.code, f.tag, f.offset) for f in inspection.findings]
        assert set(found) == set(expected.findings)
        assert found == sorted(expected.findings, key=lambda finding: rank[finding[0]])


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: f"line-{vector.line}")
def test_decode_refuses_a_vector_for_one_of_its_findings_and_takes_the_others(
    vector: Vector,
) -> None:
    if vector.qris.verdict in ("valid", "warn"):
        assert qris.decode(vector.payload).text in vector.payload
    else:
        with pytest.raises(qris.DecodeError) as refused:
            qris.decode(vector.payload)
        error = refused.value
        assert (error.code, error.tag, error.offset) in vector.qris.findings


def test_there_are_as_many_vectors_as_the_codec_has() -> None:
    assert len(vectors()) > 280


@pytest.mark.parametrize("text", ["", " \n", "\0", "hello", "\ud800", "0002\udcff", "🏪" * 70_000])
def test_no_text_makes_inspect_raise(text: str) -> None:
    inspection = qris.inspect(text)
    assert inspection.verdict == "malformed"
    assert [finding.severity for finding in inspection.findings] == ["error"]


def test_a_lone_surrogate_is_refused_at_its_byte() -> None:
    with pytest.raises(qris.DecodeError) as refused:
        qris.decode("é\udcff")
    assert (refused.value.code, refused.value.offset) == ("text-not-utf8", 2)


@pytest.mark.parametrize("wrong", [None, 1, SAMPLE.encode()])
def test_anything_but_str_is_a_type_error(wrong: object) -> None:
    with pytest.raises(TypeError):
        qris.decode(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        qris.inspect(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected str at index 1"):
        qris.decode_many([SAMPLE, wrong])  # type: ignore[list-item]


def test_one_str_is_not_many() -> None:
    with pytest.raises(TypeError, match="found one str"):
        qris.decode_many(SAMPLE)


def test_white_space_around_a_payload_makes_no_difference() -> None:
    code = qris.decode(f"\ufeff {SAMPLE}\r\n")
    assert code == qris.decode(SAMPLE)
    assert hash(code) == hash(qris.decode(SAMPLE))
    assert str(code) == SAMPLE
    assert {code, qris.decode(SAMPLE)} == {code}


def test_codes_compare_by_payload_and_with_nothing_else() -> None:
    assert qris.decode(SAMPLE) != qris.decode(STICKER)
    assert qris.decode(SAMPLE) != SAMPLE


def test_codes_are_immutable() -> None:
    with pytest.raises(AttributeError):
        qris.decode(SAMPLE).merchant_name = "OTHER"  # type: ignore[misc]


def test_a_code_and_its_values_can_be_pickled() -> None:
    code = qris.decode(SAMPLE)
    assert pickle.loads(pickle.dumps(code)) == code
    for value in (code.accounts, code.additional, code.tip, qris.inspect("x")):
        assert pickle.loads(pickle.dumps(value)) == value


def test_representations_show_no_merchant_and_no_account() -> None:
    code = qris.decode(SAMPLE)
    assert repr(code) == "<qris.Qris dynamic currency=360 amount=25578.00>"
    assert "936008980255996627" not in repr(code.accounts)
    assert "000195255996627" not in repr(code.accounts)


def test_codes_can_be_matched() -> None:
    match qris.decode(SAMPLE):
        case qris.Qris(name, amount, initiation="dynamic"):
            assert (name, amount) == ("InterActive Corp", Decimal(25578))
        case _:
            raise AssertionError("not matched")


@pytest.mark.parametrize("path", ["", "5", "62.5", "62.05.", "AB", "62.05.01.02"])
def test_a_wrong_path_is_a_value_error(path: str) -> None:
    with pytest.raises(qris.InvalidValue, match="expected a tag path such as 54 or 62.05"):
        qris.decode(SAMPLE).get(path)


def test_an_anonymized_copy_has_the_verdict_of_the_original_and_no_name() -> None:
    for vector in vectors():
        if not vector.payload.strip("\ufeff \t\r\n"):
            continue
        inspection = qris.inspect(vector.payload)
        copy = qris.anonymize(vector.payload)
        assert qris.inspect(copy.text).verdict == inspection.verdict, vector.line
        if inspection.verdict == "malformed":
            assert copy.fault == inspection.findings[0], vector.line
        else:
            assert copy.fault is None and copy.unread is None, vector.line
    assert "InterActive" not in qris.anonymize(SAMPLE).text


def test_a_text_that_is_cut_short_is_masked_as_far_as_it_can_be_read() -> None:
    name = STICKER.index("5911")
    copy = qris.anonymize(STICKER[: name + 8])
    assert copy.unread == name
    assert copy.text[name:] == "5911XXXX"
    assert copy.fault is not None and copy.fault.code == "object-truncated"
    assert "TOKO" not in repr(copy) and str(copy) == copy.text


def test_a_hint_says_what_was_recognised() -> None:
    assert qris.hints(STICKER) == ()
    (hint,) = qris.hints(f"https://example.id/?qr={STICKER}")
    assert (hint.code, str(hint)) == (
        "link",
        "this is a link with a payload in it, which begins at byte 23",
    )
    fps = (
        "00020101021126400012hk.com.hkicl01030030313+852-912345675204000053033445802HK5912CHAN TAI "
        "MAN6002HK63045A35"
    )
    assert [hint.code for hint in qris.hints(fps)] == ["foreign"]
    assert qris.hints(fps, "emv") == ()
    assert qris.hints("\udcff") == ()


def test_findings_and_hints_are_in_indonesian_if_requested() -> None:
    cut = "0002015912WARUNG"
    english, indonesian = qris.inspect(cut), qris.inspect(cut, lang="id")
    assert str(english.findings[0]).startswith("error[object-truncated] object 59: object 59 should")
    assert str(indonesian.findings[0]) == (
        "kesalahan[object-truncated] objek 59: objek 59 seharusnya berisi 12 karakter, ditemukan 6 "
        "pada byte 10"
    )
    (finding,) = indonesian.findings
    assert finding.message == "objek 59 seharusnya berisi 12 karakter, ditemukan 6"
    # The values for programs do not change.
    assert (finding.code, finding.severity, finding.tag, finding.offset) == (
        "object-truncated",
        "error",
        "59",
        10,
    )
    assert indonesian.verdict == english.verdict
    assert qris.inspect_many([cut], lang="id") == [indonesian]
    assert qris.inspect(cut, "qris", "en") == english
    (hint,) = qris.hints(f"https://example.id/?qr={STICKER}", lang="id")
    assert str(hint) == "ini tautan berisi payload, yang mulai pada byte 23"


@pytest.mark.parametrize("lang", ["", "ID", "in", "id_ID"])
def test_an_unknown_language_is_a_value_error(lang: Any) -> None:
    for call in (qris.inspect, qris.hints):
        with pytest.raises(qris.InvalidValue, match='expected "en" or "id" as lang'):
            call(STICKER, lang=lang)
    with pytest.raises(qris.InvalidValue, match='expected "en" or "id" as lang'):
        qris.inspect_many([STICKER], lang=lang)


def test_a_walk_names_each_object_by_its_path() -> None:
    objects = qris.decode(STICKER).walk()
    assert [object.path for object in objects if object.path.startswith("62")] == ["62", "62.07"]
    for object in objects:
        assert qris.decode(STICKER).get(object.path) == object.value
        assert STICKER[object.offset : object.offset + 2] == object.path[-2:]


CPM = (
    "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRI"
    "T0xERVIvRU1WXy0IcnVlc2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw=="
)


def test_a_code_that_a_payer_shows_is_decoded() -> None:
    code = qris.decode_cpm(CPM)
    first, second = code.applications
    assert (first.label, second.label) == ("Product1", "Product2")
    assert second.adf_name == bytes.fromhex("A0000000666666")
    assert (first.pan, first.cardholder_name) == ("1234567890123458", "CARDHOLDER/EMV")
    assert [object.tag for object in code.objects] == ["85", "61", "61", "62"]
    assert [inner.tag for inner in code.objects[3].objects][:2] == ["5A", "5F20"]
    assert "1234567890123458" not in repr(code) and "CARDHOLDER" not in repr(code)


def test_a_broken_code_of_a_payer_is_a_decode_error() -> None:
    for text, code in (("", "cpm-format"), (STICKER[:6], "cpm-not-base64"), (CPM[:-8], "cpm-object")):
        with pytest.raises(qris.DecodeError) as refused:
            qris.decode_cpm(text)
        assert refused.value.code == code


@pytest.mark.parametrize("threads", [None, 1, 3])
def test_many_are_decoded_and_inspected_in_order(threads: int | None) -> None:
    texts = [vector.payload for vector in vectors()] * 20
    results = qris.decode_many(iter(texts), threads=threads)
    inspections = qris.inspect_many(texts, threads=threads)
    assert len(results) == len(inspections) == len(texts)
    for text, result, inspection in zip(texts, results, inspections):
        assert inspection == qris.inspect(text)
        if isinstance(result, qris.DecodeError):
            with pytest.raises(qris.DecodeError) as refused:
                qris.decode(text)
            assert (result.code, result.tag, result.offset, str(result)) == (
                refused.value.code,
                refused.value.tag,
                refused.value.offset,
                str(refused.value),
            )
        else:
            assert result == qris.decode(text)


@pytest.mark.parametrize("threads", [0, -1, 2**70])
def test_a_wrong_number_of_threads_is_a_value_error(threads: int) -> None:
    with pytest.raises(qris.InvalidValue, match="expected threads from 1 to"):
        qris.decode_many([SAMPLE], threads=threads)
    with pytest.raises(qris.InvalidValue, match="expected threads from 1 to"):
        qris.inspect_many([SAMPLE], threads=threads)


def test_an_exception_during_the_creation_of_an_error_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(qris.DecodeError, "__init__", interrupted)
    with pytest.raises(KeyboardInterrupt):
        qris.decode_many(["", SAMPLE])


def test_other_threads_run_while_many_are_decoded() -> None:
    """If the call kept the interpreter, no other thread could tick before it returns.

    Nearly all the time goes into reading long payloads. On a busy machine the other thread may
    have no core for as long as one call takes, so there are several.
    """
    long = "".join(f"{tag}950011COM.EXAMPLE0176{'x' * 76}" for tag in range(80, 100))
    texts = [with_checksum(STICKER[:-8] + long)] * 20_000
    assert isinstance(qris.decode_many(texts[:1])[0], qris.Qris)
    ticks: list[float] = []
    over = threading.Event()

    def count() -> None:
        while not over.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0)

    def ticked_during_a_call() -> bool:
        began = time.perf_counter()
        qris.decode_many(texts, threads=1)
        quarter = (time.perf_counter() - began) / 4
        return any(began + quarter < tick < began + 3 * quarter for tick in list(ticks))

    counter = threading.Thread(target=count)
    counter.start()
    try:
        assert any(ticked_during_a_call() for _ in range(50))
    finally:
        over.set()
        counter.join()


def test_a_property_does_not_read_the_whole_code_again() -> None:
    """The first object of a long code costs far less than reading the code."""
    long = "".join(f"{tag}99{'x' * 99}" for tag in range(80, 100))
    text = with_checksum(STICKER[:-8] + long)
    code = qris.decode(text)

    def fastest(act: Any) -> float:
        times = []
        for _ in range(2_000):
            began = time.perf_counter()
            act()
            times.append(time.perf_counter() - began)
        return min(times)

    assert code.get("00") == "01"
    assert fastest(lambda: code.get("00")) < fastest(lambda: qris.decode(text)) / 2
