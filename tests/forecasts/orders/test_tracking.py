"""Orders through the test windows: what came is in the log, what was expected sums to the forecasts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.answers.published import RunOverHorizon
from foretell.examples.planned import EXAMPLES
from foretell.forecasts.orders.tracking import TRACKING, Tracking, apart, steps_of, totals, tracking_of
from foretell.pipeline.intake.log import kept_engine
from foretell.project.intervals import days, from_microseconds
from foretell.report.page import report_html
from foretell.report.pictures.tracks import figures, intro
from kept import read_again
from shop import Rows


@pytest.fixture
def tracking(shop_main: RunOverHorizon) -> Tracking:
    found = shop_main.read(TRACKING)
    assert found is not None
    return found


def test_what_came_is_in_the_log(tracking: Tracking, shop: Rows) -> None:
    orders: dict[str, set[tuple[str, str]]] = {}
    for row in shop:
        orders.setdefault(row["customer"], set()).add((row["sold_at"][:10], row["order_no"]))
    steps, before, came = len(tracking.ends) // len(tracking.begins), 0, []
    for place, begin in enumerate(tracking.begins):
        known = [own for own in orders.values() if min(own)[0] < begin]
        ends = tracking.ends[place * steps : (place + 1) * steps]
        by_end = [sum(begin <= day < end for own in known for day, _ in own) for end in ends]
        came += [before + count for count in by_end]
        before += by_end[-1]
    assert tracking.groups[0].came == tuple(came)


def test_what_was_expected_sums_to_the_forecasts(tracking: Tracking, shop_main: RunOverHorizon) -> None:
    proof = shop_main.proof
    assert tracking.model == proof.serving("orders")
    tests = {
        from_microseconds(f.cutoff).date().isoformat(): f
        for f in proof.forecasts
        if (f.objective, f.model) == ("orders", tracking.model)
    }
    assert tracking.begins[-1] == max(tests)
    everybody, *cohorts = tracking.groups
    assert everybody.expected[-1] == pytest.approx(sum(tests[day].predicted.sum() for day in tracking.begins))
    assert everybody.came[-1] == sum(tests[day].actual.sum() for day in tracking.begins)
    assert everybody.customers == len(tests[tracking.begins[-1]].customer_key)
    assert len(cohorts) in (2, 3, 4)
    for line in ("came", "expected"):
        together = np.sum([getattr(group, line) for group in cohorts], axis=0)
        np.testing.assert_allclose(together, getattr(everybody, line))
    assert sum(group.customers for group in cohorts) == everybody.customers


def test_windows_stand_apart_and_steps_are_weeks(tracking: Tracking) -> None:
    assert all(
        date.fromisoformat(b) - date.fromisoformat(a) >= timedelta(days=30) for a, b in pairwise(tracking.begins)
    )
    begin = date.fromisoformat(tracking.begins[0])
    assert [(date.fromisoformat(end) - begin).days for end in tracking.ends[:5]] == [7, 14, 21, 28, 30]
    for group in tracking.groups:
        assert len(group.came) == len(group.expected) == len(tracking.ends)
        assert (np.diff(group.expected) >= 0).all()
        assert group.low is not None
        assert group.high is not None
        assert all(low <= mean <= high for low, mean, high in zip(group.low, group.expected, group.high, strict=True))


def test_the_process_says_that_more_come_early_than_late(tracking: Tracking) -> None:
    assert tracking.by_process
    first = np.diff(np.append(0, tracking.groups[0].expected[:4]))
    assert (np.diff(first) < 0).all()


@given(st.lists(st.integers(0, 300), min_size=1, max_size=9, unique=True), st.integers(1, 90))
def test_the_newest_windows_that_do_not_overlap(begins: list[int], horizon: int) -> None:
    cutoffs = [days(begin) for begin in begins]
    found = apart(cutoffs, horizon)
    assert found[-1] == max(cutoffs)
    assert all(b - a >= days(horizon) for a, b in pairwise(found))
    left_out = set(cutoffs) - set(found)
    assert all(any(abs(one - other) < days(horizon) for other in found) for one in left_out)


@given(st.integers(1, 1830))
def test_steps_end_at_the_horizon(horizon: int) -> None:
    steps = steps_of(horizon)
    assert steps[-1] == horizon
    assert all(0 < b - a <= 7 for a, b in pairwise((0, *steps)))


def test_it_is_kept_as_it_is(tracking: Tracking, tmp_path: Path) -> None:
    assert read_again(TRACKING, tracking, tmp_path) == tracking
    assert read_again(TRACKING, None, tmp_path) is None


def test_the_run_keeps_what_its_proof_gives(shop_main: RunOverHorizon, tracking: Tracking) -> None:
    engine, proving = kept_engine(shop_main.request), shop_main.read(EXAMPLES).proving
    assert tracking_of(engine, shop_main.plan, proving, shop_main.proof) == tracking


def test_the_report_draws_everybody_and_every_cohort(shop_main: RunOverHorizon, tracking: Tracking) -> None:
    page = report_html(shop_main.run)
    assert "Orders as they came" in page
    drawn = figures(tracking)
    assert [figure.title.lower() for figure in drawn] == [group.name.lower() for group in tracking.groups]
    for figure, group in zip(drawn, tracking.groups, strict=True):
        assert figure.drawing in page
        assert f"Orders through the test windows: {group.name}" in figure.drawing
        assert f"by {tracking.ends[-1]} " in figure.drawing
        assert 'class="band"' in figure.drawing
        assert figure.text.startswith(f"{group.customers} customer")
        assert totals(group) in figure.text
    assert "2 windows of 30 days" in intro(tracking)
    assert Counter(style for figure in drawn for style, _ in figure.legend)["came"] == len(drawn)


def test_without_an_interval_none_is_drawn(tracking: Tracking) -> None:
    bare = replace(tracking, groups=(replace(tracking.groups[0], low=None, high=None),))
    [drawn] = figures(bare)
    assert 'class="band"' not in drawn.drawing
    assert [style for style, _ in drawn.legend] == ["came", "ours foreseen"]
    assert "[" not in totals(bare.groups[0])
    assert "so there is none" in intro(bare)
