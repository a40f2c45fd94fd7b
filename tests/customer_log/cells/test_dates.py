"""Every written form of a date gives the moment that `datetime` gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.cells.dates import ORDERS, REASONS, moments, order_evidence, to_utc
from foretell.customer_log.cells.month_names import month_number
from foretell.project.intervals import midnight, to_microseconds
from foretell.project.request import DateOrder

NOW = to_microseconds(datetime(2060, 1, 1, tzinfo=UTC))
times = st.datetimes(datetime(1980, 1, 3), datetime(2059, 12, 1))


def utc(naive: datetime) -> int:
    return to_microseconds(naive.replace(tzinfo=UTC))


Written = Callable[[datetime], str]
FORMS: dict[str, tuple[DateOrder | None, Written, timedelta]] = {
    "ISO": (None, lambda t: t.isoformat(" "), timedelta(microseconds=1)),
    "ISO with T and nanoseconds": (None, lambda t: f"{t:%Y-%m-%dT%H:%M:%S.%f}789", timedelta(microseconds=1)),
    "ISO, minutes": (None, lambda t: t.strftime("%Y-%m-%d %H:%M"), timedelta(minutes=1)),
    "slashes, year first": (None, lambda t: f"{t.year}/{t.month}/{t.day} {t:%H:%M:%S}", timedelta(seconds=1)),
    "d/m/y": ("dmy", lambda t: f"{t.day}/{t.month}/{t.year} {t:%H:%M}", timedelta(minutes=1)),
    "d.m.y": (None, lambda t: t.strftime("%d.%m.%Y %H:%M:%S"), timedelta(seconds=1)),
    "m/d/y with AM and PM": ("mdy", lambda t: t.strftime("%m/%d/%Y %I:%M:%S %p"), timedelta(seconds=1)),
    "m-d-y, two digits": ("mdy", lambda t: t.strftime("%m-%d-%y %H:%M"), timedelta(minutes=1)),
    "d/m/y, two digits": ("dmy", lambda t: t.strftime("%d/%m/%y %H:%M"), timedelta(minutes=1)),
    "y/m/d, two digits": ("ymd", lambda t: t.strftime("%y/%m/%d %H:%M"), timedelta(minutes=1)),
    "compact": (None, lambda t: t.strftime("%Y%m%d%H%M%S"), timedelta(seconds=1)),
    "compact with T": (None, lambda t: t.strftime("%Y%m%dT%H%M%SZ"), timedelta(seconds=1)),
    "day, month's name": (None, lambda t: t.strftime("%d %B %Y %H:%M"), timedelta(minutes=1)),
    "day-Mon-yy": (None, lambda t: t.strftime("%d-%b-%y %H:%M:%S"), timedelta(seconds=1)),
    "month's name, day": (None, lambda t: t.strftime("%b %d, %Y, %I:%M %p"), timedelta(minutes=1)),
    "e-mail": (None, lambda t: t.strftime("%a, %d %b %Y %H:%M:%S +0000"), timedelta(seconds=1)),
    "date command": (None, lambda t: t.strftime("%a %b %d %H:%M:%S UTC %Y"), timedelta(seconds=1)),
    "browser": (None, lambda t: f"{t:%a %b %d %Y %H:%M:%S} GMT+0000 (Universal Time)", timedelta(seconds=1)),
    "Unix seconds": (None, lambda t: str(utc(t) // 10**6), timedelta(seconds=1)),
    "Unix milliseconds": (None, lambda t: str(utc(t) // 10**3), timedelta(milliseconds=1)),
    "Unix microseconds": (None, lambda t: str(utc(t)), timedelta(microseconds=1)),
    "Unix nanoseconds": (None, lambda t: str(utc(t) * 1000), timedelta(microseconds=1)),
    "spreadsheet": (None, lambda t: repr((t - datetime(1899, 12, 30)) / timedelta(days=1)), timedelta(milliseconds=1)),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(times=st.lists(times, min_size=1, max_size=30))
def test_a_written_time_is_the_moment_it_names(form: str, times: list[datetime]) -> None:
    order, written, exact = FORMS[form]
    found = moments(pa.array([written(t) for t in times]), order, "UTC", NOW)
    assert [REASONS[r] for r in found.reasons] == [""] * len(times)
    expected = np.array([to_microseconds(t.replace(tzinfo=UTC)) for t in times])
    assert (np.abs(found.happened_at - expected) < exact / timedelta(microseconds=1)).all()
    assert not (found.date_only & (expected % 86_400_000_000 != 0)).any() or form == "spreadsheet"


DAYS: dict[str, tuple[DateOrder | None, str]] = {
    "ISO": (None, "%Y-%m-%d"), "slashes": ("dmy", "%d/%m/%Y"), "American": ("mdy", "%m/%d/%Y"), "dots": (None,
        "%d.%m.%Y"),
    "compact": (None, "%Y%m%d"), "compact, day first": ("dmy", "%d%m%Y"), "named": (None, "%A, %d %B %Y"),
        "Mon": (None, "%Y-%b-%d"),
}  # fmt: skip


@pytest.mark.parametrize("form", DAYS)
@given(days=st.lists(st.dates(date(1980, 1, 2), date(2059, 1, 1)), min_size=1, max_size=20))
def test_a_day_is_known_at_its_end(form: str, days: list[date]) -> None:
    order, pattern = DAYS[form]
    place = "America/Sao_Paulo"
    found = moments(pa.array([day.strftime(pattern) for day in days]), order, place, NOW)
    assert found.date_only.all()
    assert found.happened_at.tolist() == [midnight(day, place) for day in days]
    assert found.known_at.tolist() == [midnight(day + timedelta(days=1), place) - 1 for day in days]


@given(
    st.lists(times, min_size=1, max_size=40),
    st.sampled_from(
        ["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
    ),
)
def test_naive_times_are_local_times(local: list[datetime], place: str) -> None:
    micro = np.array([to_microseconds(t.replace(tzinfo=UTC)) for t in local])
    assert to_utc(micro, place).tolist() == [to_microseconds(t.replace(tzinfo=ZoneInfo(place))) for t in local]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2011-03-27 01:30:00", "2011-03-27T01:30:00+00:00"),
        ("2011-10-30 01:30:00", "2011-10-30T00:30:00+00:00"),
        ("2011-06-12 24:00:00", "2011-06-12T23:00:00+00:00"),
        ("12 juin 2011 8h30", "2011-06-12T07:30:00+00:00"),
        ("12 de junio de 2011", "2011-06-11T23:00:00+00:00"),
        ("12. März 2011", "2011-03-12T00:00:00+00:00"),
        ("2011-06-12T08:30:00.5+05:30", "2011-06-12T03:00:00.500000+00:00"),
        ("2011-06-12T08:30:00-0800", "2011-06-12T16:30:00+00:00"),
        ("2011. 06. 12.", "2011-06-11T23:00:00+00:00"),
    ],
)
def test_clock_changes_offsets_and_languages(written: str, moment: str) -> None:
    found = moments(pa.array([written]), None, "Europe/London", NOW)
    assert found.happened_at.tolist() == [to_microseconds(datetime.fromisoformat(moment))]


@given(times=st.lists(st.tuples(times, st.integers(-14 * 60, 14 * 60)), min_size=1, max_size=20))
def test_mixed_offsets_each_count_for_themselves(times: list[tuple[datetime, int]]) -> None:
    aware = [t.replace(tzinfo=timezone(timedelta(minutes=minutes))) for t, minutes in times]
    found = moments(pa.array([t.isoformat() for t in aware]), None, "Asia/Tokyo", NOW)
    assert found.happened_at.tolist() == [to_microseconds(t) for t in aware]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "Europe/Paris"])
def test_typed_timestamps(unit: str, zone: str | None) -> None:
    when = datetime(2011, 6, 12, 8, 30)
    column = pa.array([when, None]).cast(pa.timestamp(unit)).cast(pa.int64()).cast(pa.timestamp(unit, zone))
    found = moments(column, None, "Europe/London", NOW)
    at = when.replace(tzinfo=UTC if zone else ZoneInfo("Europe/London"))
    assert found.happened_at.tolist() == [to_microseconds(at), 0]
    assert [REASONS[r] for r in found.reasons] == ["", "no date"]


def test_typed_dates_and_numbers() -> None:
    day = midnight(date(2011, 6, 12), "UTC")
    for column in (
        pa.array([date(2011, 6, 12)], pa.date32()), pa.array([date(2011, 6, 12)], pa.date64()), pa.array([20110612]),
        pa.array([day // 10**6]), pa.array([day / 10**6]), pa.array([40706]), pa.array([40706.0]),
        pa.array(["2011-06-12"]).dictionary_encode(), pa.array(["2011-06-12"], pa.large_string()),
    ):  # fmt: skip
        assert moments(column, None, "UTC", NOW).happened_at.tolist() == [day]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "no date"), (None, "no date"), ("NaT", "no date"), ("soon", "not a date"), ("2011-02-29", "not a date"),
        ("31/04/2011", "not a date"), ("2011-06-12 25:00", "not a date"), ("1900-01-01", "placeholder date"),
        ("1970-01-01 00:00:00", "placeholder date"), ("0001-01-01", "placeholder date"),
        ("2999-12-31", "placeholder date"), ("9999-12-31", "placeholder date"), ("2061-03-04", "in the future"),
        ("12", "not a date"), ("12.5", "not a date"), ("14 PM", "not a date"),
    ],
)  # fmt: skip
def test_what_is_no_purchase_date_says_why(written: str | None, reason: str) -> None:
    for neighbours in ([], ["2011-06-12"], ["12/06/2011"]):
        found = moments(pa.array([written, *neighbours], pa.string()), "dmy", "UTC", NOW)
        assert REASONS[found.reasons[0]] == reason


PLACES = ("UTC", "Pacific/Auckland", "America/Los_Angeles", "Europe/London")


@given(now=times, place=st.sampled_from(PLACES), ahead=st.integers(0, 4), seconds=st.integers(0, 86_399))
def test_today_is_read_to_its_end_and_tomorrow_is_refused(now: datetime, place: str, ahead: int, seconds: int) -> None:
    clock = utc(now)
    today = now.replace(tzinfo=UTC).astimezone(ZoneInfo(place)).date()
    midnights = [midnight(today + timedelta(days=n), place) for n in (0, 1, 1 + ahead)]
    late, early = midnights[1] - 1, midnights[2] + seconds * 10**6
    instants = pa.array([midnights[0], late, early], pa.timestamp("us", "UTC"))
    texts = pa.array([datetime.fromtimestamp(at // 10**6, UTC).isoformat() for at in (midnights[0], late, early)])
    days = pa.array([today, today, today + timedelta(days=1 + ahead)])
    for column in (
        instants,
        texts,
        days,
        days.cast(pa.string()),
        pa.array([f"{day:%d.%m.%Y}" for day in days.to_pylist()]),
    ):
        found = moments(column, None, place, clock)
        assert [REASONS[reason] for reason in found.reasons] == ["", "", "in the future"]
        assert (found.known_at < midnights[1]).all()


@given(st.lists(st.text(max_size=25), max_size=30))
def test_no_text_breaks_the_reading(texts: list[str]) -> None:
    clean = [t.encode("utf-8", "replace").decode() for t in texts]
    found = moments(pa.array(clean, pa.string()), "mdy", "Europe/London", NOW)
    assert len(found.happened_at) == len(clean)


@given(
    st.lists(st.sampled_from(["2011-06-12", "2011-06-12 08", "x", "13/06/2011", "20110612", "1e3", "2011-06-12 24:00"]))
)
def test_a_row_is_read_alike_whatever_its_neighbours(texts: list[str]) -> None:
    together = moments(pa.array(texts, pa.string()), "dmy", "Europe/London", NOW)
    for i, text in enumerate(texts):
        alone = moments(pa.array([text]), "dmy", "Europe/London", NOW)
        assert [a[0] for a in alone] == [t[i] for t in together]


def test_without_an_order_an_undecided_date_is_refused() -> None:
    found = moments(pa.array(["05/06/2011", "2011-06-05"]), None, "UTC", NOW)
    assert [REASONS[r] for r in found.reasons] == ["day and month cannot be told apart", ""]


@given(st.lists(st.dates(date(1990, 1, 1), date(2020, 1, 1)), min_size=1), st.sampled_from(["dmy", "mdy"]))
def test_evidence_never_speaks_against_the_order_written(days: list[date], order: DateOrder) -> None:
    pattern = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}[order]
    evidence = order_evidence(pa.array([d.strftime(pattern) for d in days]), "UTC", NOW, None)
    assert evidence.against[ORDERS.index(order)] == 0
    other = ORDERS.index("mdy" if order == "dmy" else "dmy")
    assert evidence.against[other] == sum(d.day > 12 for d in days)


def test_rows_after_the_cutoff_are_no_evidence() -> None:
    as_of = midnight(date(2011, 6, 12), "UTC")
    evidence = order_evidence(pa.array(["05/06/2011", "25/07/2011"]), "UTC", NOW, as_of)
    assert evidence.against.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("name", "number"),
    [("Mrz", 3), ("août", 8), ("OKT", 10), ("ene", 1), ("jui", 0), ("ma", 0), ("Sept", 9), ("xyz", 0)],
)
def test_month_names(name: str, number: int) -> None:
    assert month_number(name) == number
