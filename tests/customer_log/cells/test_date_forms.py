"""A written date is taken apart into day, clock and offset, or is not readable; nothing is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.cells.date_forms import DateParts, read_parts
from foretell.project.intervals import MICROSECONDS_PER_DAY, to_microseconds
from foretell.project.request import DateOrder

EPOCH = date(1970, 1, 1)
HOUR = 3_600_000_000
DATES = st.dates(date(1900, 1, 1), date(2099, 12, 31))
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1))


def parts(*texts: str | None) -> DateParts:
    return read_parts(pa.array(texts, pa.string()))


def days(order: DateOrder | None, *texts: str) -> list[date | None]:
    """The day that each text means, read in that order."""
    found, readable = parts(*texts).days(order)
    return [EPOCH + timedelta(int(day)) if fits else None for day, fits in zip(found, readable, strict=True)]


@settings(max_examples=20)
@given(st.lists(DATES, min_size=1, max_size=9), st.sampled_from(("dmy", "mdy", "ymd", None)))
def test_a_year_in_front_or_a_month_in_words_needs_no_order(dates: list[date], order: DateOrder | None) -> None:
    forms = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y", "%A, %d. %b %Y")
    assert days(order, *(day.strftime(form) for form in forms for day in dates)) == dates * len(forms)


@settings(max_examples=30)
@given(DATES, st.sampled_from(("-", "/", ".", " ", ". ")))
def test_day_and_month_are_read_in_the_order_that_is_asked(day: date, mark: str) -> None:
    day_first, month_first = day.strftime(f"%d{mark}%m{mark}%Y"), day.strftime(f"%m{mark}%d{mark}%Y")
    found = parts(day_first, month_first)
    orders: tuple[DateOrder, ...] = ("dmy", "mdy")
    for place, order in enumerate(orders):
        told, readable = found.days(order)
        assert (readable[place], told[place]) == (True, (day - EPOCH).days)
    assert found.days("ymd")[1].tolist() == [False, False]
    assert found.days(None)[1][0] == mark.startswith(".")


@pytest.mark.parametrize(("text", "year"), [("1/2/79", 2079), ("1/2/80", 1980), ("1/2/00", 2000), ("1 Feb 99", 1999)])
def test_short_years_lie_between_1980_and_2079(text: str, year: int) -> None:
    assert days("dmy", text) == [date(year, 2, 1)]


@pytest.mark.parametrize(
    "text",
    ["2023-02-29", "31/04/2024", "2024-13-01", "00/01/2024", "1 Foo 2024", "soon", "2024", "2024-01-01 25:00",
     "2024-01-01 10:60", "2024-01-01 24:01", "2024-01-01 13:00 pm", "2024-01-01 0:30 am"],
)  # fmt: skip
def test_what_is_no_date_is_not_readable(text: str) -> None:
    found = parts(text, None, "")
    _, readable = found.days("dmy")
    assert not readable.any()
    assert found.missing.tolist() == [False, True, True]


@settings(max_examples=20)
@given(st.lists(st.tuples(MOMENTS, st.integers(-14 * 60, 14 * 60)), min_size=1, max_size=9))
def test_clock_and_offset_give_the_moment(local: list[tuple[datetime, int]]) -> None:
    told = [clock.replace(tzinfo=timezone(timedelta(minutes=minutes))) for clock, minutes in local]
    found = parts(*(one.isoformat() for one in told), *(one.strftime("%d %b %Y %H:%M:%S.%f %z") for one in told))
    day, readable = found.days(None)
    assert readable.all()
    assert found.zoned.all()
    moments = day * MICROSECONDS_PER_DAY + found.clock - found.offset
    assert moments.tolist() == [to_microseconds(one) for one in told] * 2


@pytest.mark.parametrize(
    ("text", "hours"),
    [("2024-01-02 12:30 AM", 0.5), ("2024-01-02 12:30 pm", 12.5), ("2024-01-02 1:30 p.m.", 13.5),
     ("2024-01-02, 24:00", 24.0), ("02.01.2024 um 7.30", 7.5), ("2 janvier 2024 à 7h30", 7.5)],
)  # fmt: skip
def test_clocks_of_half_days_and_other_languages(text: str, hours: float) -> None:
    found = parts(text)
    assert (found.clock[0], found.zoned[0], found.date_only[0]) == (hours * HOUR, False, False)
    assert days("dmy", text) == [date(2024, 1, 2)]


@settings(max_examples=40)
@given(st.datetimes(datetime(1973, 4, 1), datetime(2199, 1, 1)))
def test_seconds_to_nanoseconds_since_1970_are_told_by_their_length(moment: datetime) -> None:
    whole = to_microseconds(moment.replace(microsecond=0, tzinfo=UTC))
    found = parts(*(str(whole // 1_000_000) + "0" * zeros for zeros in (0, 3, 6, 9)))
    day, readable = found.days(None)
    assert readable.all()
    assert found.zoned.all()
    assert (day * MICROSECONDS_PER_DAY + found.clock == whole).all()


def test_days_of_a_spreadsheet_begin_in_1899() -> None:
    found = parts("45293", "45293.25")
    assert found.days(None)[0].tolist() == [(date(2024, 1, 2) - EPOCH).days] * 2
    assert found.clock.tolist() == [0, 6 * HOUR]
    assert (found.date_only.tolist(), found.zoned.tolist()) == ([True, False], [False, False])


@given(st.lists(DATES, max_size=6))
def test_days_since_1970_are_taken_apart_and_put_together(dates: list[date]) -> None:
    asked = np.array([(day - EPOCH).days for day in dates], dtype=np.int64)
    found = DateParts.fixed(asked)
    assert list(zip(found.a, found.b, found.c, strict=True)) == [(day.year, day.month, day.day) for day in dates]
    back, readable = found.take(np.arange(len(dates))[::-1]).days("mdy")
    assert readable.all()
    assert back.tolist() == asked[::-1].tolist()
