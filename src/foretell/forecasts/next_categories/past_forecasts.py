"""One trial of what customers buy next: learned as of a cutoff, and judged beside own history and popularity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, reduce

import numpy as np

from foretell.forecasts.next_categories import history as histories
from foretell.forecasts.next_categories.candidates import (
    AGAIN,
    EITHER,
    NEW,
    SIDES,
    candidates,
    contenders,
)
from foretell.forecasts.next_categories.counts import CategoryCounts
from foretell.forecasts.next_categories.history import Buyers, CategoryHistory, Vocabulary, buyers, category_history
from foretell.forecasts.next_categories.metrics import SHOWN, Hits, hits, joined
from foretell.forecasts.next_categories.model import CategoryModel, blocks, fit
from foretell.models.contract import CannotFit
from foretell.project.intervals import days
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine

MOST_TAUGHT_CUSTOMERS = 20_000


@dataclass(frozen=True)
class Lesson:
    """Counts of the window before the last and of the last, and histories of some customers at the begin of the last;
    `a + b` adds up batches."""

    earlier: CategoryCounts
    later: CategoryCounts
    samples: tuple[CategoryHistory, ...]

    def __add__(self, other: Lesson) -> Lesson:
        return Lesson(self.earlier + other.earlier, self.later + other.later, self.samples + other.samples)


@dataclass(frozen=True)
class Taught:
    """What one batch has to teach as of a cutoff."""

    vocabulary: Vocabulary
    cutoff: int
    horizon_days: int
    largest_key: int

    def __call__(self, batch: Timelines) -> Lesson:
        """Counts of everybody, and histories of customers up to the largest key."""
        earlier, later = (
            category_history(batch, self.cutoff - days(back * self.horizon_days), self.horizon_days, self.vocabulary)
            for back in (2, 1)
        )
        sample = later.take(np.flatnonzero(later.customer_key <= self.largest_key))
        common = self.vocabulary.common
        return Lesson(CategoryCounts.of(earlier, common), CategoryCounts.of(later, common), (sample,))


@dataclass(frozen=True)
class Judged:
    """The hits of every contender in one batch at a past cutoff, of the sides for which ours was learned."""

    model: CategoryModel
    cutoff: int

    def __call__(self, batch: Timelines) -> dict[tuple[str, str], Hits]:
        """By side and contender."""
        whole = category_history(batch, self.cutoff, self.model.horizon_days, self.model.vocabulary)
        found: dict[tuple[str, str], list[Hits]] = {}
        for history in blocks(whole.take(np.flatnonzero(whole.then.sum(axis=1) > 0))):
            bought = history.then.sum(axis=1)
            again = np.bincount(history.row, history.bought_again(), minlength=len(history))
            wanted = {EITHER: bought, AGAIN: again, NEW: bought - again}
            for side, contender in ((one, name) for one in SIDES for name in contenders(self.model, one)):
                ranked = candidates(self.model, history, side, contender)
                own = hits(history.customer_key, ranked, history.then, wanted[side])
                found.setdefault((side, contender), []).append(own)
        return {key: joined(parts) for key, parts in found.items()}


def learned(engine: Engine, as_of: int, horizon_days: int) -> CategoryModel:
    """What the log teaches as of a moment; nothing later is read. Raises `CannotFit` with a reason."""
    vocabulary = reduce(Buyers.__add__, engine.over(partial(buyers, before=as_of), as_of), Buyers()).vocabulary()
    if len(vocabulary) < SHOWN:
        raise CannotFit(f"{len(vocabulary)} categories or products had been bought; {SHOWN} are needed")
    keys = int(2**64 * min(1.0, MOST_TAUGHT_CUSTOMERS / max(1, sum(engine.over(_customers, as_of))))) - 1
    lesson = reduce(Lesson.__add__, engine.over(Taught(vocabulary, as_of, horizon_days, keys), as_of))
    return fit(vocabulary, horizon_days, lesson.earlier, histories.joined(lesson.samples), lesson.later)


def _customers(batch: Timelines) -> int:
    return len(batch.customer_key)
