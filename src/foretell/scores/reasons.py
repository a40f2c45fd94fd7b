"""Reasons: what moved a customer's forecast most, in their own facts and units.

Contributions are merged into themes; a theme is told by the facts it rests on. Reasons describe what the model saw;
they are not causes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foretell.examples.examples import Examples
from foretell.models.contract import Contributions
from foretell.models.themes import ORDER_HISTORY, by_theme
from foretell.scores.sentences import Value, sentence

MOST_REASONS = 3
LEAST_SHARE = 0.1
LEAD = 2.0
"""Another theme is told before the order history only where it moved the forecast this many times as much: a narrow
lead is noise, and turns with the customers that the models happened to learn from."""


def reasons(contributions: Contributions, examples: Examples, currency: str) -> list[list[str]]:
    """At most three reasons a row, strongest first; a theme with under a tenth of the whole movement is left out.

    `examples` are the rows with all their features, also those from which the model did not learn.
    """
    themes, moved = by_theme(contributions)
    strength = np.abs(moved)
    least = np.maximum(LEAST_SHARE * strength.sum(axis=1), 1e-12)
    feature_at = {name: position for position, name in enumerate(examples.feature_names)}
    told: list[list[str]] = []
    for row, order in enumerate(ranked(themes, moved)):

        def value(name: str, row: int = row) -> float:
            if name in feature_at:
                return float(examples.features[row, feature_at[name]])
            return float(examples.facts[name][row]) if name in examples.facts else float("nan")

        strong = [theme for theme in order[:MOST_REASONS] if strength[row, theme] >= least[row]]
        told.append([_said(themes[theme], moved[row, theme], value, currency, examples.words) for theme in strong])
    return told


def ranked(themes: tuple[str, ...], moved: np.ndarray) -> np.ndarray:
    """int64 [rows, themes]: positions of the themes, strongest first, the order history by `LEAD` before others."""
    weight = np.array([LEAD if theme == ORDER_HISTORY else 1.0 for theme in themes])
    return np.argsort(-np.abs(moved) * weight, axis=1, kind="stable")


def _said(theme: str, moved: float, value: Value, currency: str, words: Mapping[int, str]) -> str:
    return f"{'likelier' if moved > 0 else 'less likely'}: {sentence(theme, value, currency, words)}"
