"""The written forms of a date, taken apart: year, month, day, time of day and offset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.identifiers import as_text
from foretell.customer_log.cells.month_names import month_number
from foretell.customer_log.cells.time_zones import offset_of
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.request import DateOrder

TIME = (
    r"(?:[T ,]+(?:(?:at|um|à|kl\.?) )?(?P<hour>\d{1,2})(?:[:hH.](?P<minute>\d{2})"
    r"(?:[:.m](?P<second>\d{2})(?:[.,:](?P<fraction>\d{1,9}))?)?)?\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?"
    r"\s*(?P<zone>[Zz]|(?:UTC|GMT)?\s?[+-]\d{1,2}:?(?:\d{2})?|UTC|GMT)?(?:\s*(?:\([^)]*\)|\[[^\]]*\]))?)?\s*$"
)
WEEKDAY = r"^(?:\pL+[.,]*\s+)?"
NUMERIC = WEEKDAY + r"(?P<a>\d{1,4})(?P<mark>[-/. ]|\. )(?P<b>\d{1,2})(?:[-/. ]|\. )(?P<c>\d{1,4})\.?" + TIME
COMPACT = (
    r"^(?P<a>(?:19|20)\d{2})(?P<b>0[1-9]|1[0-2])(?P<c>\d{2})"
    r"(?:[T _-]?(?P<hour>\d{2}):?(?P<minute>\d{2}):?(?P<second>\d{2})?"
    r"(?:[.,](?P<fraction>\d{1,9}))?)?(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?$"
)
DAY_FIRST_COMPACT = r"^(?P<a>\d{2})(?P<b>\d{2})(?P<c>(?:19|20)\d{2})$"
DAY_MONTH = (
    WEEKDAY + r"(?P<c>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[-/ ]*(?:de |of )?(?P<b>\pL{3,})"
    r"[-/., ]*(?:del? )?(?P<a>\d{4}|\d{2})"
) + TIME
MONTH_DAY = WEEKDAY + r"(?P<b>\pL{3,})\.?[-/ ]*(?P<c>\d{1,2})(?:st|nd|rd|th)?[-/, ]+(?P<a>\d{4}|\d{2})" + TIME
YEAR_MONTH = r"^(?P<a>\d{4})[-/. ]*(?P<b>\pL{3,})\.?[-/. ]*(?P<c>\d{1,2})" + TIME
UNIX = (
    r"^\pL{2,4}[.,]?\s+(?P<b>\pL{3,})\s+(?P<c>\d{1,2})\s+(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})\s+"
    r"(?P<zone>UTC|GMT|[+-]\d{2}:?\d{2})?\s*(?P<a>\d{4})$"
)
PLAIN_NUMBER = r"^(?P<whole>\d{5}|\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19})(?:[.,](?P<part>\d+))?$"
EXCEL_EPOCH = 25_569
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class DateParts:
    """One entry for each value. `a`, `b`, `c` are the numbers of the date in the order written where `needs_order`,
    else year, month, day. `clock` is the time of day and `offset` the distance from UTC, in microseconds; `zoned`
    says whether the offset was given. `unreadable` is set where no form fits, `missing` where there is no value.
    """

    a: np.ndarray
    b: np.ndarray
    c: np.ndarray
    clock: np.ndarray
    offset: np.ndarray
    zoned: np.ndarray
    date_only: np.ndarray
    needs_order: np.ndarray
    dotted: np.ndarray
    short_year: np.ndarray
    unreadable: np.ndarray
    missing: np.ndarray

    @classmethod
    def empty(cls, count: int) -> DateParts:
        """`count` values that nothing is known about yet."""
        numbers = {"a", "b", "c", "clock", "offset"}
        arrays = {f.name: np.zeros(count, np.int64 if f.name in numbers else bool) for f in fields(cls)}
        arrays["unreadable"][:] = True
        return cls(**arrays)

    @classmethod
    def fixed(cls, days: np.ndarray) -> DateParts:
        """Dates without a time, from days since 1970."""
        parts = cls.empty(len(days))
        whole = np.clip(days, -700_000, 2_900_000).astype("datetime64[D]")
        months = whole.astype("datetime64[M]")
        parts.a[:] = months.astype("datetime64[Y]").astype(np.int64) + 1970
        parts.b[:] = months.astype(np.int64) % 12 + 1
        parts.c[:] = (whole - months).astype(np.int64) + 1
        parts.date_only[:] = True
        parts.unreadable[:] = False
        return parts

    def take(self, rows: np.ndarray) -> DateParts:
        """The parts at a mask or positions."""
        return DateParts(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def days(self, order: DateOrder | None) -> tuple[np.ndarray, np.ndarray]:
        """Days since 1970, and whether the value is a date when read in that order."""
        asked = self.needs_order
        year, month, day = self.a.copy(), self.b.copy(), self.c.copy()
        readable = ~self.unreadable
        if order is None:
            day_first = asked & self.dotted & ~self.short_year
            readable &= ~asked | day_first
            order, asked = "dmy", day_first
        if order == "ymd":
            readable &= ~asked | self.short_year
        else:
            year[asked] = self.c[asked]
            month[asked], day[asked] = (
                (self.b[asked], self.a[asked]) if order == "dmy" else (self.a[asked], self.b[asked])
            )
        year = np.where(self.short_year & (year < 100), year + np.where(year < 80, 2000, 1900), year)
        readable &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year >= 0) & (year <= 9999)
        month_index = (np.where(readable, year, 1970) - 1970) * 12 + np.where(readable, month, 1) - 1
        first = month_index.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
        length = (month_index + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - first
        readable &= day <= length
        return np.where(readable, first + day - 1, 0), readable


def read_parts(values: pa.Array) -> DateParts:
    """The parts of each value of a column of text or numbers."""
    texts = as_text(values)
    parts = DateParts.empty(len(texts))
    parts.missing[:] = texts.is_null().to_numpy(zero_copy_only=False)
    left = np.flatnonzero(
        pc.fill_null(pc.greater_equal(pc.utf8_length(texts), 5), False).to_numpy(zero_copy_only=False)
    )
    for pattern, reader in FORMS:
        if not len(left):
            break
        found = pc.extract_regex(texts.take(pa.array(left)), pattern)
        matched = found.is_valid().to_numpy(zero_copy_only=False)
        if matched.any():
            groups = found.filter(pa.array(matched))
            reader(parts, left[matched], groups)
            left = left[~matched]
    return parts


def _numeric(parts: DateParts, at: np.ndarray, groups: pa.StructArray) -> None:
    a, b, c = (_whole(groups, name) for name in "abc")
    width_a, width_c = (pc.utf8_length(groups.field(i)).to_numpy() for i in (0, 3))
    _names(groups)
    parts.a[at], parts.b[at], parts.c[at] = a, b, c
    year_first = width_a == 4
    asks = (width_a <= 2) & ((width_c == 4) | (width_c <= 2))
    parts.needs_order[at] = asks
    parts.short_year[at] = asks & (width_c <= 2)
    parts.dotted[at] = pc.starts_with(groups.field(1), ".").to_numpy(zero_copy_only=False)
    parts.unreadable[at] = ~(asks | (year_first & (width_c <= 2)))
    _clock(parts, at, groups)


def _compact(parts: DateParts, at: np.ndarray, groups: pa.StructArray) -> None:
    parts.a[at], parts.b[at], parts.c[at] = (_whole(groups, name) for name in "abc")
    parts.unreadable[at] = False
    _clock(parts, at, groups)


def _compact_day_first(parts: DateParts, at: np.ndarray, groups: pa.StructArray) -> None:
    parts.a[at], parts.b[at], parts.c[at] = (_whole(groups, name) for name in "abc")
    parts.needs_order[at] = True
    parts.date_only[at] = True
    parts.unreadable[at] = False


def _named(parts: DateParts, at: np.ndarray, groups: pa.StructArray) -> None:
    years = groups.field(_names(groups).index("a"))
    months = groups.field(_names(groups).index("b")).dictionary_encode()
    numbers = np.array([month_number(name) for name in months.dictionary.to_pylist()], np.int64)
    month = numbers[months.indices.to_numpy()]
    parts.a[at], parts.b[at], parts.c[at] = _whole(groups, "a"), month, _whole(groups, "c")
    parts.short_year[at] = pc.utf8_length(years).to_numpy() <= 2
    parts.unreadable[at] = month == 0
    _clock(parts, at, groups)


def _number(parts: DateParts, at: np.ndarray, groups: pa.StructArray) -> None:
    """Seconds, milli-, micro- or nanoseconds since 1970, or days as a spreadsheet counts them: told by length."""
    whole = np.minimum(groups.field(0).cast(pa.uint64()).to_numpy(), np.uint64(LARGEST)).astype(np.int64)
    digits = pc.utf8_length(groups.field(0)).to_numpy()
    part = pc.if_else(pc.equal(groups.field(1), ""), "0", groups.field(1))
    fraction = pc.binary_join_element_wise("0.", pc.utf8_slice_codeunits(part, 0, 15), "").cast(pa.float64()).to_numpy()
    serial = digits == 5
    scale = np.select([digits <= 10, digits <= 13, digits <= 16], [1_000_000, 1_000, 1], 0)
    moment = np.where(
        scale > 0, whole * np.maximum(scale, 1) + np.rint(fraction * scale).astype(np.int64), whole // 1000
    )
    day_clock = np.rint(fraction * 86_400_000).astype(np.int64) * 1000
    moment = np.where(serial, (whole - EXCEL_EPOCH) * MICROSECONDS_PER_DAY + day_clock, moment)
    days = moment // MICROSECONDS_PER_DAY
    fixed = DateParts.fixed(days)
    parts.a[at], parts.b[at], parts.c[at] = fixed.a, fixed.b, fixed.c
    parts.clock[at] = moment - days * MICROSECONDS_PER_DAY
    parts.zoned[at] = ~serial
    parts.date_only[at] = serial & (day_clock == 0)
    parts.unreadable[at] = False


FORMS: tuple[tuple[str, Callable[[DateParts, np.ndarray, pa.StructArray], None]], ...] = (
    (NUMERIC, _numeric),
    (COMPACT, _compact),
    (DAY_FIRST_COMPACT, _compact_day_first),
    (PLAIN_NUMBER, _number),
    (DAY_MONTH, _named),
    (MONTH_DAY, _named),
    (YEAR_MONTH, _named),
    (UNIX, _named),
)


def _names(groups: pa.StructArray) -> list[str]:
    return [groups.type.field(i).name for i in range(groups.type.num_fields)]


def _whole(groups: pa.StructArray, name: str) -> np.ndarray:
    """The group as int64, -1 where it is empty or not in the pattern."""
    names = _names(groups)
    if name not in names:
        return np.full(len(groups), -1, np.int64)
    text = groups.field(names.index(name))
    return np.asarray(pc.if_else(pc.equal(text, ""), "-1", text).cast(pa.int64()).to_numpy())


def _clock(parts: DateParts, at: np.ndarray, groups: pa.StructArray) -> None:
    hour, minute, second = (_whole(groups, name) for name in ("hour", "minute", "second"))
    has_time = hour >= 0
    minute, second = np.maximum(minute, 0), np.maximum(second, 0)
    names = _names(groups)
    if "half" in names:
        half = pc.utf8_lower(groups.field(names.index("half")))
        morning = pc.starts_with(half, "a").to_numpy(zero_copy_only=False)
        evening = pc.starts_with(half, "p").to_numpy(zero_copy_only=False)
        parts.unreadable[at] |= (morning | evening) & ((hour < 1) | (hour > 12))
        hour = np.where(morning, hour % 12, np.where(evening, hour % 12 + 12, hour))
    parts.unreadable[at] |= has_time & (
        (hour > 24) | (minute > 59) | (second > 60) | ((hour == 24) & ((minute > 0) | (second > 0)))
    )
    micro = np.zeros(len(at), np.int64)
    if "fraction" in names:
        digits = pc.utf8_slice_codeunits(pc.utf8_rpad(groups.field(names.index("fraction")), 6, "0"), 0, 6)
        micro = digits.cast(pa.int64()).to_numpy()
    clock = ((np.maximum(hour, 0) * 60 + minute) * 60 + second) * 1_000_000 + micro
    parts.clock[at] = np.where(has_time, clock, 0)
    parts.date_only[at] = ~has_time
    zones = groups.field(names.index("zone")).dictionary_encode()
    found = [offset_of(text) for text in zones.dictionary.to_pylist()]
    offsets = np.array([offset or 0 for offset in found], np.int64)[zones.indices.to_numpy()]
    parts.zoned[at] = has_time & np.array([offset is not None for offset in found])[zones.indices.to_numpy()]
    parts.offset[at] = offsets
