"""What `inspect`, `hints` and `anonymize` say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One deviation from the rules: what, how bad, at which object and byte."""

    code: str
    """The stable kebab-case name, such as `amount-zero`."""
    severity: Literal["info", "warning", "error"]
    """How much it matters: a payload with an error must not be used."""
    tag: str | None
    """The path of the object, present or missing; `None` where it is about the whole text."""
    offset: int
    """The byte of the text at which it begins."""
    message: str
    """What was expected and what was found, in the language that was asked for."""
    _line: str = field(repr=False)

    def __str__(self) -> str:
        return self._line


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything in which a text deviates from the rules, the worst first."""

    verdict: Literal["valid", "warn", "invalid", "malformed"]
    """`valid` (there may be information), `warn` (warnings only), `invalid` (an error at least),
    or `malformed` (framing or checksum are wrong)."""
    findings: tuple[Finding, ...]
    """The worst first, those of one severity in the order of the payload."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that was recognised in a text that is no good payload."""

    code: str
    """The stable kebab-case name, such as `link`."""
    message: str
    """What was recognised; it quotes nothing of the text but a country's two letters."""

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Anonymized:
    """A copy of a text that is safe to show to others."""

    text: str
    """The copy, as long as the text that was given."""
    fault: Finding | None = None
    """Why the text is no payload; `None` where it is one."""
    unread: int | None = None
    """The byte from which on no objects could be read, so that all of the rest is masked."""

    def __str__(self) -> str:
        return self.text
