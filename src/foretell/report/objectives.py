"""The part of the report on why the questions are asked, and how things stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.answers.headline import figures
from foretell.answers.published import RunOverHorizon
from foretell.project.objectives import Objective
from foretell.words.metrics import QUESTIONS
from foretell.words.wording import amount, count, counted, days, expected, percent, shown


@dataclass(frozen=True)
class AskedObjective:
    """A question that somebody explained: `why` it is asked, and how things stand `now`."""

    question: str
    why: str
    now: str


def asked(run: RunOverHorizon) -> list[AskedObjective]:
    """The questions whose decision, owner or aim was declared."""
    return [
        AskedObjective(QUESTIONS[objective.target.name], _why(objective), _now(objective, one))
        for one in run.run.horizons
        for objective in one.plan.objectives
        if objective.is_explained
    ]


def _why(objective: Objective) -> str:
    told = [
        ("It decides", objective.decision),
        ("Owner", objective.owner),
        ("Aim", objective.aim),
    ]
    return " · ".join(f"{label}: {shown(text)}" for label, text in told if text)


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
    column = {"high_value": "p_high_value", "becomes_high_value": "p_becomes_high_value", "decline": "p_decline"}[name]
    told = scores[column].to_numpy()
    return (
        f"About {expected(float(np.nansum(told)))} of {counted(int(np.isfinite(told).sum()), 'customer')} "
        f"are expected to, in the next {horizon}."
    )
