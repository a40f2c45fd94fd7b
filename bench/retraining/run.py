"""`python -m bench.retraining`: how often a model is rolled back by mistake, and how soon where it is worse.

Writes `bench/results/retraining.md`.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from bench.retraining.replay import BASELINE, CHAMPION, PREDECESSOR, World, replayed
from bench.tables import machine, table

PAGE = Path(__file__).parents[1] / "results" / "retraining.md"
REPLAYS = 1_000
SEED = 41
BETTER = {CHAMPION: 0.2, PREDECESSOR: 0.6, BASELINE: 0.8}
AS_USUAL = {CHAMPION: 0.4, PREDECESSOR: 0.4, BASELINE: 0.8}
NOTHING = (
    World("all three alike"),
    World("all three alike, 5,000 customers", customers=5_000),
    World("all three alike, horizon 90 days", horizon_days=90),
    World("as usual: the baseline is worse", noise=AS_USUAL),
    World("weeks differ by 20 %", shocks=0.2),
    World("a third contacted, rather those of low chance", contacted=1 / 3),
)
GOOD = (
    World("the champion is the better one", noise=BETTER),
    World("the same, weeks differ by 20 %", noise=BETTER, shocks=0.2),
)
DECAYED = (
    World("level off by .3 on the logit", noise=AS_USUAL, shift=0.3),
    World("level off by .7 on the logit", noise=AS_USUAL, shift=0.7),
    World("a quarter of the customers mixed up", noise=AS_USUAL, shuffled=0.25),
    World("all customers mixed up", noise=AS_USUAL, shuffled=1.0),
    World("half mixed up, 5,000 customers", noise=AS_USUAL, shuffled=0.5, customers=5_000),
    World("half mixed up, a third contacted", noise=AS_USUAL, shuffled=0.5, contacted=1 / 3),
    World("half mixed up, weeks differ by 20 %", noise=AS_USUAL, shuffled=0.5, shocks=0.2),
    World("half the customers change on day 60", noise=AS_USUAL, turns=60),
)
METHOD = """\
Half a year (182 days) of shadow scores over customers whose chances are known, a look at each window that ends: a
quarter of the horizon, and the horizon. The champion is rolled back at the first look at which it is shown to be worse
than its predecessor or than the baseline, by the code that `foretell retrain --check` runs. 1,000 customers and a
horizon of 30 days unless the row says otherwise. Each model says the true chance with its own noise on the logit (.4;
where the baseline is worse, .8). A share of 1,000 replays near 5 % has a standard error of .7 points."""


@dataclass(frozen=True)
class Measured:
    """So many `replays` of a world: the share that rolled back, and on which day (quantiles over those)."""

    world: World
    replays: int
    share: float
    days: tuple[float, float, float] | None
    by: str

    def row(self) -> list[str]:
        """A row of the table."""
        told = ["–"] * 3 if self.days is None else [f"{day:.0f}" for day in self.days]
        return [self.world.name, f"{100 * self.share:.1f} %", *told, self.by]


def measured(world: World, replays: int, seed: int = SEED) -> Measured:
    """Replay a world."""
    found = [replayed(world, seed + 7_919 * at) for at in range(replays)]
    rolled = [one for one in found if one.day is not None]
    days = np.quantile([one.day for one in rolled if one.day is not None], (0.1, 0.5, 0.9)) if rolled else None
    by = Counter(f"{one.against}, {one.horizon_days} days" for one in rolled)
    told = "; ".join(f"{name} {100 * number / len(rolled):.0f} %" for name, number in by.most_common(2))
    return Measured(world, replays, len(rolled) / replays, None if days is None else (*map(float, days),), told)  # type: ignore[arg-type]


def page(nothing: list[Measured], good: list[Measured], decayed: list[Measured]) -> str:
    """The whole document: where it fails first."""
    missed = [one for one in nothing if one.share > 0.05]
    never = [one for one in decayed if one.share < 0.9]
    told = [f"- {one.world.name}: {100 * one.share:.1f} % rolled back by mistake, above 5 %." for one in missed]
    told += [f"- {one.world.name}: only {100 * one.share:.0f} % caught within half a year." for one in never]
    head = ["what is replayed", "rolled back", "day, 10 %", "median", "90 %", "shown against, over"]
    parts = ["# Rolling back a model that serves", "", "Written by `python -m bench.retraining`; do not edit.", ""]
    parts += ["## Where it falls short", "", *(told or ["Nowhere in these replays."]), ""]
    parts += ["## How it was measured", "", METHOD, ""]
    for title, rows in (("Nothing to find", nothing), ("A good change", good), ("Planted decay", decayed)):
        parts += [f"## {title}", "", table(head, [one.row() for one in rows]), ""]
    facts = machine()
    return "\n".join([*parts, ", ".join(f"{name} {value}" for name, value in facts.items()), ""])


def main() -> None:
    """Measure, print and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.retraining", description=__doc__)
    parser.add_argument("--replays", type=int, default=REPLAYS)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    found = [[measured(world, options.replays) for world in worlds] for worlds in (NOTHING, GOOD, DECAYED)]
    text = page(*found)
    print(text)
    if not options.dry:
        PAGE.write_text(text, encoding="utf-8")
