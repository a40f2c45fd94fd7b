"""The process behind the next order: BG/NBD where it can be fitted, else a gamma rate that never fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.btyd.beta_geometric import BG_NBD
from foretell.btyd.summary import in_weeks
from foretell.forecasts.next_order.process import ReturnProcess, fit_process
from foretell.storage.artefacts import Artefact
from kept import read_again
from made_rhythms import examples_at, rhythmic_customers

KEPT: Artefact[ReturnProcess] = Artefact("process", ReturnProcess)
TODAY = examples_at(rhythmic_customers(300, seed=2), (300,), None)
FEW = examples_at([np.array([10.0, 40.0]), np.array([20.0])], (100,), None)
DAYS = np.array([0.0, 1.0, 30.0, 365.0])
FITTED = fit_process(TODAY)


def test_hazards_are_those_of_bg_nbd() -> None:
    assert FITTED.parameters is not None
    assert FITTED.cannot == ""
    facts = (TODAY.facts[name] for name in ("purchase_days", "first_to_last_days", "observed_days"))
    came = BG_NBD.probability_of_order(FITTED.parameters, *in_weeks(*facts), 30 / 7)
    np.testing.assert_allclose(-np.expm1(-FITTED.hazards(TODAY, DAYS)[:, :2].sum(axis=1)), came)


def test_without_parameters_the_rate_is_gamma_and_nobody_leaves() -> None:
    process = ReturnProcess(None, 0.1, "why not")
    repeats, weeks = FEW.facts["purchase_days"] - 1, FEW.facts["observed_days"] / 7
    expected = (1 + repeats) * np.log1p((30 / 7) / (1 / 0.7 + weeks))
    np.testing.assert_allclose(process.hazards(FEW, np.array([0.0, 30.0]))[:, 0], expected)


def test_too_few_returns_are_a_reason_and_not_an_error() -> None:
    for examples, said in ((FEW, "1 of 2 customers"), (TODAY.take(np.zeros(0, dtype=int)), "there are no customers")):
        process = fit_process(examples)
        assert process.parameters is None
        assert said in process.cannot
        assert process.repeats_a_day > 0
        assert process.hazards(examples, DAYS).shape == (len(examples), 3)


def test_repeats_a_day_are_counted_over_the_days_that_were_observed() -> None:
    assert fit_process(FEW).repeats_a_day == pytest.approx((1 + 0.5) / (90 + 80 + 730))


def test_the_order_of_customers_changes_nothing() -> None:
    order = np.random.default_rng(1).permutation(len(TODAY))
    other = fit_process(TODAY.take(order))
    np.testing.assert_allclose(other.hazards(TODAY, DAYS), FITTED.hazards(TODAY, DAYS), rtol=1e-4)


@pytest.mark.parametrize("process", [FITTED, fit_process(FEW)], ids=["fitted", "rate"])
def test_it_comes_back_as_it_was_kept(process: ReturnProcess, tmp_path: Path) -> None:
    assert read_again(KEPT, process, tmp_path) == process


@given(st.floats(0, 500), st.lists(st.floats(0.5, 700), min_size=1, max_size=5, unique=True), st.floats(1e-5, 1))
def test_hazards_are_never_below_zero_and_add_up(begin: float, steps: list[float], rate: float) -> None:
    days = np.cumsum([begin, *sorted(steps)])
    for process in (ReturnProcess(None, rate), FITTED):
        found = process.hazards(FEW, days)
        assert (found > 0).all()
        np.testing.assert_allclose(found.sum(axis=1), process.hazards(FEW, days[[0, -1]])[:, 0])
