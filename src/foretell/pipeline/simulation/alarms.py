"""Alarms of the loop: how soon a planted drift is seen, and how often something is called broken that is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from foretell.pipeline.simulation.asked import DAYS_PER_WEEK
from foretell.pipeline.simulation.week import Week

DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Detection:
    """A drift planted on a `day` in the shop of a `seed`: seen after so many days (None: not within `watched` days),
    by the first sentence that was new."""

    drift: str
    seed: int
    day: str
    watched: int
    after_days: int | None
    said: str


@dataclass(frozen=True)
class Delay:
    """A drift in all shops: in how many it was seen, and after how many days in the median of those (None: in none)."""

    drift: str
    shops: int
    seen: int
    median_days: float | None


@dataclass(frozen=True)
class FalseAlarms:
    """Of weeks without drift those in which something was called broken that was not before: how often in so many
    days, and what was said."""

    days: int
    alarms: int
    said: tuple[str, ...]

    @property
    def a_month(self) -> float | None:
        """Alarms in a month; None where no week was watched."""
        return self.alarms * DAYS_PER_MONTH / self.days if self.days else None


def new_in(week: Week, *others: Week) -> tuple[str, ...]:
    """What is broken in a week and in none of the others, a sentence each."""
    known = {one.key for other in others for one in other.broken}
    return tuple(one.said for one in week.broken if one.key not in known)


def false_alarms(weeks: Sequence[Week]) -> FalseAlarms:
    """The alarms of a loop in which nothing drifts; a first week raises none, as nothing came before it."""
    pairs = list(pairwise(weeks))
    raised = [own for before, week in pairs if (own := new_in(week, before))]
    return FalseAlarms(len(pairs) * DAYS_PER_WEEK, len(raised), tuple(one for own in raised for one in own))


def delays_of(found: Sequence[Detection]) -> tuple[Delay, ...]:
    """Each drift over all shops, in the order in which they were planted."""
    told = []
    for name in dict.fromkeys(one.drift for one in found):
        own = [one.after_days for one in found if one.drift == name]
        seen = [days for days in own if days is not None]
        told.append(Delay(name, len(own), len(seen), median(seen) if seen else None))
    return tuple(told)
