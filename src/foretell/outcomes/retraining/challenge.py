"""The challenge: a challenger's recipe held against the champion on outcomes that neither could have seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.backtest.bootstrap import CustomerWeights
from foretell.backtest.forecast import ALL, Forecast
from foretell.backtest.metrics.proper_scores import SCORE_OF_KIND
from foretell.backtest.paired import Difference, difference, replicated, same_rows
from foretell.words.metrics import metric_name, question
from foretell.words.wording import counted, decimal, joined

ALPHA = 0.05
"""Over the questions together; each is asked on both sides."""


@dataclass(frozen=True)
class Compared:
    """One question: the mean loss of challenger and champion over the same customers and cutoffs, and the difference
    (challenger minus champion; below zero it is better)."""

    objective: str
    metric: str
    challenger: float
    champion: float
    by: Difference
    customers: int
    cutoffs: int

    def sentence(self) -> str:
        """The question in figures."""
        told = [decimal(one, 4) for one in (self.champion, self.challenger, self.by.value, self.by.low, self.by.high)]
        over = f"{counted(self.customers, 'customer')} at {counted(self.cutoffs, 'cutoff')}"
        return (
            f"{question(self.objective)} {metric_name(self.metric)} {told[0]} by the champion, {told[1]} by the "
            f"challenger (difference {told[2]}, 90 % interval {told[3]} to {told[4]}, p {self.by.p_value:.3f}; {over})."
        )


@dataclass(frozen=True)
class Verdict:
    """Whether the challenger is promoted, and why, in sentences with figures."""

    promote: bool
    said: str


def compared(
    challenger: Sequence[Forecast], champion: Sequence[Forecast], seed: int, replicates: int = 400
) -> Compared | None:
    """One question over the same customers at the same cutoffs, by a paired bootstrap over customers; None without any.
    ValueError where customers, cutoffs or outcomes differ."""
    if not challenger or not any(len(one.actual) for one in challenger):
        return None
    same_rows([*challenger, *champion])
    metric = SCORE_OF_KIND[challenger[0].kind]
    weights = CustomerWeights.drawn([one.customer_key for one in challenger], seed, replicates)
    ours, theirs = (replicated(one, metric, ALL, weights) for one in (challenger, champion))
    by = difference(ours, theirs)
    if by is None:
        return None
    rows = {int(key) for one in challenger for key in one.customer_key}
    means = [float(one.values.mean()) for one in (ours, theirs)]
    return Compared(challenger[0].objective, metric, means[0], means[1], by, len(rows), len(ours.cutoffs))


def decided(found: Sequence[Compared], differs: Sequence[str], is_wary: str = "") -> Verdict:
    """Who serves. `differs` says in what the recipes differ (nothing: the same on newer data); `is_wary` why the same
    recipe is not taken on trust (empty: it is).

    The same recipe is promoted unless it is significantly worse on one of the questions; another one only where it is
    significantly better on one, and worse on none.
    """
    each = ALPHA / max(len(found), 1)
    sure = [one for one in found if one.by.p_value <= each]
    worse = [one for one in sure if one.by.value > 0]
    better = [one for one in sure if one.by.value < 0]
    recipe = f"Another recipe ({'; '.join(differs)})" if differs else "The same recipe on newer data"
    figures = " ".join(one.sentence() for one in found)
    if not found:
        why = "another recipe has to prove that it is better" if differs else is_wary
        nothing = "no outcome is ripe that the champion could not have seen, so nothing could be compared"
        return Verdict(not why, f"{recipe}: {nothing}{f', and {why}' if why else ''}.")
    if worse:
        return Verdict(False, f"{recipe} is significantly worse ({_named(worse)}). {figures}")
    if better:
        return Verdict(True, f"{recipe} is significantly better ({_named(better)}). {figures}")
    side = "better" if differs else "worse"
    return Verdict(not differs, f"{recipe} is not significantly {side} (p of {each:.3f} or less would be). {figures}")


def on_the_same_rows(
    challenger: Forecast, keys: np.ndarray, said: np.ndarray, champion: str
) -> tuple[Forecast, Forecast]:
    """The challenger's forecast at a cutoff, and what the champion `said` (float64, of `keys` in ascending order) of
    the same customers there; those of whom one of the two says nothing are left out."""
    place = np.searchsorted(keys, challenger.customer_key).clip(max=max(len(keys) - 1, 0))
    both = keys[place] == challenger.customer_key if len(keys) else np.zeros(len(challenger.customer_key), dtype=bool)
    rest = replace(
        challenger,
        customer_key=challenger.customer_key[both],
        predicted=challenger.predicted[both],
        actual=challenger.actual[both],
        slices={ALL: np.ones(int(both.sum()), dtype=bool)},
        threshold=None,
        median=None,
        low=None,
        high=None,
    )
    return rest, replace(rest, model=champion, predicted=said[place[both]])


def _named(found: Sequence[Compared]) -> str:
    return joined([metric_name(one.metric) for one in found])
