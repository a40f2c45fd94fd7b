"""The files of a load hold every line once, in the bucket of its customer, and its counts agree with them."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.keyed_lines import WORDS
from foretell.customer_log.load_files import LoadFiles
from foretell.customer_log.manifest import Load
from foretell.customer_log.schema import REJECTED, LinesBatch
from foretell.customer_log.tables.facts import FactsBatch
from foretell.customer_log.tables.registry import FactTable, Role
from foretell.project.progress import Silent
from foretell.storage.artefacts import digest_of
from made_lines import LINES, table

VISITS = FactTable("visits", (Role("pages", "number"),))


def files_in(root: Path, of: str, buckets: int) -> LoadFiles:
    (root / "load").mkdir(parents=True, exist_ok=True)
    return LoadFiles(root, Path("load"), Load("a" * 16, "/shop.csv", "as it is", 9, table=of), buckets, "UTC")


def rows_of(files: LoadFiles, kind: str) -> list[dict[str, object]]:
    """All rows of a kind; each file is as it was counted, and holds the customers of its bucket in their order."""
    found: list[dict[str, object]] = []
    for stored in (one for one in files.stored if one.kind == kind):
        read = pq.read_table(files.root / stored.path)
        assert (read.num_rows, digest_of(files.root / stored.path)) == (stored.rows, stored.digest)
        if "customer_key" in read.column_names:
            keys = read["customer_key"].to_numpy()
            assert (np.diff(keys.astype(np.float64)) >= 0).all()
            assert set(keys % np.uint64(files.buckets)) == {stored.bucket}
        found += read.to_pylist()
    return found


@settings(max_examples=8)
@given(st.lists(LINES, max_size=3), st.sampled_from((1, 4)))
def test_every_line_is_written_once_and_counted(parts: list[list[dict[str, object]]], buckets: int) -> None:
    refused = pa.Table.from_pylist([{"file": "shop.csv", "line": 9, "reason": "no amount"}], schema=REJECTED)
    lines = [line for part in parts for line in part]
    with tempfile.TemporaryDirectory() as folder:
        files = files_in(Path(folder), "orders", buckets)
        load = files.written([LinesBatch(table(part), refused, len(part) + 1) for part in parts], Silent())
        customers = {row["customer_id"] for row in rows_of(files, "customers")}
        orders, named = rows_of(files, "orders"), rows_of(files, "order_lines")
        left = {path.name for path in (files.root / "load").iterdir()}
    assert (load.rows_read, load.lines, load.rejected) == (len(lines) + len(parts), len(lines), len(parts))
    assert load.equal_lines == len(lines) - len({tuple(line.values()) for line in lines})
    assert customers == {line["customer_id"] for line in lines}
    assert sum(row["amount"] for row in orders) == sum(line["amount"] for line in lines)  # type: ignore[misc]
    asked = Counter(line["amount"] for line in lines if line["product"] or line["category"])
    assert Counter(row["amount"] for row in named) == asked
    assert left == {Path(one.path).name for one in files.stored}


def test_facts_are_written_in_order_with_the_texts_behind_their_codes(tmp_path: Path) -> None:
    columns = {"customer_key": [5, 2, 5], "happened_at": [9, 7, 8], "known_after": [0, 0, 0], "pages": [1, None, 3]}
    facts = pa.table(columns, schema=VISITS.stored)
    words = pa.table({"code": [4, 4], "text": ["home", "home"]}, schema=WORDS)
    files = files_in(tmp_path, "visits", 1)
    load = files.written([FactsBatch(facts, words, REJECTED.empty_table(), 3)] * 2, Silent())
    assert (load.rows_read, load.lines, load.rejected, load.equal_lines) == (6, 6, 0, 3)
    told = [(row["customer_key"], row["happened_at"], row["pages"]) for row in rows_of(files, "visits")]
    assert told == [(2, 7, None)] * 2 + [(5, 8, 3)] * 2 + [(5, 9, 1)] * 2
    assert rows_of(files, "words") == [{"code": 4, "text": "home"}]
    assert [one.kind for one in files.stored] == ["visits", "words"]


def test_nothing_read_leaves_no_file(tmp_path: Path) -> None:
    files = files_in(tmp_path, "orders", 4)
    assert files.written([], Silent()).lines == 0
    assert files.stored == []
    assert not list((tmp_path / "load").iterdir())
