"""Windows that have passed in part, beside their rest."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from foretell.outcomes.estimates.passing import TOTALS, Learned, Passage, bound_of, learned
from outcomes.estimates.past_windows import DAYS, HORIZON, PRICE, window


def test_a_window_of_another_pace_shows_it_in_its_first_part_and_in_its_rest() -> None:
    one = window(np.random.default_rng(2), 8000, pace=0.6)
    for what in TOTALS:
        own = one.passage(what, 1)
        part = DAYS[1] / HORIZON
        assert (own.first / part, own.rest / (1 - part)) == pytest.approx((0.6, 0.6), abs=0.03)
        assert own.heading(part, 0.6) == pytest.approx(own.whole, rel=0.03)
        assert own.heading(part, 1.0) > 1.15 * own.whole
        assert own.usual(part) == pytest.approx(own.heading(part, 0.0) / 0.6, rel=0.2)
    assert one.came("spend", 0) == PRICE * one.came("orders", 0)


def test_windows_that_kept_their_pace_teach_to_keep_it_and_those_that_did_not_do_not() -> None:
    draws = np.random.default_rng(3)
    lasting = learned([window(draws, 3000, pace).passage("orders", 1) for pace in (0.6, 1.0, 1.6)])
    back = [Passage(100, 100 * part, 100 * part + 50) for part in (0.3, 0.5, 0.8)]
    transient = learned(back)
    assert lasting.clock == pytest.approx(0.5, abs=0.03)
    slow = Passage(100, 25)
    assert lasting.pace(slow) == pytest.approx(0.5, abs=0.06)
    assert lasting.total(slow, lasting.pace(slow)) == pytest.approx(50, abs=6)
    assert transient.pace(Passage(100, 80)) == 1.0, "the rest came as forecast, whatever the first half did"


def test_one_window_cannot_tell_chance_from_change_and_leaves_the_forecast() -> None:
    alone, slow = learned([Passage(100, 30, 80)]), Passage(100, 1)
    assert alone == Learned(0.375)
    assert alone.total(slow, alone.pace(slow)) == 100


def test_chances_sum_to_the_total_and_lie_between_forecast_and_what_has_come() -> None:
    draws = np.random.default_rng(5)
    one = window(draws, 3000, pace=0.5)
    told = Learned(0.5, 0.1, 0.05)
    own, ordered = one.passage("buyers", 1), one.ordered(1)
    pace = told.pace(own)
    chances = told.chances(one.buyers, own, ordered, pace)
    assert chances.sum() == pytest.approx(told.total(own, pace), rel=1e-3)
    assert chances.sum() == pytest.approx(own.whole, rel=0.1)
    assert (chances[ordered] > one.chance[ordered]).all()
    assert (chances[~ordered] < one.chance[~ordered]).all()
    assert ((chances >= 0) & (chances <= 1)).all()


def test_without_a_forecast_nothing_is_divided_by_it() -> None:
    nothing = Passage(0, 0, 0)
    assert nothing.share(0) == 1
    told = learned([nothing, nothing])
    assert told.total(nothing, told.pace(nothing)) == 0


def test_a_bound_is_students_of_as_many_tests() -> None:
    assert bound_of([0.1, -0.2], 2) == pytest.approx(t.ppf(0.95, 2) * np.sqrt(0.025))
