"""Endings: what counts no longer when a batch is read, and still counted at cutoffs before its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Protocol, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.timelines.batch import Timelines
from foretell.timelines.facts import Facts

Ended: TypeAlias = int | pa.Table | None
"""Before when what ended is left out; see `Read`."""
AT_ONCE = 4
"""States of a batch that are held: each is as large as the batch, and they are asked for one after the other."""


class Read(Protocol):
    """Reads a batch without what ended before a moment: that of all (None: before the batch was read), or the `moment`
    that a table has for each `customer_key`; of some customers alone, where their keys are given."""

    def __call__(self, ended: Ended = None, among: Sequence[int] | None = None) -> Timelines: ...


def with_endings(read: Read, ends: pa.Table, customers: pa.Table) -> Timelines:
    """The batch that `read` gives without a moment, which at an earlier cutoff is as it was then.

    `ends` says whose facts (by `customer_key`) ended when (`gone_at`): who has nothing else is in the batch too.
    `customers` has the ids of keys.
    """
    now = read()
    if not len(ends):
        return now
    ended = pc.unique(ends["customer_key"]).to_pylist()
    keys = np.union1d(now.customer_key, ends["customer_key"].to_numpy())
    moments = np.unique(ends["gone_at"].to_numpy())
    now = _among(now, keys, customers)

    @lru_cache(AT_ONCE)
    def before(place: int) -> Timelines:
        return _among(read(int(moments[place])), keys, customers)

    def earlier(cutoff: int) -> Timelines:
        place = int(np.searchsorted(moments, cutoff))
        return before(place) if place < len(moments) else now

    def at_each(own: np.ndarray) -> Timelines:
        return _among(read(pa.table({"customer_key": keys, "moment": own})), keys, customers)

    def of_ended(cutoff: int | None) -> Timelines:
        place = len(moments) if cutoff is None else int(np.searchsorted(moments, cutoff))
        return read(int(moments[place]) if place < len(moments) else None, ended)

    return replace(now, earlier=earlier, at_each=at_each, ends=moments, of_ended=of_ended)


def _among(batch: Timelines, keys: np.ndarray, customers: pa.Table) -> Timelines:
    """The batch of more customers, of whom it knows nothing; `keys` are those of all."""

    def placed(facts: Facts) -> Facts:
        begins = np.searchsorted(batch.customer_key, keys)
        return Facts(np.append(facts.offsets[begins], len(facts)), facts.given, facts.derivations)

    ids = customers["customer_id"].combine_chunks()
    return Timelines(
        keys,
        ids.take(pa.array(np.searchsorted(customers["customer_key"].to_numpy(), keys))),
        placed(batch.orders),
        placed(batch.adjustments),
        lambda: placed(batch.lines),
        batch.timezone,
        batch.read_words,
        batch.read_table,
        table_names=batch.table_names,
    )
