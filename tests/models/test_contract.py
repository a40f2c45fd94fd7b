"""What must hold for every model: found in the registry, so a new one cannot miss these tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit, Fitted
from foretell.models.links import to_link
from foretell.models.registry import MODELS, models_for
from foretell.project.objectives import TARGETS, Target
from kept import stored

CASES = [(name, target) for name, model in MODELS.items() for target in TARGETS if TARGETS[target].kind in model.kinds]
SEED = 3
FittedModels = dict[tuple[str, str], Fitted]


@pytest.fixture(scope="module")
def fitted_models(examples: Examples) -> FittedModels:
    return {(name, target): MODELS[name].fit(examples, TARGETS[target], SEED) for name, target in CASES}


def _same(left: np.ndarray, right: np.ndarray) -> bool:
    return left.dtype == right.dtype and left.tobytes() == right.tobytes()


@pytest.mark.parametrize(("name", "target"), CASES)
class TestEveryModel:
    """The laws that a fitted model keeps, for each target that it can learn."""

    def test_forecasts_are_finite_and_in_range(
        self, name: str, target: str, examples: Examples, fitted_models: FittedModels
    ) -> None:
        predicted = fitted_models[name, target].predict(examples)
        assert predicted.shape == (len(examples),)
        assert predicted.dtype == np.float64
        assert np.isfinite(predicted).all()
        assert (predicted >= 0).all()
        if TARGETS[target].kind == "probability":
            assert ((predicted > 0) & (predicted < 1)).all()

    def test_a_row_alone_gives_the_same_bytes(
        self, name: str, target: str, examples: Examples, fitted_models: FittedModels
    ) -> None:
        fitted = fitted_models[name, target]
        whole = fitted.predict(examples)
        for rows in (np.array([0]), np.array([17]), np.arange(5, 12), np.arange(len(examples))[::-1], np.arange(0)):
            assert _same(fitted.predict(examples.take(rows)), np.ascontiguousarray(whole[rows])), rows[:3]

    def test_contributions_add_up_to_the_forecast(
        self, name: str, target: str, examples: Examples, fitted_models: FittedModels
    ) -> None:
        fitted = fitted_models[name, target]
        parts = fitted.contributions(examples)
        assert parts.values.shape == (len(examples), len(parts.names))
        assert np.isfinite(parts.values).all()
        expected = to_link(fitted.predict(examples), TARGETS[target].kind)
        np.testing.assert_allclose(parts.base + parts.values.sum(axis=1), expected, atol=1e-6)

    def test_what_is_stored_comes_back_to_the_byte(
        self, name: str, target: str, examples: Examples, fitted_models: FittedModels, tmp_path: Path
    ) -> None:
        fitted = fitted_models[name, target]
        again = stored(fitted, MODELS[name], tmp_path)
        assert _same(again.predict(examples), fitted.predict(examples))
        assert _same(again.contributions(examples).values, fitted.contributions(examples).values)

    def test_the_same_seed_learns_the_same(
        self, name: str, target: str, examples: Examples, fitted_models: FittedModels
    ) -> None:
        again = MODELS[name].fit(examples, TARGETS[target], SEED)
        assert _same(again.predict(examples), fitted_models[name, target].predict(examples))

    def test_ineligible_and_unlabelled_rows_teach_nothing(
        self, name: str, target: str, examples: Examples, fitted_models: FittedModels
    ) -> None:
        declared: Target = TARGETS[target]
        label = examples.labels[declared.label].copy()
        label[~examples.eligible[declared.eligible]] = 1.0 - np.nan_to_num(label[~examples.eligible[declared.eligible]])
        changed = replace(examples, labels={**examples.labels, declared.label: label})
        again = MODELS[name].fit(changed, declared, SEED)
        assert _same(again.predict(examples), fitted_models[name, target].predict(examples))


def _first(examples: Examples, rows: int) -> Examples:
    return examples.take(np.arange(rows))


def _labelled(examples: Examples, value: float) -> Examples:
    return replace(examples, labels={name: np.full(len(examples), value) for name in examples.labels})


def _without_money(examples: Examples) -> Examples:
    free = {name: np.zeros(len(examples)) for name in ("lifetime_spend", "trailing_spend", "repeat_value_mean")}
    return replace(_labelled(examples, 0.0), facts={**examples.facts, **free})


def _with_a_whale(examples: Examples) -> Examples:
    facts = {name: values.copy() for name, values in examples.facts.items()}
    labels = {name: values.copy() for name, values in examples.labels.items()}
    features = examples.features.copy()
    features[3] = 1e12
    for name in ("lifetime_spend", "trailing_spend", "repeat_value_mean"):
        facts[name][3] = 1e12
    labels["spend"][3] = 1e12
    return replace(examples, facts=facts, labels=labels, features=features)


HARD: dict[str, Callable[[Examples], Examples]] = {
    "five rows": lambda e: _first(e, 5),
    "one row": lambda e: _first(e, 1),
    "thirty rows": lambda e: _first(e, 30),
    "no rows": lambda e: _first(e, 0),
    "only the outcome 0": lambda e: _labelled(e, 0.0),
    "only the outcome 1": lambda e: _labelled(e, 1.0),
    "no outcome known": lambda e: _labelled(e, np.nan),
    "one-purchase customers only": lambda e: e.take(e.facts["purchase_days"] == 1),
    "constant features": lambda e: replace(e, features=np.ones_like(e.features)),
    "null features": lambda e: replace(e, features=np.full_like(e.features, np.nan)),
    "infinite features": lambda e: replace(e, features=np.where(e.features > 3, np.inf, e.features)),
    "free goods": _without_money,
    "a whale": _with_a_whale,
}


@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize("name", MODELS)
def test_hard_input_gives_a_finite_forecast_or_a_reason(name: str, case: str, examples: Examples) -> None:
    model = MODELS[name]
    hard = HARD[case](examples)
    refusals = []
    for target in (TARGETS["purchase"], TARGETS["orders"], TARGETS["spend"], TARGETS["high_value"]):
        if target.kind not in model.kinds:
            continue
        try:
            fitted = model.fit(hard, target, SEED)
        except CannotFit as refusal:
            refusals.append(str(refusal))
            continue
        for shown in (hard, examples):
            predicted = fitted.predict(shown)
            assert np.isfinite(predicted).all()
            assert (predicted >= 0).all()
            parts = fitted.contributions(shown)
            expected = to_link(predicted, target.kind)
            np.testing.assert_allclose(parts.base + parts.values.sum(axis=1), expected, atol=1e-6)
    assert all(len(reason) > 20 for reason in refusals)


def test_the_base_rate_always_answers_where_an_outcome_is_known(examples: Examples) -> None:
    for target in TARGETS.values():
        for case in ("five rows", "one row", "only the outcome 0", "free goods", "constant features"):
            hard = HARD[case](examples)
            if (np.isfinite(hard.labels[target.label]) & hard.eligible[target.eligible]).any():
                assert np.isfinite(MODELS["base_rate"].fit(hard, target, SEED).predict(hard)).all()


def test_every_kind_has_baselines_and_learners() -> None:
    for kind in ("probability", "count", "amount"):
        found = models_for(kind)
        assert {"base_rate", "recency", "status_quo", "rfm_cells", "bg_nbd"} <= {m.name for m in found if m.is_baseline}
        assert {"gradient_boosting", "blend", "neural_network"} <= {m.name for m in found if not m.is_baseline}
        assert all(model.formula for model in found)
