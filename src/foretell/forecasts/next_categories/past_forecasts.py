"""One trial of what customers buy next: learned as of a cutoff, and judged beside own history and popularity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce

import numpy as np

from foretell.forecasts.next_categories import history as histories
from foretell.forecasts.next_categories.counts import CategoryCounts
from foretell.forecasts.next_categories.history import Buyers, CategoryHistory, Vocabulary, buyers, category_history
from foretell.forecasts.next_categories.metrics import SHOWN, Hits, hits, joined
from foretell.forecasts.next_categories.model import CategoryModel, blocks, fit
from foretell.models.contract import CannotFit
from foretell.project.intervals import days
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine

OURS = "ours"
SIDES = ("repeat", "new")
BASELINES: dict[str, tuple[str, ...]] = {
    "repeat": ("most frequent", "most recent", "most popular"),
    "new": ("most popular", "most often first"),
}
MOST_TAUGHT_CUSTOMERS = 20_000


@dataclass(frozen=True)
class Taught:
    """What one batch has to teach as of a cutoff: the counts of the last two windows, and histories of customers at the
    begin of the last."""

    vocabulary: Vocabulary
    cutoff: int
    horizon_days: int
    largest_key: int

    def __call__(self, batch: Timelines) -> tuple[CategoryCounts, CategoryCounts, CategoryHistory]:
        """Counts of the window before the last and of the last, and histories up to the largest key."""
        earlier, later = (
            category_history(batch, self.cutoff - days(back * self.horizon_days), self.horizon_days, self.vocabulary)
            for back in (2, 1)
        )
        sample = later.take(np.flatnonzero(later.customer_key <= self.largest_key))
        return CategoryCounts.of(earlier), CategoryCounts.of(later), sample


@dataclass(frozen=True)
class Judged:
    """The hits of every contender in one batch at a past cutoff."""

    model: CategoryModel
    cutoff: int

    def __call__(self, batch: Timelines) -> dict[tuple[str, str], Hits]:
        """By side and contender."""
        whole = category_history(batch, self.cutoff, self.model.horizon_days, self.model.vocabulary)
        found: dict[tuple[str, str], list[Hits]] = {}
        for history in blocks(whole.take(np.flatnonzero(whole.then.sum(axis=1) > 0))):
            bought = history.then.toarray() > 0
            for side in SIDES:
                for contender in (OURS, *BASELINES[side]):
                    score = scores(self.model, history, side, contender)
                    found.setdefault((side, contender), []).append(hits(history.customer_key, score, bought))
        return {key: joined(parts) for key, parts in found.items()}


def scores(model: CategoryModel, history: CategoryHistory, side: str, contender: str) -> np.ndarray:
    """float64 [customers, categories]: the higher, the sooner named; -inf where a category is not of the side."""
    score = np.full(history.then.shape, -np.inf)
    if side == "repeat":
        by_pair: dict[str, Callable[[], np.ndarray]] = {
            OURS: lambda: model.repeat_chances(history),
            "most frequent": lambda: history.times - history.days_since_last / 1e6,
            "most recent": lambda: history.times / 1e6 - history.days_since_last,
            "most popular": lambda: model.counts.popularity[history.column],
        }
        score[history.row, history.column] = by_pair[contender]()
        return score
    by_category: dict[str, Callable[[], np.ndarray]] = {
        OURS: lambda: model.new_chances(history),
        "most popular": lambda: model.counts.popularity,
        "most often first": lambda: model.counts.first_rate,
    }
    score[:] = by_category[contender]()
    score[history.row, history.column] = -np.inf
    return score


def learned(engine: Engine, as_of: int, horizon_days: int) -> CategoryModel:
    """What the log teaches as of a moment; nothing later is read. Raises `CannotFit` with a reason."""
    counted = list(engine.over(partial(buyers, before=as_of), as_of))
    vocabulary = reduce(Buyers.__add__, counted).vocabulary() if counted else Vocabulary("category", np.zeros(0, int))
    if len(vocabulary) < SHOWN:
        raise CannotFit(f"{len(vocabulary)} categories or products have {histories.FEWEST_BUYERS} buyers")
    keys = int(2**64 * min(1.0, MOST_TAUGHT_CUSTOMERS / max(1, sum(engine.over(_customers, as_of))))) - 1
    parts = list(engine.over(Taught(vocabulary, as_of, horizon_days, keys), as_of))
    earlier = reduce(CategoryCounts.__add__, [part[0] for part in parts])
    later = reduce(CategoryCounts.__add__, [part[1] for part in parts])
    return fit(vocabulary, horizon_days, earlier, histories.joined([part[2] for part in parts]), later)


def _customers(batch: Timelines) -> int:
    return len(batch.customer_key)
