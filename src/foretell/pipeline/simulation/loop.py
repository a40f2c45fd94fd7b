"""The loop of a project, week by week, by the functions that users run: score, grade, watch, learn, plan and act; on
several shops, each with its truth."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.actions.assignments import TREATED, Assignments
from foretell.actions.drawing import places_of
from foretell.generated.continued.planted import Planted
from foretell.pipeline.actions.act import Prepared, done, prepared
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.loop.monitor import monitor
from foretell.pipeline.loop.outcomes import outcomes
from foretell.pipeline.loop.retraining import Retrained, retrain, rollback_due
from foretell.pipeline.run import run
from foretell.pipeline.score import score
from foretell.pipeline.simulation.alarms import Detection, false_alarms, new_in
from foretell.pipeline.simulation.asked import DAYS_PER_WEEK, HORIZON_DAYS, PLAYBOOK, RETRAIN_WEEKS, SimulationAsked
from foretell.pipeline.simulation.calibration import calibration_of
from foretell.pipeline.simulation.coverage import Covered, covered
from foretell.pipeline.simulation.drifts import LOST, Drift
from foretell.pipeline.simulation.policies import Choosing, earned
from foretell.pipeline.simulation.simulated import Simulated, SimulatedShop
from foretell.pipeline.simulation.week import Week
from foretell.pipeline.simulation.world import World
from foretell.project.progress import Progress, Silent
from foretell.storage.lock import alone_at_work

LONGEST_WATCH = 8
"""Weeks for which a planted drift is waited for."""
APPROVED_BY = "crm@shop"
Look = Callable[[Prepared], None]


@dataclass
class Loop:
    """A project that goes on, in a world whose truth is `planted`; `assigned` are the rows of the ledger that the
    world does not know yet."""

    world: World
    planted: Planted
    assigned: pa.Table | None = field(default=None)

    def week(self, number: int, drift: Drift | None = None, look: Look | None = None) -> Week:
        """The week of a number, from 0: the first one teaches models, each later one begins as the shop went on.
        `look` is shown what is about to be acted on."""
        world = self.world
        if number == 0:
            run(request_of_declaration(world.declaration, horizon=f"{HORIZON_DAYS}d", workers=1), Silent())
        else:
            world.goes_on(self.assigned, drift)
            score(world.place, None, Silent())
        outcomes(world.place, None, Silent())
        broken, learned = monitor(world.place, Silent()).broken, self._learned(number)
        ready = prepared(world.place, PLAYBOOK, world.day(number))
        if look is not None:
            look(ready)
        self.assigned = self._acted_on(ready)
        choosing = self._choosing(ready, self.assigned, number)
        treated = int(choosing.treated.sum())
        aside = 0 if self.assigned is None else len(self.assigned) - treated
        earnings = earned(choosing)
        return Week(number, world.day(number), len(choosing.profit), treated, aside, earnings, broken, learned)

    def _learned(self, number: int) -> tuple[Retrained, ...]:
        """What came of the check of the models that serve, each week, and of retraining, each fourth one."""
        if number == 0:
            return ()
        place, asked = self.world.place, [rollback_due] if number % RETRAIN_WEEKS else [rollback_due, retrain]
        return tuple(one(place, Silent()) for one in asked)

    def _acted_on(self, ready: Prepared) -> pa.Table | None:
        """The rows of the ledger; None where nobody may be reached, or is worth a letter."""
        if not len(ready.drawn.assigned):
            return None
        with alone_at_work(self.world.place.state):
            return done(ready, APPROVED_BY).acted.drawn.assigned

    def _choosing(self, ready: Prepared, assigned: pa.Table | None, number: int) -> Choosing:
        """Whom the policies choose from, in the order of their ids, and whom the loop wrote to."""
        asked = ready.asked
        ids = asked.candidates.customer_id.cast(pa.string())
        rows = np.flatnonzero(asked.candidates.may_be_reached)
        rows = rows[np.argsort(np.array(ids.to_pylist(), dtype=str)[rows], kind="stable")]
        own, places = ids.take(pa.array(rows)), places_of(asked)
        chosen = np.zeros(len(rows), dtype=bool) if asked.chosen is None else asked.chosen.customers[rows]
        treated = np.zeros(len(rows), dtype=bool)
        if assigned is not None:
            contacted = assigned.filter(pc.equal(assigned["arm"], TREATED))["customer_id"]
            treated = pc.is_in(own, value_set=contacted.combine_chunks()).to_numpy(zero_copy_only=False)
        extra = self.planted.extra(own, self.world.second(number)).spend
        return Choosing(extra, asked.candidates.chance[rows], treated, chosen, len(rows) if places is None else places)


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
        ledger = Assignments(world.place.state)
        coverage.extend(covered(loop.planted, ready.asked, ledger, world.second(0), asked.redraws))

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
