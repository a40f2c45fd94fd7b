"""What to do, given the proof: target, treat all, treat none, or say that nothing shows that targeting pays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import norm

from foretell.uplift.proof import INTERVAL, UpliftProof
from foretell.uplift.robust import robust_scores
from foretell.uplift.stack import FittedUplift
from foretell.uplift.trial import Trial, Worth

DecisionText = Literal["target", "treat all", "treat none", "no evidence that targeting pays"]
LEVEL = 0.05
FEWEST_POSITIVES = 50
LIKELY = float(norm.ppf(0.75))
"""Odds of three to one, in standard errors: asked for against targeting where effects differ, yet one action for all
earned more."""


@dataclass(frozen=True)
class ArmEffect:
    """An arm against the control over everybody: `effect` in the outcome's unit, `profit` in money less cost, each
    with a 90 % interval; `positives` are rows whose outcome is not 0."""

    arm: str
    rows: int
    positives: int
    cost: float
    mean: float
    effect: float
    low: float
    high: float
    profit: float
    profit_low: float
    profit_high: float


@dataclass(frozen=True)
class Decision:
    """`decision` in words. `action` is the arm that everybody gets (a position; None where each gets their own)."""

    decision: DecisionText
    action: int | None
    why: str


def arm_effects(trial: Trial, fitted: FittedUplift, worth: Worth) -> tuple[ArmEffect, ...]:
    """Every arm, the control first; `trial` has the rows that `fitted` was learned from, in their order."""
    scores = robust_scores(fitted.own_outcomes, trial.arm, trial.outcome, trial.shares)
    found = []
    for a, name in enumerate(trial.arms):
        against = scores[:, a] - scores[:, 0]
        effect, error = float(against.mean()), float(against.std(ddof=1) / np.sqrt(len(against)))
        profit, spread = worth.money * effect - float(worth.cost[a]), abs(worth.money) * error * INTERVAL
        rows = trial.arm == a
        found.append(
            ArmEffect(
                name,
                int(rows.sum()),
                int((trial.outcome[rows] != 0).sum()),
                float(worth.cost[a]),
                float(trial.outcome[rows].mean()),
                effect,
                effect - INTERVAL * error,
                effect + INTERVAL * error,
                profit,
                profit - spread,
                profit + spread,
            )
        )
    return tuple(found)


def decided(effects: tuple[ArmEffect, ...], proof: UpliftProof) -> Decision:
    """Target where the proof shows that it pays, else what is best for everybody.

    Where not even that is sure, the arm that earned most is advised if it earned more than nothing: to ask for better
    odds saves the cost of contacts that do nothing, and forgoes more than that wherever contact is as likely to pay as
    not.
    """
    few = [arm.arm for arm in effects if min(arm.positives, arm.rows) < FEWEST_POSITIVES]
    is_behind = proof.ahead < -LIKELY * proof.ahead_error
    if proof.p_value < LEVEL and not few and not is_behind:
        return Decision(
            "target", None, f"effects differ between customers as foretold, on rows kept aside ({_p(proof)})"
        )
    unproven = (
        f"under {FEWEST_POSITIVES} rows with an outcome in an arm, too few to show that targeting pays"
        if few
        else f"effects differ ({_p(proof)}), but acting on that is likely to earn less than one action for all"
        if proof.p_value < LEVEL
        else f"nothing shows that effects differ between customers ({_p(proof)})"
    )
    arms = range(1, len(effects))
    best = max(arms, key=lambda a: effects[a].profit)
    sure = float(norm.ppf(1 - LEVEL / len(arms))) / INTERVAL
    low = {a: effects[a].profit - sure * (effects[a].profit - effects[a].profit_low) for a in arms}
    high = {a: effects[a].profit + sure * (effects[a].profit_high - effects[a].profit) for a in arms}
    if low[best] > 0:
        return Decision("treat all", best, f"{unproven}; {effects[best].arm!r} for everybody earns more than nothing")
    if all(high[a] < 0 for a in arms):
        return Decision("treat none", 0, f"{unproven}; every arm loses against doing nothing")
    pays = effects[best].profit > 0
    odds = "likelier than not, though not sure," if pays else "less likely than not"
    told = f"{unproven}; that contact pays at all is {odds} with {effects[best].arm!r}"
    return Decision("no evidence that targeting pays", best if pays else 0, told)


def _p(proof: UpliftProof) -> str:
    return f"p = {proof.p_value:.3f}" if proof.p_value >= 0.001 else "p < 0.001"
