"""Binary trees as arrays: applied, averaged and explained by a few lines of our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from foretell.examples.examples import Examples
from foretell.models.contract import Contributions, State, closed
from foretell.models.links import from_link, to_link
from foretell.models.training_rows import finite_features
from foretell.project.objectives import Kind

PARENT_ROWS = 10.0
ROWS_AT_A_TIME = 50_000


@dataclass(frozen=True)
class FittedTrees:
    """The mean of `roots` trees, one entry a node; a leaf is its own child.

    A row goes left where its feature (float32) is at most the threshold, or null and `null_left`.
    `value` is the mean outcome of a node, shrunk towards its parent.
    """

    kind: Kind
    feature_names: tuple[str, ...]
    depth: int
    roots: np.ndarray
    left: np.ndarray
    right: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    null_left: np.ndarray
    value: np.ndarray

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self._link(examples), self.kind)

    def contributions(self, examples: Examples) -> Contributions:
        """Steps along each decision path (Saabas 2014), stretched from the mean's scale to the link's."""
        features = finite_features(examples).astype(np.float32)
        steps = np.zeros((len(examples), len(self.feature_names)))
        everyone = np.arange(len(examples))
        for root in self.roots:
            node = np.full(len(examples), root)
            for _ in range(self.depth):
                child = self._child(features, node)
                np.add.at(steps, (everyone, self.feature[node]), self.value[child] - self.value[node])
                node = child
        base_value = self.value[self.roots].sum() / len(self.roots)
        base = float(to_link(np.array(base_value), self.kind))
        link = self._link(examples)
        moved = steps.sum(axis=1) / len(self.roots)
        flat = np.abs(moved) < 1e-12
        stretch = np.where(flat, 0.0, (link - base) / np.where(flat, 1.0, moved))
        return closed(base, self.feature_names, steps / len(self.roots) * stretch[:, None], link)

    def state(self) -> State:
        return {
            "kind": self.kind,
            "feature_names": "\n".join(self.feature_names),
            "depth": self.depth,
            **{name: getattr(self, name) for name in ARRAYS},
        }

    def _link(self, examples: Examples) -> np.ndarray:
        features = finite_features(examples).astype(np.float32)
        parts = [self._mean(features[i : i + ROWS_AT_A_TIME]) for i in range(0, len(features), ROWS_AT_A_TIME)]
        return to_link(np.concatenate([np.zeros(0), *parts]), self.kind)

    def _mean(self, features: np.ndarray) -> np.ndarray:
        total = np.zeros(len(features))
        for root in self.roots:
            node = np.full(len(features), root)
            for _ in range(self.depth):
                node = self._child(features, node)
            total += self.value[node]
        return np.asarray(total / len(self.roots))

    def _child(self, features: np.ndarray, node: np.ndarray) -> np.ndarray:
        values = features[np.arange(len(features)), self.feature[node]]
        goes_left = np.where(np.isnan(values), self.null_left[node], values <= self.threshold[node])
        return np.asarray(np.where(goes_left, self.left[node], self.right[node]))


ARRAYS = ("roots", "left", "right", "feature", "threshold", "null_left", "value")


def trees_of(kind: Kind, feature_names: tuple[str, ...], grown: Sequence[Any], unit: float) -> FittedTrees:
    """The arrays of scikit-learn trees whose outcomes were divided by `unit`."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in ARRAYS}
    offset, depth = 0, 0
    for tree in grown:
        own = np.arange(tree.node_count)
        leaf = tree.children_left < 0
        value = tree.value[:, 0, -1].astype(np.float64) * unit
        parts["roots"].append(np.array([offset]))
        parts["left"].append(np.where(leaf, own, tree.children_left) + offset)
        parts["right"].append(np.where(leaf, own, tree.children_right) + offset)
        parts["feature"].append(np.where(leaf, 0, tree.feature))
        parts["threshold"].append(np.where(leaf, 0.0, tree.threshold))
        parts["null_left"].append(np.asarray(tree.missing_go_to_left, dtype=bool))
        parts["value"].append(_shrunk(tree, value))
        offset += tree.node_count
        depth = max(depth, int(tree.max_depth))
    return FittedTrees(kind, feature_names, depth, **{name: np.concatenate(part) for name, part in parts.items()})


def restored_trees(state: State) -> FittedTrees:
    """The trees of a stored state."""
    return FittedTrees(
        cast(Kind, state["kind"]),
        tuple(str(state["feature_names"]).split("\n")),
        int(cast(int, state["depth"])),
        **{name: cast(np.ndarray, state[name]) for name in ARRAYS},
    )


def _shrunk(tree: Any, value: np.ndarray) -> np.ndarray:
    """Each node's mean pulled towards its parent's (Agarwal et al. 2022): a child always follows its parent."""
    pulled = value.copy()
    for node in range(tree.node_count):
        for child in (tree.children_left[node], tree.children_right[node]):
            if child >= 0:
                rows = float(tree.weighted_n_node_samples[child])
                pulled[child] = (rows * value[child] + PARENT_ROWS * pulled[node]) / (rows + PARENT_ROWS)
    return pulled
