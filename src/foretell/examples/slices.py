"""Slices: the kinds of customers on whom the models that serve are proved apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from foretell.examples.examples import Examples

NEW_DAYS = 90
EVERYBODY = ("all", "active")
MOST_VALUES = 4
FEWEST_CUSTOMERS = 100
REST = "other"

SLICES: dict[str, Callable[[Mapping[str, np.ndarray]], np.ndarray]] = {
    "one order": lambda facts: facts["purchase_days"] <= 1,
    "2 to 4 orders": lambda facts: (facts["purchase_days"] > 1) & (facts["purchase_days"] < 5),
    "5 orders and more": lambda facts: facts["purchase_days"] >= 5,
    "new customers": lambda facts: facts["observed_days"] <= NEW_DAYS,
    "older customers": lambda facts: facts["observed_days"] > NEW_DAYS,
}
"""By depth of history (orders of one day count as one) and by age: first seen within `NEW_DAYS`, or longer ago."""
BY_FIRST_ORDER = {"country": "first_order_country", "channel": "first_order_channel"}
"""By what the first order tells: the name of the slices, and the feature behind them."""


def slices_of(examples: Examples) -> dict[str, np.ndarray]:
    """bool [rows] of each slice: by depth, by age, and by country and channel of the first order where the log has
    them, every row lies in exactly one."""
    found = {name: holds(examples.facts) for name, holds in SLICES.items()}
    for name, feature in BY_FIRST_ORDER.items():
        if feature in examples.feature_names:
            found |= _by_value(name, examples.feature(feature), examples.words)
    return found


def measured_slices(measured: Iterable[str]) -> list[str]:
    """The slices among those that were measured, each once: by depth, by age, then by value as they come, the rest of
    a kind behind its values."""
    seen = dict.fromkeys(measured)
    by_value = [name for name in seen if name not in SLICES and name not in EVERYBODY]
    by_value.sort(key=lambda name: (name.partition(": ")[0], name.endswith(f": {REST}")))
    return [*(name for name in SLICES if name in seen), *by_value]


def _by_value(name: str, codes: np.ndarray, words: Mapping[int, str]) -> dict[str, np.ndarray]:
    """The most common values with enough customers, and all others together, those without one among them; nothing
    where that tells no customers apart."""
    values, counts = np.unique(codes[np.isfinite(codes)], return_counts=True)
    order = np.lexsort((values, -counts))
    common = [value for value in values[order] if words.get(int(value), REST) != REST][:MOST_VALUES]
    found = {f"{name}: {words[int(v)]}": codes == v for v in common if (codes == v).sum() >= FEWEST_CUSTOMERS}
    other = ~np.any(list(found.values()), axis=0) if found else np.zeros(len(codes), dtype=bool)
    if other.any():
        found[f"{name}: {REST}"] = other
    return found if len(found) > 1 else {}
