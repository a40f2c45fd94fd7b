"""The rows that a target may be learned from, and refusals where they teach nothing."""

from __future__ import annotations

import numpy as np

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit
from foretell.project.objectives import Target


def training_rows(examples: Examples, target: Target) -> tuple[Examples, np.ndarray]:
    """The eligible rows whose label is known, and their outcomes (float64; counts and amounts at least 0)."""
    if target.label not in examples.labels:
        raise CannotFit(f"the examples have no label {target.label!r}")
    labels = np.asarray(examples.labels[target.label], dtype=np.float64)
    eligible = examples.eligible.get(target.eligible)
    rows = np.isfinite(labels) if eligible is None else np.isfinite(labels) & np.asarray(eligible, dtype=bool)
    if not rows.any():
        raise CannotFit("no eligible customer has a known outcome yet")
    outcome = labels[rows]
    return examples.take(rows), outcome if target.kind == "probability" else np.maximum(outcome, 0.0)


def varied_rows(examples: Examples, target: Target) -> tuple[Examples, np.ndarray]:
    """`training_rows`, refused where the outcome is the same for all: then there is nothing to tell apart."""
    rows, outcome = training_rows(examples, target)
    if outcome.max() == 0.0:
        raise CannotFit(f"none of the {len(outcome)} rows has {target.meaning}")
    if outcome.min() == outcome.max():
        raise CannotFit(f"all {len(outcome)} rows have the same outcome")
    return rows, outcome


def finite_features(examples: Examples) -> np.ndarray:
    """float64 [rows, features], infinities held to where float32 trees still count; NaN stays null."""
    return np.clip(np.ascontiguousarray(examples.features, dtype=np.float64), -1e30, 1e30)
