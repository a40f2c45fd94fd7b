"""Without a table: the chance of an order by a regression that was taught without the features of one table.

A whole blend without each table would double the cost of a proof. The logistic regression of the blend takes a tenth of
a second, and is the member that a feature of a table has to convince first.
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
from foretell.models.learners.logistic import Logistic
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
    names = once.examples.feature_names
    tables = tables_of(names)
    try:
        fitted = {WITH_ALL: once.fit(Logistic(), PURCHASE)} if tables else {}
        for table in tables:
            kept = [name for name in names if table_of(name) != table]
            fitted[table] = Logistic().fit(once.examples.with_features(kept), PURCHASE, once.seed)
    except CannotFit:
        return {}
    return {
        table: Forecast(
            PURCHASE.name,
            PURCHASE.kind,
            judged.horizon_days,
            int(judged.cutoff[0]),
            f"{Logistic.name} without {table}" if table else Logistic.name,
            judged.customer_key,
            model.predict(judged.with_features([name for name in names if not table or table_of(name) != table])),
            judged.labels[PURCHASE.label],
            {ALL: np.ones(len(judged), dtype=bool)},
        )
        for table, model in fitted.items()
    }
