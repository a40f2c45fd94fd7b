"""Abilities: which questions the data can carry over a horizon, and what is missing for the others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foretell.customer_log.tables.registry import FACT_TABLES
from foretell.examples.grid import cutoff_grid, least_history_days
from foretell.examples.plan import Plan
from foretell.forecasts.early_value.past_forecasts import FEWEST_TAUGHT
from foretell.forecasts.early_value.rows import AGES_DAYS, last_ripe_day, new_from_day
from foretell.health.data.picture import Picture
from foretell.project.intervals import MICROSECONDS_PER_DAY, days
from foretell.project.local_time import local_microseconds
from foretell.words.wording import count, counted
from foretell.words.wording import days as days_told

YEAR_DAYS = 365
FEWEST_FOR_A_TIER = 10
SUBSCRIPTIONS = "subscriptions"


@dataclass(frozen=True)
class Ability:
    """A question, whether the data can carry it, and what is missing where they cannot, or not wholly (`is_rough`: over
    a shorter horizon); empty where nothing is."""

    question: str
    is_carried: bool
    missing: str = ""
    is_rough: bool = False


def abilities(picture: Picture, plan: Plan, columns: Mapping[str, str]) -> tuple[Ability, ...]:
    """Every question; `columns` maps roles to the columns of orders."""
    history, money = _history(plan), _money(picture)
    again = _again(plan)
    bought = "" if {"product", "category"} & set(columns) else "a column of products: --columns product=..."
    tier = money or _customers(plan)
    questions = [
        _over(history, "who orders (purchase)", ""),
        _over(history, "who leaves (churn)", again),
        _over(history, "how many orders", ""),
        _over(history, "how much they spend", money),
        _over(history, "who will be of high value", tier),
        _over(history, "who moves between segments (migration)", ""),
        _alone("who was worth most early (early value)", money or _newcomers(plan)),
        _alone("when the next order comes", again),
        _alone("what they buy next", bought),
        _alone("the season", _season(plan)),
    ]
    held = {table.table for table in picture.tables if len(table.moments.days)} | set(plan.survey.begun)
    for name, table in FACT_TABLES.items():
        if name in held or not table.is_derived:
            question = "when contracts end" if name == SUBSCRIPTIONS else f"features of {name}"
            questions.append(_alone(question, "" if name in held else f'a source with table = "{name}"'))
    return tuple(questions)


def days_to_prove(plan: Plan) -> int:
    """Days of orders that it takes to teach and to test once over the horizon."""
    needed = 2 * plan.horizon_days + least_history_days(plan.horizon_days)
    while True:
        grid = cutoff_grid(plan.as_of, plan.horizon_days, plan.as_of - days(needed), plan.timezone)
        if grid is not None and grid.tests:
            return needed
        needed += 1


def _history(plan: Plan) -> Ability:
    """What the length of the log carries: the horizon, a shorter one, or nothing."""
    if plan.proving is not None and plan.proving.shortened_from is None:
        return Ability("", is_carried=True)
    there, needed = plan.history_days(plan.as_of), days_to_prove(plan)
    told = f"{days_told(plan.horizon_days)} ahead needs {count(needed)} days of orders to be proved; there are "
    told += count(math.floor(there))
    if plan.proving is None:
        return Ability("", is_carried=False, missing=told)
    return Ability("", is_carried=True, missing=f"{told}, which prove {plan.proving.horizon_days}", is_rough=True)


def _over(history: Ability, question: str, missing: str) -> Ability:
    if missing:
        return Ability(question, is_carried=False, missing=missing)
    return Ability(question, history.is_carried, history.missing, history.is_rough)


def _alone(question: str, missing: str) -> Ability:
    return Ability(question, not missing, missing)


def _money(picture: Picture) -> str:
    return "" if picture.largest.amounts.total > 0 else "a column of money: --columns amount=..."


def _again(plan: Plan) -> str:
    known = plan.survey.population(plan.as_of).gap_days_median
    return "customers who ordered twice; nobody has" if math.isnan(known) else ""


def _customers(plan: Plan) -> str:
    known = plan.survey.customers
    return "" if known >= FEWEST_FOR_A_TIER else f"{FEWEST_FOR_A_TIER} customers; there are {count(known)}"


def _newcomers(plan: Plan) -> str:
    """What is missing to learn from newcomers whose window has ended at every age."""
    begin = new_from_day(plan.survey, plan.as_of)
    if begin is None:
        return "customers who ordered twice; nobody has"
    today = int(local_microseconds(np.array([plan.as_of]), plan.timezone)[0] // MICROSECONDS_PER_DAY)
    first, new = plan.survey.newcomers, last_ripe_day(today, AGES_DAYS, plan.horizon_days)
    seen = int(first.counts[(first.codes >= begin) & (first.codes <= new)].sum())
    if seen >= FEWEST_TAUGHT:
        return ""
    return (
        f"{FEWEST_TAUGHT} customers whose first order was seen to be one and is "
        f"{days_told(max(AGES_DAYS) + plan.horizon_days)} old; there are {count(seen)}"
    )


def _season(plan: Plan) -> str:
    needed, there = YEAR_DAYS + plan.horizon_days, plan.history_days(plan.as_of)
    return "" if there >= needed else f"{counted(needed, 'day')} of orders; there are {count(math.floor(there))}"
