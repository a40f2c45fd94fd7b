"""Flows: how many customers went from which segment to which, and what they spent on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Flows:
    """float64 [segments, segments], from row to column. `customers`; `ageing` of them are where silence alone would
    have brought them; `money` is what they spent between the two dates, in currency. `newcomers` and their money are
    float64 [segments]: first ordered between the two dates."""

    customers: np.ndarray
    ageing: np.ndarray
    money: np.ndarray
    newcomers: np.ndarray
    newcomers_money: np.ndarray

    @property
    def ageing_share(self) -> float:
        """The share of moves (to another segment) that silence alone explains; NaN without a move."""
        moved = ~np.eye(len(self.customers), dtype=bool)
        total = self.customers[moved].sum()
        return float(self.ageing[moved].sum() / total) if total else float("nan")


@dataclass(frozen=True)
class Journeys:
    """Customers known at the first of two dates, one entry each: the codes of their segments then (`start`), where
    silence leads (`landing`; no segment for one who ordered) and at the second date (`end`), and their spend in
    between."""

    start: np.ndarray
    landing: np.ndarray
    end: np.ndarray
    spend: np.ndarray


def flows(segments: int, known: Journeys, newcomer: np.ndarray, newcomer_spend: np.ndarray) -> Flows:
    """The flows of the customers known at the first date, and of those who came after it: `newcomer` are their codes
    at the second."""
    size = (segments, segments)
    counted, aged, paid = np.zeros(size), np.zeros(size), np.zeros(size)
    np.add.at(counted, (known.start, known.end), 1.0)
    np.add.at(aged, (known.start, known.end), (known.landing == known.end).astype(np.float64))
    np.add.at(paid, (known.start, known.end), known.spend)
    came = np.bincount(newcomer, minlength=segments).astype(np.float64)
    brought = np.bincount(newcomer, weights=newcomer_spend, minlength=segments)
    return Flows(counted, aged, paid, came, brought)


def expected_flows(start: np.ndarray, probability: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """float64 [segments, segments] of codes and chances [customers, segments]: the sum of chances, from row to column;
    of chances times `weight` [customers], where that is given."""
    size = probability.shape[1]
    columns = (probability[:, place] if weight is None else probability[:, place] * weight for place in range(size))
    return np.column_stack([np.bincount(start, weights=column, minlength=size) for column in columns])
