"""Payloads: read, judged, written."""

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
def test_every_vector_is_judged_as_its_line_says(vector: Vector) -> None:
    rule_sets: tuple[tuple[Literal["emv", "qris"], Judgement], ...] = (
        ("emv", vector.emv),
        ("qris", vector.qris),
    )
    for rules, expected in rule_sets:
        inspection = qris.inspect(vector.payload, rules)
        assert inspection.verdict == expected.verdict
        # The worst first, those of one severity in the order of the payload.
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


def test_what_surrounds_a_payload_makes_no_other_code() -> None:
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


def test_a_code_and_all_that_it_says_survive_pickling() -> None:
    code = qris.decode(SAMPLE)
    assert pickle.loads(pickle.dumps(code)) == code
    for value in (code.accounts, code.additional, code.tip, qris.inspect("x")):
        assert pickle.loads(pickle.dumps(value)) == value


def test_representations_name_no_merchant_and_no_account() -> None:
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
def test_a_path_that_is_none_is_a_value_error(path: str) -> None:
    with pytest.raises(ValueError, match="expected a tag path such as 54 or 62.05"):
        qris.decode(SAMPLE).get(path)


def test_a_sticker_becomes_dynamic_and_static_again() -> None:
    dynamic = qris.decode(
        qris.decode(STICKER).to_dynamic(
            Decimal("25000.50"), fee_percent=Decimal("2.5"), reference_label="R-1", bill_number="B-1"
        )
    )
    assert dynamic.initiation == "dynamic"
    assert dynamic.amount == Decimal("25000.50")
    assert dynamic.tip == qris.Tip("percent", Decimal("2.50"))
    assert dynamic.additional.reference_label == "R-1"
    assert dynamic.additional.bill_number == "B-1"
    assert dynamic.additional.terminal_label == "A01"
    assert dynamic.to_static() == STICKER


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (0, "amount-zero"),
        (-5, "amount-syntax"),
        (Decimal("NaN"), "amount-syntax"),
        (99_999_999_999_999, "amount-too-long"),
        (10_000_001, "amount-over-ceiling"),
    ],
)
def test_an_amount_that_cannot_be_asked_for_is_an_encode_error(
    amount: int | Decimal, code: str
) -> None:
    with pytest.raises(qris.EncodeError) as refused:
        qris.decode(STICKER).to_dynamic(amount)
    assert refused.value.code == code


@pytest.mark.parametrize("amount", [25_000.0, "25000", True, None])
def test_floats_texts_and_truth_are_no_amounts(amount: object) -> None:
    with pytest.raises(TypeError, match="expected an int or a Decimal, found"):
        qris.decode(STICKER).to_dynamic(amount)  # type: ignore[arg-type]


def test_an_amount_in_powers_of_ten_is_written_out() -> None:
    assert qris.decode(qris.decode(STICKER).to_dynamic(Decimal("25E+3"))).get("54") == "25000"


def test_two_kinds_of_tip_at_once_are_a_value_error() -> None:
    with pytest.raises(ValueError, match="one of tip, fee and fee_percent"):
        qris.decode(STICKER).to_dynamic(1000, tip=True, fee=500)


def test_what_is_encoded_reads_back_the_same() -> None:
    accounts = [
        qris.Account("27", guid="ID.DANA.WWW", pan="936009153000606057", merchant_id="000606057",
                     criteria="UMI"),
        qris.Account("26", guid="COM.GO-JEK.WWW", pan="936009143664001757", merchant_id="M1",
                     criteria="UMI"),
    ]
    additional = qris.Additional(bill_number="***", terminal_label="A01", merchant_channel="000")
    text = qris.encode(
        merchant_name="TOKO CONTOH",
        merchant_city="JAKARTA",
        merchant_category_code="0742",
        accounts=accounts,
        national_merchant_id="ID1020038431489",
        criteria="UMI",
        postal_code="10110",
        amount=Decimal("25000.00"),
        fee=500,
        additional=additional,
        language=qris.Language("zh", "店", "雅加达"),
        templates={"62.99.01": "data", "62.99.00": "00", "80.00": "COM.EXAMPLE"},
    )
    code = qris.decode(text)
    assert qris.inspect(text).verdict == "valid"
    assert code.accounts == tuple(reversed(accounts))
    assert code.merchant_category_code == "0742"
    assert code.national_merchant_id == "ID1020038431489"
    assert code.initiation == "dynamic"
    assert code.get("54") == "25000.00"
    assert code.tip == qris.Tip("fixed", Decimal(500))
    assert code.additional == additional
    assert code.language == qris.Language("zh", "店", "雅加达")
    assert (code.get("62.99.00"), code.get("62.99.01"), code.get("80.00")) == (
        "00",
        "data",
        "COM.EXAMPLE",
    )


