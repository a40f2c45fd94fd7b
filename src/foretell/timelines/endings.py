"""Endings: what counts no longer when a batch is read, and still counted at cutoffs before its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa

from foretell.timelines.batch import Timelines
from foretell.timelines.facts import Facts


def with_endings(read: Callable[[int | pa.Table | None], Timelines], ends: pa.Table, customers: pa.Table) -> Timelines:
    """The batch that `read` gives without a moment, which at an earlier cutoff is as it was then.

    `read` gives, with a moment, the batch without what ended before that moment, or before the `moment` that a table
    has for each `customer_key`. `ends` says whose facts (by
    `customer_key`) ended when (`gone_at`): who has nothing else is in the batch too. `customers` has the ids of keys.
    """
    now = read(None)
    if not len(ends):
        return now
    keys = np.union1d(now.customer_key, ends["customer_key"].to_numpy())
    moments = np.unique(ends["gone_at"].to_numpy())
    now = _among(now, keys, customers)

    @cache
    def before(place: int) -> Timelines:
        return _among(read(int(moments[place])), keys, customers)

    def earlier(cutoff: int) -> Timelines:
        place = int(np.searchsorted(moments, cutoff))
        return before(place) if place < len(moments) else now

    def at_each(own: np.ndarray) -> Timelines:
        return _among(read(pa.table({"customer_key": keys, "moment": own})), keys, customers)

    return replace(now, earlier=earlier, at_each=at_each, ends=moments)


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
