"""The simulation: the loop on several shops, each with its truth, and what all of them came to."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from foretell.generated.continued.planted import Planted
from foretell.pipeline.actions.act import Prepared
from foretell.pipeline.loop.outcomes import outcomes
from foretell.pipeline.simulation.alarms import Delay, Detection, FalseAlarms, delays_of, false_alarms, new_in
from foretell.pipeline.simulation.asked import COST, DAYS_PER_WEEK, MARGIN, SimulationAsked
from foretell.pipeline.simulation.calibration import Calibration, calibration_of, pooled
from foretell.pipeline.simulation.coverage import Covered, covered, together
from foretell.pipeline.simulation.drifts import LOST, Drift
from foretell.pipeline.simulation.loop import Loop, Week
from foretell.pipeline.simulation.policies import POLICIES
from foretell.pipeline.simulation.world import World
from foretell.project.progress import Progress, Silent

LONGEST_WATCH = 8
"""Weeks for which a planted drift is waited for."""


@dataclass(frozen=True)
class SimulatedShop:
    """What the loop came to on the shop of one seed."""

    seed: int
    weeks: tuple[Week, ...]
    calibration: Calibration
    coverage: tuple[Covered, ...]
    detections: tuple[Detection, ...]
    alarms: FalseAlarms

    def profit(self, policy: str) -> float:
        """What a policy truly earned over all weeks."""
        return float(sum(week.earned[policy].profit for week in self.weeks))

    def contacts(self, policy: str) -> float:
        """How many letters it sent."""
        return float(sum(week.earned[policy].contacts for week in self.weeks))


@dataclass(frozen=True)
class PolicyEarned:
    """A policy over all seeds: letters and true profit in the mean of the shops, and the `spread` of the profit from
    shop to shop (standard deviation; None of one shop). `ahead_of_ours` counts the shops in which it earned more."""

    policy: str
    contacts: float
    profit: float
    spread: float | None
    ahead_of_ours: int


@dataclass(frozen=True)
class Simulated:
    """What was asked, and every shop."""

    asked: SimulationAsked
    shops: tuple[SimulatedShop, ...]

    @property
    def policies(self) -> tuple[PolicyEarned, ...]:
        """Every policy, ours first."""
        ours = np.array([shop.profit(POLICIES[0]) for shop in self.shops])
        told = []
        for policy in POLICIES:
            profit = np.array([shop.profit(policy) for shop in self.shops])
            spread = float(profit.std(ddof=1)) if len(profit) > 1 else None
            contacts = float(np.mean([shop.contacts(policy) for shop in self.shops]))
            told.append(PolicyEarned(policy, contacts, float(profit.mean()), spread, int((profit > ours).sum())))
        return tuple(told)

    @property
    def calibration(self) -> Calibration:
        """Of all shops and weeks together."""
        return pooled([shop.calibration for shop in self.shops])

    @property
    def coverage(self) -> tuple[Covered, ...]:
        """Of every shop, one after the other."""
        return tuple(one for shop in self.shops for one in shop.coverage)

    @property
    def coverage_of_all(self) -> tuple[Covered, ...]:
        """The same with all shops together, a line for each campaign and outcome."""
        names = dict.fromkeys((one.campaign, one.outcome) for one in self.coverage)
        return tuple(together([one for one in self.coverage if (one.campaign, one.outcome) == own]) for own in names)

    @property
    def detections(self) -> tuple[Detection, ...]:
        """Every planted drift."""
        return tuple(one for shop in self.shops for one in shop.detections)

    @property
    def delays(self) -> tuple[Delay, ...]:
        """The same with all shops together, a line for each drift."""
        return delays_of(self.detections)

    @property
    def alarms(self) -> FalseAlarms:
        """Of all shops together."""
        own = [shop.alarms for shop in self.shops]
        said = tuple(told for one in own for told in one.said)
        return FalseAlarms(sum(one.days for one in own), sum(one.alarms for one in own), said)

    @property
    def decisions(self) -> dict[str, int]:
        """How often something was decided about models, by the decision, without those that were not due."""
        told = [one.decision for shop in self.shops for week in shop.weeks for one in week.learned]
        return {name: told.count(name) for name in ("promoted", "kept", "rolled back")}

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "generated": True,
            "asked": asdict(self.asked),
            "money": {"margin": MARGIN, "cost_of_a_letter": COST, "budget_a_week": self.asked.budget},
            "policies": [asdict(one) for one in self.policies],
            "calibration": asdict(self.calibration) | {"error": self.calibration.error},
            "coverage": [asdict(one) | {"share": one.share} for one in self.coverage],
            "coverage_of_all": [asdict(one) | {"share": one.share} for one in self.coverage_of_all],
            "delays": [asdict(one) for one in self.delays],
            "detections": [asdict(one) for one in self.detections],
            "false_alarms": asdict(self.alarms) | {"a_month": self.alarms.a_month},
            "decisions": self.decisions,
            "shops": [{"seed": shop.seed, "weeks": [asdict(week) for week in shop.weeks]} for shop in self.shops],
        }


def simulate(asked: SimulationAsked, progress: Progress) -> Simulated:
    """Run the loop on every shop."""
    return Simulated(asked, tuple(simulated_shops(asked, progress)))


def simulated_shops(asked: SimulationAsked, progress: Progress) -> Iterator[SimulatedShop]:
    """One shop after the other, each in a folder of its own that is removed afterwards."""
    progress.step("The loop, week by week", asked.seeds * (asked.weeks + len(LOST)))
    for seed in range(1, asked.seeds + 1):
        folder = Path(tempfile.mkdtemp(prefix="foretell-simulate-"))
        try:
            yield _shop(asked, seed, folder, progress)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _shop(asked: SimulationAsked, seed: int, folder: Path, progress: Progress) -> SimulatedShop:
    world = World.begun(asked.shop(seed), folder / "world", asked.budget)
    loop = Loop(world, Planted.of(world.request))
    weeks, coverage, drifting = list[Week](), list[Covered](), list[Loop]()

    def look(ready: Prepared) -> None:
        coverage.extend(covered(loop.planted, ready, world.second(0), asked.redraws))

    for number in range(asked.weeks):
        if number == asked.drift_week:
            world.kept()
            drifting = [replace(loop) for _ in LOST]
        weeks.append(loop.week(number, look=look if number == 0 else None))
        progress.advance()
    calibration = calibration_of(outcomes(world.place, None, Silent()))
    detections = list[Detection]()
    for name, own in zip(LOST, drifting, strict=True):
        world.restored()
        detections.append(_detected(own, Drift(name, world.day(asked.drift_week - 1)), weeks, asked))
        progress.advance()
    return SimulatedShop(seed, tuple(weeks), calibration, tuple(coverage), tuple(detections), false_alarms(weeks))


def _detected(loop: Loop, drift: Drift, weeks: list[Week], asked: SimulationAsked) -> Detection:
    """The same loop going on from the week of drifts with one planted, until it is seen. What is called broken without
    it as well, in the same week or the one before drifts begin, is no sight of it."""
    begins, seed = asked.drift_week, loop.world.request.seed
    ends = min(begins + LONGEST_WATCH, asked.weeks)
    for number in range(begins, ends):
        found = loop.week(number, drift)
        if new := new_in(found, weeks[begins - 1], weeks[number]):
            after = (number - begins + 1) * DAYS_PER_WEEK
            return Detection(drift.name, seed, drift.day, after, after, new[0])
    return Detection(drift.name, seed, drift.day, (ends - begins) * DAYS_PER_WEEK, None, "")
