"""Customer logs on disk of a few order lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from foretell.customer_log.manifest import Load
from foretell.customer_log.schema import REJECTED, LinesBatch
from foretell.customer_log.store import Store
from made_orders import Line, as_table


def loaded(root: Path, *loads: Sequence[Line], timezone: str = "UTC", buckets: int = 1) -> Store:
    """A store that took in the loads one after the other."""
    store = Store(root, "made", timezone, buckets)
    for number, lines in enumerate(loads):
        batch = LinesBatch(as_table(lines), REJECTED.empty_table(), len(lines))
        store.add(Load(f"load{number:08d}", "made", "as made", 0), [batch])
    return store
