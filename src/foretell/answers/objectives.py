"""The questions that somebody explained: which decision hangs on each, whose it is, and whether its aim will be met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from foretell.answers.headline import figures
from foretell.answers.published import RunOverHorizon
from foretell.forecasts.orders.coming import Coming, coming_total
from foretell.project.errors import InputError
from foretell.project.intervals import parse_horizon
from foretell.project.objectives import Objective, target_of
from foretell.project.parts.kpis import Prospect, parse_target
from foretell.words.metrics import QUESTIONS
from foretell.words.wording import amount, count, counted, days, expected, percent, shown

SHARES = ("purchase", "churn")
"""What is aimed at as a share of customers; of the other questions it is a total."""
CHANCES = {"high_value": "p_high_value", "becomes_high_value": "p_becomes_high_value", "decline": "p_decline"}


@dataclass(frozen=True)
class AskedObjective:
    """A question that somebody explained, by its declared `name`: the `decision` that hangs on it, its `owner` and
    `aim`, how things stand `now`, and what is `expected` of all customers together with its 80 % interval (a share
    where it is one). `prospect` says what the interval says of the aim: not known where the aim is no figure."""

    name: str
    horizon_days: int
    decision: str
    owner: str
    aim: str
    now: str
    expected: float
    low: float
    high: float
    prospect: Prospect

    @property
    def question(self) -> str:
        """The question in words."""
        return QUESTIONS[self.name if self.name in QUESTIONS else target_of(self.name)]

    @property
    def why(self) -> str:
        """Decision, owner and aim on one line."""
        told = (("It decides", self.decision), ("Owner", self.owner), ("Aim", self.aim))
        return " · ".join(f"{label}: {shown(text)}" for label, text in told if text)

    @property
    def outlook(self) -> str:
        """What is expected, with its interval, and whether the aim will be met; empty where the aim is no figure."""
        if self.prospect in ("no target", "not known"):
            return ""
        told: Callable[[float], str] = percent if self.name in SHARES else expected
        ends = f"{told(self.low)} to {told(self.high)}"
        return f"{told(self.expected)} expected [80\xa0% {ends}]; the aim is {self.prospect}."

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def asked(run: RunOverHorizon) -> list[AskedObjective]:
    """The questions whose decision, owner or aim was declared."""
    return [
        _asked(objective, one)
        for one in run.run.horizons
        for objective in one.plan.objectives
        if objective.is_explained
    ]


def _asked(objective: Objective, run: RunOverHorizon) -> AskedObjective:
    name = _declared_name(objective, run)
    coming = _coming(name, run)
    return AskedObjective(
        name,
        objective.horizon_days,
        objective.decision,
        objective.owner,
        objective.aim,
        _now(objective, run),
        coming.total,
        coming.low,
        coming.high,
        _prospect(name, objective.aim, coming),
    )


def _declared_name(objective: Objective, run: RunOverHorizon) -> str:
    """The name under which it was declared: churn is answered by purchase, from the other side."""
    parts = run.request.asked.objectives
    one_horizon = len(run.request.asked.horizons) < 2
    own = [
        part.name
        for part in parts
        if target_of(part.name) == objective.target.name
        and (one_horizon or parse_horizon(part.horizon) == objective.horizon_days)
    ]
    return own[-1] if own else objective.target.name


def _coming(name: str, run: RunOverHorizon) -> Coming:
    """What is expected of all customers together: a share of them, or a total."""

    def of(values: np.ndarray, target: str) -> Coming:
        return coming_total(values, target, run.proof, run.plan)

    if name == "purchase":
        chance = run.scores["p_purchase"].to_numpy()
        return _as_share(of(np.nan_to_num(chance), "purchase"), len(chance))
    if name == "churn":
        leaving = run.scores["p_churn"].to_numpy()
        active = int(np.isfinite(leaving).sum())
        stay = _as_share(of(1 - leaving[np.isfinite(leaving)], "purchase"), active)
        return Coming(1 - stay.total, 1 - stay.high, 1 - stay.low, stay.tests)
    if (target := target_of(name)) in CHANCES:
        model = "high_value" if target == "becomes_high_value" else target
        return of(np.nan_to_num(run.scores[CHANCES[target]].to_numpy()), model)
    return of(np.nan_to_num(run.scores[f"expected_{target}"].to_numpy()), target)


def _as_share(total: Coming, of: int) -> Coming:
    customers = max(of, 1)
    middle, low, high = (min(one / customers, 1.0) for one in (total.total, total.low, total.high))
    return Coming(middle, low, high, total.tests)


def _prospect(name: str, aim: str, coming: Coming) -> Prospect:
    if not aim:
        return "no target"
    try:
        target = parse_target(aim)
    except InputError:
        return "not known"
    return target.prospect(coming.low, coming.high) if ("%" in aim) == (name in SHARES) else "not known"


def _now(objective: Objective, run: RunOverHorizon) -> str:
    """What is forecast of the question for all together, beside what those known before did in the last window."""
    found, scores, horizon = figures(run), run.scores, days(objective.horizon_days)
    name, money = objective.target.name, run.currency
    if name == "purchase":
        chance, churn = (scores[column].to_numpy() for column in ("p_purchase", "p_churn"))
        leaving = int(np.isfinite(churn).sum())
        return (
            f"In the next {horizon} {percent(float(chance.mean()))} of all customers are expected to order; of "
            f"{counted(leaving, 'active customer')}, {expected(float(np.nansum(churn)))} are expected not to."
        )
    if name == "orders":
        before = f"{count(found['known_then_orders'])} in the last {horizon} by those who were known before"
        return f"{expected(found['expected_orders'])} expected, {before}."
    if name == "spend":
        before = f"{amount(found['known_then_spend'], money)} in the last {horizon} by those who were known before"
        return f"{amount(found['expected_spend'], money)} expected, {before}."
    told = scores[CHANCES[name]].to_numpy()
    return (
        f"About {expected(float(np.nansum(told)))} of {counted(int(np.isfinite(told).sum()), 'customer')} "
        f"are expected to, in the next {horizon}."
    )
