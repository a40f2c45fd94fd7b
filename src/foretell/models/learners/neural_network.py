"""A small neural network by scikit-learn, on the design of the linear models."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit, Contributions, State, closed
from foretell.models.design import Design, design_of, restored_design
from foretell.models.links import HIGHEST_LOG, bounded, from_link
from foretell.models.training_rows import finite_features, varied_rows
from foretell.project.objectives import Kind, Target

HIDDEN = 16
NETWORKS = 3
MOST_EPOCHS = 40
PATIENCE = 4
FEWEST_ROWS = 40
ROWS_AT_A_TIME = 8_192
MOST_ROWS = 60_000


@dataclass(frozen=True)
class FittedNeuralNetwork:
    """One hidden layer of rectified units: link = bias + sum of out x max(0, hidden_bias + inputs x hidden).

    Several networks, averaged on the link scale, are one network with all their units.
    """

    kind: Kind
    feature_names: tuple[str, ...]
    design: Design
    hidden: np.ndarray
    hidden_bias: np.ndarray
    out: np.ndarray
    bias: float
    highest: float

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self.link(examples), self.kind)

    def link(self, examples: Examples) -> np.ndarray:
        """The bounded output; nothing is multiplied across rows, so a row alone gives the same."""
        features = finite_features(examples)
        total = np.zeros(len(features))
        for start in range(0, len(features), ROWS_AT_A_TIME):
            columns = self.design.columns(features[start : start + ROWS_AT_A_TIME])
            lit = np.maximum(self._reached(columns) + self.hidden_bias, 0.0)
            total[start : start + ROWS_AT_A_TIME] = self.bias + (lit * self.out).sum(axis=1)
        return bounded(np.minimum(total, self.highest), self.kind)

    def contributions(self, examples: Examples) -> Contributions:
        """Integrated gradients from the mean customer (Sundararajan et al. 2017): exact for one rectified layer."""
        columns = self.design.columns(finite_features(examples))
        reached = self._reached(columns)
        lit = np.maximum(reached + self.hidden_bias, 0.0) - np.maximum(self.hidden_bias, 0.0)
        slope = self.out * np.where(reached == 0.0, 0.0, lit / np.where(reached == 0.0, 1.0, reached))
        values = np.zeros((len(self.feature_names), len(examples)))
        for column, weights, feature in zip(columns, self.hidden, self.design.source, strict=True):
            values[feature] += column * (slope * weights).sum(axis=1)
        base = self.bias + float((np.maximum(self.hidden_bias, 0.0) * self.out).sum())
        return closed(base, self.feature_names, values.T, self.link(examples))

    def state(self) -> State:
        return {
            "kind": self.kind,
            "feature_names": "\n".join(self.feature_names),
            "hidden": self.hidden,
            "hidden_bias": self.hidden_bias,
            "out": self.out,
            "bias": self.bias,
            "highest": self.highest,
            **self.design.state(),
        }

    def _reached(self, columns: np.ndarray) -> np.ndarray:
        reached = np.zeros((columns.shape[1], self.hidden.shape[1]))
        for column, weights in zip(columns, self.hidden, strict=True):
            reached += column[:, None] * weights
        return reached


class NeuralNetwork:
    """Scikit-learn's multilayer perceptron, stopped early on customers kept aside."""

    name: ClassVar[str] = "neural_network"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"probability", "count", "amount"})
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = f"mean link of {NETWORKS} networks with one layer of {HIDDEN} rectified units"

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedNeuralNetwork:
        rows, outcome = varied_rows(examples, target)
        if len(outcome) < FEWEST_ROWS:
            raise CannotFit(f"only {len(outcome)} rows have a known outcome; a network needs {FEWEST_ROWS}")
        keep = _drawn(np.asarray(rows.customer_key))
        rows, outcome = rows.take(keep), outcome[keep]
        if len(outcome) == 0 or outcome.min() == outcome.max():
            raise CannotFit(f"too few of the rows have {target.meaning} for a network to learn")
        features = finite_features(rows)
        design = design_of(features)
        inputs = np.ascontiguousarray(design.columns(features).T)
        unit = 1.0 if target.kind == "probability" else float(outcome.mean())
        aside = (np.asarray(rows.customer_key) % 5) == 0
        networks = [
            _trained(inputs, outcome / unit, aside, target.kind, (seed + number) % 2**31) for number in range(NETWORKS)
        ]
        highest = HIGHEST_LOG if target.kind == "probability" else float(np.log(outcome.max()))
        return FittedNeuralNetwork(
            target.kind,
            rows.feature_names,
            design,
            np.concatenate([network.coefs_[0] for network in networks], axis=1),
            np.concatenate([network.intercepts_[0] for network in networks]),
            np.concatenate([network.coefs_[1][:, 0] for network in networks]) / NETWORKS,
            sum(float(network.intercepts_[1][0]) for network in networks) / NETWORKS + float(np.log(unit)),
            highest,
        )

    def restore(self, state: State) -> FittedNeuralNetwork:
        return FittedNeuralNetwork(
            cast(Kind, state["kind"]),
            tuple(str(state["feature_names"]).split("\n")),
            restored_design(state),
            cast(np.ndarray, state["hidden"]),
            cast(np.ndarray, state["hidden_bias"]),
            cast(np.ndarray, state["out"]),
            float(cast(float, state["bias"])),
            float(cast(float, state["highest"])),
        )


