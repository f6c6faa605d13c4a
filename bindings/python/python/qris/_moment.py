"""Times in Western Indonesian Time (WIB, UTC+07:00 the whole year)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from ._errors import InvalidValue

WIB = timezone(timedelta(hours=7), "WIB")

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


def from_microseconds(microseconds: int) -> datetime:
    """The time this long after 1970, at +07:00."""
    return (_EPOCH + microseconds * _MICROSECOND).astimezone(WIB)


def to_seconds(name: str, duration: timedelta) -> float:
    """The seconds of a timedelta argument with this name."""
    if not isinstance(duration, timedelta):
        raise TypeError(f"expected a timedelta as {name}, found {type(duration).__name__}")
    return duration.total_seconds()


def to_microseconds(moment: datetime) -> int:
    """The microseconds from 1970 to a time."""
    if not isinstance(moment, datetime):
        raise TypeError(f"expected a datetime, found {type(moment).__name__}")
    if moment.utcoffset() is None:
        message = "expected a datetime with a time zone, found one without"
        raise InvalidValue(message, code="argument")
    return (moment - _EPOCH) // _MICROSECOND
