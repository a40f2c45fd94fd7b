"""A log of a few orders, with the engine over it and the plan of a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from foretell.examples.plan import LastDay, Plan, plan_of, surveyed
from foretell.project.progress import Silent
from foretell.project.request import Asked
from foretell.timelines.engine import Engine, engine_over
from made_orders import DAY, Line
from made_store import loaded

FIRST_DAY = 19_000
Order = tuple[str, int, float]
"""Who ordered, how many days after the first day, and for how much."""


def moment(day: float) -> int:
    """Midnight so many days after the first day."""
    return round((FIRST_DAY + day) * DAY)


def planned_orders(
    root: Path, orders: Sequence[Order], as_of_day: int, horizon_days: int = 30, buckets: int = 1
) -> tuple[Engine, Plan]:
    """The engine over these orders, each placed at noon, and the plan over a horizon as of a day."""
    lines = [
        Line(name, moment(day + 0.5), moment(day + 0.5), f"{name}{number}", None, None, 1.0, round(amount * 10_000))
        for number, (name, day, amount) in enumerate(orders)
    ]
    engine = engine_over(loaded(root, lines, buckets=buckets), "net")
    survey = surveyed(engine, moment(as_of_day), "UTC", Silent())
    return engine, plan_of(survey, moment(as_of_day), Asked(as_of="asked"), horizon_days, LastDay.of(engine))
