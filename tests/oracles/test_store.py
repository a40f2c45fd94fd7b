"""The way through the store and DuckDB gives the batch that the short way in memory gives."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.manifest import Load
from foretell.customer_log.schema import ORDER_LINES, REJECTED, LinesBatch
from foretell.customer_log.store import Store
from foretell.timelines.batch import Timelines, Value
from foretell.timelines.bucket import Bucket, buckets_of
from made_orders import DAY, EVERYTHING, Line, Made, as_table, batch_of, made
from made_store import loaded


def stored(root: Path, loads: list[tuple[Line, ...]], timezone: str, value: Value, buckets: int) -> list[Bucket]:
    """The buckets of a store that took in the loads one after the other."""
    return buckets_of(loaded(root, *loads, timezone=timezone, buckets=buckets), value)


def content(batch: Timelines, customer: int) -> dict[str, Sequence[object]]:
    """All that a batch says of one customer."""
    found: dict[str, Sequence[object]] = {
        "id": [batch.customer_id[customer].as_py()],
        "words": sorted(batch.words.items()),
    }
    for kind in ("orders", "adjustments", "lines"):
        facts = getattr(batch, kind)
        rows = slice(facts.offsets[customer], facts.offsets[customer + 1])
        found |= {f"{kind}.{name}": values[rows].tolist() for name, values in facts.given.items()}
    return found


def of_customers(batches: Sequence[Timelines]) -> dict[int, dict[str, Sequence[object]]]:
    """All that some batches say of each customer."""
    return {int(key): content(batch, row) for batch in batches for row, key in enumerate(batch.customer_key)}


@pytest.mark.parametrize("buckets", [1, 4])
@settings(max_examples=12)
@given(made(customers=6), st.sampled_from(("net", "gross")), st.booleans(), st.integers(0, 40))
def test_the_store_gives_what_memory_gives(
    buckets: int, log: Made, value: Value, is_cut: bool, first_load: int
) -> None:
    before = log.cutoff if is_cut else EVERYTHING
    loads = [load for load in (log.lines[:first_load], log.lines[first_load:]) if load]
    with tempfile.TemporaryDirectory() as folder:
        batches = [b.read(before) for b in stored(Path(folder), loads, log.timezone, value, buckets)]
        found, then = of_customers(batches), of_customers([batch.at(log.cutoff) for batch in batches])
    expected = batch_of(log.lines, log.timezone, before, value)
    assert found == of_customers([expected])
    assert then == of_customers([expected.at(log.cutoff)])
    for batch in batches:
        assert (np.diff(batch.customer_key.astype(object)) > 0).all()


def test_a_load_of_rejected_rows_alone_counts(tmp_path: Path) -> None:
    store = Store(tmp_path, "made", "UTC", 4)
    refused = REJECTED.empty_table()
    load = store.add(Load("load", "made", "as made", 0), [LinesBatch(as_table([]), refused, 3)])
    assert (load.rows_read, load.lines) == (3, 0)
    assert store.rows("order_lines") == 0


def test_loads_without_attributes_and_with_them_have_none_in_common(tmp_path: Path) -> None:
    lines = [Line(f"c{n}", n * DAY, n * DAY, str(n), None, None, None, 10_000, "Peru", "web", 500) for n in range(2)]
    store = Store(tmp_path, "made", "UTC")
    for name, line in zip(("old", "new"), lines, strict=True):
        table = as_table([line])
        table = table if name == "new" else table.select(ORDER_LINES.names)
        store.add(Load(name, name, "as made", 0), [LinesBatch(table, REJECTED.empty_table(), 1)])
    [bucket] = buckets_of(store, "net")
    batch = bucket.read(EVERYTHING)
    assert batch.orders.columns["country"].tolist() == [0, 0]
    assert batch.orders.columns["discount"].tolist() == [-1, -1]
