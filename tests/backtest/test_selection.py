from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from foretell.backtest.forecast import Forecast
from foretell.backtest.selection import Choice, at_its_total, choose
from foretell.project.objectives import Kind

Maker = Callable[..., Forecast]
ORDER = ("recency", "logistic", "gradient_boosting")


def chosen(forecasts: list[Forecast]) -> Choice:
    return choose(forecasts, ORDER, {"recency"}, seed=1, replicates=100)


def three(forecast_of: Maker, noises: tuple[float, float, float], kind: Kind = "probability") -> list[Forecast]:
    return [forecast_of(kind, m, n, 600, s) for m, n in zip(ORDER, noises, strict=True) for s in (1, 2, 3)]


@pytest.mark.parametrize("kind", ["probability", "count", "amount"])
def test_the_best_model_serves(forecast_of: Maker, kind: Kind) -> None:
    choice = chosen(three(forecast_of, (2.0, 1.2, 0.0), kind))
    assert choice.model == "gradient_boosting"
    assert list(choice.scores) == ["gradient_boosting", "logistic", "recency"]
    assert choice.best_baseline == "recency"


def test_the_score_is_the_mean_over_cutoffs_of_forecasts_at_their_total(forecast_of: Maker) -> None:
    forecasts = three(forecast_of, (2.0, 1.2, 0.0))
    choice = chosen(forecasts)
    ours = [at_its_total(f) for f in forecasts if f.model == "logistic"]
    assert [f.predicted.mean() for f in ours] == pytest.approx([f.actual.mean() for f in ours])
    losses = [-np.log(np.where(f.actual > 0, f.predicted, 1 - f.predicted)).mean() for f in ours]
    assert choice.score == "log_loss"
    assert choice.scores["logistic"] == pytest.approx(np.mean(losses))


def test_the_preferred_learner_serves_where_it_ties(forecast_of: Maker) -> None:
    forecasts = three(forecast_of, (2.0, 0.0, 0.0))
    forecasts = [
        replace(f, predicted=np.clip(f.predicted * 1.001, 0, 1)) if f.model == "logistic" else f for f in forecasts
    ]
    lowest = chosen(forecasts)
    assert lowest.model == min(lowest.scores, key=lambda name: lowest.scores[name])
    for name in ("logistic", "gradient_boosting"):
        assert choose(forecasts, ORDER, {"recency"}, seed=1, preferred=name).model == name
    clear = three(forecast_of, (2.0, 0.0, 1.2))
    assert choose(clear, ORDER, {"recency"}, seed=1, preferred="gradient_boosting").model == "logistic"


def test_a_baseline_that_is_ahead_by_chance_serves_not(forecast_of: Maker) -> None:
    true = forecast_of(model="logistic", rows=300)
    lucky = replace(true, predicted=0.9995 * true.predicted + 0.0005 * true.actual)
    choice = choose([replace(lucky, model="recency"), true], ORDER, {"recency"}, seed=1)
    assert choice.scores["recency"] < choice.scores["logistic"]
    assert choice.model == "logistic"
    assert "it ties with the best baseline, recency" in choice.reason


@pytest.mark.parametrize("kind", ["probability", "count", "amount"])
def test_a_level_that_was_missed_chooses_nobody(forecast_of: Maker, kind: Kind) -> None:
    forecasts = three(forecast_of, (1.2, 0.0, 2.0), kind)
    missed = [replace(f, predicted=f.predicted * 0.7) if f.model == "logistic" else f for f in forecasts]
    assert chosen(forecasts).model == chosen(missed).model == "logistic"


def test_a_baseline_that_was_ahead_at_one_cutoff_and_behind_at_another_serves_not(forecast_of: Maker) -> None:
    noises = {"recency": (0.0, 1.0), "logistic": (0.6, 0.6)}
    forecasts = [forecast_of("probability", m, n, 3_000, s) for m, own in noises.items() for s, n in enumerate(own)]
    assert choose(forecasts, ORDER, {"recency"}, seed=1).model == "logistic"


def test_a_lead_that_is_small_but_sure_or_large_but_unsure_is_no_tie(forecast_of: Maker) -> None:
    true = forecast_of(model="gradient_boosting", rows=4_000)
    near = replace(true, model="logistic", predicted=np.clip(true.predicted * 1.05, 0, 0.999))
    sure = choose([true, near], ORDER, (), seed=1)
    assert 0.002 < sure.scores["logistic"] / sure.scores["gradient_boosting"] - 1 < 0.01
    assert sure.model == "gradient_boosting"
    few = [forecast_of(model=m, noise=n, rows=40) for m, n in (("logistic", 0.6), ("gradient_boosting", 0.1))]
    unsure = choose(few, ORDER, (), seed=1)
    best = min(unsure.scores, key=lambda name: unsure.scores[name])
    assert max(unsure.scores.values()) > 1.01 * min(unsure.scores.values())
    assert unsure.model == best


def test_a_baseline_serves_if_no_learner_beats_it_even_where_it_is_listed_last(forecast_of: Maker) -> None:
    forecasts = three(forecast_of, (0.0, 0.6, 1.2))
    choice = choose(forecasts, ORDER[::-1], {"recency"}, seed=1)
    assert choice.model == "recency"
    assert "no learner beats" in choice.reason


def test_the_reason_has_the_figures(forecast_of: Maker) -> None:
    choice = chosen(three(forecast_of, (2.0, 1.2, 0.0)))
    for part in ("gradient_boosting serves", "log loss", "mean of 3 cutoffs", "the best baseline, recency"):
        assert part in choice.reason
    for value in choice.scores.values():
        assert f"{value:.4g}" in choice.reason


def test_a_model_without_a_forecast_at_a_cutoff_or_with_a_nan_is_left_out(forecast_of: Maker) -> None:
    forecasts = three(forecast_of, (2.0, 1.2, 0.0))
    boosting = [f for f in forecasts if f.model == "gradient_boosting"]
    missing = chosen([f for f in forecasts if f is not boosting[0]])
    assert missing.model == "logistic"
    assert missing.left_out == {"gradient_boosting": "no forecast at 1 of 3 cutoffs"}
    broken = [replace(f, predicted=np.full(600, np.nan)) if f is boosting[1] else f for f in forecasts]
    assert chosen(broken).left_out == {"gradient_boosting": "a forecast is not a finite number"}


def test_without_outcomes_the_simplest_serves_and_says_so(forecast_of: Maker) -> None:
    choice = chosen([replace(f, actual=np.zeros(600)) for f in three(forecast_of, (2.0, 1.2, 0.0))])
    assert choice.model == "recency"
    assert choice.scores == {}
    assert "no cutoff has outcomes" in choice.reason


def test_the_order_of_forecasts_and_rows_changes_nothing(
    forecast_of: Maker, shuffled: Callable[[Forecast], Forecast]
) -> None:
    forecasts = three(forecast_of, (2.0, 0.1, 0.0), "amount")
    assert chosen(forecasts) == chosen([shuffled(f) for f in reversed(forecasts)])


def test_nothing_to_choose_from_and_unknown_models_are_refused(forecast_of: Maker) -> None:
    with pytest.raises(ValueError, match="no forecast"):
        chosen([])
    with pytest.raises(ValueError, match=r"not in the order of simplicity: forest; it has recency, logistic"):
        chosen([forecast_of(model="forest")])
