"""Consumer-presented codes (CPM): a payer shows them, a till scans them."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import _native


@dataclass(frozen=True, slots=True)
class Application:
    """The data of a code for one application: a card, or an account of an app."""

    adf_name: bytes
    """4F, the name of the application: `A0000006022020` in hexadecimal is QRIS."""
    label: str | None
    """50, `QRISCPM` in Indonesia."""
    pan: str = field(repr=False)
    """The payer's number, from 5A or the beginning of 57."""
    cardholder_name: str | None = field(default=None, repr=False)
    """5F20."""
    languages: str | None = None
    """5F2D, two letters each, the preferred first."""
    issuer_url: str | None = field(default=None, repr=False)
    """5F50."""


@dataclass(frozen=True, slots=True)
class BinaryObject:
    """An object of tag, length and value (BER-TLV)."""

    tag: str
    """The tag in hexadecimal, such as `5F20`."""
    offset: int
    """The byte of the decoded code at which it begins."""
    value: bytes = field(repr=False)
    """The value; for a template, its whole content."""
    objects: tuple[BinaryObject, ...] = ()
    """The objects inside a template."""


@dataclass(frozen=True, slots=True)
class ConsumerCode:
    """A code that a payer's app shows."""

    applications: tuple[Application, ...]
    """In the order of the code."""
    objects: tuple[BinaryObject, ...] = field(repr=False)
    """All objects, including unknown ones."""


def decode_cpm(text: str) -> ConsumerCode:
    """Reads a consumer-presented code: Base64 that begins with `hQVDUFY`.

    Raises `DecodeError` if it is malformed, or if an application has no account or two.

    >>> code = qris.decode_cpm("hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=")
    >>> code.applications[0].pan
    '1234567890123458'
    >>> [inner.tag for inner in code.objects[1].objects]
    ['4F', '57']
    """
    return _native.decode_cpm(text)
