"""The projection behind lifetime value, checked as far as the log reaches: what it would have said from an earlier
day, beside what then came."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foretell.backtest.proof import Proof
from foretell.examples.assembly import Assembly
from foretell.examples.examples import Examples, stacked
from foretell.examples.grid import least_history_days
from foretell.examples.plan import Plan
from foretell.forecasts.lifetime_value import lifetime_value
from foretell.project.intervals import MICROSECONDS_PER_DAY, day_of, days
from foretell.storage.artefacts import Artefact
from foretell.timelines.engine import Engine

YEAR_DAYS = 365


@dataclass(frozen=True)
class Projection:
    """Spend that was projected from `day` over `days`, and what came, of the customers known on that day, in currency.

    `horizon_days` is the horizon whose forecast, made from before that day, it was scaled to; 0 where no forecast was
    made on that day, so that the process stands alone."""

    day: str
    days: int
    horizon_days: int
    customers: int
    expected: float
    came: float

    @property
    def ratio(self) -> float:
        """What was projected over what came; NaN where nothing came."""
        return self.expected / self.came if self.came > 0 else float("nan")


PROJECTIONS: Artefact[tuple[Projection, ...]] = Artefact("projections", tuple[Projection, ...])


def projections(engine: Engine, plan: Plan, proof: Proof) -> tuple[Projection, ...]:
    """The projection from the oldest day at which the model that serves was tested, and that of the process alone from
    a year ago, where the log reaches back further than the tests; none where nothing lies beyond the horizon."""
    if plan.proving is None:
        return ()
    tests = {f.cutoff: f for f in proof.forecasts if (f.objective, f.model) == ("spend", proof.serving("spend"))}
    found = []
    if tests:
        oldest = tests[min(tests)]
        seen = _seen(engine, plan, oldest.cutoff, oldest.horizon_days)
        kept = np.isin(seen.customer_key, oldest.customer_key)
        forecast = oldest.predicted[np.searchsorted(oldest.customer_key, seen.customer_key[kept])]
        found.append(_projection(seen.take(kept), forecast, plan))
    year_ago = plan.as_of - days(YEAR_DAYS)
    horizon = plan.proving.horizon_days
    if year_ago < min(tests, default=plan.as_of) and plan.history_days(year_ago) >= least_history_days(horizon):
        found.append(_projection(_seen(engine, plan, year_ago, horizon), None, plan))
    return tuple(one for one in found if one is not None)


def _seen(engine: Engine, plan: Plan, cutoff: int, horizon_days: int) -> Examples:
    """The customers of the proof as they were known at a cutoff, with what they spent from then to the as-of date."""
    until_now = (plan.as_of - cutoff) // MICROSECONDS_PER_DAY
    assembly = Assembly((cutoff,), until_now, (), plan.survey)
    return replace(stacked(list(engine.over(assembly, plan.as_of, plan.proving_key))), horizon_days=horizon_days)


def _projection(seen: Examples, forecast: np.ndarray | None, plan: Plan) -> Projection | None:
    if not len(seen):
        return None
    cutoff = int(seen.cutoff[0])
    ahead = (plan.as_of - cutoff) // MICROSECONDS_PER_DAY
    curve = lifetime_value.fit(seen)
    if curve.process is None or ahead <= seen.horizon_days:
        return None
    own = curve.unscaled_spend(seen, seen.horizon_days) if forecast is None else forecast
    return Projection(
        day_of(cutoff, plan.timezone),
        int(ahead),
        0 if forecast is None else seen.horizon_days,
        len(seen),
        float(curve.spend_within(seen, own, ahead).sum()),
        float(seen.labels["spend"].sum()),
    )
