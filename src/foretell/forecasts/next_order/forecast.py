"""What is said of the next order: the day, two intervals, the chance that there is none, and how overdue it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.examples.examples import Examples
from foretell.forecasts.next_order.curve import ReturnCurve, knots_with
from foretell.forecasts.next_order.model import FittedNextOrder
from foretell.forecasts.next_order.rhythm import usual_gap_days
from foretell.project.intervals import from_microseconds

SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
NO_REPEAT_EXPECTED = 0.5
DAYS_OF_SHARES = {
    "next_order_date": 0.5,
    "next_order_low": 0.1,
    "next_order_high": 0.9,
    "next_order_low_50": 0.25,
    "next_order_high_50": 0.75,
}


@dataclass(frozen=True)
class NextOrderForecast:
    """One entry a customer, float64. `p_no_repeat` is the chance of no order within 730 days; `quantile_days` maps
    each of `SHARES` to days from the as-of date, given that an order comes within 730 days. The expected day is the
    median: the mean of so long a tail is moved by the few who may come after a year. `overdue` is the days since the
    last order over the usual gap (the own median one, shrunk to the population's); NaN where nobody has bought on two
    days. `overdue` alone may be NaN."""

    curve: ReturnCurve
    p_no_repeat: np.ndarray
    quantile_days: Mapping[float, np.ndarray]
    overdue: np.ndarray

    @property
    def expected_days(self) -> np.ndarray:
        """The median, in days from the as-of date, given a return."""
        return self.quantile_days[0.5]

    @property
    def no_repeat_expected(self) -> np.ndarray:
        """bool: whether no order is likelier than one."""
        return np.asarray(self.p_no_repeat > NO_REPEAT_EXPECTED)

    def columns(self, as_of: int, timezone: str) -> dict[str, pa.Array]:
        """`next_order_date`, `_low`, `_high` (80 %), `_low_50`, `_high_50` as date32, never before the local day of
        `as_of` (microseconds UTC) and null where no repeat is expected; `p_no_repeat`; `overdue`, null as above."""
        first = (from_microseconds(as_of, timezone).date() - from_microseconds(0).date()).days
        nobody = self.no_repeat_expected
        dates = {
            name: pa.array((first + np.floor(self.quantile_days[share])).astype(np.int32), mask=nobody).cast(
                pa.date32()
            )
            for name, share in DAYS_OF_SHARES.items()
        }
        overdue = pa.array(self.overdue, mask=~np.isfinite(self.overdue))
        return {**dates, "p_no_repeat": pa.array(self.p_no_repeat), "overdue": overdue}


def predict(
    fitted: FittedNextOrder, examples: Examples, p_purchase: Mapping[int, np.ndarray] | None = None
) -> NextOrderForecast:
    """The forecast of every row from its own cutoff on, given the silence so far.

    `p_purchase` maps horizons (days) to the served chance of an order within them, float64 [rows]: the curve is bent
    to go through them exactly (see `ReturnCurve.through`), so that date and chance never contradict each other.
    """
    given = dict(p_purchase or {})
    curve = fitted.curve(examples, knots_with(given)).through(given)
    return NextOrderForecast(
        curve,
        curve.p_no_repeat,
        {share: curve.quantile(share) for share in SHARES},
        overdue(examples, fitted.usual.gap_days),
    )


def overdue(examples: Examples, population_gap_days: float) -> np.ndarray:
    """float64 [rows]: days since the last order over the usual gap; NaN where no gap is known."""
    since = np.maximum(np.asarray(examples.facts["days_since_last"], dtype=np.float64), 0.0)
    return np.asarray(since / usual_gap_days(examples, population_gap_days))
