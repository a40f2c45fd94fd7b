"""The days of a shop: how busy each one is, when promotions run, when drift begins, and times written as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa

from foretell.generated.parameters import Parameters

FIRST_DAY = date(2023, 1, 1)
DAY = 86_400
"""Seconds; moments are whole seconds since the first midnight."""
CHRISTMAS, CHRISTMAS_WIDTH = 339, 14.0
PROMOTIONS = ((46, 52), (130, 139), (243, 249))
"""First and last day of the year of each promotion: February, May, the end of August."""
OPENS, CLOSES = 7.0, 22.0
NO_DRIFT = -1


@dataclass(frozen=True)
class Calendar:
    """`days` of a shop from `FIRST_DAY` on; `drift_day` counts from 0, `NO_DRIFT` for none.

    Orders come in shop time, which runs as fast as the shop is busy: a customer's own rhythm is even in shop time and
    has the season, the week and promotions in calendar time.
    """

    days: int
    drift_day: int
    parameters: Parameters

    @property
    def end(self) -> int:
        """The first second after the span."""
        return self.days * DAY

    @cached_property
    def day_of_year(self) -> np.ndarray:
        """int64 [days]: 1 to 366."""
        return np.array([(FIRST_DAY + timedelta(days=n)).timetuple().tm_yday for n in range(self.days)])

    @cached_property
    def in_promotion(self) -> np.ndarray:
        """bool [days]."""
        return np.logical_or.reduce([(self.day_of_year >= a) & (self.day_of_year <= b) for a, b in PROMOTIONS])

    @cached_property
    def drifted(self) -> np.ndarray:
        """bool [days]: whether drift has begun."""
        return (np.arange(self.days) >= self.drift_day) & (self.drift_day != NO_DRIFT)

    @cached_property
    def busy(self) -> np.ndarray:
        """float64 [days]: orders of each day, times those of a usual one."""
        p = self.parameters
        week = np.array(p.weekday_shares) * 7
        weekday = (np.arange(self.days) + FIRST_DAY.weekday()) % 7
        christmas = p.christmas_peak * np.exp(-(((self.day_of_year - CHRISTMAS) / CHRISTMAS_WIDTH) ** 2))
        season = 1 + christmas + p.promotion_lift * self.in_promotion
        return week[weekday] * season * np.where(self.drifted, p.drift_rate, 1.0)

    @cached_property
    def _shop_time(self) -> np.ndarray:
        """float64 [days + 1]: shop time, in usual days, at each midnight."""
        return np.concatenate([[0.0], np.cumsum(np.maximum(self.busy, 1e-9))])

    @property
    def shop_days(self) -> float:
        """Shop time at the end of the span."""
        return float(self._shop_time[-1])

    def moments(self, shop_time: np.ndarray) -> np.ndarray:
        """int64: the second at which shop time reaches a value, in opening hours; later ones are never earlier."""
        day = np.clip(np.searchsorted(self._shop_time, shop_time, side="right") - 1, 0, self.days - 1)
        begins = self._shop_time[day]
        share = np.clip((shop_time - begins) / (self._shop_time[day + 1] - begins), 0.0, 1.0)
        return day * DAY + ((OPENS + (CLOSES - OPENS) * share) * 3_600).astype(np.int64)

    def day_of(self, moments: np.ndarray) -> np.ndarray:
        """int64: the day of each moment, inside the span."""
        return np.clip(moments // DAY, 0, self.days - 1)


def times(moments: np.ndarray) -> pa.Array:
    """Moments as timestamps of whole seconds; a negative moment is none."""
    begins = (FIRST_DAY - date(1970, 1, 1)).days * DAY
    seconds = moments.astype(np.int64) + begins
    return pa.array(seconds, mask=moments < 0).cast(pa.timestamp("s"))
