"""Results of `inspect`, `hints` and `anonymize`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One deviation from the rules: its kind, its severity, its object and its byte."""

    code: str
    """The stable kebab-case name, such as `amount-zero`."""
    severity: Literal["info", "warning", "error"]
    """How much it matters: a payload with an error must not be used."""
    tag: str | None
    """The path of the wrong or missing object; `None` if it is about the whole text."""
    offset: int
    """The byte of the text at which it begins."""
    message: str
    """What was expected and what was found, in the requested language."""
    _line: str = field(repr=False)

    def __str__(self) -> str:
        return self._line


@dataclass(frozen=True, slots=True)
class Inspection:
    """All deviations of a text from the rules, the worst first."""

    verdict: Literal["valid", "warn", "invalid", "malformed"]
    """`valid` (there may be information), `warn` (warnings only), `invalid` (an error at least),
    or `malformed` (framing or checksum are wrong)."""
    findings: tuple[Finding, ...]
    """The worst first; findings of the same severity in the order of the payload."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that was recognized in a text that is not a good payload."""

    code: str
    """The stable kebab-case name, such as `link`."""
    message: str
    """What was recognized. It quotes nothing of the text except a country code."""

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Anonymized:
    """A copy of a text that is safe to show to others."""

    text: str
    """The copy. It has the same length as the text."""
    fault: Finding | None = None
    """Why the text is not a payload; `None` if it is one."""
    unread: int | None = None
    """The byte from which no objects could be read, so that the rest is masked."""

    def __str__(self) -> str:
        return self.text
