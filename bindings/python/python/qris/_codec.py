"""Reading, checking and writing payloads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal

from . import _native
from ._errors import DecodeError
from ._fields import Account, Additional, Language
from ._findings import Anonymized, Hint, Inspection


def inspect(
    text: str, rules: Literal["qris", "emv"] = "qris", lang: Literal["en", "id"] = "en"
) -> Inspection:
    """Checks a text against the rules and returns every deviation. It never raises for a
    text.

    `"emv"` has EMVCo's rules only, for codes of any country; `"qris"` adds the national
    rules. `lang` is the language of messages, English or Indonesian; codes are the same in
    both.

    >>> inspection = qris.inspect("0002015912WARUNG")
    >>> inspection.verdict
    'malformed'
    >>> print(inspection.findings[0])
    error[object-truncated] object 59: object 59 should hold 12 characters, found 6 at byte 10
    >>> print(qris.inspect("0002015912WARUNG", lang="id").findings[0].message)
    objek 59 seharusnya berisi 12 karakter, ditemukan 6
    """
    return _native.inspect(text, rules, lang)


def decode_many(
    texts: Iterable[str], *, threads: int | None = None
) -> list[_native.Qris | DecodeError]:
    """Decodes many texts on all cores, or on `threads` threads. Other Python threads run
    meanwhile.

    For a text that `decode` refuses, the list has its `DecodeError` at the same index.

    >>> [result.code for result in qris.decode_many(["", "0002015912WARUNG"])]
    ['text-empty', 'object-truncated']
    """
    return _native.decode_many(texts, threads)


def inspect_many(
    texts: Iterable[str],
    rules: Literal["qris", "emv"] = "qris",
    lang: Literal["en", "id"] = "en",
    *,
    threads: int | None = None,
) -> list[Inspection]:
    """Inspects many texts on all cores, or on `threads` threads. Other Python threads run
    meanwhile.

    >>> [inspection.verdict for inspection in qris.inspect_many(["", "0002015912WARUNG"])]
    ['malformed', 'malformed']
    """
    return _native.inspect_many(texts, rules, lang, threads)


def encode(
    *,
    merchant_name: str,
    merchant_city: str,
    merchant_category_code: str,
    accounts: Iterable[Account] = (),
    national_merchant_id: str | None = None,
    criteria: str | None = None,
    postal_code: str | None = None,
    amount: int | Decimal | None = None,
    initiation: Literal["static", "dynamic"] | None = None,
    tip: bool = False,
    fee: int | Decimal | None = None,
    fee_percent: int | Decimal | None = None,
    additional: Additional | None = None,
    language: Language | None = None,
    templates: Mapping[str, str] | None = None,
    country_code: str = "ID",
    currency: str = "360",
    rules: Literal["qris", "emv"] = "qris",
) -> str:
    """Writes a new payload. Raises `EncodeError` if the payload has an error or a warning in
    `inspect`.

    `national_merchant_id` and `criteria` make account 51; `criteria` alone is an `InvalidValue`,
    because other accounts have their criteria in `Account`. Without `initiation` a code with an
    amount is dynamic, and one without is static. At most one of `tip` (the app asks the payer),
    `fee` and `fee_percent` is allowed. `templates` are objects inside 62.50 to 62.99 and 80 to 99,
    by path: `{"62.99.00": "00", "62.99.01": "…"}`.

    >>> text = qris.encode(
    ...     merchant_name="TOKO CONTOH",
    ...     merchant_city="JAKARTA",
    ...     merchant_category_code="5812",
    ...     postal_code="10110",
    ...     accounts=[
    ...         qris.Account("26", guid="COM.GO-JEK.WWW", pan="936009143664001757",
    ...                      merchant_id="M664001757", criteria="UMI"),
    ...     ],
    ...     national_merchant_id="ID1020038431489",
    ...     criteria="UMI",
    ...     amount=25_000,
    ... )
    >>> qris.inspect(text).verdict
    'valid'
    >>> qris.decode(text).amount
    Decimal('25000')
    """
    if templates is not None and not isinstance(templates, Mapping):
        raise TypeError(f"expected a mapping as templates, found {type(templates).__name__}")
    return _native.encode(
        merchant_name,
        merchant_city,
        merchant_category_code,
        list(accounts),
        national_merchant_id,
        criteria,
        postal_code,
        amount,
        initiation,
        tip,
        fee,
        fee_percent,
        additional,
        language,
        list((templates or {}).items()),
        country_code,
        currency,
        rules,
    )


def anonymize(text: str) -> Anonymized:
    """Makes a copy of any text that is safe to show to others: same length, same verdict.

    Every value that is not known to be public is masked: letters become `X`, digits become `0`.
    Amounts, category, currency, country, known identifiers and the institution's number stay. If
    the text is not a payload, `fault` says why. If its objects can be read only up to a byte, every
    letter and digit from that byte on is masked, and `unread` is the byte.

    >>> copy = qris.anonymize(
    ...     "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
    ...     "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO "
    ...     "CONTOH6007JAKARTA61051011062070703A01630466DC"
    ... )
    >>> qris.decode(copy.text).merchant_name
    'XXXX XXXXXX'
    >>> broken = qris.anonymize("0002015912WARUNG")
    >>> broken.text, broken.unread
    ('0002015912XXXXXX', 6)
    """
    return _native.anonymize(text)


def hints(
    text: str, rules: Literal["qris", "emv"] = "qris", lang: Literal["en", "id"] = "en"
) -> tuple[Hint, ...]:
    """Recognizes what a text is that is not a good payload: a link, a line of CSV, two payloads.

    It repairs nothing and does not change the verdict. `lang` is the language of the messages.

    >>> [hint.code for hint in qris.hints("hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=")]
    ['cpm']
    """
    return _native.hints(text, rules, lang)
