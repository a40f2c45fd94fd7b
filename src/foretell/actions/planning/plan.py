"""The plan of a playbook: who would be reached and who not, what that is expected to bring, and what it can teach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.actions.assignments import TREATED
from foretell.actions.candidates import Candidates
from foretell.actions.drawing import Drawn
from foretell.actions.planning.choice import Choice
from foretell.actions.planning.effect import Effect
from foretell.actions.planning.steering import Steering
from foretell.actions.planning.teaching import Teaching
from foretell.actions.planning.worth import Expected, Worth
from foretell.actions.playbook import Playbook
from foretell.project.parts.actions import AUTO

NORMAL_95 = 1.96
STEPS = 60


@dataclass(frozen=True)
class ExpectedProfit:
    """Money of those who would be contacted: `profit` = `gain` - `anyway` - `contacts`, between `low` and `high`.
    `gain` is what contact adds, `anyway` what offers take off orders that would come without contact, `contacts` what
    contacts cost. `pays_from` is the effect from which it pays (None: from no effect on)."""

    profit: float
    low: float
    high: float
    gain: float
    anyway: float
    contacts: float
    pays_from: float | None


@dataclass(frozen=True)
class Plan:
    """One playbook on one run. `reached` names offer, channel, number of customers and expected profit of each offer;
    `left` are those who may be reached and would not be, by why. `notes` are what a reader has to know beside it."""

    playbook: Playbook
    candidates: Candidates
    scored: int
    as_of_day: str
    effect: Effect
    steering: Steering
    drawn: Drawn
    is_first: bool
    expected: ExpectedProfit
    choice: Choice
    teaching: Teaching
    reached: tuple[tuple[str, str, int, float], ...]
    left: tuple[tuple[str, int], ...]
    currency: str
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        part, curve, money = self.playbook.part, self.choice.curve, self.expected
        return {
            "playbook": part.name,
            "template": part.template,
            "when": part.when,
            "goal": part.goal,
            "window_days": self.playbook.window_days,
            "currency": self.currency,
            "as_of": self.as_of_day,
            "campaign": self.drawn.campaign.name,
            "acted_already": not self.drawn.is_new,
            "first_campaign": self.is_first,
            "scored": self.scored,
            "candidates": len(self.candidates),
            "may_be_reached": int(self.candidates.may_be_reached.sum()),
            "left_out": dict(self.candidates.left_out()),
            "not_reached": dict(self.left),
            "treated": self.drawn.treated,
            "control": self.drawn.control,
            "arms": self.playbook.arms_in_words,
            "reached": [
                {"offer": offer, "channel": channel, "customers": customers, "profit": round(profit, 4)}
                for offer, channel, customers, profit in self.reached
            ],
            "effect": {"source": self.effect.source, **vars(self.effect)},
            "steering": self.steering.as_json(),
            "profit": {"source": self.effect.source, **{name: _rounded(value) for name, value in vars(money).items()}},
            "budget": part.budget,
            "capacity": part.capacity,
            "next_unit_of_budget": _rounded(self.choice.price_money),
            "next_contact": _rounded(self.choice.price_contact),
            "curve": {
                "unit": "money" if curve.in_money else "contacts",
                "spent": [_rounded(one) for one in curve.spent.tolist()],
                "profit": [_rounded(one) for one in curve.profit.tolist()],
                "stops_paying_at": _rounded(curve.stops_at),
            },
            "holdout": {
                "share": self.drawn.holdout.share,
                "rate": _rounded(self.teaching.rate, 6),
                "detects": _rounded(self.teaching.detects, 6),
                "sees_the_effect": self.teaching.sees,
                "weeks": self.teaching.weeks,
                "words": self.teaching.words(part.holdout == AUTO),
            },
            "notes": list(self.notes),
        }


def expected_profit(
    worth: Worth, expected: Expected, offer: np.ndarray, effect: Effect, steering: Steering
) -> ExpectedProfit:
    """What contacting these customers is expected to bring; `offer` is the number of each one's offer, and `worth`,
    `expected` and `steering` are theirs, in the same order.

    The interval holds the average effect's own, how sure it is that customers differ as foretold, and the scatter of
    what they spend, as if these were independent.
    """
    apart = steering.apart
    own = offer, np.arange(len(offer))

    def profit(added: float) -> float:
        return float(worth.profit(added + apart)[own].sum())

    point, low, high = profit(effect.added), profit(effect.low), profit(effect.high)
    gain = float(worth.added(effect.added + apart)[own].sum())
    anyway, contacts = float(worth.anyway[own].sum()), float(worth.cost[own].sum())
    spend = float(expected.spend.sum())
    scatter = float(np.sqrt((expected.spread**2).sum())) / spend if spend > 0 else 0.0
    spread = NORMAL_95 * float(np.hypot(scatter * np.hypot(gain, anyway), (worth.gain * steering.moves)[own].sum()))
    ends = min(point, low, high), max(point, low, high)
    return ExpectedProfit(
        point,
        point - float(np.hypot(point - ends[0], spread)),
        point + float(np.hypot(ends[1] - point, spread)),
        gain,
        anyway,
        contacts,
        _pays_from(worth, own, apart),
    )


def rows_of_treated(candidates: Candidates, drawn: Drawn) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the candidates who would be contacted, and the names of their offers ("" for none)."""
    treated = drawn.assigned.filter(pc.equal(drawn.assigned["arm"], TREATED))
    rows = pc.index_in(treated["customer_id"].cast(pa.string()), value_set=candidates.customer_id)
    rows = pc.fill_null(rows, -1).to_numpy()
    names = np.array(treated["offer"].to_pylist(), dtype=object)
    return rows[rows >= 0], names[rows >= 0]


def _pays_from(worth: Worth, own: tuple[np.ndarray, np.ndarray], apart: np.ndarray) -> float | None:
    """The least average effect, 0 to 1, at which there is no loss."""

    def pays(added: float) -> bool:
        return float(worth.profit(added + apart)[own].sum()) >= 0

    if not pays(1.0):
        return None
    low, high = 0.0, 1.0
    if pays(low):
        return low
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if pays(middle) else (middle, high)
    return high


def _rounded(value: float | None, places: int = 4) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), places)
