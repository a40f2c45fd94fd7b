"""Rehearsals: what estimates were worth at tests, learned of other tests alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import t

from foretell.outcomes.estimates.passing import TOTALS, PastWindow
from foretell.outcomes.estimates.rehearsal import TOTAL, Rehearsal, Rehearsed, rehearsed
from outcomes.estimates.past_windows import DAYS, HORIZON, window

PACES = (1.0, 0.55, 1.5, 0.8, 0.65, 1.3)


@cache
def windows(*paces: float) -> tuple[PastWindow, ...]:
    draws = np.random.default_rng(7)
    return tuple(window(draws, pace=one, cutoff=place) for place, one in enumerate(paces))


@cache
def steady() -> Rehearsal:
    return rehearsed(windows(1.0, 1.0, 1.0), DAYS, 3)


@cache
def uneven() -> Rehearsal:
    return rehearsed(windows(*PACES), DAYS, 2)


def test_at_the_start_each_estimate_is_the_chances_own_beside_what_came() -> None:
    start = steady().at(0)
    assert start is not None
    assert [one.day for one in steady().stages] == [0, *DAYS]
    row = start.of("purchase", "auroc")
    assert row is not None
    assert np.abs(np.subtract(row.estimated, row.realised)).max() < 0.06
    totals = start.of("buyers", TOTAL)
    assert totals is not None
    came = [one.came("buyers", -1) / one.forecast("buyers") for one in windows(1.0, 1.0, 1.0)]
    assert totals.estimated == (1.0,) * 3
    assert totals.realised == pytest.approx(came)


def test_clocks_of_steady_windows_are_the_calendar() -> None:
    for stage in steady().stages[1:]:
        assert {name: stage.told[name].clock for name in TOTALS} == pytest.approx(
            dict.fromkeys(TOTALS, stage.day / HORIZON), abs=0.06
        )


def test_where_levels_move_a_pace_is_kept_and_misses_less_the_more_has_passed() -> None:
    for what in TOTALS:
        start, *later = [stage.of(what, TOTAL) for stage in uneven().stages]
        assert start is not None
        spreads = [one.spread for one in later if one is not None]
        assert start.spread > spreads[1] > spreads[2]
    brier = [stage.of("purchase", "brier") for stage in uneven().stages]
    assert brier[0] is not None
    assert brier[3] is not None
    assert brier[3].spread < brier[0].spread


def test_where_nothing_moves_the_forecast_is_left_as_it_is() -> None:
    start, *later = [stage.of("orders", TOTAL) for stage in steady().stages]
    assert start is not None
    assert all(one is not None and one.spread < start.spread + 0.02 for one in later)


def test_what_a_test_learns_does_not_hold_how_its_own_window_ended() -> None:
    own = windows(1.0, 1.5, 0.6)
    ended = own[1].came_orders.copy()
    ended[:, -1] += 1
    other = replace(own[1], came_orders=ended)
    before, after = (rehearsed((own[0], one, own[2]), DAYS, 2).stages[2].of("orders", TOTAL) for one in (own[1], other))
    assert before is not None
    assert after is not None
    assert after.realised[1] > 1.4 * before.realised[1]
    assert after.estimated[1] == before.estimated[1]


def test_who_leaves_is_told_as_well_as_who_orders() -> None:
    for stage in uneven().stages[1:]:
        ordering, leaving = (stage.of(objective, "brier") for objective in ("purchase", "churn"))
        assert ordering is not None
        assert leaving is not None
        assert leaving.estimated == pytest.approx(ordering.estimated, abs=0.03), "every second customer"


def test_an_error_is_students_and_needs_two_windows_apart() -> None:
    row = Rehearsed("purchase", "auroc", (0.8, 0.7, 0.6), (0.7, 0.7, 0.8))
    assert row.spread == pytest.approx(np.sqrt(0.05 / 3))
    assert row.error(2) == pytest.approx(t.ppf(0.95, 2) * row.spread)
    assert row.error(1) is None


def test_one_test_has_a_start_alone_and_none_has_nothing() -> None:
    assert [one.day for one in rehearsed(windows(1.0), DAYS, 1).stages] == [0]
    assert rehearsed((), DAYS, 0).missing
    assert rehearsed((), DAYS, 0).at(5) is None
    last = steady().at(HORIZON)
    assert last is not None
    assert last.day == DAYS[-1]
