"""Weekly series that alerts watch: told by the log, and by what each run found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.alerts.control_limits import ControlLimits, control_limits
from foretell.alerts.rules import SEGMENT
from foretell.alerts.state import AlertState

CHURN_RISK = "churn risk"
OF_THE_LOG = ("orders", "spend")


def limits_of(
    watched: Sequence[str], scores: pa.Table, as_of_day: str, weekly: Mapping[str, np.ndarray], state: AlertState
) -> ControlLimits:
    """Control limits for the watched series together. What the run does not bring as a series is what past runs found:
    customers of each segment, and the expected number of those who leave (`churn risk`), one value a week."""
    found = dict.fromkeys(state.series(), 0.0) | sizes(scores)
    state.keep_weekly(as_of_day, found)
    if not watched:
        return ControlLimits(cannot="no alert watches a weekly series")
    series = {name: weekly.get(name, _of_runs(state, name, as_of_day)) for name in dict.fromkeys(watched)}
    return control_limits(series)


def sizes(scores: pa.Table) -> dict[str, float]:
    """Customers of each segment, and the sum of their chances of leaving."""
    found: dict[str, float] = {}
    if SEGMENT in scores.column_names:
        counted = pc.value_counts(scores[SEGMENT].combine_chunks()).to_pylist()
        found = {str(one["values"]): float(one["counts"]) for one in counted if one["values"] is not None}
    if "p_churn" in scores.column_names:
        found[CHURN_RISK] = float(pc.sum(scores["p_churn"]).as_py() or 0.0)
    return found


def _of_runs(state: AlertState, name: str, as_of_day: str) -> np.ndarray:
    """float64 [weeks] up to the week that ends at the as-of day: the last value of each, NaN without a run."""
    end = date.fromisoformat(as_of_day).toordinal()
    kept = [(end - date.fromisoformat(day).toordinal(), value) for day, value in state.weekly(name)]
    past = [(back // 7, value) for back, value in kept if back >= 0]
    series = np.full(max((week for week, _ in past), default=-1) + 1, np.nan)
    for week, value in past:
        series[-1 - week] = value
    return series
