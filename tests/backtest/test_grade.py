from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from foretell.backtest.forecast import Forecast
from foretell.backtest.grade import Grade, grade
from foretell.project.objectives import Kind

Maker = Callable[..., Forecast]


def graded(forecasts: list[Forecast], serving: str = "ours") -> Grade:
    return grade(forecasts, serving, {"recency", "status_quo"}, seed=1, replicates=100)


@pytest.mark.parametrize("kind", ["probability", "count", "amount"])
def test_skill_is_the_share_of_the_best_baselines_score_that_is_saved(forecast_of: Maker, kind: Kind) -> None:
    models = {"ours": 0.0, "recency": 2.0, "status_quo": 4.0}
    found = graded([forecast_of(kind, m, n, 500, s) for m, n in models.items() for s in (1, 2)])
    assert found.best_baseline == "recency"
    assert found.skill is not None
    assert found.skill_low is not None
    assert 0.05 < found.skill_low < found.skill < 1
    assert found.skill_word == "adds clearly"
    assert "clearly beats" in found.advice


def test_predictability_is_the_mean_auroc_with_its_word(forecast_of: Maker) -> None:
    good = [forecast_of(seed=s, rows=2_000) for s in (1, 2)]
    found = graded(good)
    assert found.predictability_metric == "auroc"
    assert found.predictability == pytest.approx(0.74, abs=0.03)
    assert found.predictability_word == "fairly predictable"
    random = [replace(f, predicted=np.random.default_rng(0).random(2_000)) for f in good]
    assert graded(random).predictability_word == "hardly predictable"


def test_no_lead_over_the_baseline_adds_nothing(forecast_of: Maker) -> None:
    forecasts = [forecast_of(noise=1.0), forecast_of(model="recency")]
    assert graded(forecasts).skill_word == "adds nothing"
    same = [forecast_of(), forecast_of(model="recency")]
    assert graded(same).skill == 0


def test_a_serving_baseline_is_graded_beside_the_others_and_named(forecast_of: Maker) -> None:
    found = graded([forecast_of(model="recency"), forecast_of(model="status_quo", noise=1.0)], "recency")
    assert found.skill_word == "the baseline serves"
    assert found.best_baseline == "status_quo"


@pytest.mark.parametrize("kind", ["probability", "amount"])
def test_without_outcomes_or_baselines_it_is_unknown(forecast_of: Maker, kind: Kind) -> None:
    nothing = graded([replace(forecast_of(kind, m), actual=np.zeros(300)) for m in ("ours", "recency")])
    assert (nothing.predictability, nothing.predictability_word) == (None, "unknown")
    assert (nothing.skill, nothing.skill_word) == (None, "unknown")
    alone = graded([forecast_of(kind)])
    assert (alone.best_baseline, alone.skill) == (None, None)


def test_a_model_without_forecasts_cannot_be_graded(forecast_of: Maker) -> None:
    with pytest.raises(ValueError, match="no forecast of forest"):
        graded([forecast_of()], "forest")


def test_a_large_lead_that_is_unsure_does_not_add_clearly(forecast_of: Maker) -> None:
    found = graded([forecast_of(rows=150), forecast_of(model="recency", noise=0.9, rows=150)])
    assert found.skill is not None
    assert found.skill_low is not None
    assert found.skill > 0.05 > found.skill_low > 0
    assert found.skill_word == "adds a little"
