"""The network applied here is the one that scikit-learn trained."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.learners import neural_network
from foretell.models.learners.neural_network import NeuralNetwork
from foretell.models.training_rows import finite_features
from foretell.project.objectives import TARGETS


@pytest.mark.parametrize("target", ["purchase", "orders"])
def test_one_network_predicts_as_scikit_learn(target: str, examples: Examples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neural_network, "NETWORKS", 1)
    kept: list[Any] = []
    trained = neural_network._trained

    def keeping(*given: Any) -> Any:
        kept.append(trained(*given))
        return kept[-1]

    monkeypatch.setattr(neural_network, "_trained", keeping)
    fitted = NeuralNetwork().fit(examples, TARGETS[target], 5)
    inputs = fitted.design.columns(finite_features(examples)).T
    ours = fitted.predict(examples)
    if target == "purchase":
        theirs = kept[0].predict_proba(inputs)[:, 1]
    else:
        known = ~np.isnan(examples.labels["orders"])
        theirs = kept[0].predict(inputs) * examples.labels["orders"][known].mean()
        theirs = np.minimum(theirs, np.nanmax(examples.labels["orders"]))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)
