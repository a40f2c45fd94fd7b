"""Columns that follow from a fact and those before it, each made when a feature first asks for it.

A row's values depend on rows of the same customer before it only, except `next_*`, which the view compares
with its cutoff.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from foretell.customer_log.schema import ORDER_ATTRIBUTES
from foretell.customer_log.stable_keys import CODE_SHIFT, code_of
from foretell.customer_log.tables.contacts import NOT_SENT
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.facts import Facts

LOG_UNITS = 100_000
EVENING_HOUR = 17

Derivation = Callable[[Facts], np.ndarray]
NO_DISCOUNTS = -1


def order_columns(timezone: str) -> dict[str, Derivation]:
    """What follows from orders: the days between purchase days (-1 without one before), local clock, logs."""
    return {
        **day_columns(timezone),
        "gap_seconds": _gap_seconds,
        "gap_days": _gap_days,
        "day_gap_days": _day_gap_days,
        "has_gap": lambda facts: (facts.columns["gap_days"] >= 0).astype(np.int64),
        "gap_sum": lambda facts: np.maximum(facts.columns["gap_days"], 0),
        "gap_square": lambda facts: facts.columns["gap_sum"] ** 2,
        "log_amount": _log_amount,
        "log_amount_square": lambda facts: facts.columns["log_amount"] ** 2,
        "weekday": lambda facts: (facts.columns["local_day"] + 3) % 7 + 1,
        "weekend": lambda facts: (facts.columns["weekday"] >= 6).astype(np.int64),
        "square_weekday": lambda facts: 2 * facts.occurrence("weekday").times - 1,
        "hour": lambda facts: facts.columns["local"] % MICROSECONDS_PER_DAY // 3_600_000_000,
        "evening": lambda facts: (facts.columns["hour"] >= EVENING_HOUR).astype(np.int64),
        "timed": lambda facts: (facts.columns["local"] % MICROSECONDS_PER_DAY != 0).astype(np.int64),
        "free": lambda facts: (facts.columns["amount"] == 0).astype(np.int64),
        "amount_first_day": _amount_first_day,
    }


def day_columns(timezone: str) -> dict[str, Derivation]:
    """What follows from the local clock: the local day, and whether a fact is the customer's first on it."""
    return {
        "local": lambda facts: local_microseconds(facts.happened_at, timezone),
        "local_day": lambda facts: facts.columns["local"] // MICROSECONDS_PER_DAY,
        "new_day": _new_day,
    }


def adjustment_columns() -> dict[str, Derivation]:
    """What follows from adjustments: whether money was given back."""
    return {"is_refund": lambda facts: (facts.columns["refunded"] > 0).astype(np.int64)}


def line_columns() -> dict[str, Derivation]:
    """What follows from the products and categories of order lines."""
    return code_columns(("product", "category"))


def code_columns(names: Sequence[str]) -> dict[str, Derivation]:
    """What follows from columns of codes or keys: whether one is named, is new to the customer, where it comes next,
    and what it adds to the sum of squared counts."""
    columns: dict[str, Derivation] = {}
    for name in names:
        columns |= {
            f"new_{name}": lambda facts, name=name: (facts.occurrence(name).times == 1).astype(np.int64),  # type: ignore[misc]
            f"has_{name}": lambda facts, name=name: (facts.columns[name] != 0).astype(np.int64),  # type: ignore[misc]
            f"square_{name}": lambda facts, name=name: np.maximum(2 * facts.occurrence(name).times - 1, 0),  # type: ignore[misc]
            f"next_{name}": lambda facts, name=name: facts.occurrence(name).following,  # type: ignore[misc]
        }
    return columns


def contacts_told(facts: Facts, own_campaigns: Sequence[str]) -> Facts:
    """Contacts with what follows from arm and campaign: `was_sent`, which is 0 for who was drawn to be held back, and
    `is_given`, which is 0 for these and for every contact of a campaign of our own. Whom such a campaign reached was
    decided by a forecast: counting it would tell the forecast of yesterday."""
    held_back = [code_of(form) for arm in NOT_SENT for form in (arm, arm.capitalize(), arm.title(), arm.upper())]
    own = [code_of(name) for name in own_campaigns]
    more: dict[str, Derivation] = {
        "was_sent": lambda facts: (~np.isin(facts.columns["arm"], held_back)).astype(np.int64),
        "is_given": lambda facts: facts.columns["was_sent"] * ~np.isin(facts.columns["campaign"], own),
    }
    return Facts(facts.offsets, facts.given, {**facts.derivations, **more})


def attributes_of_orders() -> dict[str, Derivation]:
    """The columns of orders whose source has no such attribute: null codes, and a discount of `NO_DISCOUNTS`."""
    return {
        "country": lambda facts: np.zeros(len(facts), dtype=np.int64),
        "channel": lambda facts: np.zeros(len(facts), dtype=np.int64),
        "discount": lambda facts: np.full(len(facts), NO_DISCOUNTS),
    }


def attributes_of_lines() -> dict[str, Derivation]:
    """The code of a line's category, 0 where it names none."""
    return {
        "category_code": lambda facts: (facts.columns["category"].view(np.uint64) >> CODE_SHIFT).astype(np.int64),
    }


def attributes_among(names: Sequence[str]) -> list[str]:
    """The names of order attributes among those of a table's columns."""
    return [name for name in ORDER_ATTRIBUTES.names if name in names]


def words_of(tables: Sequence[pa.Table]) -> dict[int, str]:
    """Code to text, of the words of several loads."""
    return {code: text for table in tables for code, text in zip(*table.to_pydict().values(), strict=True)}


def _gap_seconds(facts: Facts) -> np.ndarray:
    gap = np.full(len(facts), -1, dtype=np.int64)
    gap[1:] = np.diff(facts.happened_at) // 1_000_000
    gap[~facts.follows] = -1
    return gap


def _new_day(facts: Facts) -> np.ndarray:
    new = np.ones(len(facts), dtype=np.int64)
    new[1:] = (np.diff(facts.columns["local_day"]) != 0) | ~facts.follows[1:]
    return new


def _gap_days(facts: Facts) -> np.ndarray:
    gap = np.full(len(facts), -1, dtype=np.int64)
    days = np.diff(facts.columns["local_day"])
    gap[1:] = np.where((days != 0) & facts.follows[1:], days, -1)
    return gap


def _day_gap_days(facts: Facts) -> np.ndarray:
    """The gap that ended on the order's day: that of the day's first order."""
    rows = np.arange(len(facts))
    first_of_day = np.maximum.accumulate(np.where(facts.columns["new_day"] == 1, rows, 0))
    return facts.columns["gap_days"][first_of_day]


def _log_amount(facts: Facts) -> np.ndarray:
    amount = np.maximum(facts.columns["amount"], 0) / UNITS_PER_ONE
    return np.rint(np.log1p(amount) * LOG_UNITS).astype(np.int64)


def _amount_first_day(facts: Facts) -> np.ndarray:
    day, counts = facts.columns["local_day"], np.diff(facts.offsets)
    first_day = np.repeat(day[facts.offsets[:-1][counts > 0]], counts[counts > 0])
    return np.where(day == first_day, facts.columns["amount"], 0)
