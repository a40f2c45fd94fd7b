"""The next order's hazard: it finds the rhythm that BG/NBD forgets, keeps its level, and never fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.forecasts.next_order.curve import KNOTS
from foretell.forecasts.next_order.model import BASELINE, OURS, FittedNextOrder, fit
from foretell.storage.artefacts import Artefact
from kept import read_again
from made_rhythms import HORIZON_DAYS, examples_at, rhythmic_customers

KEPT: Artefact[FittedNextOrder] = Artefact("fitted", FittedNextOrder)
CUTOFF, UNTIL = 300, 400
LANDMARKS = (160, 190, 220, 250, 280)


@pytest.fixture(scope="module")
def fitted() -> FittedNextOrder:
    customers = rhythmic_customers(600, seed=3)
    return fit(examples_at(customers, LANDMARKS, CUTOFF), examples_at(customers, (CUTOFF,), None))


@pytest.fixture(scope="module")
def others() -> Examples:
    """Other customers of the same kind, with what came."""
    return examples_at(rhythmic_customers(400, seed=4), (CUTOFF,), UNTIL)


def score(fitted: FittedNextOrder, examples: Examples) -> float:
    """The mean censored log score."""
    curve, wait, came = fitted.curve(examples), examples.labels["wait_days"], examples.labels["came_back"] > 0
    day = curve.came_by(wait + 1) - curve.came_by(wait)
    return float(-np.log(np.where(came, day, curve.silent_until(wait))).mean())


def test_a_rhythm_is_found_that_the_process_forgets(fitted: FittedNextOrder, others: Examples) -> None:
    assert fitted.name == OURS
    assert fitted.alone().name == BASELINE
    assert score(fitted, others) < 0.97 * score(fitted.alone(), others)


def test_the_hazard_rises_towards_the_usual_gap(fitted: FittedNextOrder) -> None:
    regular = [np.arange(12, 300, 40.0), np.arange(25, 300, 40.0)]
    just_ordered, due = chance_within_20_days(fitted, regular)
    assert due > 1.5 * just_ordered
    of_the_process = chance_within_20_days(fitted.alone(), regular)
    assert of_the_process[1] < 1.2 * of_the_process[0]


def chance_within_20_days(fitted: FittedNextOrder, customers: list[np.ndarray]) -> np.ndarray:
    """Of each customer, as of the cutoff."""
    return fitted.curve(examples_at(customers, (CUTOFF,), None)).came_by(20.0)


def test_the_level_of_today_is_that_of_the_process(fitted: FittedNextOrder) -> None:
    today = examples_at(rhythmic_customers(600, seed=3), (CUTOFF,), None)
    ours, process = (one.curve(today).came_by(float(HORIZON_DAYS)).mean() for one in (fitted, fitted.alone()))
    assert ours == pytest.approx(process, rel=1e-3)  # factors are held within bounds


def test_a_customer_alone_has_the_curve_of_the_crowd(fitted: FittedNextOrder, others: Examples) -> None:
    whole = fitted.curve(others).cumulative_hazard
    for row in (0, 17, len(others) - 1):
        alone = fitted.curve(others.take(np.array([row]))).cumulative_hazard
        assert alone.tobytes() == whole[[row]].tobytes()


def test_what_is_stored_forecasts_the_same_bytes(fitted: FittedNextOrder, others: Examples, tmp_path: Path) -> None:
    for one in (fitted, fitted.alone(), fit(None, others.take(np.arange(2)))):
        again = read_again(KEPT, one, tmp_path)
        assert again.name == one.name
        assert again.curve(others).cumulative_hazard.tobytes() == one.curve(others).cumulative_hazard.tobytes()


def test_waits_of_too_few_leave_the_process_alone(others: Examples) -> None:
    few = examples_at(rhythmic_customers(400, seed=4)[:3], LANDMARKS, CUTOFF)
    assert fit(few, others).name == BASELINE
    assert fit(None, others).name == BASELINE


def test_nobody_has_come_back_yet() -> None:
    once = [np.array([float(day)]) for day in range(50)]
    today = examples_at(once, (100,), None)
    fitted = fit(examples_at(once, (60, 80), 100), today)
    curve = fitted.curve(today)
    assert fitted.name == "rate"
    assert "only 0 of 50 customers" in fitted.process.cannot
    assert (curve.p_no_repeat > 0.5).all()
    assert np.isfinite(curve.quantile(0.5)).all()


@pytest.mark.parametrize(
    "days",
    [
        np.array([99.0]),
        np.arange(0, 100, 10.0),
        np.array([0.0, 1.0]),
        np.arange(0, 30, 1.0),
        np.array([-20_000.0, 99.0]),
    ],
    ids=["first order yesterday", "regular", "two days in a row", "every day, then silence", "half a century"],
)
def test_one_customer(days: np.ndarray) -> None:
    today = examples_at([days], (100,), None)
    fitted = fit(examples_at([days], (50, 80), 100) if days[0] < 50 else None, today)
    curve = fitted.curve(today)
    assert np.isfinite(curve.cumulative_hazard).all()
    assert (np.diff(curve.cumulative_hazard) > 0).all()
    assert 0 <= curve.quantile(0.1)[0] <= curve.quantile(0.9)[0] <= KNOTS[-1]


def test_nobody_at_all(fitted: FittedNextOrder) -> None:
    nobody = examples_at([], (100,), None)
    assert fitted.curve(nobody).cumulative_hazard.shape == (0, len(KNOTS))
    assert fit(None, nobody).name == "rate"
