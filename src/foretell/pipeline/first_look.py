"""The first look: who is likeliest to order, told while the proof is still under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.examples.assembly import telling
from foretell.examples.examples import Examples
from foretell.examples.plan import Plan
from foretell.examples.planned import todays_examples
from foretell.models.blend import Blend
from foretell.models.contract import CannotFit
from foretell.models.level import Level
from foretell.models.levelled import levelled
from foretell.project.objectives import TARGETS
from foretell.segments.movement.sets import SetsOfRun
from foretell.segments.movement.standings import standings_at
from foretell.segments.standing import Moment
from foretell.storage.artefacts import Artefact
from foretell.timelines.engine import Engine
from foretell.words.wording import days, percent, shown

CUSTOMERS_SHOWN = 5


@dataclass(frozen=True)
class Likely:
    """One customer: the chance of an order within the horizon, and the segment of today."""

    customer: str
    p_purchase: float
    segment: str


@dataclass(frozen=True)
class FirstLook:
    """The likeliest customers, by a model that no test has proved yet; none where nothing could be learned."""

    customers: tuple[Likely, ...]
    horizon_days: int

    def lines(self) -> list[str]:
        """The look in words, for a screen."""
        found = self.customers
        if not found:
            return []
        width = max(len(shown(one.customer)) for one in found)
        head = f"First look, proof under way: likeliest to order in the next {days(self.horizon_days)}"
        told = [f"  {shown(one.customer).ljust(width)}  {percent(one.p_purchase):>4}  {one.segment}" for one in found]
        return [line.replace("\xa0", " ") for line in [head, *told]]


MOST_ROWS = 10_000
FIRST_LOOK: Artefact[FirstLook] = Artefact("first_look", FirstLook, version=2)


def first_look(engine: Engine, plan: Plan, examples: Examples | None, sets: SetsOfRun, seed: int) -> FirstLook:
    """The likeliest customers by the blend, taught by the newest labels that are ripe, without a season."""
    if examples is None or plan.serving is None or plan.serving.shortened_from is not None:
        return FirstLook((), plan.horizon_days)
    taught = examples.take(np.isin(examples.cutoff, plan.serving.training)).at_most(MOST_ROWS)
    names, purchase, today = telling(taught), TARGETS["purchase"], todays_examples(engine, plan)
    own = today.with_features(names)
    try:
        learned = Blend().fit(taught.with_features(names), purchase, seed)
    except CannotFit:
        return FirstLook((), plan.horizon_days)
    chance = levelled(learned, own, purchase, Level()).predict(own)
    likeliest = np.lexsort((today.customer_key, -chance))[:CUSTOMERS_SHOWN]
    keys = [int(key) for key in today.customer_key[likeliest]]
    segment = _segments(engine, plan, sets, keys)
    ids = _ids(engine, keys)
    return FirstLook(
        tuple(Likely(ids[key], float(chance[at]), segment[key]) for key, at in zip(keys, likeliest, strict=True)),
        plan.horizon_days,
    )


def _segments(engine: Engine, plan: Plan, sets: SetsOfRun, keys: Sequence[int]) -> dict[int, str]:
    """The segment of each customer in the set that the scores show; in RFM where that one is told by scores."""
    by_name = {group.name: group for group in sets.sets}
    group, now = by_name.get(sets.shown, by_name["rfm"]), Moment.now(plan.as_of)
    at = standings_at(engine, [now], sets.cuts.window_days, plan, tuple(group.features), plan.serving_key)
    codes = group.assign(at[now], sets.cuts.cuts[group.name])
    place = np.searchsorted(at[now].customer_key, np.array(keys, dtype=np.uint64))
    return {key: group.segments[codes[where]] for key, where in zip(keys, place.tolist(), strict=True)}


def _ids(engine: Engine, keys: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for bucket in engine.buckets:
        found |= bucket.ids_of(keys)
        if len(found) == len(keys):
            break
    return found
