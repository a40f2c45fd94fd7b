"""A planted Christmas is found, and lowers the log loss out of time; a shop without season keeps its forecasts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from foretell.examples.assembly import Assembly, completed
from foretell.examples.examples import Examples, stacked
from foretell.examples.plan import Plan
from foretell.features import FEATURES
from foretell.forecasts.orders.past_forecasts import Test as PastTest
from foretell.forecasts.orders.past_forecasts import past_forecasts
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE, Serving, at_another_season
from foretell.forecasts.orders.settled import settled
from foretell.forecasts.season.season import Season, SeasonShift
from foretell.forecasts.season.windows import SEASON, season_in_words, season_of, shift_at, window_days
from foretell.models.learners.buy_till_you_die import BgNbd, FittedBuyTillYouDie
from foretell.project.objectives import TARGETS
from foretell.timelines.engine import Engine
from kept import read_again
from planned_logs import planned_log
from seasonal_shop import seasonal_shop

PEAK = 2.2


@dataclass(frozen=True)
class Shop:
    """A shop as of the end of its last Christmas season, tested over 30 days."""

    engine: Engine
    plan: Plan
    season: Season

    @classmethod
    def of(cls, folder: Path, peak: float, as_of: str = "2024-01-05") -> Shop:
        path = seasonal_shop(folder / "orders.csv", peak)
        engine, plan = planned_log(path, folder / "out", horizons=(30,), as_of=as_of)
        return cls(engine, plan, season_of(engine, plan))

    def examples(self, test: int) -> Examples:
        """Features and labels at a test and at the cutoffs that teach it."""
        assert self.plan.proving is not None
        cutoffs = tuple(sorted({*self.plan.proving.teaching(test), test}))
        assembly = Assembly(cutoffs, 30, tuple(FEATURES), self.plan.survey)
        return completed(stacked(list(self.engine.over(assembly, self.plan.as_of))))


@pytest.fixture(scope="module")
def christmas(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop.of(tmp_path_factory.mktemp("christmas"), PEAK)


@pytest.fixture(scope="module")
def even(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop.of(tmp_path_factory.mktemp("even"), 1.0)


def test_the_peak_stands_in_the_index(christmas: Shop) -> None:
    season, plan = christmas.season, christmas.plan
    assert season.day.tolist() == window_days(plan)
    begins = season.day.astype("datetime64[D]").astype(str)
    in_december = np.array([day[5:7] == "12" and day[8:] <= "10" for day in begins])
    in_summer = np.array([day[5:7] in ("05", "06", "07", "08") for day in begins])
    assert in_december.sum() >= 2
    assert season.index[in_december].min() > season.index[in_summer].max() + 0.2


def test_before_christmas_the_season_lowers_the_log_loss_out_of_time(christmas: Shop) -> None:
    plan = christmas.plan
    assert plan.proving is not None
    test = max(plan.proving.tests)
    shift = shift_at(christmas.season, test, plan)
    assert 0.1 < shift.value < 0.5
    examples, teaching = christmas.examples(test), plan.proving.teaching(test)

    @cache
    def blend(target: str, season: float) -> tuple[np.ndarray, np.ndarray]:
        asked = PastTest(test, teaching, season)
        forecasts, _, _ = settled([past_forecasts(examples, asked, [TARGETS[target]], 0)], plan.horizon_days)
        [own] = [f for f in forecasts if (f.objective, f.model) == (target, "blend")]
        return own.predicted, own.actual

    def log_loss(season: float) -> float:
        predicted, actual = blend("purchase", season)
        return float(-np.mean(np.log(np.where(actual > 0, predicted, 1 - predicted))))

    assert log_loss(shift.value) < log_loss(0.0)
    (expected, came), (without, _) = blend("orders", shift.value), blend("orders", 0.0)
    assert abs(np.log(expected.sum() / came.sum())) < abs(np.log(without.sum() / came.sum()))
    assert expected.sum() / without.sum() == pytest.approx(np.exp(shift.value))
    chance, _ = blend("purchase", shift.value)
    assert (np.argsort(chance) == np.argsort(blend("purchase", 0.0)[0])).all()


def test_without_a_season_nothing_is_moved_and_a_line_says_so(even: Shop) -> None:
    assert even.plan.proving is not None
    shifts = [shift_at(even.season, cutoff, even.plan) for cutoff in (even.plan.as_of, *even.plan.proving.tests)]
    assert [shift.value for shift in shifts] == [0.0] * 5
    assert season_in_words(shifts[0]).startswith("No season is in the level: what last year's same weeks say would not")


def test_a_forecast_before_christmas_knows_nothing_later(christmas: Shop, tmp_path: Path) -> None:
    earlier = Shop.of(tmp_path, PEAK, as_of="2023-12-06")
    assert earlier.plan.as_of == midnight_of("2023-12-06")
    told = shift_at(earlier.season, earlier.plan.as_of, earlier.plan)
    assert told.value == pytest.approx(shift_at(christmas.season, earlier.plan.as_of, christmas.plan).value, abs=0.05)
    assert told.value > 0.1


def test_before_the_second_christmas_a_part_of_the_first_is_taken(tmp_path: Path) -> None:
    young = Shop.of(tmp_path, PEAK, as_of="2022-12-06")
    told = shift_at(young.season, young.plan.as_of, young.plan)
    assert 0.02 < told.value < 0.25
    assert "but once" in season_in_words(told)
    assert "earlier window" not in season_in_words(told)


def test_before_the_same_weeks_were_seen_no_season_is_looked_for(tmp_path: Path) -> None:
    young = Shop.of(tmp_path, PEAK, as_of="2022-09-01")
    assert not len(young.season.day)
    told = shift_at(young.season, young.plan.as_of, young.plan)
    assert told == SeasonShift(0.0, "a season can be told from 454 days of history on")


def test_a_season_is_kept_as_it_is(christmas: Shop, tmp_path: Path) -> None:
    kept = read_again(SEASON, christmas.season, tmp_path)
    np.testing.assert_array_equal(kept.day, christmas.season.day)
    np.testing.assert_array_equal(kept.index, christmas.season.index)
    assert kept.shift(int(kept.day[-1]) + 30) == christmas.season.shift(int(kept.day[-1]) + 30)


def midnight_of(day: str) -> int:
    return int(np.datetime64(day, "us").astype(np.int64))


def test_models_that_score_at_another_day_take_its_season(christmas: Shop, tmp_path: Path) -> None:
    assert christmas.plan.proving is not None
    rows = christmas.examples(max(christmas.plan.proving.tests))
    models = {name: BgNbd().fit(rows, TARGETS[name], 0) for name in ("purchase", "spend")}
    autumn, winter = SeasonShift(0.1, "autumn"), SeasonShift(0.3, "winter")
    served = at_another_season(Serving("", {}, models, None, (), 30, {}), autumn)
    moved = at_another_season(served, winter)
    assert (served.season, moved.season) == (autumn, winter)
    for name, model in moved.models.items():
        assert isinstance(model, FittedBuyTillYouDie)
        assert model.shift == pytest.approx(0.3)
        assert replace(model, shift=0.0) == models[name]
    kept = read_again(MODELS_THAT_SERVE, replace(moved, names=dict.fromkeys(models, "bg_nbd")), tmp_path)
    assert kept.season == winter
    assert {name: vars(model) for name, model in kept.models.items()} == {n: vars(m) for n, m in moved.models.items()}
