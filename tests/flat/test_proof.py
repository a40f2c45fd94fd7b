"""The proof of a flat table: every row is scored by models that did not see its fold, beside plain baselines."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from foretell.examples.flat.columns import flat_column
from foretell.examples.flat.label import label_of
from foretell.examples.flat.table import FlatTable, flat_table
from foretell.flat.proof import BASE_RATE, BASELINES, FlatProof, explained, metric_of, prove_flat
from foretell.flat.run import FlatOutcome
from foretell.models.flat.blend import FittedFlatBlend, FlatBlend
from foretell.project.progress import Silent
from foretell.scores.flat_reasons import likes, usual_values
from made_customers import made_customers


def table_of(*names: str) -> tuple[FlatTable, np.ndarray]:
    made = made_customers(60)
    columns = [flat_column(name, made[name], ".", 2 * 10**15) for name in names]
    return flat_table(columns, len(made)), label_of("churned", made["churned"]).outcome


def log_loss(p: np.ndarray, outcome: np.ndarray) -> float:
    return float(-np.log(np.where(outcome > 0.5, p, 1 - p)).mean())


@pytest.fixture
def proof(outcome: FlatOutcome) -> FlatProof:
    return outcome.proof


def test_the_base_rate_of_a_row_is_that_of_the_other_folds(proof: FlatProof) -> None:
    rate = next(one for one in proof.forecasts if one.model == BASE_RATE)
    for fold in np.unique(proof.fold):
        others = rate.actual[proof.fold != fold]
        np.testing.assert_allclose(rate.predicted[proof.fold == fold], (others.sum() + 1) / (len(others) + 2))


def test_what_serves_has_the_lower_loss_and_its_chances_are_told(proof: FlatProof) -> None:
    by_name = {one.model: one for one in proof.forecasts}
    assert set(by_name) >= {*BASELINES, "flat_blend"}
    losses = {name: log_loss(one.predicted, one.actual) for name, one in by_name.items()}
    assert proof.serving == ("flat_blend" if losses["flat_blend"] < losses[BASE_RATE] else BASE_RATE)
    np.testing.assert_array_equal(proof.p, by_name[proof.serving].predicted)
    for name, loss in losses.items():
        found = metric_of(proof.measured, name, "log_loss")
        assert found is not None
        assert found.value == pytest.approx(loss)
    assert metric_of(proof.measured, "nobody", "log_loss") is None


def test_a_table_that_tells_nothing_is_served_by_the_base_rate() -> None:
    table, outcome = table_of("tenure")
    blank = flat_table([], len(table))
    nobody = np.full(len(table), -1)
    proof = prove_flat(blank, outcome, customer=nobody, objective="churned", seed=0, progress=Silent())
    assert proof.serving == BASE_RATE
    assert proof.reasons == [[] for _ in range(len(table))]
    assert {row.cutoff for row in proof.measured} == {""}


def test_rows_of_one_customer_stay_in_one_fold() -> None:
    table, outcome = table_of("plan")
    customer = np.arange(len(table)) // 4
    proof = prove_flat(table, outcome, customer=customer, objective="churned", seed=0, progress=Silent())
    assert all(len(np.unique(proof.fold[customer == one])) == 1 for one in np.unique(customer))
    assert ((proof.p > 0) & (proof.p < 1)).all()


def test_of_too_many_rows_only_the_likeliest_are_explained() -> None:
    table, outcome = table_of("tenure", "plan")
    fitted: FittedFlatBlend = FlatBlend().fit(table, outcome, 0)
    usual, theme = usual_values(table), likes(table)
    everybody, few = (explained(fitted, table, usual, theme, most) for most in (len(table), 5))
    told = [row for row, reasons in enumerate(few) if reasons]
    assert len(few) == len(everybody) == len(table)
    assert 0 < len(told) <= 5
    assert all(few[row] == everybody[row] for row in told)
    chance = expit(fitted.link(table))
    assert chance[told].min() >= np.sort(chance)[-5] - 1e-12
