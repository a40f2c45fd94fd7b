"""A pilot: one segment first, arms sized by power, and a rule for going on that is written down before the start.

On go the playbook reaches 10, 50 and 100 % of all whom it is for, each step a campaign with its holdout kept, each
judged by the same rule when its windows are over. Rule and decisions stand in the ledger and cannot be changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from scipy.special import ndtri

from foretell.actions.assignments import Assignments
from foretell.experiments.comparison import Comparison
from foretell.experiments.power import USUAL_POWER, seen_with
from foretell.project.errors import InputError
from foretell.words.wording import percent

STEPS: tuple[float | None, ...] = (None, 0.1, 0.5, 1.0)
"""The share of all who may be reached that each step contacts; None is the pilot itself, sized by power."""
BOUND = 0.9
SHOWN_BOUND = 0.975
Word = Literal["go", "no go"]


@dataclass(frozen=True)
class GoRule:
    """Go when the lower bound of the profit per contact lies above `above` (money); the bound is one-sided, and holds
    with the chance `bound`."""

    above: float = 0.0
    bound: float = BOUND

    @property
    def words(self) -> str:
        """The rule in words."""
        return f"go when the lower {percent(self.bound)} bound of profit per contact is above {self.above:,.2f}"

    def judged(self, profit: Comparison | None) -> tuple[Word, str]:
        """The decision on a comparison of profit whose windows are all over, and why."""
        if profit is None or profit.effect is None or profit.low is None or profit.high is None:
            return "no go", "nothing could be compared"
        if profit.is_stopped:
            return "no go", "the arms are not as large as they were drawn"
        error = (profit.high - profit.low) / 2 / float(ndtri(SHOWN_BOUND))
        lower = profit.effect - float(ndtri(self.bound)) * error
        told = f"profit per contact {profit.effect:,.2f}, lower {percent(self.bound)} bound {lower:,.2f}"
        return ("go" if lower > self.above else "no go"), told


@dataclass(frozen=True)
class Pilot:
    """A pilot as it was begun; `begun_at` in microseconds UTC."""

    playbook: str
    segment: str
    rule: GoRule
    approved_by: str
    begun_at: int

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        return pilot_name(self.playbook, self.segment)


@dataclass(frozen=True)
class Decision:
    """What was decided after a step (0 is the pilot itself), by whom, and on which evidence."""

    step: int
    decision: Word
    decided_at: int
    approved_by: str
    evidence: Mapping[str, Any]


def pilot_name(playbook: str, segment: str) -> str:
    """The name of the pilot of a playbook on a segment."""
    return f"{playbook}: {segment}"


def pilots(ledger: Assignments) -> tuple[Pilot, ...]:
    """All pilots, the first one first."""
    rows = ledger.rows("select playbook, segment, rule, approved_by, begun_at from pilots order by begun_at, pilot")
    return tuple(Pilot(row[0], row[1], GoRule(**json.loads(row[2])), row[3], row[4]) for row in rows)


def decisions(ledger: Assignments, pilot: str) -> tuple[Decision, ...]:
    """The decisions of a pilot, step by step."""
    rows = ledger.rows(
        "select step, decision, decided_at, approved_by, evidence from decisions where pilot = ? order by step", pilot
    )
    return tuple(Decision(row[0], row[1], row[2], row[3], json.loads(row[4])) for row in rows)


def begun(ledger: Assignments, pilot: Pilot) -> Pilot:
    """Write a pilot and its rule down, or give the one that is there; InputError where that has another rule."""
    known = {one.name: one for one in pilots(ledger)}
    if pilot.name in known:
        if known[pilot.name].rule != pilot.rule:
            raise InputError(
                "The rule of a pilot was fixed before its start.",
                found=pilot.rule.words,
                expected=known[pilot.name].rule.words,
            )
        return known[pilot.name]
    with ledger.database.transaction() as connection:
        connection.execute(
            "insert into pilots values (?, ?, ?, ?, ?, ?)",
            (pilot.name, pilot.playbook, pilot.segment, json.dumps(asdict(pilot.rule)), pilot.approved_by,
             pilot.begun_at),
        )  # fmt: skip
    return pilot


def decided(ledger: Assignments, pilot: str, decision: Decision) -> None:
    """Write a decision down; a step is decided once."""
    with ledger.database.transaction() as connection:
        connection.execute(
            "insert or ignore into decisions values (?, ?, ?, ?, ?, ?)",
            (pilot, decision.step, decision.decision, decision.decided_at, decision.approved_by,
             json.dumps(decision.evidence)),
        )  # fmt: skip


def contacts_needed(rate: float, effect: float, eligible: int) -> tuple[int, str]:
    """How few contacts see the believed effect (absolute) beside all others as their control, and that in words; half
    of them where none do.

    >>> contacts_needed(0.2, 0.1, 5_000)[0], contacts_needed(0.2, 0.1, 100)[0]
    (155, 50)
    """

    def sees(contacts: int) -> bool:
        return seen_with(rate, effect, eligible - contacts, contacts) >= USUAL_POWER

    half = eligible // 2
    possible = effect != 0 and 0 <= rate + effect <= 1 and half >= 1
    points = f"{100 * effect:.1f} points"
    if not possible or not sees(half):
        return half, f"even {half:,} contacts do not see the {points} that are believed with a power of .8"
    low, high = 1, half
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if sees(middle) else (middle + 1, high)
    return low, f"{low:,} contacts see the {points} that are believed with a power of .8"
