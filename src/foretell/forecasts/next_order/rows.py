"""Waits: how many days passed from a cutoff to the next order, right-censored where none had come yet.

A customer who has not come back by the watermark is no missing value and no zero: all that is known is that the wait is
longer than what was watched. Both columns go together, and whoever reads only the first one reads returners only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.examples.assembly import Assembly
from foretell.examples.examples import Examples
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds
from foretell.timelines.batch import Timelines
from foretell.timelines.survey import Survey

WAIT_FEATURES = ("gap_days_median", "gap_variation", "gap_days_last", "orders_90d")
WAIT_DAYS, CAME_BACK = "wait_days", "came_back"


@dataclass(frozen=True)
class WaitAssembly:
    """Features, facts and waits of every customer with an order, at many cutoffs.

    `until` is the watermark: a local midnight, before which everything is known; None gives no labels (a forecast).
    A cutoff at or after `until` has nothing to watch and is an error. Facts that count over the horizon are over
    `horizon_days`.
    """

    cutoffs: Sequence[int]
    until: int | None
    horizon_days: int
    survey: Survey
    feature_names: tuple[str, ...] = WAIT_FEATURES

    def __call__(self, batch: Timelines) -> Examples:
        """The examples of one batch, with the labels `wait_days` and `came_back` where there is a watermark."""
        assembly = Assembly(self.cutoffs, self.horizon_days, self.feature_names, self.survey, labelled=False)
        examples = assembly(batch)
        if self.until is None:
            return examples
        labels = {WAIT_DAYS: np.zeros(len(examples)), CAME_BACK: np.zeros(len(examples))}
        for cutoff in self.cutoffs:
            rows = np.flatnonzero(examples.cutoff == cutoff)
            place = np.searchsorted(batch.customer_key, examples.customer_key[rows])
            for name, values in waits(batch, cutoff, self.until).items():
                labels[name][rows] = values[place]
        return replace(examples, labels=labels)


def waits(batch: Timelines, cutoff: int, until: int) -> dict[str, np.ndarray]:
    """`wait_days` and `came_back` of every customer of a batch, float64.

    `came_back` is 1 where an order was seen in `[cutoff, until)`. `wait_days` then counts the local days from the
    cutoff's to that order's (0: on the very day), else the days that were watched. ValueError unless cutoff < until.

    An order on day d is an event in [d, d + 1): logs with dates alone and logs with clock times are treated alike.
    """
    if cutoff >= until:
        raise ValueError(f"nothing was watched: the cutoff {cutoff} is not before {until}")
    orders = batch.orders
    day, last_day = local_microseconds(np.array([cutoff, until]), batch.timezone) // MICROSECONDS_PER_DAY
    watched = float(last_day - day)
    orders.find([cutoff, until])
    first, end = orders.position(cutoff), orders.position(until)
    came_back = first < end
    wait = np.full(orders.customers, watched)
    wait[came_back] = orders.columns["local_day"][first[came_back]] - day
    return {WAIT_DAYS: wait, CAME_BACK: came_back.astype(np.float64)}
