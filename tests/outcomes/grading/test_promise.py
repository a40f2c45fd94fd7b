"""What the tests promised: the mean and the range of the serving model alone, and nothing over another horizon."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.backtest.curves import calibration_table
from foretell.backtest.proof import Proof
from foretell.outcomes.grading.promise import TOP_TENTH, Deciles, promise_of


def test_a_measure_is_promised_from_the_lowest_to_the_highest_end_of_the_tests(shop_main: RunOverHorizon) -> None:
    proof = shop_main.proof
    promise = promise_of(proof, 30)
    serving = proof.serving("purchase")
    rows = [
        row for row in proof.measured
        if (row.objective, row.slice, row.model, row.metric) == ("purchase", "all", serving, "auroc")
    ]  # fmt: skip
    found = promise.of("purchase", "all", "auroc")
    assert found is not None
    assert len(rows) > 1
    assert found.tests == len(rows)
    assert found.value == pytest.approx(np.mean([row.value for row in rows if row.value is not None]))
    assert (found.low, found.high) == (min(row.low or 0 for row in rows), max(row.high or 0 for row in rows))
    assert promise.of("purchase", "all", "none") is None


def test_the_top_tenth_and_the_calibration_are_those_of_the_tests(shop_main: RunOverHorizon) -> None:
    proof = shop_main.proof
    promise = promise_of(proof, 30)
    own = [one for one in proof.forecasts if (one.objective, one.model) == ("purchase", proof.serving("purchase"))]
    tables = [calibration_table(one.predicted, one.actual, 10) for one in own]
    top = promise.of("purchase", "all", TOP_TENTH)
    assert top is not None
    assert (top.low, top.high) == (min(t.low[-1] for t in tables), max(t.high[-1] for t in tables))
    deciles = promise.deciles_of("purchase")
    assert deciles is not None
    assert sum(deciles.customers) == sum(len(one.actual) for one in own)
    came = np.dot(deciles.actual, deciles.customers)
    assert came == pytest.approx(sum(one.actual.sum() for one in own))
    assert promise.deciles_of("spend") is None


def test_tests_over_another_horizon_and_no_tests_promise_nothing(shop_main: RunOverHorizon) -> None:
    assert "over 30 days" in promise_of(shop_main.proof, 90).missing
    assert promise_of(Proof((), (), {}, {}, {}, "the log is short"), 30).missing == "the log is short"


def test_tenths_of_equal_forecasts_are_one() -> None:
    found = Deciles.of("purchase", np.full(8, 0.5), np.array([0, 1] * 4, dtype=np.float64))
    assert (found.customers, found.predicted, found.actual) == ((8,), (0.5,), (0.5,))
