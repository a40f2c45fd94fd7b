"""Drift: whether the past that taught and tested the models is still like the present."""

from __future__ import annotations

import math

import numpy as np

from foretell.health.evidence import Evidence, Finding, ScoredPopulation
from foretell.words.wording import amount, joined, percent, signed_percent

MOVED_SHARE = 0.25
STANDARD_ERRORS = 4.0
FOLLOWED = 0.5
SURELY_MISSED = 0.25
PSI_ALARM = 0.25
PSI_BINS = 10
FEWEST_ROWS = 200
TIMES_THE_USUAL = 2.0


def label_drift(evidence: Evidence) -> Finding | None:
    """The share that ordered moved by a quarter or more from the training cutoffs to the newest test, beyond chance,
    and the forecasts followed less than half of the way."""
    share = evidence.share
    if share is None or not share.taught or not share.customers:
        return None
    before = float(np.mean(share.taught))
    moved = share.tested - before
    error = math.sqrt(max(before * (1 - before), 1e-9) / share.customers)
    if abs(moved) < max(MOVED_SHARE * before, STANDARD_ERRORS * error):
        return None
    if abs(share.tested - share.told) < FOLLOWED * abs(moved):
        return None
    return Finding(
        "label drift",
        "warning",
        f"The share that orders moved from {percent(before)} to {percent(share.tested)} (test of {share.cutoff}); "
        f"{percent(share.told)} was forecast.",
        "Use the order of customers; take chances and totals as rough until the change is explained.",
    )


def level_drift(evidence: Evidence) -> Finding | None:
    """A forecast total missed what happened at the newest test, by a quarter at the least: the whole 90 % interval of
    the miss lies beyond it."""
    for total in evidence.totals:
        if total.actual <= 0:
            continue
        missed = total.forecast / total.actual - 1
        if total.low > SURELY_MISSED or total.high < -SURELY_MISSED:
            return Finding(
                "level drift",
                "warning",
                f"The newest test ({total.cutoff}) missed the total of {total.objective} by {signed_percent(missed)}: "
                f"{amount(total.forecast)} forecast, {amount(total.actual)} came.",
                "Use the order of customers; budget with totals only after a look at what changed.",
            )
    return None


def population_shift(evidence: Evidence) -> Finding | None:
    """The customers being scored differ from the training rows in age, recency or frequency: a population stability
    index over .25, beyond chance and over twice the index at the newest test, where the proof was measured. Under 200
    customers nothing can be said."""
    found = []
    for name, population in evidence.populations.items():
        index, usual = _indices(population)
        if index is not None and usual is not None and index > max(PSI_ALARM, TIMES_THE_USUAL * usual):
            found.append(f"{name} (stability index {index:.2f}, {usual:.2f} when tested)")
    if not found:
        return None
    return Finding(
        "population shift",
        "warning",
        f"The customers being scored differ from those that taught the models: {joined(found)}.",
        "Was a part of the customers added, left out or renamed? The proof holds for customers like the tested ones.",
    )


def stability_index(expected: np.ndarray, actual: np.ndarray) -> float:
    """The population stability index (Siddiqi 2006) over the tenths of `expected`, less what chance alone gives:
    sum of (p - q) ln(p / q), with half a row added to each bin.

    >>> stability_index(np.arange(1000.0), np.arange(1000.0)) < 0.01
    True
    """
    edges = np.unique(np.quantile(expected, np.linspace(0, 1, PSI_BINS + 1)[1:-1]))
    bins = len(edges) + 1
    counts = [
        np.bincount(np.searchsorted(edges, values, side="left"), minlength=bins) + 0.5 for values in (expected, actual)
    ]
    chance = (bins - 1) * (1 / len(expected) + 1 / len(actual))
    return max(index_of_counts(*counts) - chance, 0.0)


def index_of_counts(expected: np.ndarray, actual: np.ndarray) -> float:
    """The population stability index of counts by bin, none of them 0, with what chance gives.

    >>> round(index_of_counts(np.array([50.0, 50.0]), np.array([60.0, 40.0])), 4)
    0.0405
    """
    p, q = (count / count.sum() for count in (expected, actual))
    return float(np.sum((p - q) * np.log(p / q)))


def _indices(population: ScoredPopulation) -> tuple[float | None, float | None]:
    pairs = (population.taught, population.scored), (population.usual_taught, population.usual_scored)
    now, usual = (
        stability_index(taught, scored) if min(len(taught), len(scored)) >= FEWEST_ROWS else None
        for taught, scored in pairs
    )
    return now, usual
