"""Forecasts of contracts at past cutoffs, judged by what came."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drawn_contracts import CONTRACTS, LAST
from foretell.forecasts.contracts.baselines import BASELINES
from foretell.forecasts.contracts.contracts import NEVER
from foretell.forecasts.contracts.hazard import OURS
from foretell.forecasts.contracts.past_forecasts import (
    AT_RENEWAL,
    IN_HORIZON,
    METRICS,
    REVENUE,
    asked_at,
    judged,
    taught,
    together,
)
from foretell.models.contract import CannotFit
from foretell.project.intervals import days

HORIZON = 60
TESTS = [LAST - days(back) for back in (60, 120)]
PARTS = [asked_at(CONTRACTS, test, HORIZON, LAST) for test in TESTS]
MEASURED = {
    question: {(row.contender, row.metric): row for row in judged(question, together([p[question] for p in PARTS]), 1)}
    for question in METRICS
}


@pytest.mark.parametrize("question", [IN_HORIZON, AT_RENEWAL])
def test_ours_knows_who_asked_and_is_measurably_better_than_every_baseline(question: str) -> None:
    measured = MEASURED[question]
    for name in BASELINES:
        row = measured[name, "log_loss"]
        assert row.lead is not None
        assert row.lead.is_clear
        assert row.figure.value - measured[OURS, "log_loss"].figure.value == pytest.approx(row.lead.value)
        assert measured[name, "auroc"].figure.value < measured[OURS, "auroc"].figure.value
    assert measured[OURS, "log_loss"].lead is None


def test_the_level_and_the_money_come_true() -> None:
    asked = together([part[IN_HORIZON] for part in PARTS])
    assert asked.predicted[OURS].mean() == pytest.approx(asked.actual.mean(), rel=0.1)
    assert abs(MEASURED[REVENUE][OURS, "relative_bias"].figure.value) < 0.02
    assert MEASURED[REVENUE][OURS, "mae"].figure.value < MEASURED[REVENUE]["Kaplan-Meier", "mae"].figure.value


def test_what_happens_after_the_cutoff_moves_no_forecast() -> None:
    """Everybody ends the day after the test: the forecasts stay, what came does not."""
    test = TESTS[1]
    later = CONTRACTS.ended_seen >= test
    doomed = {name: np.where(later, test + days(1), getattr(CONTRACTS, name)) for name in ("ended_at", "ended_seen")}
    for question, told in asked_at(replace(CONTRACTS, **doomed), test, HORIZON, LAST).items():
        for name, predicted in told.predicted.items():
            if question != AT_RENEWAL:
                assert predicted.tolist() == PARTS[1][question].predicted[name].tolist()
    assert asked_at(replace(CONTRACTS, **doomed), test, HORIZON, LAST)[IN_HORIZON].actual.all()


def test_too_few_ends_teach_nothing() -> None:
    with pytest.raises(CannotFit, match="0 contracts ended"):
        taught(replace(CONTRACTS, ended_at=np.full(len(CONTRACTS), NEVER)), LAST)
    empty = PARTS[0][IN_HORIZON]
    nobody = replace(empty, predicted={OURS: np.zeros(0)}, actual=np.zeros(0), customer_key=np.zeros(0, np.uint64))
    assert judged(IN_HORIZON, nobody, 1) == []
