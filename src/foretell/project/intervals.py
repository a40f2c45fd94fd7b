"""Half-open intervals of time in int64 microseconds UTC: the only place that says what a window is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from foretell.project.errors import InputError

MICROSECONDS_PER_DAY = 86_400_000_000
MOST_HORIZONS = 12
NO_ZONES = ("localtime", "posixrules", "Factory", "leapseconds", "tzdata.zi")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""The days that may be asked about: what lies before or behind is no day of a shop."""


@dataclass(frozen=True)
class Window:
    """`[start, end)` in microseconds UTC: a fact at `start` is inside, one at `end` is not."""

    start: int
    end: int

    def __contains__(self, moment: int) -> bool:
        return self.start <= moment < self.end

    @property
    def days(self) -> float:
        return (self.end - self.start) / MICROSECONDS_PER_DAY


def days(count: float) -> int:
    """`count` days of 24 hours in microseconds."""
    return round(count * MICROSECONDS_PER_DAY)


def label_window(cutoff: int, horizon_days: int) -> Window:
    """`[cutoff, cutoff + horizon)`, what a label sees; features see everything before `cutoff`."""
    return Window(cutoff, cutoff + days(horizon_days))


def parse_horizon(text: str) -> int:
    """Days in a horizon such as `90d` or `13w`.

    >>> parse_horizon("13w")
    91
    >>> parse_horizon("soon")
    Traceback (most recent call last):
    ...
    foretell.project.errors.InputError: The horizon cannot be read.
      found: soon
      expected: a whole number of days or weeks from 1d to 1830d
      hint: --horizon 90d
    """
    match = re.fullmatch(r"\s*(\d{1,5})\s*([dwDW])\s*", text)
    horizon = int(match[1]) * (7 if match[2] in "wW" else 1) if match else 0
    if not 1 <= horizon <= 1830:
        raise InputError(
            "The horizon cannot be read.",
            found=text,
            expected="a whole number of days or weeks from 1d to 1830d",
            hint="--horizon 90d",
        )
    return horizon


def parse_horizons(text: str) -> tuple[int, ...]:
    """Days in one horizon or several, such as `30d,90d`; the first is the main one, each counts once.

    >>> parse_horizons("90d, 30d, 13w")
    (90, 30, 91)
    """
    parts = text.split(",")
    if len(parts) > MOST_HORIZONS:
        raise InputError(
            "There are too many horizons.",
            found=f"{len(parts):,}",
            expected=f"at most {MOST_HORIZONS}: each is a run of its own",
            hint="--horizon 30d,90d",
        )
    return tuple(dict.fromkeys(parse_horizon(part) for part in parts))


def parse_day(text: str, timezone: str) -> int:
    """The local midnight that begins the day `text` (ISO, such as 2011-06-12), in microseconds UTC."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            "The date cannot be read.", found=text, expected="a day such as 2011-06-12", hint="--as-of 2011-06-12"
        ) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InputError(
            "The date is out of reach.",
            found=text,
            expected=f"a day from {FIRST_DAY} to {LAST_DAY}",
            hint="--as-of 2011-06-12",
        )
    return midnight(day, timezone)


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name; one that stands for whatever a machine is set to is none."""
    try:
        if name in NO_ZONES or name.startswith(("posix/", "right/")):
            raise ValueError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            "The time zone is not known.", found=name, expected="an IANA name", hint='timezone = "Europe/London"'
        ) from None


def midnight(day: date, timezone: str) -> int:
    """The moment at which `day` begins in `timezone`, in microseconds UTC."""
    return to_microseconds(datetime.combine(day, time(), zone(timezone)))


def to_microseconds(moment: datetime) -> int:
    """Microseconds UTC of an aware datetime, exactly."""
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_microseconds(moment: int, timezone: str = "UTC") -> datetime:
    """The aware datetime of a moment in microseconds UTC."""
    seconds, micro = divmod(int(moment), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro).astimezone(zone(timezone))


def day_of(moment: int, timezone: str) -> str:
    """The local day (ISO) of a moment in microseconds UTC.

    >>> day_of(midnight(date(2011, 6, 12), "Asia/Tokyo") - 1, "Asia/Tokyo")
    '2011-06-11'
    """
    return from_microseconds(moment, timezone).date().isoformat()
