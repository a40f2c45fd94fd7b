"""The mix: how much each member of a blend is worth, as past cutoffs say.

    link = level of the cutoff + sum over members of weight x link of the member

The weights have the highest likelihood of what happened (binomial, Poisson, Tweedie of power 1.5) under a ridge that
pulls them to those of the blend; they may sum to more or less than one, which repairs a forecast that is too timid or
too sure. How timid it was is, like its level, one number a cutoff, however many customers there are: of what the sum
is found to be, cutoffs / (cutoffs + 5) is taken, while who is heard more than who rests on all rows. Each cutoff has a
level of its own, since a level that was missed says nothing of the members; whoever uses the weights keeps the mean of
the forecasts as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from foretell.models.blend import weighted
from foretell.models.links import shift_to
from foretell.project.objectives import Kind

RIDGE: dict[Kind, float] = {"probability": 200.0, "count": 200.0, "amount": 1000.0}
"""How strongly weights are pulled, in units of information: chosen on 60 cases of three public logs."""
CUTOFFS_FOR_SUM = 5
"""Cutoffs after which half of what they say of the sum of weights is believed, chosen among 0, 1, 3, 5, 8 and never."""
TWEEDIE_POWER = 1.5
FURTHEST_LINK = 30.0


@dataclass(frozen=True)
class Heard:
    """The members' links at one past cutoff, float64 [rows] by name, and what happened, float64 [rows]."""

    links: Mapping[str, np.ndarray]
    actual: np.ndarray


def mix(past: Sequence[Heard], usual: Mapping[str, float], kind: Kind) -> dict[str, float]:
    """The weight of each member of `usual`, whose weights stay where no past cutoff tells anything."""
    told = [one for one in past if set(one.links) == set(usual) and one.actual.any()]
    if not told:
        return dict(usual)
    names = list(usual)
    prior = np.array([usual[name] for name in names])
    links = np.vstack([np.column_stack([one.links[name] for name in names]) for one in told])
    unit = np.concatenate([one.actual for one in told]).mean() if kind == "amount" else 1.0
    actual = np.concatenate([one.actual for one in told]) / unit
    cutoff = np.repeat(np.arange(len(told)), [len(one.actual) for one in told])
    level = np.array([_level(one, usual, kind, unit) for one in told])
    ridge = RIDGE[kind] * _dispersion(links @ prior + level[cutoff], actual, kind)

    def penalised(found: np.ndarray) -> tuple[float, np.ndarray]:
        weights, levels = found[: len(names)], found[len(names) :]
        loss, slope = _loss(np.clip(links @ weights + levels[cutoff], -FURTHEST_LINK, FURTHEST_LINK), actual, kind)
        away = weights - prior
        by_weight = links.T @ slope + ridge * away
        by_level = np.bincount(cutoff, slope, len(told))
        return (loss + ridge / 2 * away @ away) / len(actual), np.append(by_weight, by_level) / len(actual)

    exact = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-9}
    found = minimize(penalised, np.append(prior, level), jac=True, method="L-BFGS-B", options=exact)
    weights = _with_believed_sum(found.x[: len(names)], prior, len(told))
    return {name: float(weight) for name, weight in zip(names, weights, strict=True)}


def _with_believed_sum(weights: np.ndarray, usual: np.ndarray, cutoffs: int) -> np.ndarray:
    """The weights with a sum that is nearer to that of the usual ones, the fewer cutoffs told it."""
    if weights.sum() <= 0 or usual.sum() <= 0:
        return weights
    told = weights.sum() / usual.sum()
    return np.asarray(weights * (1 + cutoffs / (cutoffs + CUTOFFS_FOR_SUM) * (told - 1)) / told)


def _level(one: Heard, usual: Mapping[str, float], kind: Kind, unit: float) -> float:
    return shift_to(float(one.actual.mean()), weighted(one.links, usual, 0.0, kind), kind) - np.log(unit)


def _loss(link: np.ndarray, actual: np.ndarray, kind: Kind) -> tuple[float, np.ndarray]:
    """Minus the log-likelihood without its constants, and its derivative by each link."""
    if kind == "probability":
        return float(np.sum(np.logaddexp(0, link) - actual * link)), expit(link) - actual
    if kind == "count":
        mean = np.exp(link)
        return float(np.sum(mean - actual * link)), mean - actual
    root = np.exp(link / 2)
    return float(2 * np.sum(actual / root + root)), root - actual / root


def _dispersion(link: np.ndarray, actual: np.ndarray, kind: Kind) -> float:
    """How many times more outcomes scatter than the likelihood expects (Pearson), at least 1."""
    if kind == "probability":
        return 1.0
    mean = np.exp(link)
    variance = mean if kind == "count" else mean**TWEEDIE_POWER
    return max(float(np.mean((actual - mean) ** 2 / np.maximum(variance, 1e-12))), 1.0)
