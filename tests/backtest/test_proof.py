"""The proof: values by what was measured, who serves, and two questions of the same customers put together."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.backtest.forecast import Forecast, Measured
from foretell.backtest.proof import Proof
from foretell.backtest.selection import Choice
from foretell.project.objectives import Kind


def measured(cutoff: str, value: float | None, model: str = "blend", kind: str = "all") -> Measured:
    return Measured("purchase", 30, cutoff, kind, model, "auroc", value, None, None, 9, 3)


def forecast(objective: str, cutoff: int, predicted: list[float], model: str = "blend", first: int = 1) -> Forecast:
    key = np.arange(first, first + len(predicted)).astype(np.uint64)
    values = np.array(predicted)
    kind: Kind = "amount" if objective == "spend" else "probability"
    return Forecast(objective, kind, 30, cutoff, model, key, values, values * 2, {})


def served(objective: str, model: str = "blend") -> Choice:
    return Choice(objective, 30, model, "log_loss", {model: 0.5}, None, {}, "why")


def proof(*forecasts: Forecast, rows: tuple[Measured, ...] = ()) -> Proof:
    return Proof(forecasts, rows, {name: served(name) for name in ("purchase", "spend")}, {}, {})


def test_values_are_those_of_the_cutoffs_that_have_one() -> None:
    rows = (measured("a", 0.6), measured("b", None), measured("c", 0.8), measured("a", 0.5, "recency", "active"))
    assert proof(rows=rows).values == {
        ("purchase", "blend", "auroc", "all"): [0.6, 0.8],
        ("purchase", "recency", "auroc", "active"): [0.5],
    }


def test_who_serves_is_whom_the_choice_names() -> None:
    assert proof().serving("purchase") == "blend"
    assert proof().serving("orders") is None


def test_two_questions_are_pooled_cutoff_by_cutoff() -> None:
    found = proof(
        forecast("purchase", 1, [0.1, 0.2]),
        forecast("purchase", 1, [0.9, 0.9], "recency"),
        forecast("purchase", 2, [0.3]),
        forecast("spend", 1, [10.0, 20.0]),
        forecast("spend", 2, [30.0]),
        forecast("spend", 3, [40.0]),
    ).pooled("purchase", "spend")
    assert found is not None
    assert [column.tolist() for column in found] == [[0.1, 0.2, 0.3], [10, 20, 30], [20, 40, 60]]


@pytest.mark.parametrize(
    "forecasts",
    [
        (),
        (forecast("purchase", 1, [0.1]),),
        (forecast("spend", 1, [9.0]),),
        (forecast("purchase", 1, [0.1]), forecast("spend", 2, [9.0])),
        (forecast("purchase", 1, [0.1], first=1), forecast("spend", 1, [9.0], first=2)),
        (forecast("purchase", 1, [0.1], "recency"), forecast("spend", 1, [9.0])),
    ],
    ids=["nothing", "chance alone", "amount alone", "other cutoffs", "other customers", "who does not serve"],
)
def test_what_does_not_go_together_is_not_pooled(forecasts: tuple[Forecast, ...]) -> None:
    assert proof(*forecasts).pooled("purchase", "spend") is None


def test_the_proof_of_a_run_pools_every_customer_of_every_test(shop_main: RunOverHorizon) -> None:
    own = shop_main.proof
    found = own.pooled("purchase", "spend")
    assert found is not None
    serving = [f for f in own.forecasts if (f.objective, f.model) == ("spend", own.serving("spend"))]
    assert len(serving) == 4
    assert {len(column) for column in found} == {sum(len(f.customer_key) for f in serving)}
    assert ((found[0] >= 0) & (found[0] <= 1)).all()
