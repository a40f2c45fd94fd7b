"""Segments of the past from memberships, against looking each stay up."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from foretell.alerts.past.scores import PastFacts
from foretell.alerts.past.segments import LASTS, stays_in, weekly_sizes, with_segments
from foretell.project.fingerprints import keys_of
from foretell.project.intervals import days
from foretell.storage.long_table import LongTable

AS_OF = 400
HISTORIES = st.dictionaries(
    st.sampled_from("abcde"),
    st.lists(st.tuples(st.integers(300, AS_OF), st.sampled_from(["New", "Lost"])), min_size=1, max_size=4,
             unique_by=lambda stay: stay[0]).map(sorted),
    min_size=1,
)  # fmt: skip


def stays(histories: dict[str, list[tuple[int, str]]]) -> pa.Table:
    """Each customer's stays: a segment from a day until the day of the next one, the last one lasts."""
    rows = []
    for customer, history in histories.items():
        ends = [days(day) for day, _ in history[1:]] + [LASTS]
        rows += [
            {"customer_id": customer, "segment": name, "begin": days(day), "end": end}
            for (day, name), end in zip(history, ends, strict=True)
        ]
    return pa.Table.from_pylist(rows)


def segment_at(history: list[tuple[int, str]], day: int) -> str | None:
    return next((name for begin, name in reversed(history) if begin <= day), None)


@given(HISTORIES)
def test_sizes_are_those_of_each_week(histories: dict[str, list[tuple[int, str]]]) -> None:
    sizes = weekly_sizes(stays(histories), days(AS_OF))
    for name, series in sizes.items():
        for back, size in enumerate(series[::-1]):
            assert size == sum(segment_at(history, AS_OF - 7 * back) == name for history in histories.values())
    first = min(history[0][0] for history in histories.values())
    assert {len(series) for series in sizes.values()} == {(AS_OF - first) // 7 + 1}


@given(HISTORIES, st.lists(st.integers(280, AS_OF), min_size=1, max_size=3, unique=True))
def test_past_facts_get_the_segment_of_their_cutoff(
    histories: dict[str, list[tuple[int, str]]], cutoffs: list[int]
) -> None:
    ids = np.array(sorted("abcdef", key=lambda one: int(keys_of([one])[0])))
    facts = [PastFacts(days(day), keys_of(ids.tolist())) for day in cutoffs]
    first = min(history[0][0] for history in histories.values())
    for day, one in zip(cutoffs, with_segments(facts, stays(histories)), strict=True):
        if day < first:
            assert one.columns == {}
        else:
            assert one.columns["segment"].tolist() == [segment_at(histories.get(c, []), day) for c in ids]


def test_the_stays_of_one_set_are_read() -> None:
    moment = pa.timestamp("us", tz="UTC")
    table = pa.table(
        {
            "customer_id": [1, 1, 2, 1],
            "segment_set": ["rfm", "rfm", "rfm", "value"],
            "segment": ["New", "Lost", "New", "High"],
            "valid_from": pa.array([1, 5, 2, 1], moment),
            "valid_to": pa.array([5, None, None, None], moment),
        }
    )
    memberships = LongTable(lambda: iter([table.slice(0, 1), table.slice(1)]))
    assert stays_in(memberships, "rfm").to_pydict() == {
        "customer_id": ["1", "1", "2"], "segment": ["New", "Lost", "New"], "begin": [1, 5, 2], "end": [5, LASTS, LASTS],
    }  # fmt: skip
    assert stays_in(memberships, "value").to_pydict()["segment"] == ["High"]
    assert not len(stays_in(memberships, "elsewhere"))