def _drawn(customer_key: np.ndarray) -> np.ndarray:
    """Rows of whole customers, by their keys, about `MOST_ROWS` at most: epochs over more cost minutes."""
    one_in = -(-len(customer_key) // MOST_ROWS)
    return np.asarray((customer_key // 5) % one_in == 0)


def _trained(inputs: np.ndarray, outcome: np.ndarray, aside: np.ndarray, kind: Kind, seed: int) -> Any:
    """The network after the epoch that was best on the customers kept aside (none or alike: a fixed few)."""
    shape = {
        "hidden_layer_sizes": (HIDDEN,),
        "alpha": 1.0,
        "learning_rate_init": 2e-3,
        "batch_size": int(np.clip(len(outcome) // 40, 32, 512)),
        "random_state": seed,
    }
    network = MLPClassifier(**shape) if kind == "probability" else MLPRegressor(loss="poisson", **shape)
    known = {"classes": np.array([0, 1])} if kind == "probability" else {}
    learned = (outcome > 0.5).astype(np.int64) if kind == "probability" else outcome
    taught, judged = learned[~aside], learned[aside]
    can_judge = len(judged) >= 20 and judged.min() < judged.max() and len(taught) >= 20 and taught.max() > 0
    if not can_judge:
        for _ in range(MOST_EPOCHS // 4):
            network.partial_fit(inputs, learned, **known)
        return network
    best, best_loss, best_epoch = network, np.inf, 0
    for epoch in range(MOST_EPOCHS):
        network.partial_fit(inputs[~aside], taught, **known)
        loss = _loss(network, inputs[aside], judged, kind)
        if loss < best_loss:
            best, best_loss, best_epoch = copy.deepcopy(network), loss, epoch
        elif epoch - best_epoch >= PATIENCE:
            break
    return best


def _loss(network: Any, inputs: np.ndarray, outcome: np.ndarray, kind: Kind) -> float:
    """Mean log loss, or mean Poisson deviance up to a constant."""
    if kind == "probability":
        p = np.clip(network.predict_proba(inputs)[:, 1], 1e-9, 1 - 1e-9)
        return float(-np.mean(outcome * np.log(p) + (1 - outcome) * np.log(1 - p)))
    mean = np.clip(network.predict(inputs), 1e-9, None)
    return float(np.mean(mean - outcome * np.log(mean)))
