"""Several horizons in one run agree: each is planned, proved and scored by itself, then none lies below a shorter one.

Who is to order within 30 days orders within 90: a forecast over a longer horizon is never below that over a shorter.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

GROWING = (
    "p_purchase",
    "expected_orders",
    "expected_spend",
    "median_spend",
    *(f"expected_spend_{end}{level}" for level in ("", "_50", "_90") for end in ("low", "high")),
)


def at_least(scores: pa.Table, shorter: pa.Table | None) -> pa.Table:
    """Scores over one horizon, none below those of the next shorter one (None: there is none)."""
    return scores if shorter is None else monotone([shorter, scores])[1]


def monotone(scores: Sequence[pa.Table]) -> list[pa.Table]:
    """Scores of the same customers in the same order, by ascending horizon, none below those of a shorter one."""
    found: list[pa.Table] = []
    highest: dict[str, np.ndarray] = {}
    for own_table in scores:
        table = own_table
        for name in GROWING:
            own = table[name].to_numpy()
            highest[name] = np.maximum(own, highest[name]) if name in highest else own
            table = table.set_column(table.column_names.index(name), name, pa.array(highest[name]))
        asked = table["p_churn"].is_valid().to_numpy()
        churn = pa.array(1 - highest["p_purchase"], mask=~asked)
        found.append(table.set_column(table.column_names.index("p_churn"), "p_churn", churn))
    return found
