"""The blend whole, and with a part taken away or another in its place: every variant's forecasts for one case."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.accuracy.logs import Case, Log
from bench.prepared import prepared
from foretell.examples.assembly import telling
from foretell.examples.examples import Examples
from foretell.examples.grid import TRAINING_CUTOFFS
from foretell.examples.plan import Plan
from foretell.examples.planned import PlannedExamples, planned_examples, todays_examples
from foretell.forecasts.orders.past_forecasts import Test, past_forecasts
from foretell.forecasts.orders.settled import Settled, settled
from foretell.models.blend import CUSTOMERS_FOR_TREES, MEMBERS, Blend, FittedBlend
from foretell.models.contract import CannotFit, Fitted, Model
from foretell.models.fitted_once import FittedOnce
from foretell.models.learners.orders_times_value import FittedOrdersTimesValue
from foretell.models.level import Level
from foretell.models.levelled import levelled, mixed
from foretell.models.registry import MODELS
from foretell.models.several_horizons import SeveralHorizons
from foretell.project.objectives import TARGETS
from foretell.project.progress import Silent

SEED = 0
ASKED = ("purchase", "orders", "spend", "high_value")
RFM_FACTS = ("days_since_last_order", "orders_life", "spend_life", "order_value_mean_life", "age_days")
LINEAR = frozenset({"logistic", "poisson_regression", "tweedie_regression"})


LEVELLED = ("purchase", "orders", "spend")


@dataclass(frozen=True)
class Variant:
    """The blend without some of its members, or otherwise poorer, for the targets that this concerns. `level` is None
    where past cutoffs tell it; `over` says over which horizons it learns, `taught` by which rows;
    `customers_for_trees` is 0 where trees are heard alike whatever the number of customers."""

    without: frozenset[str] = frozenset()
    targets: tuple[str, ...] = ASKED
    level: Level | None = None
    has_mix: bool = True
    taught: str = "all"
    customers_for_trees: float = CUSTOMERS_FOR_TREES
    over: str = "all"


WHOLE = "whole"
VARIANTS: dict[str, Variant] = {
    WHOLE: Variant(),
    "without the trees": Variant(frozenset({"gradient_boosting"})),
    "without the linear model": Variant(LINEAR),
    "without the RFM regression": Variant(frozenset({"rfm_regression"}), LEVELLED),
    "trees as heavy where customers are few": Variant(targets=("purchase", "spend"), customers_for_trees=0.0),
    "without BG/NBD as a member": Variant(frozenset({"bg_nbd"}), ("purchase", "orders", "spend")),
    "tier without BG/NBD": Variant(frozenset({"bg_nbd"}), ("high_value",)),
    "without the mix": Variant(has_mix=False),
    "without a level": Variant(targets=LEVELLED, level=Level(0.0)),
    "level half way to BG/NBD": Variant(targets=LEVELLED, level=Level(0.5)),
    "level all the way to BG/NBD": Variant(targets=LEVELLED, level=Level(1.0)),
    "one horizon instead of several": Variant(over="one"),
    "spend without orders x value": Variant(frozenset({"orders_times_value"}), ("spend",)),
    "one cutoff instead of many": Variant(taught="one cutoff"),
    "without the same weeks of other years": Variant(taught="newest"),
    "five RFM facts as features": Variant(taught="five facts"),
}
"""BG/NBD keeps telling the level where it is no member; counts inside orders x value lose what the blend loses."""


@dataclass(frozen=True)
class Taught:
    """Examples that teach, and those that do over several horizons where a log is short; the rows of the as-of date;
    and what past cutoffs tell of each target's mix and level."""

    examples: Examples
    several: tuple[Examples, ...]
    today: Examples
    told: Mapping[str, Settled]


def taught_by(log: Log, case: Case) -> Taught | None:
    """Everything that the models of a case learn from, as in a run; None where nothing can be learned."""
    with tempfile.TemporaryDirectory(prefix="foretell-bench-") as folder:
        engine, plan = prepared(log, Path(folder), case.horizon_days, case.as_of)
        planned = planned_examples(engine, plan, Silent())
        if plan.serving is None or planned.serving is None:
            return None
        taught = planned.serving.take(np.isin(planned.serving.cutoff, plan.serving.training))
        return Taught(taught, planned.several, todays_examples(engine, plan), _told(planned, plan))


