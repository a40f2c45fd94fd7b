"""The loop of a project, week by week, by the functions that users run: score, grade, watch, learn, plan and act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.actions.assignments import TREATED
from foretell.actions.drawing import places_of
from foretell.generated.continued.planted import Planted
from foretell.outcomes.monitoring.monitored import Broken
from foretell.pipeline.actions.act import Prepared, done, prepared
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.loop.monitor import monitor
from foretell.pipeline.loop.outcomes import outcomes
from foretell.pipeline.loop.retraining import Retrained, retrain, rollback_due
from foretell.pipeline.run import run
from foretell.pipeline.score import score
from foretell.pipeline.simulation.asked import HORIZON_DAYS, PLAYBOOK, RETRAIN_WEEKS
from foretell.pipeline.simulation.drifts import Drift
from foretell.pipeline.simulation.policies import Choosing, Earned, earned
from foretell.pipeline.simulation.world import World
from foretell.project.progress import Silent
from foretell.storage.lock import alone_at_work

APPROVED_BY = "crm@shop"
Look = Callable[[Prepared], None]


@dataclass(frozen=True)
class Week:
    """What a week of the loop came to. `reachable` may be written to, `earned` is what each policy truly earns of them;
    `broken` is what the monitor found broken, `learned` what became of the models."""

    number: int
    day: str
    reachable: int
    contacts: int
    aside: int
    earned: Mapping[str, Earned]
    broken: tuple[Broken, ...]
    learned: tuple[Retrained, ...]


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
