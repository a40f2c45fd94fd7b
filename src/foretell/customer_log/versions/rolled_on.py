"""Rolled on: what older states of a file tell of times that its newest state does not cover stays, the rest goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.manifest import Load, StoredFile
from foretell.customer_log.versions.order_versions import Written


def cut_back(files: Written, older: Sequence[StoredFile], newer: Load, path: Callable[[StoredFile], Path]) -> set[str]:
    """Let the facts of older loads that happened in the time that a newer one covers count no more; the loads of which
    something is left. `older` are all files of these loads, `path` gives the place of one."""
    staying = set[str]()
    for file in (one for one in older if one.kind == newer.table):
        rows = pq.ParquetFile(path(file)).read(use_threads=False)
        happened = rows["happened_at"]
        left = rows.filter(pc.or_(pc.less(happened, newer.oldest_at), pc.greater(happened, newer.newest_at)))
        if len(left):
            staying.add(file.load)
        if len(left) < len(rows):
            if len(left):
                files.replace(file, left)
            else:
                files.drop(file)
    for file in older:
        if file.kind == "rejected" and file.load in staying:
            files.drop(file)
    return staying
