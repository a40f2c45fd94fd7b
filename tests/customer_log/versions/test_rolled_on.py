"""What lies before a newer state of a file stays; the rest of older states goes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from foretell.customer_log.manifest import Load, StoredFile
from foretell.customer_log.versions.rolled_on import cut_back


class Kept:
    """Records what is done with files."""

    def __init__(self) -> None:
        self.replaced, self.dropped = dict[str, list[int]](), list[str]()

    def write(self, kind: str, bucket: int, rows: pa.Table) -> None:
        raise NotImplementedError

    def replace(self, file: StoredFile, rows: pa.Table) -> None:
        self.replaced[file.path] = rows["happened_at"].to_pylist()

    def drop(self, file: StoredFile) -> None:
        self.dropped.append(file.path)


def test_facts_from_the_begin_on_go_and_loads_of_which_nothing_is_left(tmp_path: Path) -> None:
    moments = {"a": [1, 2], "b": [2, 5, 10], "c": [5, 9]}
    older = [StoredFile(name, name, "events", 0, 2, "") for name in moments]
    for name, happened in moments.items():
        pq.write_table(pa.table({"happened_at": happened}), tmp_path / name)
    older += [StoredFile(f"{name}-rejected", name, "rejected", 0, 1, "") for name in moments]
    files, newer = Kept(), Load("d", "d", "r", 1, table="events", oldest_at=5, newest_at=9)
    assert cut_back(files, older, newer, lambda file: tmp_path / file.path) == {"a", "b"}
    assert files.replaced == {"b": [2, 10]}
    assert files.dropped == ["c", "a-rejected", "b-rejected"]
