"""Profiles: what a segment is like, in numbers and in one sentence, whatever rule it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.features.registry import stem, told_in
from foretell.features.scale import logged, robust_deviation
from foretell.words.reasons import compared
from foretell.words.wording import TIGHT, amount, counted, percent

BEHAVIOUR = (
    "days_since_last_order",
    "orders_365d",
    "spend_365d",
    "gap_days_median",
    "order_value_mean_life",
    "products_life",
    "refunded_share_life",
    "orders_trend_90d",
    "days_first_to_last_order",
)
"""Features that together say how a customer behaves: how lately, how often, how much, how regularly, how broadly."""

TRAITS = 3
LEAST_APART = 0.3


@dataclass(frozen=True)
class Trait:
    """What sets a segment apart: the median inside and among all others, the distance of their logarithms (plain
    for shares and ratios) in robust standard deviations of all customers, and the words for it."""

    feature: str
    typical: float
    others: float
    apart: float
    words: str


@dataclass(frozen=True)
class Following:
    """What happened next: an entry a customer and past cutoff, with the segment then, whether there was an order
    within `horizon_days`, and the spend, in currency."""

    codes: np.ndarray
    ordered: np.ndarray
    spend: np.ndarray
    horizon_days: int


@dataclass(frozen=True)
class Profile:
    """One segment: its size, its share of spend, the median of each feature, what sets it apart most, what its members
    did next. A number that cannot be told is NaN: shares of nothing, medians of nobody, what followed where no past is
    given. `sentence` says it all."""

    segment: str
    customers: int
    share_of_customers: float
    spend: float
    share_of_spend: float
    typical: Mapping[str, float]
    traits: tuple[Trait, ...]
    share_ordered_next: float
    mean_spend_next: float
    sentence: str


def profiles(
    codes: np.ndarray,
    segments: Sequence[str],
    features: Mapping[str, np.ndarray],
    spend: np.ndarray,
    currency: str = "",
    following: Following | None = None,
) -> tuple[Profile, ...]:
    """The profile of each segment. `codes` int [customers] are places in `segments`, negative for customers who are in
    none and do not count; `features` hold float64 [customers] by name, NaN where null; `spend` is that of which the
    shares are told, in currency."""
    counted = codes >= 0
    codes, spend = codes[counted], np.asarray(spend, dtype=np.float64)[counted]
    features = {name: np.asarray(values, dtype=np.float64)[counted] for name, values in features.items()}
    units = {name: robust_deviation(logged(values, name)) for name, values in features.items()}
    found = []
    for code, segment in enumerate(segments):
        inside = codes == code
        traits = _traits(inside, features, units, currency)
        shares = _share(inside.sum(), len(codes)), _share(spend[inside].sum(), spend.sum())
        next_time = (np.nan, np.nan) if following is None else _next(following, code)
        sentence = f"{segment}: {_size(int(inside.sum()), *shares)}" + "".join(
            f"{mark}{part}"
            for mark, part in (
                ("; ", ", ".join(trait.words for trait in traits)),
                (". ", _said(next_time, following, currency)),
            )
            if part
        )
        typical = {name: _median(values[inside]) for name, values in features.items()}
        found.append(
            Profile(
                segment,
                int(inside.sum()),
                shares[0],
                float(spend[inside].sum()),
                shares[1],
                typical,
                traits,
                *next_time,
                f"{sentence}.".replace(TIGHT, " "),
            )
        )
    return tuple(found)


def _traits(
    inside: np.ndarray, features: Mapping[str, np.ndarray], units: Mapping[str, float], currency: str
) -> tuple[Trait, ...]:
    """The traits that are furthest apart, one of features that differ only in their window. A feature that half of
    either side does not have sets nobody apart."""
    best: dict[str, Trait] = {}
    for name, values in features.items():
        if not all(np.isfinite(side).sum() * 2 > len(side) for side in (values[inside], values[~inside])):
            continue
        typical, others = _median(values[inside]), _median(values[~inside])
        distance = float(logged(np.array([typical, others]), name) @ [1, -1]) / units[name] if units[name] else np.nan
        words = compared(told_in(currency), name, typical, others) if abs(distance) >= LEAST_APART else ""
        kind = stem(name)
        if words and (kind not in best or abs(distance) > abs(best[kind].apart)):
            best[kind] = Trait(name, typical, others, distance, words)
    return tuple(sorted(best.values(), key=lambda trait: -abs(trait.apart))[:TRAITS])


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def _next(following: Following, code: int) -> tuple[float, float]:
    inside = following.codes == code
    if not inside.any():
        return float("nan"), float("nan")
    return float(np.mean(following.ordered[inside])), float(np.mean(following.spend[inside]))


def _size(customers: int, share: float, share_of_spend: float) -> str:
    if not customers:
        return "nobody"
    revenue = f", {percent(share_of_spend)} of revenue" if np.isfinite(share_of_spend) else ""
    return f"{counted(customers, 'customer')} ({percent(share)}){revenue}"


def _said(next_time: tuple[float, float], following: Following | None, currency: str) -> str:
    ordered, spend = next_time
    if following is None or not np.isfinite(ordered):
        return ""
    return (
        f"Of those in it before, {percent(ordered)} ordered within {following.horizon_days} days; "
        f"mean spend {amount(spend, currency)}"
    )
