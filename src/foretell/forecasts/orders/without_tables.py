"""Without a table: the chance of an order by a regression that was taught without the features of one table.

A whole blend without each table would double the cost of a proof. The logistic regression of the blend is
fitted anyway; without a table it begins where that one ended, on the same columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from foretell.backtest.forecast import ALL, Forecast
from foretell.examples.examples import Examples
from foretell.examples.indicators import feature_behind
from foretell.features.registry import FEATURES
from foretell.models.contract import CannotFit
from foretell.models.fitted_once import FittedOnce
from foretell.models.learners.logistic import FittedLinear, Logistic, refitted
from foretell.models.training_rows import finite_features, varied_rows
from foretell.project.objectives import TARGETS

PURCHASE = TARGETS["purchase"]
WITH_ALL = ""


def table_of(name: str) -> str:
    """The table beside orders that a feature, or the one behind an indicator, reads; empty for orders."""
    known = FEATURES.get(feature_behind(name))
    return known.table if known else ""


def tables_of(names: Iterable[str]) -> tuple[str, ...]:
    """The tables beside orders that features read, by name."""
    return tuple(sorted({table_of(name) for name in names} - {""}))


def without_tables(once: FittedOnce, judged: Examples) -> Mapping[str, Forecast]:
    """The forecasts of the regression at one cutoff, by the table whose features it has not, and with all of them under
    `WITH_ALL`; none where no feature reads a table, or nothing can be learned."""
    tables = np.array([table_of(name) for name in once.examples.feature_names])
    if not tables.any():
        return {}
    try:
        whole = once.fit(Logistic(), PURCHASE)
    except CannotFit:
        return {}
    assert isinstance(whole, FittedLinear)
    rows, outcome = varied_rows(once.examples, PURCHASE)
    columns, read_by = whole.design.columns(finite_features(rows)), tables[whole.design.source]
    fitted = {WITH_ALL: whole}
    for table in tables_of(once.examples.feature_names):
        if (kept := read_by != table).any():
            fitted[table] = refitted(whole, columns, outcome > 0.5, kept)
    return {
        table: Forecast(
            PURCHASE.name,
            PURCHASE.kind,
            judged.horizon_days,
            int(judged.cutoff[0]),
            f"{Logistic.name} without {table}" if table else Logistic.name,
            judged.customer_key,
            model.predict(judged),
            judged.labels[PURCHASE.label],
            {ALL: np.ones(len(judged), dtype=bool)},
        )
        for table, model in fitted.items()
    }
