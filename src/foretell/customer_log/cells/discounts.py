"""Discounts as people write them: money taken off, a share of the price, or a percentage of it."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.identifiers import as_text, distinct
from foretell.customer_log.cells.numbers import quantities
from foretell.project.money import LARGEST_AMOUNT, UNITS_PER_ONE
from foretell.project.request import DecimalSign

DiscountForm = Literal["money", "share", "percent"]
PERCENT = r"\s*%$"


class Counts(NamedTuple):
    """Rows with a discount other than 0; of these, rows with at most 1, and rows below 1."""

    told: int = 0
    at_most_one: int = 0
    below_one: int = 0

    def plus(self, other: Counts) -> Counts:
        """The counts of both."""
        return Counts(*(own + more for own, more in zip(self, other, strict=True)))


class DiscountEvidence(NamedTuple):
    """What discounts look like, read with a decimal point and with a decimal comma."""

    point: Counts = Counts()
    comma: Counts = Counts()

    def plus(self, other: DiscountEvidence) -> DiscountEvidence:
        """The evidence of both."""
        return DiscountEvidence(self.point.plus(other.point), self.comma.plus(other.comma))

    def are_shares(self, decimal: DecimalSign, tolerated: float) -> bool:
        """Whether some discounts are below 1, and all but a tolerated share of them are at most 1."""
        counts = self.point if decimal == "." else self.comma
        return counts.below_one > 0 and counts.told - counts.at_most_one <= tolerated * counts.told


def discount_evidence(column: pa.ChunkedArray | pa.Array) -> DiscountEvidence:
    """What a column says about how it tells discounts; a percent sign speaks for its own row only.

    >>> discount_evidence(pa.array(["0.1", "0", "1", "10%"])).point
    Counts(told=2, at_most_one=2, below_one=1)
    """
    return DiscountEvidence(_counts(column, "."), _counts(column, ","))


def _counts(column: pa.ChunkedArray | pa.Array, decimal: DecimalSign) -> Counts:
    figures, is_percent = _figures(column, decimal)
    told = figures[(figures > 0) & ~is_percent]
    return Counts(len(told), int((told <= 1).sum()), int((told < 1).sum()))


def discounts(
    column: pa.ChunkedArray | pa.Array, decimal: DecimalSign, form: DiscountForm, amounts: np.ndarray
) -> np.ndarray:
    """int64 ten-thousandths taken off each line, whatever the sign; 0 where nothing can be read, and on refunds.

    A share (or percentage, also by the row's own percent sign) is one of the price before it was taken off, `amounts`
    (ten-thousandths) are what was paid.

    >>> discounts(pa.array(["0.2", "20%", "-0.2", ""]), ".", "share", np.array([80_000] * 4)).tolist()
    [20000, 20000, 20000, 0]
    """
    figures, is_percent = _figures(column, decimal)
    money = figures * UNITS_PER_ONE
    if form != "money" or is_percent.any():
        share = np.where(is_percent | (form == "percent"), figures / 100, figures)
        as_share = amounts * np.divide(share, 1 - share, out=np.ones(len(share)), where=share < 1)
        money = np.where(is_percent | (form != "money"), as_share, money)
    money = np.minimum(money, LARGEST_AMOUNT * UNITS_PER_ONE)
    return np.where(amounts < 0, 0, np.rint(money)).astype(np.int64)


def _figures(column: pa.ChunkedArray | pa.Array, decimal: DecimalSign) -> tuple[np.ndarray, np.ndarray]:
    """float64 without sign, 0 where there is no number, and whether a percent sign follows."""
    values, positions = distinct(column)
    if pa.types.is_floating(values.type) or pa.types.is_integer(values.type):
        figures, is_percent = quantities(values, decimal).values, np.zeros(len(values), dtype=bool)
    else:
        texts = as_text(values)
        is_percent = pc.fill_null(pc.match_substring_regex(texts, PERCENT), False).to_numpy(zero_copy_only=False)
        figures = quantities(pc.replace_substring_regex(texts, PERCENT, ""), decimal).values
    return np.abs(np.append(figures, 0.0))[positions], np.append(is_percent, False)[positions]
