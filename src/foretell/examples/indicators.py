"""Indicators: a feature that is a code and no quantity, as one column for each of its most common values.

An indicator is named by its feature and the value, as in `first_order_country: Germany`; that name is all it takes to
make its column, for a stored model as well. Which values are common is told by the rows that teach.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foretell.customer_log.stable_keys import code_of

MOST_VALUES = 8
FEWEST_CUSTOMERS = 50
SEPARATOR = ": "


def indicator_names(feature: str, codes: np.ndarray, cutoff: np.ndarray, words: Mapping[int, str]) -> tuple[str, ...]:
    """The indicators of a feature worth learning from, the most common first: values of at least `FEWEST_CUSTOMERS` at
    the newest cutoff but not of all, which somebody has at every cutoff (a value that comes up later tells the date).

    `codes` are float64, NaN where null, one a row as is `cutoff`.
    """
    newest = codes[cutoff == cutoff.max()]
    values, counts = np.unique(newest[np.isfinite(newest)], return_counts=True)
    order = np.lexsort((values, -counts))
    common = [int(values[i]) for i in order if FEWEST_CUSTOMERS <= counts[i] < len(newest)]
    earlier = [codes[cutoff == moment] for moment in np.unique(cutoff)]
    known = [code for code in common if code in words and all((own == code).any() for own in earlier)]
    return tuple(f"{feature}{SEPARATOR}{words[code]}" for code in known[:MOST_VALUES] if "\n" not in words[code])


def feature_behind(name: str) -> str:
    """The feature of an indicator; any other name as it is.

    >>> feature_behind("first_order_country: Germany"), feature_behind("orders_90d")
    ('first_order_country', 'orders_90d')
    """
    return name.partition(SEPARATOR)[0]


def indicator(name: str, codes: np.ndarray) -> np.ndarray:
    """float64: 1 where a row has the value of the name, else 0; NaN where its code is null."""
    return np.where(np.isnan(codes), np.nan, codes == code_of(name.partition(SEPARATOR)[2]))
