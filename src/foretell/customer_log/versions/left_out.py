"""What several exports say of sales that are none of a customer's: of each order only the newest counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.keyed_lines import order_keys
from foretell.customer_log.manifest import Load
from foretell.customer_log.schema import LEFT_OUT
from foretell.customer_log.versions.ledger import GONE

NOT_SOLD = ("state", "anonymous")


def told_last(
    told: Sequence[tuple[Load, pa.Table]], loads: Sequence[Load], ledger: Callable[[], pa.Table], timezone: str
) -> pa.Table:
    """The rows that loads left out (`LEFT_OUT`), of an order with a number those of the newest export that told of it:
    not what another export holds too, and not what a newer one has as a sale by now.

    `ledger` gives every order that is known with the load that told of it last. Where numbers meet, as those of two
    shops do, they tell no orders apart, and all rows stay.
    """
    export = _exports(loads)
    ranks = np.concatenate([np.zeros(0, np.int64), *(np.full(len(rows), export[load.number]) for load, rows in told)])
    rows = pa.concat_tables([LEFT_OUT.empty_table(), *(rows for _, rows in told)])
    if len(set(export.values())) < 2 or not len(rows) or any(load.meeting for load in loads):
        return rows
    ids = rows["order_id"].combine_chunks()
    numbered = ids.is_valid().to_numpy(zero_copy_only=False)
    keys = order_keys(ids, np.zeros(len(ids), dtype=np.int64), timezone)
    newest = _newest(keys, ranks)
    known = ledger()
    load = known["load"].to_numpy()
    sold = known.filter(pa.array(load > GONE))["order_key"].to_numpy()
    sold_by = np.array([export.get(int(number), 0) for number in load[load > GONE]], dtype=np.int64)
    since = _newest(np.append(keys, sold), np.append(np.full(len(keys), -1), sold_by))[: len(keys)]
    is_none = pc.is_in(rows["kind"], pa.array(NOT_SOLD)).to_numpy()
    return rows.filter(pa.array(~numbered | ((ranks == newest) & ~(is_none & (since > ranks)))))


def _exports(loads: Sequence[Load]) -> dict[int, int]:
    """Number of a load to that of its export: what a file has grown by is of one export with its beginning."""
    export: dict[int, int] = {}
    for load in sorted(loads, key=lambda one: one.number):
        export[load.number] = export.get(load.follows, load.number)
    return export


def _newest(keys: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """int64: the greatest rank that the key of each row has anywhere."""
    place = np.unique(keys, return_inverse=True)[1]
    greatest = np.full(int(place.max(initial=-1)) + 1, -1, dtype=np.int64)
    np.maximum.at(greatest, place, ranks)
    return greatest[place]
