"""Overlap: facts that several files of one source tell count once, in the version of the newest where ids tell them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.line_order import differ, sorted_rows
from foretell.customer_log.manifest import Load
from foretell.customer_log.schema import NEVER
from foretell.customer_log.store import Store
from foretell.customer_log.tables.fact_table import STEP, FactTable
from foretell.project.errors import InputError
from foretell.words.wording import counted

Files = tuple[tuple[tuple[Path, ...], ...], ...]
"""The Parquet files of a table in one bucket: by source, in it by the file that was read, the oldest first."""
TOLERATED = 0.02
"""The share of the facts that stand in two files up to which others of the same customer and moment may differ."""
NULL = np.iinfo(np.int64).min
WHEN_KNOWN = ("known_after", "known_at", "gone_at")


class Once(NamedTuple):
    """Facts of several files, each once: those that stood in another file too are `again`; `differing` are moments of a
    customer of which two files tell different things without an id."""

    facts: pa.Table
    again: int
    differing: int


def files_of(store: Store, table: str, bucket: int) -> Files:
    """Where the facts of a table stand."""
    loads = {load.load: load for load in store.manifest.loads()}
    found: dict[str, dict[str, list[tuple[int, Path]]]] = {}
    for file in store.manifest.files(table, bucket):
        load = loads[file.load]
        of_file = found.setdefault(load.reading, {}).setdefault(load.source, [])
        of_file.append((load.number, store.root / file.path))
    return tuple(
        tuple(tuple(path for _, path in sorted(paths)) for paths in sorted(by_file.values(), key=max))
        for _, by_file in sorted(found.items())
    )


def counted_once(parts: Sequence[pa.Table], told_by: str = "") -> Once:
    """The facts of several files, the oldest first. What two of them tell alike, whenever they say it became known,
    counts once and since the earlier moment; as often as in that of them in which it stands most often. A fact with an
    id (in the column `told_by`) counts as the newest file that has it tells it."""
    whole = pa.concat_tables(parts)
    file = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    columns = {
        name: pc.fill_null(whole[name], NULL).to_numpy() for name in whole.column_names if name != "customer_key"
    }
    customer = whole["customer_key"].to_numpy()
    step = columns.get(STEP, np.zeros(len(whole), dtype=np.int64))
    ids = columns.get(told_by, np.full(len(whole), NULL))
    stays = _of_the_newest(customer, step, ids, file)
    told = [values for name, values in columns.items() if name not in ("happened_at", STEP, *WHEN_KNOWN)]
    content = [customer, columns["happened_at"], step, *told]
    known = columns["known_after"]
    rows = sorted_rows([*content, file, known])
    rows = rows[stays[rows]]
    is_new = differ([column[rows] for column in content])
    group = np.cumsum(is_new)
    starts = np.flatnonzero(is_new | differ([file[rows]]))
    rank = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    order = np.lexsort((file[rows], known[rows], rank, group))
    first = differ([group[order], rank[order]])
    kept = np.sort(rows[order[first]])
    moment = np.cumsum(differ([column[rows] for column in content[:3]]))
    differing = _differing(moment, group, file[rows], ids[rows] == NULL)
    return Once(whole.take(pa.array(kept)), len(whole) - len(kept), differing)


def _of_the_newest(customer: np.ndarray, step: np.ndarray, ids: np.ndarray, file: np.ndarray) -> np.ndarray:
    """bool: which facts no newer file tells under the same id."""
    rows = sorted_rows([customer, ids, step, file])
    starts = np.flatnonzero(differ([column[rows] for column in (customer, ids, step)]))
    newest = np.maximum.reduceat(file[rows], starts) if len(rows) else file
    stays = np.empty(len(rows), dtype=bool)
    stays[rows] = file[rows] == np.repeat(newest, np.diff(np.append(starts, len(rows))))
    return stays | (ids == NULL)


def _differing(moment: np.ndarray, content: np.ndarray, file: np.ndarray, asked: np.ndarray) -> int:
    """How many moments of a customer two files tell of in part alike or not at all alike: each has what the other has
    not. The groups ascend together."""
    if not len(moment):
        return 0
    pairs = np.unique(np.stack([moment, content, file, asked], axis=1), axis=0)
    files_of_moment = np.bincount(np.unique(pairs[:, [0, 2]], axis=0)[:, 0], minlength=int(moment[-1]) + 1)
    files_of_content = np.bincount(pairs[:, 1], minlength=int(content[-1]) + 1)
    partly = pairs[(files_of_content[pairs[:, 1]] < files_of_moment[pairs[:, 0]]) & (pairs[:, 3] == 1)]
    alone = np.unique(partly[:, [0, 2]], axis=0)[:, 0]
    return int((np.bincount(alone) > 1).sum()) if len(alone) else 0


def overlapping(loads: Sequence[Load]) -> bool:
    """Whether facts of two files lie in the same time."""
    spans: dict[str, tuple[int, int]] = {}
    for load in loads:
        if load.lines:
            oldest, newest = spans.get(load.source, (NEVER, -NEVER))
            spans[load.source] = min(oldest, load.oldest_at), max(newest, load.newest_at)
    ordered = sorted(spans.values())
    return any(later[0] <= earlier[1] for earlier, later in pairwise(ordered))


def overlap_told(store: Store, table: FactTable, reading: str) -> list[str]:
    """What is told of facts that stand in several files of a source; InputError where it cannot be told which do."""
    loads = [load for load in store.manifest.loads() if load.reading == reading]
    if not overlapping(loads):
        return []
    again = differing = 0
    names, paths = {load.load for load in loads}, {load.load: load.source for load in loads}
    for bucket in range(store.buckets):
        parts: dict[str, list[pa.Table]] = {}
        for file in (one for one in store.manifest.files(table.name, bucket) if one.load in names):
            rows = pq.ParquetFile(store.root / file.path).read(use_threads=False)
            parts.setdefault(paths[file.load], []).append(rows)
        if len(parts) > 1:
            found = counted_once([pa.concat_tables(rows) for rows in parts.values()], table.told_by)
            again, differing = again + found.again, differing + found.differing
    if again and differing > TOLERATED * again:
        raise InputError(
            f"Files of {table.name} tell of the same time, and without an id it cannot be told what stands in both.",
            file=", ".join(sorted({Path(load.source).name for load in loads})),
            found=f"{counted(again, 'fact')} in two files, and {counted(differing, 'moment')} of which they differ",
            expected="files whose times do not overlap, or a column of ids",
            hint=_way_out(table),
        )
    stands = "stands" if again == 1 else "stand"
    return [f"{counted(again, 'fact')} of {table.name} {stands} in two files: each counts once"] if again else []


def _way_out(table: FactTable) -> str:
    named = f'name it: columns = {{ {table.told_by} = "..." }} in foretell.toml, or ' if table.told_by else ""
    return f"{named}keep the newer file alone"


def share_time(parts: Sequence[pa.Table]) -> bool:
    """Whether the facts of two tables lie in the same time."""
    ends = [pc.min_max(part["happened_at"]).as_py() for part in parts if len(part)]
    spans = sorted((one["min"], one["max"]) for one in ends)
    return any(later[0] <= earlier[1] for earlier, later in pairwise(spans))
