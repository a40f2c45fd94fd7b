"""Small results of simulations, made up by hand."""

from __future__ import annotations

from foretell.outcomes.monitoring.monitored import Broken
from foretell.pipeline.loop.retraining import Retrained
from foretell.pipeline.simulation.alarms import Detection, FalseAlarms
from foretell.pipeline.simulation.asked import SimulationAsked
from foretell.pipeline.simulation.calibration import Calibration, Sum, Tenth
from foretell.pipeline.simulation.coverage import Covered
from foretell.pipeline.simulation.drifts import ORDERS_FALL
from foretell.pipeline.simulation.policies import POLICIES, RANDOM, Earned
from foretell.pipeline.simulation.simulated import Simulated, SimulatedShop
from foretell.pipeline.simulation.week import Week

CAMPAIGN = "with money for all"


def shop(seed: int, ours: float, random: float = 1.0, seen: int | None = 7, within: int = 95) -> SimulatedShop:
    """A shop of two weeks: in each ours earns `ours`, `random` as it says, every other policy nothing."""
    earned = {name: Earned(2, ours if place == 0 else 0.0) for place, name in enumerate(POLICIES)}
    earned[RANDOM] = Earned(3, random)
    broken = (Broken("events volume", "volume", "events", "events: 12 rows, 90 were usual.", "2024-07-07"),)
    weeks = tuple(
        Week(number, f"2024-07-{7 * number + 1:02d}", 9, 2, 1, earned, broken if number else (), learned)
        for number, learned in enumerate([(), (Retrained("kept", "No change.", 1), Retrained("not due", "", 1))])
    )
    tenths = tuple(Tenth(number, number / 20, number / 25, 10) for number in range(1, 11))
    calibration = Calibration(1, tenths, (Sum("buyers", 27.5, 22.0), Sum("orders", 40.0, 39.0)))
    covered = Covered(CAMPAIGN, "profit", 80, 20, 100, within, 100 - within, 0, 0, 0.5, 0.6, 4.0)
    detection = Detection(ORDERS_FALL, seed, "2024-07-08", 14, seen, "orders fell" if seen else "")
    return SimulatedShop(
        seed, weeks, calibration, (covered,), (detection,), FalseAlarms(7, 1, ("events: 12 rows, 90 were usual.",))
    )


def simulated(*shops: SimulatedShop) -> Simulated:
    """The shops as one simulation."""
    return Simulated(SimulationAsked(2, len(shops), 300, 100), shops)
