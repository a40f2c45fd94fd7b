"""What acting on effects would have earned: each part of a trial is judged by what was learned from the parts before.

Every figure is a mean over rows that nothing was learned from (Luedtke and van der Laan 2016), so that the worth of a
policy is not flattered by the search for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import norm

from foretell.uplift.robust import held, robust_scores
from foretell.uplift.stack import FittedUplift, fitted_uplift
from foretell.uplift.trial import Trial, Worth, dealt, shuffled

PolicyName = Literal["targeting", "treat_none", "treat_all", "best_single_arm", "by_risk", "random"]
SINGLE: tuple[PolicyName, ...] = ("treat_none", "treat_all", "best_single_arm")
POLICIES: tuple[PolicyName, ...] = ("targeting", "treat_none", "treat_all", "best_single_arm", "by_risk", "random")
PARTS, FIRST = 8, 2
"""Parts of a trial, and how many are learned from before the first is judged."""
INTERVAL = float(norm.ppf(0.95))
"""Half the width of a 90 % interval in standard errors."""


@dataclass(frozen=True)
class Judged:
    """A part of a trial under what was learned before it, float64 [rows]: what each policy earns by doubly robust
    scores, whom it contacts, and each row's part in the evidence that effects differ as foretold."""

    earned: dict[PolicyName, np.ndarray]
    contacted: dict[PolicyName, float]
    evidence: np.ndarray


@dataclass(frozen=True)
class PolicyValue:
    """What a policy earns a customer: `value` money of the outcome less cost, `gain` beyond contacting nobody, each
    with a 90 % interval; `contacted` is the share of customers with an action other than the control's."""

    policy: PolicyName
    value: float
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float
    contacted: float


@dataclass(frozen=True)
class UpliftProof:
    """`values` of the policies. `z` says how many standard errors the evidence is from 0 that those differ whom the
    models tell apart, and `p_value`, one-sided, how often it would be as far if every action had one effect on all.
    `ahead` is what targeting earned a customer beyond the same action for all that earned most, and `ahead_error` its
    standard error; that action is picked after the fact, which flatters it a little."""

    values: tuple[PolicyValue, ...]
    z: float
    p_value: float
    judged_rows: int
    ahead: float
    ahead_error: float


def proved(trial: Trial, worth: Worth, seed: int) -> UpliftProof:
    """Judge targeting, and what else could be done, part by part.

    One order of the rows decides: a mean over several could claim no more certainty, since they share their rows.
    """
    rows = trial.take(shuffled(trial, seed))
    part = dealt(rows.arm, PARTS)
    found = []
    for k in range(FIRST, PARTS):
        fitted = fitted_uplift(rows.take(part < k), worth, seed)
        found.append(judged_part(rows.take(part == k), fitted, worth))
    judged = _together(found)
    z = _standard_errors(judged.evidence)
    single = max(SINGLE, key=lambda name: float(judged.earned[name].mean()))
    return UpliftProof(
        tuple(_value(name, judged) for name in POLICIES),
        z,
        float(norm.sf(z)),
        len(judged.evidence),
        *_mean(judged.earned["targeting"] - judged.earned[single]),
    )


def judged_part(part: Trial, fitted: FittedUplift, worth: Worth) -> Judged:
    """What each policy earns on rows that `fitted` was not learned from."""
    expected = fitted.outcomes(part.table)
    profits = worth.profits(fitted.uplift(part.table).effects)
    action = fitted.weighing.actions(profits)
    earned = worth.money * robust_scores(expected, part.arm, part.outcome, part.shares) - worth.cost
    capped = worth.money * robust_scores(expected, part.arm, held(part.outcome, fitted.limit), part.shares) - worth.cost
    single = fitted.best_contact
    every = np.arange(len(part))
    share = float((action != 0).mean()) if len(part) else 0.0
    riskiest = np.zeros(len(part), bool)
    riskiest[np.lexsort((part.table.key, -expected[:, 0]))[: int((action != 0).sum())]] = True
    among = part.shares[1:] / part.shares[1:].sum()
    return Judged(
        {
            "targeting": earned[every, action],
            "treat_none": earned[:, 0],
            "treat_all": earned[:, 1:] @ among,
            "best_single_arm": earned[:, single],
            "by_risk": np.where(riskiest, earned[:, single], earned[:, 0]),
            "random": share * earned[:, single] + (1 - share) * earned[:, 0],
        },
        {
            "targeting": share,
            "treat_none": 0.0,
            "treat_all": 1.0,
            "best_single_arm": 1.0,
            "by_risk": share,
            "random": share,
        },
        evidence_of(profits, capped, fitted.weighing.best),
    )


def evidence_of(profits: np.ndarray, scores: np.ndarray, best: int) -> np.ndarray:
    """float64 [rows], with mean 0 if no action's profit differs between customers.

    Each row names its own rival of the `best` arm, the one with the highest foretold profit. Among rows with the same
    rival, the evidence is how far the foretold advantage of the rival is from its mean, times how far the advantage by
    doubly robust `scores` is from its own: both float64 [rows, arms].
    """
    every = np.arange(len(profits))
    others = profits.copy()
    others[:, best] = -np.inf
    rival = others.argmax(axis=1)
    foretold = profits[every, rival] - profits[:, best]
    seen = scores[every, rival] - scores[:, best]
    evidence = np.zeros(len(profits))
    for arm in np.unique(rival):
        rows = rival == arm
        evidence[rows] = (foretold[rows] - foretold[rows].mean()) * (seen[rows] - seen[rows].mean())
    return evidence


def _together(parts: Sequence[Judged]) -> Judged:
    sizes = np.array([len(part.evidence) for part in parts], np.float64)
    return Judged(
        {name: np.concatenate([part.earned[name] for part in parts]) for name in POLICIES},
        {name: float(np.average([part.contacted[name] for part in parts], weights=sizes)) for name in POLICIES},
        np.concatenate([part.evidence for part in parts]),
    )


def _standard_errors(evidence: np.ndarray) -> float:
    """The sum, in standard errors of a sum of terms with mean 0."""
    spread = float(np.sqrt((evidence**2).sum()))
    return float(evidence.sum()) / spread if spread > 0 else 0.0


def _value(name: PolicyName, judged: Judged) -> PolicyValue:
    value, error = _mean(judged.earned[name])
    gain, gain_error = _mean(judged.earned[name] - judged.earned["treat_none"])
    return PolicyValue(
        name,
        value,
        value - INTERVAL * error,
        value + INTERVAL * error,
        gain,
        gain - INTERVAL * gain_error,
        gain + INTERVAL * gain_error,
        judged.contacted[name],
    )


def _mean(earned: np.ndarray) -> tuple[float, float]:
    """The mean, and its standard error."""
    return float(earned.mean()), float(earned.std(ddof=1) / np.sqrt(len(earned)))
