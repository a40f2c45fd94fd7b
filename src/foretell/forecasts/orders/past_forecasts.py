"""Past forecasts: every candidate for each question taught as of one past cutoff, beside what then happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.examples.assembly import telling
from foretell.examples.examples import Examples
from foretell.examples.slices import slices_of
from foretell.forecasts.orders.asked import Asked, Rows
from foretell.forecasts.orders.candidates import candidates
from foretell.forecasts.orders.without_tables import PURCHASE, without_tables
from foretell.models import spend_distribution
from foretell.models.blend import Blend, FittedBlend
from foretell.models.contract import CannotFit
from foretell.models.fitted_once import FittedOnce
from foretell.models.learners.logistic import Logistic
from foretell.models.level import SEASONAL
from foretell.models.levelled import process_mean, seasoned
from foretell.models.registry import MODELS
from foretell.models.spend_distribution import SpendDistribution
from foretell.project.objectives import TARGETS, Target

MOST_PROVING_ROWS = 20_000


@dataclass(frozen=True)
class Test:
    """One past cutoff: taught at `teaching`; `season` is its shift of the level there. `left_out` are models that are
    not tested there. Without `by_history` no buying process, which reads histories and no label, tells the level."""

    cutoff: int
    teaching: Sequence[int]
    season: float = 0.0
    left_out: frozenset[str] = frozenset()
    by_history: bool = True


@dataclass(frozen=True)
class BlendAtTest:
    """What the members of the blend said of a question, before they are mixed and the level is set: `links` of those
    who are judged and `learned` of those who taught, float64 by member; `usual` are their weights before anything is
    known of them. `process_mean` is BG/NBD's mean of the judged, None where it cannot be fitted or is not asked."""

    asked: Asked
    links: Mapping[str, np.ndarray]
    learned: Mapping[str, np.ndarray]
    usual: Mapping[str, float]
    process_mean: float | None
    season: float


@dataclass(frozen=True)
class Tested:
    """One past cutoff: the forecasts of all candidates but the blend, what the blend's members said, and how spend
    scattered around the blend among those who taught (None where it could not be told); why others cannot; and what a
    regression said `without` each table beside orders, by its name (see `without_tables`)."""

    cutoff: int
    forecasts: tuple[Forecast, ...]
    blends: tuple[BlendAtTest, ...]
    scatter: SpendDistribution | None
    cannot: Mapping[str, str]
    without: Mapping[str, Forecast] = field(default_factory=dict)

    def and_also(self, other: Tested) -> Tested:
        """The same cutoff with models that were tested there later."""
        return Tested(
            self.cutoff,
            self.forecasts + other.forecasts,
            self.blends + other.blends,
            self.scatter or other.scatter,
            {**self.cannot, **other.cannot},
            self.without or other.without,
        )


def past_forecasts(examples: Examples, test: Test, targets: Sequence[Target], seed: int) -> Tested:
    """What every candidate for each target said at the cutoff, and why others could not be made."""
    taught = examples.take(np.isin(examples.cutoff, test.teaching)).at_most(MOST_PROVING_ROWS)
    names = telling(taught)
    examples = examples.take(examples.cutoff == test.cutoff).each_once()
    kinds = slices_of(examples)
    once = FittedOnce(taught.with_features(names), seed)
    judged, forecasts, blends = examples.with_features(names), list[Forecast](), list[BlendAtTest]()
    cannot: dict[str, str] = {}
    for target in targets:
        asked = _is_asked(judged, target)
        if asked.any():
            among = {name: mask[asked] for name, mask in kinds.items()}
            found, blend, refused = _of_target(target, once, judged.take(asked), among, test)
            forecasts += found
            blends += [blend] if blend else []
            cannot |= refused
    scatter = None
    if Blend.name not in test.left_out and any(target.name == "spend" for target in targets):
        try:
            scatter = _scatter(once)
        except CannotFit as error:
            cannot["spend · interval"] = str(error)
    without: Mapping[str, Forecast] = {}
    if Logistic.name not in test.left_out and PURCHASE in targets and (asked := _is_asked(judged, PURCHASE)).any():
        without = without_tables(once, judged.take(asked))
    return Tested(test.cutoff, tuple(forecasts), tuple(blends), scatter, cannot, without)


def _of_target(
    target: Target, once: FittedOnce, judged: Examples, kinds: Mapping[str, np.ndarray], test: Test
) -> tuple[list[Forecast], BlendAtTest | None, dict[str, str]]:
    newest = _asked(once.examples.take(once.examples.cutoff == max(test.teaching)), target)
    asked = Asked(
        target.name, judged.horizon_days, test.cutoff, Rows.of(judged, target), Rows.of(newest, target), kinds
    )
    forecasts: list[Forecast] = []
    blend: BlendAtTest | None = None
    cannot: dict[str, str] = {}
    for name in (name for name in candidates(target) if name not in test.left_out):
        try:
            fitted = once.fit(MODELS[name], target)
        except CannotFit as error:
            cannot[f"{target.name} · {name}"] = str(error)
            continue
        if isinstance(fitted, FittedBlend):
            blend = BlendAtTest(
                asked,
                fitted.member_links(judged),
                fitted.member_links(newest),
                {member.name: member.weight for member in fitted.members},
                process_mean(judged, target, test.season) if test.by_history and target.name in SEASONAL else None,
                test.season if target.name in SEASONAL else 0.0,
            )
        else:
            fitted = seasoned(fitted, target.name, test.season)
            forecasts += asked.forecasts(name, fitted.predict(judged), fitted.predict(newest))
    return forecasts, blend, cannot


def _asked(examples: Examples, target: Target) -> Examples:
    return examples.take(_is_asked(examples, target))


def _is_asked(examples: Examples, target: Target) -> np.ndarray:
    return np.asarray(examples.eligible[target.eligible] & np.isfinite(examples.labels[target.label]))


def _scatter(once: FittedOnce) -> SpendDistribution | None:
    """The scatter of spend around the blend on the rows that taught it, who knew no season; None without a blend."""
    try:
        chance, spend = (once.fit(MODELS[Blend.name], TARGETS[name]) for name in ("purchase", "spend"))
    except CannotFit:
        return None
    rows = _asked(once.examples, TARGETS["spend"])
    return spend_distribution.fit(chance.predict(rows), spend.predict(rows), rows.labels["spend"])
