"""Who becomes valuable, by age: proved where cohorts were closed, honest where they were not, told in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretell.answers.backtest import backtests
from foretell.answers.published import RunOverHorizon
from foretell.examples.examples import stacked
from foretell.examples.plan import Plan
from foretell.forecasts.early_value.past_forecasts import BASELINES, MOST_TESTS, OURS, teaching, tried
from foretell.forecasts.early_value.proof import EARLY_VALUE, EarlyValue, early_value_of
from foretell.forecasts.early_value.rows import AcquisitionCohort, EarlyAssembly, acquisition_cohorts, in_top_tiers
from foretell.forecasts.early_value.words import headline, indicator_line, lines, verdict
from foretell.project.intervals import days
from foretell.report.early import figure
from foretell.report.page import report_html
from foretell.timelines.engine import Engine
from kept import read_again
from newcomers import newcomers
from planned_logs import planned_log
from shop import Rows, written

COLUMNS = {"customer": "customer", "time": "sold_at", "amount": "amount", "order": "order_no", "product": "sku"}
COLUMNS |= {"channel": "channel"}


def planned(rows: Rows, folder: Path, horizon: int = 30) -> tuple[Engine, Plan]:
    """The log of the rows, and the plan of a run."""
    folder.mkdir(parents=True, exist_ok=True)
    return planned_log(written(rows, folder / "orders.csv"), folder / "out", columns=COLUMNS, horizons=(horizon,))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Plan]:
    return planned(newcomers(), tmp_path_factory.mktemp("newcomers"))


@pytest.fixture(scope="module")
def found(told: tuple[Engine, Plan]) -> EarlyValue:
    return early_value_of(*told, seed=0)


def test_every_age_is_proved_on_the_same_closed_cohorts(found: EarlyValue, told: tuple[Engine, Plan]) -> None:
    assert [at.age_days for at in found.ages] == [1, 7, 30]
    assert (found.horizon_days, found.asked_days, found.cannot) == (30, 30, "")
    last = np.datetime64(told[1].as_of_day()) - np.timedelta64(30 + 30, "D")
    for at in found.ages:
        assert [one.name for one in at.cohorts] == [one.name for one in found.ages[0].cohorts]
        assert np.datetime64(at.cohorts[-1].name[-10:]) <= last
        assert len(at.cohorts) <= MOST_TESTS
        assert at.base_rate == at.in_tier / at.customers
        assert at.customers == sum(one.customers for one in at.cohorts)
        assert at.in_tier == sum(round(0.1 * one.customers) for one in at.cohorts)
        assert all(one.cut is not None and one.cut > 0 for one in at.cohorts)


def test_what_the_first_basket_shows_is_found_at_once(found: EarlyValue) -> None:
    day_one = found.ages[0]
    assert day_one.served_by == OURS
    assert [one.name for one in day_one.rankings] == [OURS, *BASELINES]
    for one in day_one.ahead:
        assert one.average_precision.low is not None
        assert one.average_precision.low > 0
    assert day_one.ranked(OURS).average_precision.value > 1.5 * day_one.base_rate
    channel = next(one for one in day_one.indicators if one.text == "first order through app")
    assert channel.ratio.low is not None
    assert channel.ratio.low > 1
    assert channel.model_says == 1
    assert len({one.theme for one in day_one.indicators}) == len(day_one.indicators)
    assert verdict(day_one).startswith("Ours is better than ")
    assert "the model says so too" in indicator_line(channel)


def test_where_nothing_tells_nothing_is_claimed(tmp_path: Path) -> None:
    found = early_value_of(*planned(newcomers(telling=False), tmp_path), seed=0)
    day_one = found.ages[0]
    assert not day_one.indicators
    assert not verdict(day_one).startswith("Ours is better")
    assert "No single fact goes with it beyond chance." in [text for _, text in lines(found)]


def test_only_what_was_closed_teaches(told: tuple[Engine, Plan]) -> None:
    engine, plan = told
    rows = stacked(list(engine.over(EarlyAssembly((7,), 30, 19_800), plan.as_of)))
    cohorts = acquisition_cohorts(rows.facts["first_day"], 8, 50)
    labelled, _ = in_top_tiers(rows, cohorts)
    trial = tried(labelled, cohorts, 30, 0)
    assert trial is not None
    for tested in trial.tested:
        taught_by = teaching(tested.cohort, cohorts, 30)
        assert all(one.end - 1 + 30 <= tested.cohort.begin for one in taught_by)
        assert tested.taught == sum(int(one.holds(labelled.facts["first_day"]).sum()) for one in taught_by)
    newest = trial.tested[-1].cohort
    own = labelled.labels["spend"].copy()
    late = np.flatnonzero(labelled.facts["first_day"] > newest.begin - 30)
    own[late] = np.random.default_rng(0).permutation(own[late])
    moved, _ = in_top_tiers(replace(labelled, labels={"spend": own}), cohorts)
    again = tried(moved, cohorts, 30, 0)
    assert again is not None
    assert trial.tested[-1].model == again.tested[-1].model
    np.testing.assert_array_equal(trial.tested[-1].score, again.tested[-1].score)


def test_the_same_twice_and_once_more_from_disk(found: EarlyValue, told: tuple[Engine, Plan], tmp_path: Path) -> None:
    assert early_value_of(*told, seed=0) == found
    assert read_again(EARLY_VALUE, found, tmp_path) == found


def test_a_large_log_is_sampled_by_key(found: EarlyValue, told: tuple[Engine, Plan]) -> None:
    engine, plan = told
    part = early_value_of(engine, replace(plan, proving_key=2**63), seed=0)
    assert 0.4 * found.newcomers < part.newcomers < 0.6 * found.newcomers


def test_a_horizon_that_is_too_long_is_cut_and_said(tmp_path: Path) -> None:
    found = early_value_of(*planned(newcomers(customers=600, days=240), tmp_path, horizon=120), seed=0)
    assert found.horizon_days < 120 == found.asked_days
    assert "the log is too short for 120 days" in next(text for _, text in lines(found))


def test_a_small_shop_is_told_why_not(shop_main: RunOverHorizon) -> None:
    found = shop_main.read(EARLY_VALUE)
    assert found.ages == ()
    assert "too few" in found.cannot
    assert found.cannot in report_html(shop_main.run)
    assert backtests(shop_main.request.place)[0].early_value == found


def test_nobody_new_is_told_why(tmp_path: Path) -> None:
    rows = newcomers(customers=80, days=30)
    once = {row["customer"]: row for row in reversed(rows)}
    found = early_value_of(*planned(list(once.values()), tmp_path), seed=0)
    assert found.cannot == "Nobody has ordered twice yet."
    every = [dict(row, sold_at=f"2024-01-{day:02d} 10:00:00") for row in once.values() for day in (1, 4, 29)]
    for place, row in enumerate(every):
        row["order_no"] = str(place)
    found = early_value_of(*planned(every, tmp_path / "known"), seed=0)
    assert found.cannot.startswith("Nobody is surely new")


def test_the_report_says_each_figure_beside_its_rivals(found: EarlyValue) -> None:
    assert all(headline(at) in figure(found).drawing.replace("&#x27;", "'") for at in found.ages)
    for at in found.ages:
        assert len(at.rankings) == 3


def test_headline_holds_the_three_shares(found: EarlyValue) -> None:
    at = found.ages[1]
    text = headline(at).replace("\xa0", " ")
    assert text.startswith("At 7 days after the first order: the 10 % we point at hold ")
    for one in at.rankings:
        assert f"{round(100 * one.revenue_caught.value)} %" in text


def test_cohorts_are_named_by_their_days() -> None:
    assert str(AcquisitionCohort(19_800, 19_830)) == "2024-03-18 to 2024-04-16"
    assert days(1) == 86_400_000_000
