"""Measures: the rows of backtest.json, summed up over their cutoffs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from foretell.backtest.forecast import Measured
from foretell.words.metrics import QUESTIONS, worst_of


@dataclass(frozen=True)
class OverCutoffs:
    """A metric of one model: its mean over the cutoffs where it has a value, the lowest, the highest, and the cutoff at
    which it is worst."""

    mean: float
    lowest: float
    highest: float
    worst_cutoff: str


class Measures:
    """Measured values by objective, slice, model and metric."""

    def __init__(self, rows: Iterable[Measured]) -> None:
        self.rows = tuple(dict.fromkeys(rows))
        self._found: dict[tuple[str, str, str, str], list[Measured]] = {}
        for row in self.rows:
            self._found.setdefault((row.objective, row.slice, row.model, row.metric), []).append(row)

    def objectives(self) -> list[str]:
        """The questions that were measured, in the order in which they are asked."""
        measured = dict.fromkeys(row.objective for row in self.rows)
        return [
            *(name for name in QUESTIONS if name in measured),
            *(name for name in measured if name not in QUESTIONS),
        ]

    def models(self, objective: str, slice_name: str) -> list[str]:
        """The models that were measured there."""
        return list(dict.fromkeys(key[2] for key in self._found if key[:2] == (objective, slice_name)))

    def metrics(self, objective: str) -> list[str]:
        """What was measured of a question."""
        return list(dict.fromkeys(key[3] for key in self._found if key[0] == objective))

    def slices(self, objective: str) -> list[str]:
        """The slices on which a question was measured, as they come."""
        return list(dict.fromkeys(key[1] for key in self._found if key[0] == objective))

    def at_cutoffs(self, objective: str, slice_name: str, model: str, metric: str) -> list[Measured]:
        """One row a cutoff, the oldest first."""
        return sorted(self._found.get((objective, slice_name, model, metric), []), key=lambda row: row.cutoff or "")

    def over_cutoffs(self, objective: str, slice_name: str, model: str | None, metric: str) -> OverCutoffs | None:
        """The metric summed up; None where it has no value at any cutoff."""
        rows = self.at_cutoffs(objective, slice_name, model or "", metric)
        known = {row.cutoff: row.value for row in rows if row.value is not None}
        if not known:
            return None
        values = list(known.values())
        worst = worst_of(metric, values)
        return OverCutoffs(
            fmean(values), min(values), max(values), next(cutoff for cutoff, value in known.items() if value == worst)
        )

    def customers(self, objective: str, slice_name: str) -> tuple[int, int, int]:
        """Forecasts over all cutoffs, how many of them came true (an outcome above zero), and the cutoffs."""
        at = {row.cutoff: row for row in self.rows if (row.objective, row.slice) == (objective, slice_name)}
        return sum(row.n for row in at.values()), sum(row.positives or 0 for row in at.values()), len(at)
