"""A generated shop whose campaigns follow a score, its ledger, and three ways in which its next weeks may go."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from foretell.actions.assignments import ASSIGNED, TREATED, Act, Assignments, Campaign
from foretell.generated.calendar import FIRST_DAY
from foretell.generated.continued.going_on import continue_shop
from foretell.generated.request import ShopRequest
from foretell.generated.shop import write_shop
from foretell.project.intervals import days, midnight
from foretell.project.progress import Silent

PLAYBOOK, HOUR = "win back", 10
Scored = Callable[[Path, date], tuple[Sequence[str], np.ndarray]]
"""Ids of customers who may be leaving, and their chance of an order as of a day: whose is lowest is contacted."""


@dataclass(frozen=True)
class Habit:
    """What the shop does, `days_before` days after it opened, every `every` days, `rounds` times: it draws the
    `reached` share of customers with the lowest chance, and contacts the `treated` share of them. Contact works for
    `works` days; forecasts reach over `horizon_days`."""

    rounds: int = 6
    every: int = 45
    reached: float = 0.8
    treated: float = 0.5
    works: int = 45
    horizon_days: int = 30
    days_before: int = 240
    seed: int = 11

    @property
    def ahead(self) -> int:
        """Days that a shop must be able to go on."""
        return self.rounds * self.every + self.horizon_days


@dataclass(frozen=True)
class Futures:
    """Customers of a shop who ordered in the days after its last: their ids where contact goes on `as_usual`, where the
    same are drawn and all `held_back`, and where nobody is drawn at all (`alone`)."""

    as_usual: frozenset[str]
    held_back: frozenset[str]
    alone: frozenset[str]


def begun(request: ShopRequest, folder: Path) -> date:
    """A shop before its first campaign; the day after its last."""
    write_shop(request, folder, Silent())
    return FIRST_DAY + timedelta(days=request.days)


def campaigned(folder: Path, day: date, habit: Habit, scored: Scored) -> date:
    """The shop after its rounds, each written into the ledger before it is acted on; the day after its last."""
    for number in range(habit.rounds):
        drawn = _drawn(folder, day, number, habit, scored)
        _into_ledger(folder, drawn, day, habit)
        _goes_on(folder, habit.every, drawn)
        day += timedelta(days=habit.every)
    return day


def futures(folder: Path, day: date, habit: Habit, scored: Scored) -> Futures:
    """What comes in the days from the given one on, drawn three times from the same seed."""
    drawn = _drawn(folder, day, habit.rounds, habit, scored)
    nobody = drawn.set_column(drawn.column_names.index("arm"), "arm", pa.array(["control"] * len(drawn)))
    return Futures(*(_ordering(folder, day, habit.horizon_days, one) for one in (drawn, nobody, None)))


def chosen(folder: Path, day: date, habit: Habit, scored: Scored) -> list[str]:
    """The ids whom a campaign of that day is for, ascending."""
    ids, chance = scored(folder, day)
    lowest = np.argsort(chance, kind="stable")[: round(habit.reached * len(chance))]
    return sorted(ids[one] for one in lowest.tolist())


def _drawn(folder: Path, day: date, number: int, habit: Habit, scored: Scored) -> pa.Table:
    """The assignments of a round, as `ASSIGNED`."""
    who = chosen(folder, day, habit, scored)
    random, n = np.random.default_rng([habit.seed, number]), len(who)
    arm = np.where(random.random(n) < habit.treated, TREATED, "control")
    told = {
        "customer_id": who,
        "assigned_at": [midnight(day, "UTC") + HOUR * 3_600_000_000] * n,
        "playbook": [PLAYBOOK] * n,
        "campaign": [f"{PLAYBOOK} {number + 1}"] * n,
        "arm": arm.tolist(),
        "offer": ["10 % off"] * n,
        "channel": ["email"] * n,
        "cost": [0.0] * n,
        "stratum": [""] * n,
        "propensity": [habit.treated] * n,
    }
    return pa.table(told, schema=ASSIGNED)


def _into_ledger(folder: Path, drawn: pa.Table, day: date, habit: Habit) -> None:
    at = midnight(day, "UTC") + days(HOUR / 24)
    state = folder / ".foretell"
    state.mkdir(exist_ok=True)
    campaign = Campaign(drawn["campaign"][0].as_py(), PLAYBOOK, "batch", at, habit.works, "orders", {})
    Assignments(state).commit(campaign, Act("bench", "crm@shop", at), drawn)


def _goes_on(folder: Path, over_days: int, drawn: pa.Table | None) -> None:
    path = folder / "assignments.csv"
    if drawn is not None:
        at = drawn["assigned_at"].cast(pa.timestamp("us"))
        told = drawn.set_column(1, "assigned_at", pc.strftime(at.cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%S"))
        arrow_csv.write_csv(told, path)
    continue_shop(folder, over_days, None if drawn is None else path, Silent())
    path.unlink(missing_ok=True)


def _ordering(folder: Path, day: date, horizon_days: int, drawn: pa.Table | None) -> frozenset[str]:
    beside = folder.parent / f"{folder.name} later"
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(folder, beside, ignore=shutil.ignore_patterns(".foretell", "foretell-results"))
    _goes_on(beside, horizon_days, drawn)
    orders = orders_of(beside)
    since = datetime.combine(day, time())
    after = pc.and_(
        pc.greater_equal(orders["time"], pa.scalar(since, pa.timestamp("s"))), pc.equal(orders["status"], "paid")
    )
    shutil.rmtree(beside)
    return frozenset(orders.filter(after)["customer_id"].to_pylist())


def orders_of(folder: Path) -> pa.Table:
    """The orders of a shop as they stand."""
    return arrow_csv.read_csv(folder / "orders.csv")
