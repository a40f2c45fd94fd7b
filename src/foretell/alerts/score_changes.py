"""Changes of scores from one run to the next: "p_purchase fell by 20 points", "expected_spend rose by 30 %"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from foretell.project.errors import InputError

Unit = Literal["points", "%", ""]
CHANGE = re.compile(
    r"\s*(?P<column>[A-Za-z_]\w*)\s+(?P<direction>fell|rose|changed)\s+by\s+"
    r"(?P<size>\d+(?:\.\d+)?)\s*(?P<unit>points?|%)?\s*"
)
ROUNDING = 1e-9
"""Differences of scores are told to this much, so that 0.8 to 0.6 is a fall by 20 points."""


@dataclass(frozen=True)
class ChangeOfScore:
    """A column that moved by at least `size`: `points` are hundredths of a chance (or points of a percentile), `%` is
    relative to the score before, without a unit it is the column's own."""

    column: str
    direction: Literal["fell", "rose", "changed"]
    size: float
    unit: Unit

    def holds(self, now: Mapping[str, np.ndarray], before: Mapping[str, np.ndarray]) -> np.ndarray:
        """bool [customers]; rows of both are the same customers, NaN where there was no score: no change."""
        new, old = (np.asarray(columns[self.column], dtype=np.float64) for columns in (now, before))
        moved = new - old
        if self.unit == "%":
            with np.errstate(divide="ignore", invalid="ignore"):
                moved = np.where(old > 0, moved / old * 100, np.nan)
        elif self.unit == "points" and not self.column.startswith("percentile"):
            moved = moved * 100
        signed = {"fell": -moved, "rose": moved, "changed": np.abs(moved)}[self.direction]
        return np.asarray(signed >= self.size - ROUNDING)


def parse_change(text: str, known: Collection[str]) -> ChangeOfScore:
    """The change that a text tells; InputError where it cannot be read or its column is not among the known.

    >>> parse_change("p_purchase fell by 20 points", ["p_purchase"])
    ScoreChange(column='p_purchase', direction='fell', size=20.0, unit='points')
    """
    match = CHANGE.fullmatch(text)
    if match is None or not float(match["size"]) > 0:
        raise InputError(
            "The change cannot be read.",
            found=text,
            expected="COLUMN fell|rose|changed by NUMBER, then points, % or nothing",
            hint='change = "p_purchase fell by 20 points"',
        )
    if match["column"] not in known:
        raise InputError(
            "The change names a column that is not a number of the scores.",
            found=match["column"],
            expected=f"one of: {', '.join(sorted(known))}",
        )
    unit: Unit = "points" if (match["unit"] or "").startswith("point") else "%" if match["unit"] else ""
    direction: Literal["fell", "rose", "changed"] = (
        "fell" if match["direction"] == "fell" else "rose" if match["direction"] == "rose" else "changed"
    )
    return ChangeOfScore(match["column"], direction, float(match["size"]), unit)
