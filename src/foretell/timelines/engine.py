"""Running one function over every bucket of a log, in this process or in two, with results in bucket order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from joblib import Parallel, delayed

from foretell.customer_log.store import Store
from foretell.customer_log.tables.contacts import CONTACTS
from foretell.project.one_thread import on_one_thread
from foretell.project.progress import Progress, Silent
from foretell.timelines.batch import Timelines, Value
from foretell.timelines.bucket import EVERY_KEY, Bucket, buckets_of

Result = TypeVar("Result")
ROWS_WORTH_A_SECOND_PROCESS = 500_000


@dataclass(frozen=True)
class Engine:
    """The buckets of a log, and how many worker processes read them (1: this process). `held` keeps the batch of a log
    of one bucket from one pass to the next; None where every pass reads it anew, and nothing stays in memory."""

    buckets: Sequence[Bucket]
    workers: int = 1
    held: dict[tuple[int, int], Timelines] | None = field(default=None, compare=False, repr=False)

    @property
    def tables(self) -> frozenset[str]:
        """The tables beside orders of which the log holds facts."""
        return frozenset(name for bucket in self.buckets for name in bucket.tables)

    def holding(self) -> Engine:
        """The same, for many passes in a row that train nothing beside."""
        return replace(self, workers=1, held={}) if len(self.buckets) == 1 else self

    @property
    def own_campaigns(self) -> tuple[str, ...]:
        """The names of campaigns of our own, where the log holds contacts."""
        return self.buckets[0].own_campaigns if self.buckets else ()

    def knowing(self, own_campaigns: tuple[str, ...]) -> Engine:
        """The same engine, whose batches tell the contacts of these campaigns apart; itself where there is no contact
        or no campaign."""
        if CONTACTS.name not in self.tables or not own_campaigns:
            return self
        buckets = [replace(bucket, own_campaigns=own_campaigns) for bucket in self.buckets]
        return replace(self, buckets=buckets, held=None if self.held is None else {})

    def over(
        self,
        function: Callable[[Timelines], Result],
        before: int,
        largest_key: int = EVERY_KEY,
        progress: Progress | None = None,
    ) -> Iterator[Result]:
        """The function's result for each bucket that has a customer, with what was visible before `before`."""
        listener = progress or Silent()
        if self.held is not None:
            listener.advance()
            yield from self._over_held(function, before, largest_key, self.held)
            return
        work = (delayed(_result)(function, bucket, before, largest_key) for bucket in self.buckets)
        for result in Parallel(n_jobs=self.workers, return_as="generator", pre_dispatch="1.5*n_jobs")(work):
            listener.advance()
            if result is not None:
                yield result

    @on_one_thread
    def _over_held(
        self,
        function: Callable[[Timelines], Result],
        before: int,
        largest_key: int,
        held: dict[tuple[int, int], Timelines],
    ) -> list[Result]:
        if (before, largest_key) not in held:
            held.clear()
            held[before, largest_key] = self.buckets[0].read(before, largest_key)
        batch = held[before, largest_key]
        return [function(batch)] if len(batch.customer_key) else []


def engine_over(store: Store, value: Value, workers: int = 1) -> Engine:
    """The engine over the buckets of a store, whose files are checked first; a second process only where the log is
    large."""
    store.check()
    large = store.rows("orders") + store.rows("order_lines") > ROWS_WORTH_A_SECOND_PROCESS
    return Engine(buckets_of(store, value), workers if large else 1)


@on_one_thread
def _result(function: Callable[[Timelines], Result], bucket: Bucket, before: int, largest_key: int) -> Result | None:
    batch = bucket.read(before, largest_key)
    return function(batch) if len(batch.customer_key) else None
