"""Dates in any form that one can tell from the data, as int64 microseconds UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.date_forms import DateParts, read_parts
from foretell.customer_log.cells.identifiers import distinct, in_chunks
from foretell.project.intervals import MICROSECONDS_PER_DAY, from_microseconds, midnight, zone
from foretell.project.request import DateOrder

EARLIEST = 315_532_800_000_000
"""1980-01-01: what lies before is a placeholder, not a purchase."""
FURTHEST_SLIP = 10 * 365 * MICROSECONDS_PER_DAY
"""What lies further ahead, such as 2999-12-31, is a placeholder too, not a slip of the clock or the pen."""
LATEST_CLOCK = 250_000_000_000_000_000
REASONS = ("", "no date", "not a date", "placeholder date", "in the future", "day and month cannot be told apart")
MISSING, NOT_A_DATE, PLACEHOLDER, IN_THE_FUTURE, UNDECIDED = 1, 2, 3, 4, 5
ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")


class Moments(NamedTuple):
    """`happened_at`, `known_at` of each row (int64 microseconds UTC, 0 where there is none), whether it is a date
    without a time, and `reasons`, int8 positions in `REASONS`, 0 where it is good."""

    happened_at: np.ndarray
    known_at: np.ndarray
    date_only: np.ndarray
    reasons: np.ndarray


class OrderEvidence(NamedTuple):
    """For each of `ORDERS`, the rows that only other orders can read (`against`) and those it can read (`fitting`);
    rows known at the cutoff under a reading that fits them. `needed`: rows that cannot be read without an order."""

    against: np.ndarray
    fitting: np.ndarray
    needed: int

    def plus(self, other: OrderEvidence) -> OrderEvidence:
        """The evidence of both."""
        return OrderEvidence(self.against + other.against, self.fitting + other.fitting, self.needed + other.needed)


NO_EVIDENCE = OrderEvidence(np.zeros(3, np.int64), np.zeros(3, np.int64), 0)


def moments(column: pa.ChunkedArray | pa.Array, order: DateOrder | None, timezone: str, now: int) -> Moments:
    """The moment of each row; naive times are local ones of `timezone` (of two equal ones the first, and a time
    that the clock skipped counts with the offset before). A date without a time happened at its local midnight
    and is known at the end of the day. What lies before 1980, or tomorrow or later by the clock `now`, is refused.

    >>> day = moments(pa.array(["2011-06-12"]), None, "Europe/London", now=10**16)
    >>> [datetime.fromtimestamp(int(m) / 1e6, UTC).isoformat() for m in (day.happened_at[0], day.known_at[0] + 1)]
    ['2011-06-11T23:00:00+00:00', '2011-06-12T23:00:00+00:00']
    """
    column = in_chunks(column)
    if pa.types.is_timestamp(column.type):
        return _typed_moments(column, timezone, now)
    if pa.types.is_date(column.type):
        days = column.cast(pa.date32()).cast(pa.int32())
        parts = _of_days(pc.fill_null(days, 0).to_numpy().astype(np.int64))
        good = _judged(parts, "ymd", timezone, now)
        return _without(good, column.is_null().to_numpy())
    if (iso := _iso(column)) is not None:
        found = _typed_moments(iso, timezone, now)
        days_only = np.asarray(pc.equal(pc.binary_length(column), 10).to_numpy()) & (found.reasons == 0)
        return _whole_days(found, days_only, iso, timezone)
    values, positions = distinct(column)
    parts = read_parts(values)
    judged = _judged(parts, order, timezone, now)
    return Moments(
        *(_taken(array, positions, missing) for array, missing in zip(judged, (0, 0, False, MISSING), strict=True))
    )


def readable_dates(column: pa.ChunkedArray | pa.Array, timezone: str, now: int, as_of: int | None = None) -> np.ndarray:
    """Whether each row is a date of a purchase, known before `as_of`, in some order of day, month and year."""
    readings, positions = _every_reading(column, timezone, now)
    good = np.any([(r.reasons == 0) & (as_of is None or r.known_at < as_of) for r in readings], axis=0)
    return np.asarray(np.append(good, False)[positions])


def dates_and_placeholders(
    column: pa.ChunkedArray | pa.Array, timezone: str, now: int
) -> tuple[np.ndarray, np.ndarray]:
    """Whether each row is a date of a purchase, and whether it is one on which nobody can have bought, in some order of
    day, month and year."""
    readings, positions = _every_reading(column, timezone, now)
    good = np.any([r.reasons == 0 for r in readings], axis=0)
    empty = np.any([r.reasons == PLACEHOLDER for r in readings], axis=0) & ~good
    return np.append(good, False)[positions], np.append(empty, False)[positions]


def _every_reading(column: pa.ChunkedArray | pa.Array, timezone: str, now: int) -> tuple[list[Moments], np.ndarray]:
    """The distinct values in each order of day, month and year, and the position of each row among them."""
    column = in_chunks(column)
    if pa.types.is_temporal(column.type) or _iso(column) is not None:
        return [moments(column, None, timezone, now)], np.arange(len(column))
    values, positions = distinct(column)
    parts = read_parts(values)
    return [_judged(parts, order, timezone, now) for order in ORDERS], positions


def order_evidence(column: pa.ChunkedArray | pa.Array, timezone: str, now: int, as_of: int | None) -> OrderEvidence:
    """What a column says about the order of day, month and year, from rows before `as_of` alone."""
    column = in_chunks(column)
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type) or _iso(column) is not None:
        return NO_EVIDENCE
    values, positions = distinct(column)
    counts = np.bincount(positions[positions >= 0], minlength=len(values)).astype(np.int64)
    parts = read_parts(values)
    asking = parts.needs_order
    if not asking.any():
        return NO_EVIDENCE
    parts, counts = parts.take(asking), counts[asking]
    fits = np.stack([_judged(parts, order, timezone, now).reasons == 0 for order in ORDERS])
    if as_of is not None:
        before = np.stack([_judged(parts, order, timezone, now).happened_at < as_of for order in ORDERS])
        known = fits & before
    else:
        known = fits
    against = np.array([(counts * (~fits[i] & known.any(axis=0))).sum() for i in range(len(ORDERS))])
    fitting = np.array([(counts * known[i]).sum() for i in range(len(ORDERS))])
    return OrderEvidence(against, fitting, int((counts * known.any(axis=0)).sum()))


def begin_of_tomorrow(now: int, timezone: str) -> int:
    """The midnight that ends the day of the clock `now` in `timezone`, both in microseconds UTC."""
    return midnight(from_microseconds(min(now, LATEST_CLOCK), timezone).date() + timedelta(days=1), timezone)


def to_utc(local: np.ndarray, timezone: str) -> np.ndarray:
    """Microseconds UTC of naive local microseconds, both int64, as `datetime` does with fold=0."""
    if timezone == "UTC" or not len(local):
        return local
    place = zone(timezone)
    first_day, last_day = -719_000, 2_900_000
    days, position = np.unique(np.clip(local // MICROSECONDS_PER_DAY, first_day, last_day), return_inverse=True)
    both = np.unique(np.concatenate((days, days + 1)))
    midnights = {int(day): _offset(int(day) * MICROSECONDS_PER_DAY, place) for day in both}
    begins = np.array([midnights[int(day)] for day in days])
    ends = np.array([midnights[int(day) + 1] for day in days])
    offsets = begins[position]
    changing = np.flatnonzero((begins != ends)[position])
    if len(changing):
        times, where = np.unique(local[changing], return_inverse=True)
        offsets[changing] = np.array([_offset(int(time), place) for time in times])[where]
    return np.asarray(local - offsets)


def _offset(local: int, place: object) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None) + timedelta(microseconds=local)
    offset = moment.replace(tzinfo=place).utcoffset()  # type: ignore[arg-type]
    assert offset is not None
    return offset // timedelta(microseconds=1)


def _judged(parts: DateParts, order: DateOrder | None, timezone: str, now: int) -> Moments:
    days, readable = parts.days(order)
    local = days * MICROSECONDS_PER_DAY + parts.clock
    happened = np.where(parts.zoned, local - parts.offset, 0)
    naive = readable & ~parts.zoned
    happened[naive] = to_utc(local[naive], timezone)
    known = happened.copy()
    day_only = readable & parts.date_only
    known[day_only] = to_utc((days[day_only] + 1) * MICROSECONDS_PER_DAY, timezone) - 1
    reasons = np.zeros(len(days), np.int8)
    reasons[~readable] = NOT_A_DATE
    if order is None:
        reasons[parts.needs_order & ~readable] = UNDECIDED
    reasons[parts.missing] = MISSING
    return _bounded(Moments(happened, known, day_only, reasons), begin_of_tomorrow(now, timezone))


def _bounded(found: Moments, tomorrow: int) -> Moments:
    happened, reasons = found.happened_at, found.reasons
    reasons[(reasons == 0) & ((happened < EARLIEST) | (happened > tomorrow + FURTHEST_SLIP))] = PLACEHOLDER
    reasons[(reasons == 0) & (happened >= tomorrow)] = IN_THE_FUTURE
    bad = reasons != 0
    found.happened_at[bad] = 0
    found.known_at[bad] = 0
    found.date_only[bad] = False
    return found


def _typed_moments(column: pa.ChunkedArray | pa.Array, timezone: str, now: int) -> Moments:
    per_unit = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 1}[column.type.unit]
    missing = column.is_null().to_numpy()
    raw = pc.fill_null(column.cast(pa.int64()), 0).to_numpy()
    if column.type.unit == "ns":
        raw = raw // 1000
    limit = 250_000_000_000_000_000 // per_unit
    local = np.clip(raw, -limit, limit) * per_unit
    happened = local if column.type.tz else to_utc(np.clip(local, -6 * 10**16, limit * per_unit), timezone)
    reasons = np.where(missing, MISSING, 0).astype(np.int8)
    happened = happened.copy()
    return _bounded(
        Moments(happened, happened.copy(), np.zeros(len(raw), bool), reasons), begin_of_tomorrow(now, timezone)
    )


def _iso(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array | None:
    """Naive timestamps of a text column in which every value is an ISO date or time, as in most; None otherwise."""
    if not pa.types.is_string(column.type) or column.null_count:
        return None
    try:
        return column.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None


def _whole_days(found: Moments, rows: np.ndarray, local: pa.ChunkedArray | pa.Array, timezone: str) -> Moments:
    if rows.any():
        midnights = local.filter(pa.array(rows)).cast(pa.int64()).to_numpy()
        found.known_at[rows] = to_utc(midnights + MICROSECONDS_PER_DAY, timezone) - 1
        found.date_only[rows] = True
    return found


def _of_days(days: np.ndarray) -> DateParts:
    return DateParts.fixed(days)


def _without(found: Moments, missing: np.ndarray) -> Moments:
    found.reasons[missing] = MISSING
    for array in (found.happened_at, found.known_at):
        array[missing] = 0
    found.date_only[missing] = False
    return found


def _taken(values: np.ndarray, positions: np.ndarray, missing: int | bool) -> np.ndarray:
    return np.asarray(np.append(values, np.array(missing, values.dtype))[positions])
