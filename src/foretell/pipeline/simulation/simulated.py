"""What a simulation came to: every shop by itself, and all of them together."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from foretell.pipeline.simulation.alarms import Delay, Detection, FalseAlarms, delays_of
from foretell.pipeline.simulation.asked import COST, MARGIN, SimulationAsked
from foretell.pipeline.simulation.calibration import Calibration, pooled
from foretell.pipeline.simulation.coverage import Covered, together
from foretell.pipeline.simulation.policies import POLICIES
from foretell.pipeline.simulation.week import Week


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
