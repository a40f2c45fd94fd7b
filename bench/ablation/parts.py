"""The blend whole, and with a part of it taken away: every variant's forecasts for one case."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.accuracy.logs import Case, Log
from bench.prepared import prepared
from foretell.examples.assembly import Assembly, completed, telling
from foretell.examples.examples import Examples, stacked
from foretell.examples.planned import todays_examples
from foretell.features import FEATURES
from foretell.models.blend import MEMBERS, Blend, FittedBlend
from foretell.models.contract import CannotFit, Fitted, Model
from foretell.models.fitted_once import FittedOnce
from foretell.models.learners.orders_times_value import FittedOrdersTimesValue
from foretell.models.level import Level
from foretell.models.levelled import levelled
from foretell.project.objectives import TARGETS

SEED = 0
ASKED = ("purchase", "orders", "spend", "high_value")
RFM_FACTS = ("days_since_last_order", "orders_life", "spend_life", "order_value_mean_life", "age_days")
LINEAR = frozenset({"logistic", "poisson_regression", "tweedie_regression"})


@dataclass(frozen=True)
class Variant:
    """The blend without some of its members, or otherwise poorer, for the targets that this concerns."""

    without: frozenset[str] = frozenset()
    targets: tuple[str, ...] = ASKED
    has_level: bool = True
    taught: str = "all"


WHOLE = "whole"
VARIANTS: dict[str, Variant] = {
    WHOLE: Variant(),
    "without the trees": Variant(frozenset({"gradient_boosting"})),
    "without the linear model": Variant(LINEAR),
    "without BG/NBD as a member": Variant(frozenset({"bg_nbd"}), ("purchase", "orders", "spend")),
    "tier without BG/NBD": Variant(frozenset({"bg_nbd"}), ("high_value",)),
    "without the level": Variant(targets=("purchase", "high_value"), has_level=False),
    "spend without orders x value": Variant(frozenset({"orders_times_value"}), ("spend",)),
    "one cutoff instead of many": Variant(taught="one cutoff"),
    "five RFM facts as features": Variant(taught="five facts"),
}
"""BG/NBD keeps telling the level where it is no member; counts inside orders x value lose what the blend loses."""


@dataclass(frozen=True)
class Taught:
    """Examples that teach, the rows of the as-of date, and how long the log was before it."""

    examples: Examples
    today: Examples


def taught_by(log: Log, case: Case) -> Taught | None:
    """Everything that the models of a case learn from, as in a run; None where the log is too short for the horizon,
    and other models serve."""
    with tempfile.TemporaryDirectory(prefix="foretell-bench-") as folder:
        engine, plan = prepared(log, Path(folder), case.horizon_days, case.as_of)
        if plan.serving is None or plan.serving.shortened_from is not None:
            return None
        assembly = Assembly(tuple(sorted(plan.serving.training)), plan.horizon_days, tuple(FEATURES), plan.survey)
        examples = completed(stacked(list(engine.over(assembly, plan.as_of, plan.serving_key))))
        return Taught(examples, todays_examples(engine, plan))


def forecasts(taught: Taught) -> Iterator[tuple[str, str, np.ndarray]]:
    """(variant, target, forecast of the rows of today); members are fitted once for each way of being taught."""
    ways = {
        "all": taught.examples,
        "one cutoff": taught.examples.take(taught.examples.cutoff == taught.examples.cutoff.max()),
        "five facts": taught.examples.with_features(RFM_FACTS),
    }
    for way, given in ways.items():
        names = telling(given)
        examples, today = given.with_features(names), taught.today.with_features(names)
        members = {target: fitted_members(examples, target) for target in ASKED}
        for name, variant in VARIANTS.items():
            if variant.taught == way:
                for target in variant.targets:
                    fitted: Fitted | None = blended(examples, target, variant, members)
                    if fitted is not None and variant.has_level:
                        fitted = levelled(fitted, today, TARGETS[target], Level())
                    if fitted is not None:
                        yield name, target, fitted.predict(today)


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
    return Blend({kind: left}).fit(examples, TARGETS[target], SEED, once)


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
