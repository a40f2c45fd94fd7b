"""Reasons in words: what moved a forecast, told by facts that stand beside the customer's own past or beside others.

A reason is data: which way it moved the forecast, by which theme, and the facts with their values. The words of a
feature stand with the feature; here they become a sentence, once for every door.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from foretell.words.wording import amount, counted, decimals, percent, shown

LARGEST_LOG = 700.0
"""A number whose logarithm is larger cannot be held."""
TOO_LITTLE = "too little history to tell this customer from others"
LIKELIER, LESS_LIKELY = "likelier", "less likely"
MEASURED = ("", "money", "log money", "days", "hours", "share", "ratio", "log ratio", "flag", "code")
"""Units that measure; every other one names the things that are counted, in the plural."""


@dataclass(frozen=True)
class FeatureWords:
    """How a feature is told. `more` and `less` are said of customers who have more or less of it.

    `says` tells a value of one customer, `{}` in its place, and other features by name in theirs; empty for features
    that nobody would say aloud. `none` is said in its place where there is nothing of it. `verb` joins it to what half
    of the customers have. `is_rare` says that few customers have it, so that it is told by itself; `is_own` that it
    compares customers with their own past, so that others do not matter.
    `much` names who has much of it, from the least value on. Of several windows that of `window_days` is told.
    `towards` is 1 or -1 where more of it makes an order likelier or less likely by its nature; 0: the data tell.
    """

    theme: str
    more: str
    less: str
    says: str = ""
    none: str = ""
    verb: str = "have"
    is_own: bool = False
    is_rare: bool = False
    much: str = ""
    window_days: float = 0.0
    towards: int = 0

    @property
    def told(self) -> tuple[str, ...]:
        """The other features that `says` names."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.says) if name)


@dataclass(frozen=True)
class Fact:
    """A feature of one customer, or what is typical of many: its value, those of other features that belong to it by
    name, what half of the customers have (NaN: not compared), and the text behind a code."""

    feature: str
    value: float
    beside: Mapping[str, float]
    typical: float = math.nan
    word: str = ""


@dataclass(frozen=True)
class Reason:
    """What moved a forecast: `way` is 1 for likelier, -1 for less likely, 0 where nothing could be learned."""

    way: int
    theme: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Told:
    """What is needed to word facts: of each feature its unit and words, and the currency."""

    unit: Callable[[str], str]
    words: Callable[[str], FeatureWords]
    currency: str = ""

    def reason(self, reason: Reason) -> str:
        """The reason as a sentence, with the way it points before it."""
        if not reason.way:
            return TOO_LITTLE
        return f"{LIKELIER if reason.way > 0 else LESS_LIKELY}: {self.facts(reason.facts)}"

    def facts(self, facts: Sequence[Fact]) -> str:
        """The facts, one after the other."""
        return "; ".join(self.fact(fact) for fact in facts)

    def fact(self, fact: Fact) -> str:
        """One fact, beside what half of the customers have where it is compared with them."""
        words = self.words(fact.feature)
        if words.none and is_nothing(fact.value, self.unit(fact.feature)):
            said = words.none
        elif fact.word:
            said = words.says.format(shown(fact.word))
        else:
            beside = {name: self.value(name, value) for name, value in fact.beside.items()}
            said = words.says.format(self.value(fact.feature, fact.value), **beside)
        if not math.isfinite(fact.typical) or words.is_own or words.is_rare:
            return said
        return f"{said}, where half of the customers {words.verb} {self._typical(fact)}"

    def _typical(self, fact: Fact) -> str:
        unit = self.unit(fact.feature)
        if is_nothing(fact.typical, unit):
            return "none" if is_counted(unit) or unit == "share" else "nothing"
        side = "or more" if fact.value < fact.typical else "or less"
        return f"{self.figure(fact.feature, fact.typical)} {side}"

    def value(self, feature: str, value: float) -> str:
        """A value with its unit."""
        return written(value, self.unit(feature), self.currency)

    def figure(self, feature: str, value: float) -> str:
        """A value whose unit has just been said, if it is a thing that one counts."""
        unit = self.unit(feature)
        return decimals(value) if is_counted(unit) else written(value, unit, self.currency)


def written(value: float, unit: str, currency: str = "") -> str:  # noqa: PLR0911  a line a unit
    """A value in its unit.

    >>> written(3, "lines"), written(0.123, "share"), written(58.2, "days"), written(0.2, "days")
    ('3 lines', '12\\xa0%', '58 days', 'under a day')
    >>> written(1, "categories"), written(1234.5, "money", "GBP"), written(0.25, "ratio")
    ('1 category', '1,234\\xa0GBP', '0.25')
    """
    if not math.isfinite(value) or (unit == "log ratio" and value > LARGEST_LOG):
        return "an unknown number"
    if unit == "share":
        return percent(value)
    if unit == "money":
        return amount(value, currency)
    if unit == "days":
        return "under a day" if 0 <= value < 0.5 else counted(round(value), "day")
    if unit == "log ratio":
        return f"×{decimals(math.exp(value))}"
    if is_counted(unit):
        figure = decimals(value)
        return f"{figure} {one_of(unit) if figure == '1' else unit}"
    return decimals(value)


def is_counted(unit: str) -> bool:
    """Whether a unit names things that one counts.

    >>> is_counted("visits"), is_counted("days")
    (True, False)
    """
    return unit not in MEASURED


def is_nothing(value: float, unit: str) -> bool:
    """Whether a value reads as none at all."""
    return value < (0.5 if unit == "days" else 0.005)


def one_of(unit: str) -> str:
    """The singular.

    >>> one_of("categories"), one_of("lines")
    ('category', 'line')
    """
    return re.sub(r"ies$", "y", unit) if unit.endswith("ies") else unit.removesuffix("s")


def compared(told: Told, feature: str, typical: float, others: float) -> str:
    """What sets many apart by one feature: more or less of it, with both numbers; empty where they read the same or one
    is not known."""
    if not (math.isfinite(typical) and math.isfinite(others)):
        return ""
    inside, outside = told.value(feature, typical), told.value(feature, others)
    words = told.words(feature)
    if inside == outside:
        return ""
    if words.none and is_nothing(typical, told.unit(feature)):
        return f"{words.none} (others: {outside})"
    return f"{words.more if typical > others else words.less} ({inside} against {told.figure(feature, others)})"
