"""Several horizons in one run: each is planned, proved and scored as a run of its own, then they are made to agree.

Who is to order within 30 days orders within 90: a forecast over a longer horizon is never below that over a shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.schema import Columns
from foretell.pipeline.run import Outcome, run
from foretell.project.intervals import parse_horizon
from foretell.project.progress import Progress
from foretell.project.request import Request

GROWING = (
    "p_purchase",
    "expected_orders",
    "expected_spend",
    "median_spend",
    *(f"expected_spend_{end}{level}" for level in ("", "_50", "_90") for end in ("low", "high")),
)


def run_horizons(
    request: Request, files: list[SourceFile], columns: Columns, progress: Progress | None = None
) -> Outcome:
    """The outcome over the first horizon that was asked for, with the others in `beside`, all of them monotone."""
    if not request.more_horizons:
        return run(request, files, columns, progress)
    main = run(_over(request, request.horizon_days), files, columns, progress)
    settled = replace(request, as_of=main.plan.as_of_day())
    others = [days for days in request.more_horizons if days != main.plan.horizon_days]
    beside = [run(_over(settled, days), files, columns, progress) for days in others]
    outcomes = sorted([main, *beside], key=lambda outcome: outcome.plan.horizon_days)
    agreed = [
        replace(outcome, scores=scores)
        for outcome, scores in zip(outcomes, monotone([outcome.scores for outcome in outcomes]), strict=True)
    ]
    first = next(outcome for outcome in agreed if outcome.plan.horizon_days == main.plan.horizon_days)
    return replace(first, beside=tuple(outcome for outcome in agreed if outcome is not first))


def _over(request: Request, days: int | None) -> Request:
    """The request over one horizon, with the objectives that were declared over it."""
    own = tuple(part for part in request.objectives if parse_horizon(part.horizon) == days)
    return replace(request, horizon_days=days, objectives=own)


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
