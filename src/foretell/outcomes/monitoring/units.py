"""Units: whether money came in another unit of late, such as cents in place of euros."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.outcomes.monitoring.cells import MIDDLE, STEPS_OF_TEN, Cells
from foretell.outcomes.monitoring.sources import DAYS
from foretell.words.wording import counted

USUAL_DAYS = 182
LEAST_ROWS = 20
"""So many of the newest amounts are looked at; where a week has fewer, nothing is said."""
TIMES = 20.0
"""No shop changes what half of its sales cost by so much at once; cents in place of whole money are a hundred."""
NOTHING = MIDDLE - 4 * STEPS_OF_TEN
"""Where an amount of 0 stands."""


@dataclass(frozen=True)
class Units:
    """The median of the newest `rows` amounts of a column is so many `times` that of the half year before. `cannot`
    says why it is not judged."""

    table: str
    column: str
    times: float
    rows: int
    cannot: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether the unit must be another one."""
        return not self.cannot and not 1 / TIMES < self.times < TIMES


def units(table: str, column: str, money: Cells, end: int) -> Units:
    """Compare the newest amounts before a day with those of the half year before them; amounts of 0 do not count."""
    known = money.within(end - USUAL_DAYS, end)
    told = known.values > NOTHING
    days, values, counts = known.days[told], known.values[told], known.counts[told]
    since = np.searchsorted(days, end - DAYS)
    rows = np.cumsum(counts[since:][::-1])
    if not len(rows) or rows[-1] < LEAST_ROWS:
        few = int(rows[-1]) if len(rows) else 0
        return Units(table, column, 1.0, few, f"{counted(few, 'amount')} in the last week, {LEAST_ROWS} are needed")
    newest = len(days) - 1 - int(np.searchsorted(rows, LEAST_ROWS))
    first = int(np.searchsorted(days, days[newest]))
    if counts[:first].sum() < LEAST_ROWS:
        return Units(table, column, 1.0, int(counts[first:].sum()), "there are too few amounts before")
    apart = _median(values[first:], counts[first:]) - _median(values[:first], counts[:first])
    return Units(table, column, float(10 ** (apart / STEPS_OF_TEN)), int(counts[first:].sum()))


def _median(values: np.ndarray, counts: np.ndarray) -> float:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(counts[order])
    return float(values[order][np.searchsorted(below, below[-1] / 2)])