def _told(planned: PlannedExamples, plan: Plan) -> Mapping[str, Settled]:
    """What the blend alone tells at the past cutoffs of the proof."""
    if planned.proving is None or plan.proving is None:
        return {}
    others = frozenset(MODELS) - {Blend.name}
    tests = [Test(cutoff, plan.proving.teaching(cutoff), left_out=others) for cutoff in plan.proving.tests]
    tested = [past_forecasts(planned.proving, test, [TARGETS[name] for name in ASKED], SEED) for test in tests]
    return settled(tested, plan.proving.horizon_days)[1]


def forecasts(taught: Taught) -> Iterator[tuple[str, str, np.ndarray]]:
    """(variant, target, forecast of the rows of today)."""
    for name, target, fitted, today in _of_short_log(taught) if taught.several else _of_long_log(taught):
        variant, told = VARIANTS[name], taught.told.get(target, Settled({}, None))
        own = mixed(fitted, today, told.weights) if variant.has_mix and not variant.without else fitted
        level = variant.level or told.level or Level()
        yield name, target, levelled(own, today, TARGETS[target], level).predict(today)


Made = Iterator[tuple[str, str, Fitted, Examples]]
"""Variant, target, the fitted blend without mix and level, and the rows of today as it reads them."""


def _of_long_log(taught: Taught) -> Made:
    """Members are fitted once for each way of being taught."""
    ways = {
        "all": taught.examples,
        "one cutoff": taught.examples.take(taught.examples.cutoff == taught.examples.cutoff.max()),
        "newest": taught.examples.take(np.isin(taught.examples.cutoff, _newest(taught.examples))),
        "five facts": taught.examples.with_features(RFM_FACTS),
    }
    for way, given in ways.items():
        names = telling(given)
        examples, today = given.with_features(names), taught.today.with_features(names)
        members = {target: fitted_members(examples, target) for target in ASKED}
        for name, variant in VARIANTS.items():
            if variant.taught == way and variant.over == "all":
                for target in variant.targets:
                    if (fitted := blended(examples, target, variant, members)) is not None:
                        yield name, target, fitted, today


def _newest(examples: Examples) -> np.ndarray:
    return np.unique(examples.cutoff)[-TRAINING_CUTOFFS:]


def _of_short_log(taught: Taught) -> Made:
    """The blend over several horizons with other mixes and levels, and over the longest one with all its cutoffs."""
    names = telling(taught.examples)
    today = taught.today.with_features(names)
    for over, given in {"all": taught.several, "one": (taught.examples,)}.items():
        examples = [one.with_features(names) for one in given]
        asked = {name: one for name, one in VARIANTS.items() if one.over == over and one.taught == "all"}
        for target in ASKED:
            try:
                fitted = SeveralHorizons().fit_with_rhythm(examples, today, TARGETS[target], SEED)
            except CannotFit:
                continue
            for name, variant in asked.items():
                if target in variant.targets and not variant.without and variant.customers_for_trees:
                    yield name, target, fitted, today


def blended(
    examples: Examples, target: str, variant: Variant, members: Mapping[str, Mapping[str, Fitted]]
) -> FittedBlend | None:
    """The variant's blend of fitted members; None where nobody is left in it."""
    known = dict(members[target])
    value = known.get("orders_times_value")
    if isinstance(value, FittedOrdersTimesValue):
        counts = blended(examples, "orders", variant, members)
        if counts is None:
            del known["orders_times_value"]
        else:
            known["orders_times_value"] = replace(value, counts=counts)
    left = tuple((model, weight) for model, weight in _blend_of(target) if model.name in set(known) - variant.without)
    if not left:
        return None
    kind = TARGETS[target].kind
    once = FittedOnce(examples, SEED, {(name, target): fitted for name, fitted in known.items()})
    return Blend({kind: left}, variant.customers_for_trees).fit(examples, TARGETS[target], SEED, once)


def _blend_of(target: str) -> tuple[tuple[Model, float], ...]:
    return MEMBERS.get(target, MEMBERS[TARGETS[target].kind])


def fitted_members(examples: Examples, target: str) -> dict[str, Fitted]:
    """The members of the serving blend that can fit, by name."""
    fitted: dict[str, Fitted] = {}
    for model, _ in _blend_of(target):
        try:
            fitted[model.name] = model.fit(examples, TARGETS[target], SEED)
        except CannotFit:
            continue
    return fitted
