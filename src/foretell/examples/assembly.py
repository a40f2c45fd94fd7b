"""Assembly: features, facts and labels of every customer with an order, at many cutoffs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.examples.examples import Examples, stacked
from foretell.examples.indicators import indicator_names
from foretell.examples.labels import active, own_labels, regular, top_tier, trailing_spend
from foretell.features import FEATURES, feature_matrix
from foretell.project.intervals import MICROSECONDS_PER_DAY, days
from foretell.project.local_time import local_microseconds
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.as_of import AsOf
from foretell.timelines.batch import Timelines
from foretell.timelines.objections import may_be_profiled
from foretell.timelines.survey import Survey


@dataclass(frozen=True)
class Assembly:
    """What to compute at each cutoff; `labelled` cutoffs get labels, others (scoring) none. Who was a customer of their
    own at a labelled cutoff and has been joined with another since is left out there: what came next is the other's."""

    cutoffs: Sequence[int]
    horizon_days: int
    feature_names: tuple[str, ...]
    survey: Survey
    labelled: bool = True

    def __call__(self, batch: Timelines) -> Examples:
        """The examples of one batch, without the labels that compare customers."""
        views = batch.each_view(self.cutoffs, self.survey.population)
        return stacked([self._at(batch, view) for view in views])

    def _at(self, batch: Timelines, view: AsOf) -> Examples:
        features = feature_matrix(view, self.feature_names)
        rhythmic, rate = regular(view, self.horizon_days)
        labels = own_labels(batch, view.cutoff, self.horizon_days) if self.labelled else {}
        if labels:
            labels["declined"] = np.where(rhythmic, labels["spend"] < 0.5 * np.nan_to_num(rate), np.nan)
        examples = Examples(
            self.horizon_days,
            batch.customer_key,
            np.full(view.customers, view.cutoff),
            self.feature_names,
            features,
            facts(view, self.horizon_days, batch.timezone),
            labels,
            {
                "all": np.ones(view.customers, dtype=bool),
                "active": active(view, self.horizon_days),
                "regular": rhythmic,
            },
            words_in(features[:, np.array([is_code(name) for name in self.feature_names], dtype=bool)], batch),
        )
        asked = may_be_profiled(view)
        return examples.take(asked & ~np.isin(batch.customer_key, batch.joined) if self.labelled else asked)


def facts(view: AsOf, horizon_days: int, timezone: str) -> dict[str, np.ndarray]:
    """What baselines and BTYD read, float64; see `examples.FACTS`."""
    cutoff_day = local_microseconds(np.array([view.cutoff]), timezone)[0] // MICROSECONDS_PER_DAY
    orders = view.orders
    purchase_days = orders.total("new_day").astype(np.float64)
    first_day, last_day = orders.first("local_day"), orders.last("local_day")
    repeat_amount = (orders.total("amount") - orders.total("amount_first_day")) / UNITS_PER_ONE
    return {
        "purchase_days": purchase_days,
        "observed_days": cutoff_day - first_day,
        "first_to_last_days": last_day - first_day,
        "days_since_last": orders.days_since(orders.last("happened_at")),
        "lifetime_orders": orders.count().astype(np.float64),
        "lifetime_spend": trailing_spend(view, None),
        "trailing_orders": orders.count(since=horizon_days).astype(np.float64),
        "trailing_spend": trailing_spend(view, horizon_days),
        "past_windows": np.floor((view.cutoff - 1 - orders.first("happened_at")) / days(horizon_days)),
        "past_windows_ordered": orders.stretches(horizon_days) - 1.0,
        "repeat_value_mean": np.divide(
            np.maximum(repeat_amount, 0), purchase_days - 1, out=np.zeros(view.customers), where=purchase_days > 1
        ),
    }


def completed(examples: Examples) -> Examples:
    """The examples with what compares customers of one cutoff: who is outside the trailing top tier, and
    (where labelled) who is in the horizon's."""
    outside = np.zeros(len(examples), dtype=bool)
    high_value = np.full(len(examples), np.nan)
    for cutoff in np.unique(examples.cutoff):
        rows = np.flatnonzero(examples.cutoff == cutoff)
        key = examples.customer_key[rows]
        outside[rows] = ~top_tier(examples.facts["trailing_spend"][rows], key)
        if "spend" in examples.labels:
            high_value[rows] = top_tier(examples.labels["spend"][rows], key)
    labels = {**examples.labels, "high_value": high_value} if "spend" in examples.labels else examples.labels
    return Examples(
        examples.horizon_days,
        examples.customer_key,
        examples.cutoff,
        examples.feature_names,
        examples.features,
        examples.facts,
        labels,
        {**examples.eligible, "outside_top_tier": outside},
        examples.words,
    )


def is_code(name: str) -> bool:
    """Whether a feature's values are codes, which stand for texts and are no quantity."""
    return name in FEATURES and FEATURES[name].unit == "code"


def words_in(codes: np.ndarray, batch: Timelines) -> dict[int, str]:
    """The texts behind the codes that occur."""
    found = np.unique(codes[np.isfinite(codes)]).astype(np.int64).tolist()
    return {code: batch.words[code] for code in found if code in batch.words} if found else {}


def telling(examples: Examples) -> tuple[str, ...]:
    """Names of the features worth learning from: not constant, and not null for everybody at one cutoff
    while known at another, which would tell the date. Of a code its indicators, behind all others."""
    names, indicators = [], list[str]()
    for position, name in enumerate(examples.feature_names):
        column = examples.features[:, position]
        known = [bool(np.isfinite(column[examples.cutoff == cutoff]).any()) for cutoff in np.unique(examples.cutoff)]
        finite = column[np.isfinite(column)]
        if all(known) and len(finite) and (finite.min() < finite.max() or len(finite) < len(column)):
            if is_code(name):
                indicators += indicator_names(name, column, examples.cutoff, examples.words)
            else:
                names.append(name)
    return (*names, *indicators)