def test_encode_refuses_what_inspect_would_warn_of() -> None:
    with pytest.raises(qris.EncodeError) as refused:
        qris.encode(
            merchant_name="TOKO CONTOH",
            merchant_city="JAKARTA",
            merchant_category_code="5812",
            national_merchant_id="ID1020038431489",
            criteria="UMI",
        )
    assert refused.value.code == "postal-code-missing"
    with pytest.raises(qris.EncodeError) as refused:
        qris.encode(merchant_name="A" * 100, merchant_city="J", merchant_category_code="5812")
    assert (refused.value.code, refused.value.tag) == ("value-too-long", "59")


SHOP: dict[str, Any] = {
    "merchant_name": "TOKO CONTOH",
    "merchant_city": "JAKARTA",
    "merchant_category_code": "5812",
    "postal_code": "10110",
    "accounts": [qris.Account("26", guid="COM.GO-JEK.WWW", pan="936009143664001757",
                              merchant_id="M1", criteria="UMI")],
    "national_merchant_id": "ID1020038431489",
    "criteria": "UMI",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "code", "tag"),
    [
        ({"amount": 0}, "amount-zero", "54"),
        ({"amount": -5}, "amount-syntax", "54"),
        ({"amount": 10_000_001}, "amount-over-ceiling", "54"),
        ({"amount": 1_000, "fee": 0}, "amount-zero", "56"),
        ({"amount": 1_000, "fee": 10**14}, "amount-too-long", "56"),
        ({"amount": 1_000, "fee_percent": 0}, "fee-percent-range", "57"),
        ({"amount": 1_000, "fee_percent": Decimal("NaN")}, "amount-syntax", "57"),
        ({"merchant_category_code": "581"}, "category-code-shape", "52"),
        ({"country_code": "id"}, "country-shape", "58"),
        ({"merchant_name": "A" * 26}, "merchant-name-long", "59"),
        ({"merchant_city": "A" * 16}, "merchant-city-long", "60"),
        ({"postal_code": "1011"}, "postal-code-shape", "61"),
        ({"national_merchant_id": "ID1"}, "nmid-shape", "51.02"),
        ({"additional": qris.Additional(purpose="X" * 26)}, "additional-long", "62.08"),
        (
            {"additional": qris.Additional(bill_number="B" * 21, merchant_tax_id="X" * 21)},
            "additional-long",
            "62.10",
        ),
        ({"additional": qris.Additional(merchant_channel="1")}, "merchant-channel-length", "62.11"),
        ({"accounts": [qris.Account("52")]}, "object-not-amendable", "52"),
    ],
)
def test_a_refusal_to_encode_names_the_object(
    changed: dict[str, Any], code: str, tag: str
) -> None:
    assert qris.inspect(qris.encode(**SHOP)).verdict == "valid"
    with pytest.raises(qris.EncodeError) as refused:
        qris.encode(**{**SHOP, **changed})
    assert (refused.value.code, refused.value.tag) == (code, tag)


@pytest.mark.parametrize(
    ("changed", "code", "tag"),
    [
        ({"amount": 0}, "amount-zero", "54"),
        ({"fee": 0}, "amount-zero", "56"),
        ({"fee_percent": 100}, "fee-percent-range", "57"),
        ({"bill_number": "B" * 26}, "additional-long", "62.01"),
        ({"reference_label": "R" * 26}, "additional-long", "62.05"),
        ({"reference_label": "R" * 100, "bill_number": "B"}, "value-too-long", "62.05"),
        ({"bill_number": "B\udce9"}, "text-not-utf8", "62.01"),
        ({"reference_label": "R\udce9"}, "text-not-utf8", "62.05"),
    ],
)
def test_a_refusal_to_make_dynamic_names_the_object(
    changed: dict[str, Any], code: str, tag: str
) -> None:
    with pytest.raises(qris.EncodeError) as refused:
        qris.decode(STICKER).to_dynamic(**{"amount": 1_000, **changed})
    assert (refused.value.code, refused.value.tag) == (code, tag)


