"""What is known of an order beside its time and money: country, channel, category, discount, where the source has them.

Texts are codes: 53 bits of a stable hash, which a float64 holds exactly; 0 is null.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from foretell.customer_log.schema import ORDER_ATTRIBUTES
from foretell.customer_log.stable_keys import CODE_SHIFT
from foretell.timelines.derived import Derivation

NO_DISCOUNTS = -1


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
