"""An objective: a declared question about every customer, and why it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from foretell.project.declaration import ObjectivePart

Kind = Literal["probability", "count", "amount"]
Eligible = Literal["all", "active", "regular", "outside_top_tier"]


@dataclass(frozen=True)
class Target:
    """What is predicted: `label` names a function of examples.labels, `kind` its type, `eligible` for whom.

    The model of the target `told_by` answers, where it is named: the same event, asked of fewer customers.
    """

    name: str
    kind: Kind
    label: str
    eligible: Eligible
    meaning: str
    told_by: str = ""

    @property
    def model_of(self) -> str:
        """The target whose model answers."""
        return self.told_by or self.name


@dataclass(frozen=True)
class Objective:
    """A target over a horizon, with the decision that hangs on it, who owns it and what they aim at (empty where
    nobody said)."""

    target: Target
    horizon_days: int
    decision: str = ""
    owner: str = ""
    aim: str = ""

    @property
    def is_explained(self) -> bool:
        """Whether anybody said why it is asked."""
        return bool(self.decision or self.owner or self.aim)


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target("purchase", "probability", "ordered", "all", "at least one order in the horizon"),
        Target("orders", "count", "orders", "all", "number of orders in the horizon"),
        Target("spend", "amount", "spend", "all", "spend in the horizon"),
        Target("high_value", "probability", "high_value", "all", "in the top tier of spenders of the horizon"),
        Target(
            "becomes_high_value",
            "probability",
            "high_value",
            "outside_top_tier",
            "enters the top tier, for customers who are not in it now",
            told_by="high_value",
        ),
        Target(
            "decline",
            "probability",
            "declined",
            "regular",
            "spends under half of their own trailing rate, for customers who order nearly always",
        ),
    )
}


TOLD_OTHERWISE = {"churn": "purchase", "value": "spend"}
"""Names under which people know a target: churn is purchase told from the other side."""


def target_of(objective: str) -> str:
    """The name of the target that answers a question."""
    return TOLD_OTHERWISE.get(objective, objective)


def objectives_of(declared: Sequence[ObjectivePart], horizon_days: int) -> tuple[Objective, ...]:
    """Every built-in question over one horizon; what was declared of a question goes with it.

    >>> [o.decision for o in objectives_of([ObjectivePart(name="churn", decision="who gets the mail")], 90)][:2]
    ['who gets the mail', '']
    """
    why = {target_of(part.name): part for part in declared}
    return tuple(
        Objective(target, horizon_days, why[name].decision, why[name].owner, why[name].target)
        if name in why
        else Objective(target, horizon_days)
        for name, target in TARGETS.items()
    )
