"""Credibility: how far a measured effect is believed beside what was believed before, or beside that of all offers.

A small campaign measures an effect with a large error. Taken as it stands, one unlucky campaign would end a playbook
for good, since later campaigns contact only those who pay. So what is measured is drawn towards what was believed: the
mean after seeing it, where effects lie around the guess as a Cauchy distribution whose scale is the spread of the guess
(Jeffreys, Theory of Probability, 1961, chapter 5). Most effects are near the guess then, and some are anywhere, so a
measurement two of its errors away moves little, one five errors away is believed nearly whole, and as campaigns add up
their error goes to nothing and the guess with it. The mean has a closed form, by the logarithm of how likely the
measured is (Tweedie's formula; Efron, Journal of the American Statistical Association 106, 2011), which is a Voigt
profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import wofz

from foretell.actions.planning.effect import NORMAL_95, Effect
from foretell.words.wording import percent

LEAST_SPREAD = 0.005
"""Half a point: nobody is surer than that of a guess, not of an effect of nothing either."""
NEAREST = 1e-6
"""The least distance from the guess, in errors, at which the weight is told apart from its limit."""


def weight_of(distance: float, error: float, spread: float) -> float:
    """The share of the way from the guess to what was measured, 0 to 1: `distance` between the two, the standard
    `error` of the measured (above 0), the `spread` of the guess.

    >>> [round(weight_of(errors * 0.02, 0.02, 0.005), 2) for errors in (1, 2, 3, 5)]
    [0.2, 0.31, 0.57, 0.91]
    """
    away = max(distance, NEAREST * error)
    scale = error * np.sqrt(2.0)
    place = complex(away, max(spread, LEAST_SPREAD)) / scale
    likely = wofz(place)
    slope = (2j / np.sqrt(np.pi) - 2 * place * likely).real / scale
    return float(np.clip(1.0 + error**2 * slope / (likely.real * away), 0.0, 1.0))


def drawn_to(found: Effect, guess: Effect) -> Effect:
    """A measured effect, drawn towards the guess; the interval is that of the measurement, since a guess makes nobody
    surer, and reaches to what is believed where that lies outside."""
    error, spread = ((one.high - one.low) / 2 / NORMAL_95 for one in (found, guess))
    weight = weight_of(abs(found.added - guess.added), error, spread)
    added = weight * found.added + (1 - weight) * guess.added
    why = (
        f"{found.why}: {100 * found.added:.1f} points, believed by {percent(weight)}; by the rest it is still the "
        f"guess of {100 * guess.added:.1f} points"
    )
    low, high = min(found.low, added), max(found.high, added)
    return replace(found, added=added, low=low, high=high, why=why, weight=weight)


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
