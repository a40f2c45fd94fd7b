"""Themes of what moved a forecast: features by their own, facts of baselines and processes by their meaning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretell.examples.indicators import feature_behind
from foretell.features import FEATURES
from foretell.features.themes import ORDER_HISTORY, VALUE
from foretell.models.contract import Contributions

THEME_OF_FACT = {
    "own_rhythm": ORDER_HISTORY,
    "days_since_last": ORDER_HISTORY,
    "purchase_days": ORDER_HISTORY,
    "lifetime_orders": ORDER_HISTORY,
    "trailing_orders": ORDER_HISTORY,
    "past_windows": ORDER_HISTORY,
    "past_windows_ordered": ORDER_HISTORY,
    "lifetime_spend": ORDER_HISTORY,
    "trailing_spend": ORDER_HISTORY,
    "observed_days": ORDER_HISTORY,
    "first_to_last_days": ORDER_HISTORY,
    "repeat_value_mean": VALUE,
}


def themes_of(names: Sequence[str]) -> list[str]:
    """The theme of each contribution: the feature's, or by the fact's meaning."""
    return [_theme(feature_behind(name)) for name in names]


def by_theme(contributions: Contributions) -> tuple[tuple[str, ...], np.ndarray]:
    """The themes in alphabetical order, and float64 [rows, themes] what each moved, on the link scale."""
    themes = themes_of(contributions.names)
    distinct = tuple(sorted(set(themes)))
    moved = np.zeros((len(contributions.values), len(distinct)))
    for position, theme in enumerate(themes):
        moved[:, distinct.index(theme)] += contributions.values[:, position]
    return distinct, moved


def _theme(name: str) -> str:
    return FEATURES[name].words.theme if name in FEATURES else THEME_OF_FACT.get(name, name)
