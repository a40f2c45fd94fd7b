"""Credibility: how far a measured effect is believed beside what was believed before, or beside that of all offers.

A small campaign measures an effect with a large error. Taken as it stands, one unlucky campaign would end a playbook
for good, since later campaigns contact only those who pay. So what is measured is drawn towards what was believed, by
the empirical-Bayes weight

    weight of the measured = A / (A + error^2),    A = max(spread of the guess^2, (measured - guess)^2 - error^2)

(Efron and Morris, Stein's Estimation Rule and Its Competitors, Journal of the American Statistical Association 68,
1973, for one mean and a guess of known place). Within one error of the guess the guess stays; three errors away nine
tenths of the way are gone; as campaigns add up, the error goes to nothing and the guess with it. What is believed is
never further than one error from what was measured, so the measured interval stays as it is, and holds what it promises
wherever the truth lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from foretell.actions.planning.effect import NORMAL_95, Effect
from foretell.words.wording import percent


def weight_of(distance: float, error: float, spread: float) -> float:
    """The share of the way from the guess to what was measured, 0 to 1: `distance` between the two, the standard
    `error` of the measured, the standard deviation `spread` of the guess.

    >>> weight_of(0.03, 0.01, 0.0), weight_of(0.01, 0.01, 0.0), weight_of(0.0, 0.01, 0.01)
    (0.8888888888888888, 0.0, 0.5)
    """
    varies = max(spread**2, distance**2 - error**2)
    return varies / (varies + error**2) if varies > 0 else 0.0


def drawn_to(found: Effect, guess: Effect) -> Effect:
    """A measured effect, drawn towards the guess; the interval is that of the measurement: a guess makes nobody
    surer."""
    error, spread = ((one.high - one.low) / 2 / NORMAL_95 for one in (found, guess))
    weight = weight_of(found.added - guess.added, error, spread)
    added = weight * found.added + (1 - weight) * guess.added
    why = (
        f"{found.why}: {100 * found.added:.1f} points, believed by {percent(weight)}; by the rest it is still the "
        f"guess of {100 * guess.added:.1f} points"
    )
    return replace(found, added=added, why=why, weight=weight)


def apart_of(offers: Sequence[Effect | None]) -> np.ndarray:
    """float64 [offers]: how far the effect of each offer is believed to be from that of all together. Only as much of
    what was measured counts as offers differ beyond chance (their variance as of DerSimonian and Laird, Meta-Analysis
    in Clinical Trials, Controlled Clinical Trials 7, 1986); 0 for an offer that was not measured (None)."""
    known = [place for place, one in enumerate(offers) if one is not None]
    found = np.zeros(len(offers))
    if len(known) < 2:
        return found
    told = [one for one in offers if one is not None]
    effect = np.array([one.added for one in told])
    variance = np.array([((one.high - one.low) / 2 / NORMAL_95) ** 2 for one in told])
    weight = 1 / variance
    centre = float(np.average(effect, weights=weight))
    beyond = float((weight * (effect - centre) ** 2).sum()) - (len(told) - 1)
    between = max(beyond / float(weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
    found[known] = between / (between + variance) * (effect - centre)
    return found
