"""Early indicators: facts of a new customer that go with later high value, named, with their direction and size.

Each fact splits new customers in two; how many times as often the one side entered the later top tier is shown only
where chance does not explain it, all facts that were looked at taken together. Facts that mean alike are told once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foretell.backtest.bootstrap import Figure
from foretell.examples.examples import Examples
from foretell.examples.indicators import FEWEST_CUSTOMERS, feature_behind, indicator_names
from foretell.features.registry import unit_of, words_of
from foretell.forecasts.early_value.metrics import excludes_one, relative_rate
from foretell.forecasts.early_value.past_forecasts import CohortTrial
from foretell.forecasts.early_value.rows import HIGH_VALUE
from foretell.models.themes import by_theme, themes_of
from foretell.words.reasons import is_counted
from foretell.words.wording import shown

MOST_SHOWN = 5
SAME_CUSTOMERS = 0.6
"""The correlation above which two facts are told as one."""
LARGE_SHARE = 1 / 3
"""Who has much: about this share of the new customers."""
MOSTLY = 0.5
"""The least of a share that is told as much: not any, or those with more orders would have it oftener."""
SECOND_ORDER = "days_to_second_order"


@dataclass(frozen=True)
class EarlyIndicator:
    """A fact in words, the share of new customers who have it, and how many times as often they entered the later top
    tier as the others, with its interval. `model_says` is the way in which the model moves them: 1 likelier, -1 less
    likely, 0 where it does not know the fact."""

    text: str
    feature: str
    theme: str
    share: float
    ratio: Figure
    model_says: int


@dataclass(frozen=True)
class EarlyFact:
    """A fact and who has it: bool [rows]."""

    text: str
    feature: str
    has: np.ndarray


def indicators(rows: Examples, tested: CohortTrial, age_days: int) -> tuple[EarlyIndicator, ...]:
    """The facts of labelled rows of one age, strongest first, one a theme; `tested` has the model and a cohort to ask
    it of."""
    in_tier = rows.labels[HIGH_VALUE]
    possible = [fact for fact in facts_of(rows, age_days) if relative_rate(fact.has, in_tier) is not None]
    beyond: list[tuple[tuple[float, float], EarlyFact, Figure]] = []
    for fact in possible:
        ratio = relative_rate(fact.has, in_tier, len(possible))
        if ratio is not None and excludes_one(ratio):
            beyond.append((_strength(ratio), fact, ratio))
    shown_facts: list[tuple[EarlyFact, Figure]] = []
    for _, fact, ratio in sorted(beyond, key=lambda one: one[0], reverse=True):
        if not any(_same(fact, other) for other, _ in shown_facts):
            shown_facts.append((fact, ratio))
    return tuple(
        EarlyIndicator(
            fact.text,
            fact.feature,
            theme_of(fact.feature),
            float(fact.has.mean()),
            ratio,
            model_says(fact, rows, tested),
        )
        for fact, ratio in shown_facts[:MOST_SHOWN]
    )


def _same(one: EarlyFact, other: EarlyFact) -> bool:
    """Whether two facts mean alike, or mostly the same customers have them (or have them not)."""
    if theme_of(one.feature) == theme_of(other.feature):
        return True
    return abs(float(np.corrcoef(one.has, other.has)[0, 1])) > SAME_CUSTOMERS


def _strength(ratio: Figure) -> tuple[float, float]:
    """How far from 1 beyond chance; of a fact and its opposite the one that makes high value likelier."""
    distance, spread = abs(np.log(ratio.value)), abs(np.log(ratio.high or ratio.value) - np.log(ratio.value))
    return round(float(distance / max(spread, 1e-12)), 6), ratio.value


def theme_of(feature: str) -> str:
    """The theme of a fact; a second order is one of its own."""
    return "second order" if feature == SECOND_ORDER else themes_of([feature])[0]


def facts_of(rows: Examples, age_days: int) -> Iterator[EarlyFact]:
    """Every named fact that the log can tell; who has much of something is said without looking at the outcome."""
    for name in (name for name in rows.feature_names if words_of(name).much):
        unit = unit_of(name)
        if unit == "code":
            yield from _by_code(rows, name)
        elif unit in ("share", "flag", "refunds"):
            values = rows.feature(name)
            if np.isfinite(values).any():
                yield EarlyFact(words_of(name).much, name, values > (MOSTLY if unit == "share" else 0.0))
        elif (fact := _large(rows, name)) is not None:
            yield fact
    wait = _column(rows, SECOND_ORDER)
    if np.isfinite(wait).any():
        day = "on the first day" if age_days == 1 else f"within {age_days} days"
        yield EarlyFact(f"a second order {day}", SECOND_ORDER, np.isfinite(wait))


def _large(rows: Examples, name: str) -> EarlyFact | None:
    """Who has much of an amount or a number; None where that tells nobody apart."""
    values = rows.feature(name)
    known = values[np.isfinite(values)]
    if len(known) < FEWEST_CUSTOMERS or known.min() == known.max():
        return None
    least = much(known, in_steps=is_counted(unit_of(name)))
    return (
        EarlyFact(words_of(name).much.format(f"{least:,.10g}"), name, values >= least) if least > known.min() else None
    )


def _by_code(rows: Examples, name: str) -> Iterator[EarlyFact]:
    """Who has each of the common values of a code."""
    codes = rows.feature(name)
    if np.isfinite(codes).any():
        for value in indicator_names(name, codes, rows.cutoff, rows.words):
            word = value.removeprefix(f"{name}: ")
            code = next(code for code, told in rows.words.items() if told == word)
            yield EarlyFact(words_of(name).much.format(shown(word)), value, codes == code)


def much(known: np.ndarray, in_steps: bool) -> float:
    """What about a third of the values reach; of values in steps, the step that comes nearest to it.

    >>> much(np.array([1.0, 1, 1, 2, 2, 2, 2, 3, 3]), in_steps=True), much(np.arange(1000.0), in_steps=False)
    (3.0, 670.0)
    """
    least = rounded(float(np.quantile(known, 1 - LARGE_SHARE)))
    above = known[known > least]
    if not in_steps or not len(above):
        return least
    return min((least, float(above.min())), key=lambda step: abs(float((known >= step).mean()) - LARGE_SHARE))


def rounded(value: float) -> float:
    """A number of two digits at most, so that it can be remembered.

    >>> rounded(347.2), rounded(18.0), rounded(4.5), rounded(0.0)
    (350.0, 18.0, 4.5, 0.0)
    """
    return float(f"{value:.2g}")


def model_says(fact: EarlyFact, rows: Examples, tested: CohortTrial) -> int:
    """Which way the model moves those who have the fact, beside the others, by all features of its theme."""
    own = np.isin(rows.customer_key, tested.rows.customer_key)
    has = fact.has[own]
    if not has.any() or has.all():
        return 0
    themes, moved = by_theme(tested.contributions())
    theme = themes_of([fact.feature])[0]
    if theme not in themes:
        return 0
    column = moved[:, themes.index(theme)]
    return int(np.sign(round(float(column[has].mean() - column[~has].mean()), 6)))


def _column(rows: Examples, feature: str) -> np.ndarray:
    feature = feature_behind(feature)
    return rows.feature(feature) if feature in rows.feature_names else np.full(len(rows), np.nan)
