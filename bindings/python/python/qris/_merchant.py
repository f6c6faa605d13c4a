"""A merchant's account at the provider, and the times of its codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from os import PathLike
from typing import NoReturn

from . import _native


@dataclass(frozen=True, kw_only=True, slots=True)
class Merchant:
    """A merchant for `Orders`: its account at the provider, and when its codes are
    checked.

    Raises `InvalidValue` for a wrong value. Its message does not have the key.

    >>> qris.Merchant("secret", "195255685725", name="kios-2")
    Merchant(name='kios-2')
    """

    api_key: str = field(kw_only=False, repr=False)
    """The key of the Open API."""
    merchant_id: str = field(kw_only=False, repr=False)
    """The merchant's number at the provider (mID)."""
    name: str = "main"
    """Its name in the database: 1 to 32 characters of `a` to `z`, `0` to `9`, `-` and
    `_`."""
    base_url: str | None = field(default=None, repr=False)
    """Another address of the API, such as a sandbox's."""
    nmid: str | None = field(default=None, repr=False)
    """The national number that every QR must have; by default the one in the first
    QR."""
    timeout: float = field(default=_native.CALL_TIMEOUT_SECONDS, repr=False)
    """The limit of a call in seconds: the provider takes up to 30."""
    shown: timedelta = field(default=timedelta(seconds=_native.SHOWN_SECONDS), repr=False)
    """How long a code is shown to the payer: some accounts refuse it after 30 minutes."""
    validity: timedelta = field(default=timedelta(seconds=_native.VALIDITY_SECONDS), repr=False)
    """How long a payment may come."""
    grace: timedelta = field(default=timedelta(seconds=_native.GRACE_SECONDS), repr=False)
    """How long a code is checked after that, because a payment may arrive late."""
    try_gap: timedelta = field(default=timedelta(seconds=_native.TRY_GAP_SECONDS), repr=False)
    """The minimum time between the first three checks of a code, and between
    presses."""
    check_gap: timedelta = field(default=timedelta(seconds=_native.CHECK_GAP_SECONDS), repr=False)
    """The minimum time between later checks."""
    checks_per_minute: int = field(default=_native.CHECKS_PER_MINUTE, repr=False)
    """The maximum number of checks of the key, over all codes: the provider blocks keys that
    ask more often."""
    state_dir: str | PathLike[str] | None = field(default=None, repr=False)
    """The folder of the small file that counts the checks of the key on this machine."""

    def __post_init__(self) -> None:
        _native.check_merchant(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a merchant's settings have a key and cannot be pickled")
