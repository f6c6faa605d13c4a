"""Writing payloads and making them dynamic."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import qris
from conftest import STICKER


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
def test_a_wrong_amount_is_an_encode_error(
    amount: int | Decimal, code: str
) -> None:
    with pytest.raises(qris.EncodeError) as refused:
        qris.decode(STICKER).to_dynamic(amount)
    assert refused.value.code == code


@pytest.mark.parametrize("amount", [25_000.0, "25000", True, None])
def test_floats_texts_and_booleans_are_not_amounts(amount: object) -> None:
    with pytest.raises(TypeError, match="expected an int or a Decimal, found"):
        qris.decode(STICKER).to_dynamic(amount)  # type: ignore[arg-type]


def test_an_amount_in_powers_of_ten_is_written_out() -> None:
    assert qris.decode(qris.decode(STICKER).to_dynamic(Decimal("25E+3"))).get("54") == "25000"


def test_two_kinds_of_tip_at_once_are_a_value_error() -> None:
    with pytest.raises(qris.InvalidValue, match="one of tip, fee and fee_percent"):
        qris.decode(STICKER).to_dynamic(1000, tip=True, fee=500)


def test_encoded_values_are_read_back() -> None:
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


def test_encode_refuses_a_payload_with_a_warning() -> None:
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
        with pytest.raises(qris.InvalidValue, match="lone surrogates"):
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
    with pytest.raises(qris.InvalidValue, match="expected national_merchant_id beside criteria"):
        qris.encode(**{**SHOP, "national_merchant_id": None})


@pytest.mark.parametrize("exponent", [10**9, -(10**9), 400, -400])
def test_no_amount_is_written_out_that_is_far_too_long(exponent: int) -> None:
    for amount in (Decimal(f"1E{exponent:+}"), 10**5_000):
        with pytest.raises(qris.EncodeError) as refused:
            qris.decode(STICKER).to_dynamic(amount)
        assert refused.value.code == "amount-too-long"