@pytest.mark.parametrize(
    ("changed", "tag"),
    [
        ({"merchant_name": "\udce9"}, "59"),
        ({"national_merchant_id": "\udce9"}, "51.02"),
        ({"currency": "\udce9"}, "53"),
        ({"accounts": [qris.Account("26", pan="\udce9")]}, "26.01"),
        ({"additional": qris.Additional(purpose="\udce9")}, "62.08"),
        ({"language": qris.Language("id", "\udce9")}, "64.01"),
        ({"templates": {"80.01": "\udce9"}}, "80.01"),
        ({"templates": {"\udce9": "x"}}, None),
    ],
)
def test_a_lone_surrogate_cannot_be_encoded(changed: dict[str, Any], tag: str | None) -> None:
    with pytest.raises(qris.EncodeError) as refused:
        qris.encode(**{**SHOP, **changed})
    assert (refused.value.code, refused.value.tag) == ("text-not-utf8", tag)
    assert refused.value.__context__ is None


def test_a_lone_surrogate_is_a_decode_error_or_a_value_error_elsewhere() -> None:
    with pytest.raises(qris.DecodeError) as refused:
        qris.anonymize("é\udcff")
    assert (refused.value.code, refused.value.offset) == ("text-not-utf8", 2)
    for call in (
        lambda: qris.decode(STICKER).get("\udcff"),
        lambda: qris.Account("26", pan="\udcff").institution,
        lambda: qris.inspect(STICKER, "\udcff"),  # type: ignore[arg-type]
        lambda: qris.encode(**{**SHOP, "initiation": "\udcff"}),
    ):
        with pytest.raises(ValueError, match="lone surrogates"):
            call()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"accounts": [1]}, "expected Account, found int"),
        ({"accounts": [qris.Account(26)]}, "expected str as tag, found int"),  # type: ignore[arg-type]
        ({"additional": {}}, "expected Additional, found dict"),
        ({"language": "id"}, "expected Language, found str"),
        ({"templates": "x"}, "expected a mapping as templates, found str"),
        ({"additional": qris.Additional(purpose=1)}, "expected str as purpose, found int"),  # type: ignore[arg-type]
        ({"amount": 1.5}, "expected an int or a Decimal, found float"),
    ],
)
def test_values_of_a_wrong_type_are_type_errors(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        qris.encode(**{**SHOP, **changed})


def test_criteria_need_a_national_merchant_id() -> None:
    with pytest.raises(ValueError, match="expected national_merchant_id beside criteria"):
        qris.encode(**{**SHOP, "national_merchant_id": None})


@pytest.mark.parametrize("exponent", [10**9, -(10**9), 400, -400])
def test_no_amount_is_written_out_that_is_far_too_long(exponent: int) -> None:
    for amount in (Decimal(f"1E{exponent:+}"), 10**5_000):
        with pytest.raises(qris.EncodeError) as refused:
            qris.decode(STICKER).to_dynamic(amount)
        assert refused.value.code == "amount-too-long"


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
def test_a_number_of_threads_that_makes_no_sense_is_a_value_error(threads: int) -> None:
    with pytest.raises(ValueError, match="expected threads of 1 to"):
        qris.decode_many([SAMPLE], threads=threads)
    with pytest.raises(ValueError, match="expected threads of 1 to"):
        qris.inspect_many([SAMPLE], threads=threads)


def test_what_is_raised_while_an_error_is_made_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(qris.DecodeError, "__init__", interrupted)
    with pytest.raises(KeyboardInterrupt):
        qris.decode_many(["", SAMPLE])


def test_other_threads_run_while_many_are_decoded() -> None:
    """A call that kept the interpreter would let no other thread tick before it returns.

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
