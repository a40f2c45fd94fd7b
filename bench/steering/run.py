"""A first campaign of which one half is treated, then a plan of the next: its true profit, by whose effect it chose.

Customers have two facts that effects may hang on and ten that mean nothing. An order brings 20, a contact costs 1, and
a quarter of 4,000 may be contacted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from foretell.actions.arms import EXPLORED_SHARE
from foretell.actions.planning.choice import choice_of
from foretell.actions.planning.credibility import drawn_to
from foretell.actions.planning.effect import NORMAL_95, Effect
from foretell.actions.planning.plan import expected_profit
from foretell.actions.planning.steering import Experience, Steering, steering_of, unsteered
from foretell.actions.planning.worth import Expected, Worth
from foretell.actions.playbook import Playbook, playbook_of
from foretell.project.parts.actions import OfferPart, PlaybookPart
from foretell.uplift.trial import Worth as OnAverage

GAIN, COST, NEXT, PLACES, CAMPAIGNS = 20.0, 1.0, 4_000, 1_000, 20
GUESS = Effect(0.01, 0.0, 0.02, "guess", "a careful guess")
TRUTHS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "6 points on all": lambda known: np.full(len(known), 0.06),
    "12 points on who ordered 4 times, else 2": lambda known: np.where(known[:, 0] >= 4, 0.12, 0.02),
    "20 points on who ordered 4 times, else -4": lambda known: np.where(known[:, 0] >= 4, 0.20, -0.04),
    "14 points, 1.2 fewer each 10 days since": lambda known: np.clip(0.14 - 0.0012 * known[:, 1], -0.05, 0.14),
}
SIZES = (2_000, 8_000)
RESULTS = Path(__file__).parents[1] / "results" / "steering.md"
HEAD = (
    "# Plans by each customer's own effect",
    "",
    "Written by `python -m bench.steering`. A campaign of so many customers, half of them treated, teaches the plan of",
    f"the next one; means of {CAMPAIGNS} drawn campaigns. `told apart`: how often the proof let customers count with",
    "their own effect; `own`, `average`: true profit by foretell, and by the average effect for all; `best`: that of",
    "whoever knows the truth; `interval`: how often that of the plan holds the true profit of whom it chose.",
    "",
    "| a contact adds | customers | told apart | own | average | best | interval |",
    "|---|---|---|---|---|---|---|",
)


@dataclass(frozen=True)
class Planned:
    """A plan: who is chosen (bool [customers]), and between which bounds it says that their profit lies."""

    chosen: np.ndarray
    low: float
    high: float


def main() -> None:
    """Print the table, and write it down."""
    campaigns = int(sys.argv[1]) if len(sys.argv) > 1 else CAMPAIGNS
    lines = []
    for name in TRUTHS:
        for size in SIZES:
            lines.append(line_of(name, size, campaigns))
            print(lines[-1], flush=True)
    RESULTS.write_text("\n".join([*HEAD, *lines]) + "\n", encoding="utf-8")


def line_of(name: str, size: int, campaigns: int) -> str:
    """One row of the table."""
    told = np.array([_campaign(name, size, seed) for seed in range(campaigns)])
    apart, own, average, best, held = told.mean(axis=0)
    return f"| {name} | {size:,} | {apart:.0%} | {own:,.0f} | {average:,.0f} | {best:,.0f} | {held:.0%} |"


def _campaign(name: str, size: int, seed: int) -> tuple[float, ...]:
    random, truth = np.random.default_rng(seed), TRUTHS[name]
    past, following = experience_of(truth, size, random), facts(NEXT, random)
    names = [f"f{place:02}" for place in range(following.shape[1])]
    money = [OnAverage(GAIN, np.array([0.0, COST]))]
    steering = steering_of(past, following, names, ["letter"], money, seed)
    effect = drawn_to(measured_on(past), GUESS)
    true = GAIN * truth(following) - COST
    own = planned(effect, steering)
    average = planned(effect, unsteered(["letter"], NEXT, "to compare with"))
    best = np.sort(true)[::-1][: round(PLACES * (1 - EXPLORED_SHARE))]
    profit = float(true[own.chosen].sum())
    held = own.low <= profit <= own.high
    return (
        float(steering.by_customer),
        profit,
        float(true[average.chosen].sum()),
        float(best[best > 0].sum()),
        float(held),
    )


def facts(count: int, random: np.random.Generator) -> np.ndarray:
    """float64 [customers, facts]: orders, days since the last one, and what means nothing."""
    told = [random.poisson(3, count), random.exponential(60, count), *random.normal(size=(10, count))]
    return np.column_stack(told).astype(np.float64)


def experience_of(truth: Callable[[np.ndarray], np.ndarray], count: int, random: np.random.Generator) -> Experience:
    """A campaign that is over; who ordered often orders more often anyway."""
    known = facts(count, random)
    treated = random.random(count) < 0.5
    rate = np.clip(0.1 + 0.03 * known[:, 0], 0, 0.6) + treated * truth(known)
    none, ids = np.zeros(count, dtype=bool), pa.array([f"c{row}" for row in range(count)])
    ordered = random.random(count) < rate
    return Experience(ids, np.zeros(count, np.int64), treated, ordered, np.full(count, 0.5), none, known)


def measured_on(past: Experience) -> Effect:
    """What the campaign measured of the average effect."""
    arms = [past.ordered[past.treated == arm].astype(np.float64) for arm in (True, False)]
    added = float(arms[0].mean() - arms[1].mean())
    half = NORMAL_95 * float(np.sqrt(sum(arm.var(ddof=1) / len(arm) for arm in arms)))
    return Effect(added, added - half, added + half, "experiment", "measured", len(past), 1.0)


def planned(effect: Effect, steering: Steering) -> Planned:
    """Whom a plan chooses by these effects, and what it says of them."""
    shape = steering.apart.shape
    worth = Worth(np.full(shape, GAIN), np.zeros(shape), np.full(shape, COST), np.full(shape[1], 0.4))
    choice = choice_of(_playbook(), worth, effect.added + steering.apart, np.ones(shape, bool))
    chosen = choice.chosen().customers
    rows = np.flatnonzero(chosen)
    nothing = np.zeros(len(rows))
    own = Worth(worth.gain[:, rows], worth.anyway[:, rows], worth.cost[:, rows], worth.room[rows])
    told = expected_profit(own, Expected(*(nothing,) * 5), np.zeros(len(rows), np.int64), effect, steering.taken(rows))
    return Planned(chosen, told.low, told.high)


def _playbook() -> Playbook:
    part = PlaybookPart(name="again", when="orders_life > 0", offers=("letter",), capacity=PLACES)
    return playbook_of(part, (OfferPart(name="letter", channel="post", cost=COST),), {"orders_life": "number"})
