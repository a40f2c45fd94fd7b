"""An objective: a declared question about every customer, and why it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from foretell.project.errors import InputError

Kind = Literal["probability", "count", "amount"]
Eligible = Literal["all", "active", "regular", "outside_top_tier"]


@dataclass(frozen=True)
class Target:
    """What is predicted: `label` names a function of examples.labels, `kind` its type, `eligible` for whom."""

    name: str
    kind: Kind
    label: str
    eligible: Eligible
    meaning: str


@dataclass(frozen=True)
class Objective:
    """A target over a horizon, with the decision that hangs on it, who owns it and what they aim at."""

    target: Target
    horizon_days: int
    decision: str = ""
    owner: str = ""
    aim: str = ""


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


def target_named(name: str) -> Target:
    """The built-in target of that name; `churn` is `purchase` told from the other side."""
    if name in TARGETS:
        return TARGETS[name]
    raise InputError("The objective is not known.", found=name, expected=f"one of: {', '.join([*TARGETS, 'churn'])}")


def standard_objectives(horizon_days: int) -> tuple[Objective, ...]:
    """Every built-in question over one horizon."""
    return tuple(Objective(target, horizon_days) for target in TARGETS.values())
