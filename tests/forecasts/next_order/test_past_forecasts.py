"""Forecasts of the next order at past cutoffs: every model on the same customers, judged by what then came."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.forecasts.next_order.metrics import log_score_of_rows
from foretell.forecasts.next_order.model import BASELINE, OURS, fit
from foretell.forecasts.next_order.past_forecasts import (
    GAPS,
    MEASURES,
    OWN_GAP,
    THROUGH,
    NextOrderMeasure,
    NextOrderTrial,
    forecasts_of,
    judged,
    waits_at,
)
from foretell.pipeline.intake.log import kept_engine
from made_rhythms import DAY, examples_at, rhythmic_customers

CUSTOMERS = rhythmic_customers(120, seed=6)
UNTIL = 400


def trial_at(cutoff: int, chance: float | None = None) -> NextOrderTrial:
    seen = examples_at(CUSTOMERS, (cutoff,), UNTIL)
    landmarks = examples_at(CUSTOMERS, (cutoff - 80, cutoff - 40), cutoff)
    given = None if chance is None else np.full(len(seen), chance)
    return NextOrderTrial(fit(landmarks, replace(seen, labels={})), landmarks, seen, given, 30)


@pytest.fixture(scope="module")
def trials() -> list[NextOrderTrial]:
    return [trial_at(280, 0.4), trial_at(330)]


@pytest.fixture(scope="module")
def rows(trials: list[NextOrderTrial]) -> list[NextOrderMeasure]:
    return judged(trials, 1, "UTC")


def test_every_model_forecasts_the_same_customers(trials: list[NextOrderTrial]) -> None:
    with_chance, without = map(forecasts_of, trials)
    assert [one.model for one in with_chance] == [OURS, BASELINE, THROUGH, GAPS, OWN_GAP]
    assert [one.model for one in without] == [OURS, BASELINE, GAPS, OWN_GAP]
    for one in with_chance:
        assert one.customer_key.tolist() == trials[0].seen.customer_key.tolist()
        assert one.grid_days[-1] == UNTIL - 280
        assert ((one.survival >= 0) & (one.survival <= 1)).all()
        assert (np.diff(one.survival, axis=1) <= 1e-12).all()
        assert (one.below <= one.up_to).all()


def test_the_served_curve_goes_through_the_chance(trials: list[NextOrderTrial]) -> None:
    through = next(one for one in forecasts_of(trials[0]) if one.model == THROUGH)
    silent = [np.interp(30.0, through.grid_days, row) for row in through.survival]
    np.testing.assert_allclose(silent, 0.6, atol=0.02)


def test_a_mean_is_that_of_its_cutoffs(rows: list[NextOrderMeasure], trials: list[NextOrderTrial]) -> None:
    found = {(row.metric, row.model, row.day): row.value for row in rows}
    for metric in MEASURES:
        days = [row.value for row in rows if (row.metric, row.model) == (metric, OURS) and row.day]
        assert len(days) == 2
        known = [value for value in days if value is not None]
        assert found[metric, OURS, ""] == (pytest.approx(np.mean(known)) if known else None), metric
    own = [float(log_score_of_rows(forecasts_of(trial)[0]).mean()) for trial in trials]
    assert [found["log_score", OURS, day] for day in ("1970-10-08", "1970-11-27")] == pytest.approx(own)


def test_differences_are_paired_over_the_cutoffs_that_have_both(rows: list[NextOrderMeasure]) -> None:
    found = {(row.model, row.day): row for row in rows if row.metric == "log_score"}
    apart = found[f"{OURS} - {BASELINE}", ""]
    ours, theirs = found[OURS, ""].value, found[BASELINE, ""].value
    assert ours is not None
    assert theirs is not None
    assert apart.value == pytest.approx(ours - theirs)
    assert apart.low is not None
    assert apart.high is not None
    assert apart.low <= ours - theirs <= apart.high
    through, once = found[THROUGH, ""].value, found[OURS, "1970-10-08"].value
    assert through is not None
    assert once is not None
    assert found[f"{THROUGH} - {OURS}", ""].value == pytest.approx(through - once)


def test_a_date_alone_has_neither_score_nor_interval(rows: list[NextOrderMeasure]) -> None:
    own = [row for row in rows if row.model == OWN_GAP]
    for row in own:
        assert (row.value is None) == (row.metric == "log_score" or "coverage" in row.metric)
        assert (row.low, row.high) == (None, None)


def test_without_a_trial_nothing_is_judged_and_without_landmarks_no_gaps(trials: list[NextOrderTrial]) -> None:
    assert judged([], 1, "UTC") == []
    assert GAPS not in {one.model for one in forecasts_of(replace(trials[1], landmarks=None))}


def test_waits_of_the_log_are_known_up_to_the_watermark(shop_main: RunOverHorizon) -> None:
    engine, plan = kept_engine(shop_main.request), shop_main.plan
    until = plan.as_of
    found = waits_at(engine, plan, [until - 60 * DAY, until - 30 * DAY], until, plan.proving_key)
    assert found is not None
    for back in (60, 30):
        wait = found.labels["wait_days"][found.cutoff == until - back * DAY]
        assert len(wait) == plan.survey.customers_before(until - back * DAY)
        assert ((wait >= 0) & (wait <= back)).all()
    assert waits_at(engine, plan, [plan.survey.log_start - DAY], until, plan.proving_key) is None
