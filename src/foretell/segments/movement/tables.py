"""The tables of segments: memberships, migration, and the forecast of each customer, in their declared columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from foretell.examples.plan import Plan
from foretell.project.intervals import days, from_microseconds
from foretell.segments.membership import WHY, Memberships
from foretell.segments.migration.flows import Flows, expected_flows
from foretell.segments.migration.headcount import headcount
from foretell.segments.movement.outlook import SetOutlook
from foretell.segments.movement.proof import SetProof
from foretell.segments.movement.summary import since_and_before
from foretell.segments.segment_set import SegmentSet

ROWS_AT_ONCE = 1_000_000
NEWCOMERS = "(new)"
"""The segment, in a flow, of those who had not ordered yet at its first date."""
MOMENT = pa.timestamp("us", tz="UTC")
MIGRATION = pa.schema(
    [
        ("segment_set", pa.string()),
        ("from_date", pa.date32()),
        ("to_date", pa.date32()),
        ("kind", pa.string()),
        ("from_segment", pa.string()),
        ("to_segment", pa.string()),
        ("customers", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("money", pa.float64()),
        ("ageing", pa.float64()),
    ]
)
"""`customers` and `money` from one segment to another between two dates; `low` to `high` the 80 % interval of a
forecast; `ageing` of the customers are where silence alone brought them (past flows)."""


def snake(segment: str) -> str:
    """The segment's name in lower snake case.

    >>> snake("At risk"), snake("Cannot lose")
    ('at_risk', 'cannot_lose')
    """
    return re.sub(r"\W+", "_", segment.lower()).strip("_") or "segment"


def snake_names(segments: Sequence[str]) -> list[str]:
    """The names of a set in lower snake case; a second one that reads the same has a number behind it.

    >>> snake_names(["At risk", "At-risk"])
    ['at_risk', 'at_risk_2']
    """
    found: list[str] = []
    for name in map(snake, segments):
        times = sum(one == name or re.fullmatch(rf"{name}_\d+", one) is not None for one in found)
        found.append(f"{name}_{times + 1}" if name in found else name)
    return found


def membership_tables(
    group: SegmentSet, found: Memberships, grid: Sequence[int], keys: np.ndarray, ids: pa.Array
) -> Iterator[pa.Table]:
    """One row a stay: `valid_to` is null while it lasts."""
    moments = np.append(np.asarray(grid, dtype=np.int64), 0)
    for first in range(0, len(found), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        begin, end = found.begin[rows], found.end[rows]
        yield pa.table(
            {
                "customer_id": ids.take(pa.array(np.searchsorted(keys, found.customer_key[rows]))),
                "segment_set": repeated(group.name, len(begin)),
                "segment": named(group.segments, found.segment[rows]),
                "valid_from": pa.array(moments[begin]).cast(MOMENT),
                "valid_to": pa.array(moments[end], mask=end == len(grid)).cast(MOMENT),
                "why": named(WHY, found.why[rows]),
            }
        )


def forecast_tables(outlook: SetOutlook, ids: pa.Array) -> Iterator[pa.Table]:
    """One row a customer and segment; the probabilities of a customer sum to 1."""
    size = len(outlook.segments)
    step = max(ROWS_AT_ONCE // size, 1)
    for first in range(0, len(outlook.chance), step):
        chance = outlook.chance[first : first + step]
        customers = len(chance)
        yield pa.table(
            {
                "customer_id": ids.take(pa.array(np.repeat(np.arange(first, first + customers), size))),
                "segment_set": repeated(outlook.name, customers * size),
                "segment": named(outlook.segments, np.tile(np.arange(size), customers)),
                "probability": chance.ravel().astype(np.float64),
            }
        )


def score_columns(outlook: SetOutlook, found: Memberships, grid: Sequence[int]) -> dict[str, pa.Array]:
    """What the scores say of segments, one entry a customer by key."""
    since, before = since_and_before(found, grid, len(outlook.start))
    names = pa.array(outlook.segments, type=pa.string())
    next_segment = outlook.chance.argmax(axis=1)
    return {
        "segment": names.take(pa.array(outlook.start)),
        "segment_since": pa.array(since).cast(MOMENT),
        "previous_segment": names.take(pa.array(before, mask=before < 0)),
        "next_segment": names.take(pa.array(next_segment)),
        **{
            f"p_next_{name}": pa.array(outlook.chance[:, place].astype(np.float64))
            for place, name in enumerate(snake_names(outlook.segments))
        },
    }


def past_rows(group: SegmentSet, found: Flows, plan: Plan, begin: int, end: int) -> pa.Table:
    """The flows between two past dates."""
    size = len(group.segments)
    start, stop = np.divmod(np.arange(size * size), size)
    names = np.array([*group.segments, NEWCOMERS], dtype=object)
    return _migration(
        _Subject(group.name, (begin, end), plan.timezone, "actual"),
        start=names[np.append(start, np.full(size, size))],
        stop=names[np.append(stop, np.arange(size))],
        customers=np.append(found.customers.ravel(), found.newcomers),
        money=np.append(found.money.ravel(), found.newcomers_money),
        ageing=np.append(found.ageing.ravel(), np.zeros(size)),
    )


def forecast_rows(outlook: SetOutlook, proof: SetProof | None, spend: np.ndarray, plan: Plan) -> pa.Table:
    """The expected flows from today to the end of the horizon, with an interval each."""
    size = len(outlook.segments)
    expected = outlook.flows()
    shock, past = (proof.shock, proof.tests) if proof else (0.25, 1)
    variance = expected_flows(outlook.start, outlook.chance * (1 - outlook.chance))
    inside = headcount(expected.ravel(), variance.ravel(), shock, past)
    start, stop = np.divmod(np.arange(size * size), size)
    names = np.array(outlook.segments, dtype=object)
    between = (plan.as_of, plan.as_of + days(plan.horizon_days))
    subject = _Subject(outlook.name, between, plan.timezone, "forecast")
    own = _migration(
        subject,
        start=names[start],
        stop=names[stop],
        customers=expected.ravel(),
        money=outlook.money(spend).ravel(),
        low=inside.low,
        high=inside.high,
    )
    new = outlook.newcomers(proof)
    if new is None:
        return own
    came = _migration(
        subject,
        start=np.full(size, NEWCOMERS, dtype=object),
        stop=names,
        customers=new.expected,
        money=np.full(size, np.nan),
        low=new.low,
        high=new.high,
    )
    return pa.concat_tables([own, came])


@dataclass(frozen=True)
class _Subject:
    """What the rows of flows are about: a set of segments, between two moments (microseconds UTC), in the past
    (`actual`) or to come (`forecast`)."""

    segment_set: str
    between: tuple[int, int]
    timezone: str
    kind: Literal["actual", "forecast"]


def _migration(
    subject: _Subject,
    *,
    start: np.ndarray,
    stop: np.ndarray,
    customers: np.ndarray,
    money: np.ndarray,
    **more: np.ndarray,
) -> pa.Table:
    """Rows of `MIGRATION`, those of flows with at least a thousandth of a customer; days are those whose midnight is
    nearest, as clocks may have changed within the horizon."""
    rows = len(customers)
    first, last = (from_microseconds(moment + days(0.5), subject.timezone).date() for moment in subject.between)
    columns: Mapping[str, pa.Array] = {
        "segment_set": repeated(subject.segment_set, rows),
        "from_date": pa.array([first] * rows, type=pa.date32()),
        "to_date": pa.array([last] * rows, type=pa.date32()),
        "kind": repeated(subject.kind, rows),
        "from_segment": pa.array(start, type=pa.string()),
        "to_segment": pa.array(stop, type=pa.string()),
        "customers": pa.array(customers),
        "money": pa.array(money, mask=np.isnan(money)),
        **{name: pa.array(values) for name, values in more.items()},
    }
    table = pa.table({field.name: columns.get(field.name, pa.nulls(rows, field.type)) for field in MIGRATION})
    return table.cast(MIGRATION).filter(pa.array(customers >= 1e-3))


def repeated(text: str, times: int) -> pa.Array:
    """The text so many times, as a dictionary."""
    return named((text,), np.zeros(times, dtype=np.int8))


def named(names: Sequence[str], codes: np.ndarray) -> pa.Array:
    """The names at the codes, as a dictionary."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int16)), pa.array(names, type=pa.string()))
