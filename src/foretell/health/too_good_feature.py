"""Telltale features: one that alone says nearly everything has probably seen the answer."""

from __future__ import annotations

from foretell.health.evidence import Evidence
from foretell.health.finding import Finding
from foretell.words.wording import decimal, percent

TOO_GOOD = 0.98
TOO_MUCH = 0.9


def telltale_feature(evidence: Evidence) -> Finding | None:
    """One feature alone tells who orders with an AUROC over .98, or carries more than 90 % of the forecast."""
    alone = {name: max(value, 1 - value) for name, value in evidence.auroc_alone.items()}
    name = max(alone, key=lambda feature: alone[feature], default="")
    if name and alone[name] > TOO_GOOD:
        seen = f"The feature {name} alone tells who orders with an AUROC of {decimal(alone[name], 3)}."
    else:
        name = max(evidence.importance, key=lambda feature: evidence.importance[feature], default="")
        if not name or evidence.importance[name] <= TOO_MUCH:
            return None
        seen = f"The feature {name} carries {percent(evidence.importance[name])} of the forecast."
    return Finding(
        "telltale feature",
        "warning",
        seen,
        "Does it know what came later? `foretell check leakage` looks; a fact known late needs its known_at column.",
    )
