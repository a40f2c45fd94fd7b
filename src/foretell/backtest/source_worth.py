"""What a table beside orders adds: a model that has its features, set against the same model taught without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.bootstrap import REPLICATES, CustomerWeights, Figure
from foretell.backtest.forecast import ALL, Forecast
from foretell.backtest.paired import difference, replicated
from foretell.backtest.selection import at_its_total

MATTERS = 0.005
"""The share of log loss from which a gain is worth having: half a hundredth."""


@dataclass(frozen=True)
class SourceWorth:
    """What the features of a table change, out of time, in the chance of an order: `log_loss` as a share of the log
    loss without them (below 0 is better), `auroc` as a difference (above 0 is better), each the mean over `cutoffs`
    with its 90 % interval over customers and cutoffs. Without a figure nothing of it was known at a past cutoff."""

    table: str
    cutoffs: int
    customers: int
    log_loss: Figure | None
    auroc: Figure | None

    @property
    def adds(self) -> bool:
        """Whether it makes forecasts better beyond chance, and by something that may matter."""
        high = self.log_loss.high if self.log_loss is not None else None
        return high is not None and high < 0 and not self.surely_idle

    @property
    def surely_idle(self) -> bool:
        """Whether past cutoffs leave no room for a gain that matters: then models do better without it."""
        low = self.log_loss.low if self.log_loss is not None else None
        return low is not None and low > -MATTERS


def source_worth(table: str, whole: Sequence[Forecast], without: Sequence[Forecast], seed: int) -> SourceWorth:
    """The worth of a table by forecasts with and without its features, one each a cutoff, of the same customers; all
    are first brought to the total of their cutoff, so that a level that was missed counts for neither. `whole` may
    hold more cutoffs."""
    at = {forecast.cutoff for forecast in without}
    ours, theirs = ([at_its_total(one) for one in found if one.cutoff in at] for found in (whole, without))
    keys = [one.customer_key for one in theirs]
    customers = len(np.unique(np.concatenate(keys))) if keys else 0
    weights = CustomerWeights.drawn(keys, seed, REPLICATES)
    figures = {}
    for metric in ("log_loss", "auroc"):
        has, lacks = (replicated(found, metric, ALL, weights) if found else None for found in (ours, theirs))
        gained = difference(has, lacks, over_cutoffs=True) if has and lacks else None
        base = float(np.nanmean(lacks.values)) if lacks and metric == "log_loss" and gained else 1.0
        figures[metric] = Figure(gained.value / base, gained.low / base, gained.high / base) if gained else None
    return SourceWorth(table, len(at), customers, figures["log_loss"], figures["auroc"])
