"""Thresholds: from which chance on a customer counts as selected, and what brings the top tier to its share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from foretell.backtest.curves import best_f1_threshold
from foretell.examples.examples import Examples
from foretell.examples.labels import TOP_TIER_SHARE
from foretell.models.contract import Fitted
from foretell.models.links import from_link, shift_below, to_link
from foretell.project.objectives import Target

TIER = "high_value"


def tier_shift_of(models: Mapping[str, Fitted], today: Examples) -> float:
    """What brings the chances of the top tier, held below those of an order, to the share of the tier; of fewer buyers
    than that, to all of them."""
    if not {"purchase", TIER} <= set(models) or not len(today):
        return 0.0
    chance, tier = (models[name].predict(today) for name in ("purchase", TIER))
    return shift_below(min(TOP_TIER_SHARE, float(chance.mean())), to_link(tier, "probability"), chance)


def thresholds_of(
    models: Mapping[str, Fitted], newest: Examples, targets: Sequence[Target], tier_shift: float
) -> dict[str, float]:
    """The threshold of the greatest F1 at the newest cutoff, of each chance among the customers of whom it is asked."""
    found = {}
    for target in targets:
        own = newest.take(newest.eligible[target.eligible] & np.isfinite(newest.labels[target.label]))
        if target.kind != "probability" or target.model_of not in models or not len(own):
            continue
        threshold = best_f1_threshold(models[target.model_of].predict(own), own.labels[target.label])
        if threshold is not None and target.model_of == TIER:
            threshold = from_link(to_link(np.array(threshold), target.kind) + tier_shift, target.kind).item()
        if threshold is not None:
            found[target.name] = threshold
    return found
