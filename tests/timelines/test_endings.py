"""What ends is there until its end, as if it never ended, and afterwards as if it had never been."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.examples.assembly import Assembly, completed
from foretell.features import FEATURES
from foretell.project.fingerprints import keys_of
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import buckets_of, last_seconds
from foretell.timelines.survey import Survey, Tally
from made_orders import DAY, EVERYTHING, Line, Made, batch_of, made
from made_store import loaded
from made_views import NOBODY_ELSE, bought


def without_ends(lines: Sequence[Line]) -> list[Line]:
    return [replace(line, gone_at=None) for line in lines]


def told(batch: Timelines, cutoff: int) -> dict[str, list[float]]:
    """Every feature of everybody who had ordered before a cutoff."""
    view = batch.views([cutoff], lambda _: NOBODY_ELSE)[0]
    rows = view.orders.count() > 0
    found = {name: feature(view)[rows] for name, feature in FEATURES.items()}
    return {"": batch.customer_key[rows].tolist(), **{name: values.tolist() for name, values in found.items()}}


def says(lines: Sequence[Line], timezone: str, before: int, cutoff: int, first_load: int) -> str:
    """Every feature at a cutoff, from a log on disk that was read before a moment."""
    loads = [part for part in (lines[:first_load], lines[first_load:]) if part]
    with tempfile.TemporaryDirectory() as folder:
        buckets = buckets_of(loaded(Path(folder), *loads, timezone=timezone), "net")
        found = [told(bucket.read(before), cutoff) for bucket in buckets]
    return repr([one for one in found if one[""]])


@settings(max_examples=40)
@given(st.data(), made(), st.booleans(), st.integers(0, 30))
def test_before_the_end_it_never_ends_and_after_it_never_was(
    data: st.DataObject, log: Made, is_cut: bool, first_load: int
) -> None:
    before = log.cutoff if is_cut else EVERYTHING
    left = [line for line in log.lines if line.gone_at is None or line.gone_at >= log.cutoff]
    expected = says(without_ends(left), log.timezone, before, log.cutoff, min(first_load, len(left)))
    assert says(log.lines, log.timezone, before, log.cutoff, first_load) == expected


@settings(max_examples=30)
@given(st.data(), made(), st.integers(0, 30))
def test_each_customer_is_seen_as_at_a_moment_of_its_own(data: st.DataObject, log: Made, first_load: int) -> None:
    loads = [part for part in (log.lines[:first_load], log.lines[first_load:]) if part]
    with tempfile.TemporaryDirectory() as folder:
        for bucket in buckets_of(loaded(Path(folder), *loads, timezone=log.timezone), "net"):
            batch = bucket.read(EVERYTHING)
            moments = [log.cutoff, log.cutoff + 40 * DAY]
            which = data.draw(st.lists(st.sampled_from((0, 1)), min_size=len(batch.customer_key), max_size=30))
            own = np.array([moments[place] for place in which[: len(batch.customer_key)]], dtype=np.int64)
            found = told(batch.at_own(own), log.cutoff)
            of_all = [told(batch.at(moment), log.cutoff) for moment in moments]
            for row, key in enumerate(found[""]):
                then = of_all[moments.index(int(own[batch.customer_key.tolist().index(key)]))]
                same = {name: values[then[""].index(key)] for name, values in then.items()}
                assert repr({name: values[row] for name, values in found.items()}) == repr(same)


@settings(max_examples=40)
@given(made(customers=14), st.sampled_from((7, 30, 90)))
def test_labels_know_what_has_ended_by_the_moment_that_knows_them(log: Made, horizon_days: int) -> None:
    """A label is what a log without the ended lines says; the row's features are those of the cutoff."""
    known_by = log.cutoff + 60 * DAY
    left = [line for line in log.lines if line.gone_at is None or line.gone_at >= known_by]
    batch, plain = batch_of(log.lines, log.timezone, known_by), batch_of(without_ends(left), log.timezone, known_by)
    survey = Survey.of(plain)
    assembly = Assembly((log.cutoff,), horizon_days, (), survey)
    found, expected = completed(assembly(batch)), completed(assembly(plain))
    labels = dict(zip(expected.customer_key.tolist(), expected.labels["orders"].tolist(), strict=True))
    for key, orders in zip(found.customer_key.tolist(), found.labels["orders"].tolist(), strict=True):
        if key in labels:
            assert orders == labels[key]


@settings(max_examples=40)
@given(made())
def test_the_survey_does_not_count_what_has_ended(log: Made) -> None:
    left = [line for line in log.lines if line.gone_at is None or line.gone_at >= log.cutoff]
    found = replace(Survey.of(batch_of(log.lines, log.timezone, log.cutoff)), ended_gaps=Tally())
    assert repr(found) == repr(Survey.of(batch_of(without_ends(left), log.timezone, log.cutoff)))


def test_an_order_whose_parts_are_all_gone_is_no_order(tmp_path: Path) -> None:
    lines = [bought(1, 10, product="p", gone_at=5 * DAY), bought(2, 20, "b"), bought(9, 5, "b")]
    [bucket] = buckets_of(loaded(tmp_path, lines), "net")
    batch = bucket.read(EVERYTHING)
    key = {one: int(keys_of([one])[0]) for one in "ab"}
    for cutoff, of_a in ((4, 1), (5, 1), (6, 0)):
        orders = batch.views([cutoff * DAY], lambda _: NOBODY_ELSE)[0].orders.count().tolist()
        assert dict(zip(batch.customer_key.tolist(), orders, strict=True)) == {key["a"]: of_a, key["b"]: 1}
    assert (Survey.of(batch).customers, Survey.of(batch).refund_only) == (1, 0)
    assert bucket.read(5 * DAY).customer_id.to_pylist() == bucket.read(5 * DAY + 1).customer_id.to_pylist()


@pytest.mark.parametrize(("gone_day", "days"), [(None, [1, 8]), (8, [1, 8]), (7, [1])])
def test_a_last_day_that_has_ended_is_none(tmp_path: Path, gone_day: int | None, days: list[int]) -> None:
    lines = [bought(1), bought(8, customer="b", gone_at=None if gone_day is None else gone_day * DAY)]
    found, _ = last_seconds(buckets_of(loaded(tmp_path, lines), "net"))
    assert found.tolist() == days


def test_lines_of_one_order_and_day_that_end_apart_stay_apart(tmp_path: Path) -> None:
    lines = [bought(1, 10), bought(1, 4, gone_at=3 * DAY), bought(1, 2, gone_at=3 * DAY)]
    [bucket] = buckets_of(loaded(tmp_path, lines), "net")
    batch = bucket.read(EVERYTHING)
    amounts = [batch.at(cutoff * DAY).orders.columns["amount"].tolist() for cutoff in (3, 4)]
    assert amounts == [[160_000], [100_000]]
