"""The customer log without its forgotten customers: files that hold them are written anew, with the manifest."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.erasure.forgotten import Forgotten
from foretell.customer_log.erasure.left_out_at_reading import KIND
from foretell.customer_log.identities.joined_log import part_again
from foretell.customer_log.load_files import LoadFiles
from foretell.customer_log.manifest import StoredFile
from foretell.customer_log.store import Store

NO_CODES = (
    "order_key",
    "happened_at",
    "known_after",
    "gone_at",
    "units",
    "amount",
    "taken_back",
    "lines",
    "line",
    "rows",
)
"""Columns of whole numbers that are never the code of a text."""


@dataclass(frozen=True)
class InSources:
    """What the source files hold of forgotten customers: by file the lines, the numbers of their orders, and how many
    rows there are; `unread` are the files of which that cannot be told."""

    lines: Mapping[str, Collection[int]] = field(default_factory=dict)
    orders: Collection[str] = ()
    unread: tuple[str, ...] = ()

    @property
    def rows(self) -> dict[str, int]:
        """File to rows, where there are any."""
        return {file: len(lines) for file, lines in self.lines.items() if lines}


def log_without(store: Store, forgotten: Forgotten, found: InSources) -> dict[str, int]:
    """Write the log anew without them, and delete what nobody names; gives rows removed by table. Texts behind codes
    that no row uses any more go too, and rejected rows that stand on their lines or hold their names. Where linked ids
    were joined, the next run joins those that are left."""
    store, removed = store.as_read(), dict[str, int]()
    part_again(store)

    def write(files: LoadFiles) -> None:
        used: list[np.ndarray] = []
        kept = store.manifest.files()
        for file in (one for one in kept if one.kind != "words"):
            rows = _read(store.root / file.path)
            stays = _stays(file, rows, forgotten, found)
            rest = rows.filter(pa.array(stays))
            used.append(_codes_in(rest))
            if len(rest) < len(rows):
                removed[file.kind] = removed.get(file.kind, 0) + len(rows) - len(rest)
                _put(files, file, rest)
        codes = np.unique(np.concatenate([np.zeros(0, np.int64), *used]))
        for file in (one for one in kept if one.kind == "words"):
            rows = _read(store.root / file.path)
            rest = rows.filter(pa.array(np.isin(rows["code"].to_numpy(), codes)))
            if len(rest) < len(rows):
                _put(files, file, rest)

    loads = store.manifest.loads()
    if loads:
        store.settle(loads[:1], {}, write)
    sweep(store.root, {file.path for file in store.manifest.files()})
    return removed


def sweep(root: Path, named: Iterable[str]) -> None:
    """Delete the files of loads that no manifest names, which interrupted writers left."""
    kept = {root / path for path in named}
    for folder in (root / "loads").glob("*"):
        for path in folder.rglob("*") if folder.is_dir() else [folder]:
            if path.is_file() and path not in kept:
                path.unlink()
        if folder.is_dir() and not any(folder.iterdir()):
            shutil.rmtree(folder)


def _stays(file: StoredFile, rows: pa.Table, forgotten: Forgotten, found: InSources) -> np.ndarray:
    """bool [rows]: which are of nobody who was forgotten."""
    if "customer_key" in rows.column_names:
        return forgotten.of_keys(rows["customer_key"].to_numpy()) == 0
    if file.kind == "links":
        return forgotten.of_ids(rows["customer_id"]) + forgotten.of_ids(rows["other_id"]) == 0
    if file.kind == "rejected":
        places = zip(rows["file"].to_pylist(), rows["line"].to_pylist(), strict=True)
        own = np.array([line in found.lines.get(place, ()) for place, line in places], dtype=bool)
        return ~own & ~forgotten.in_texts(rows["value"].to_pylist())
    if file.kind == "left_out":
        own = pc.is_in(rows["order_id"], pa.array(list(found.orders), pa.string()))
        named = forgotten.in_texts(rows["order_id"].to_pylist()) | forgotten.in_texts(rows["reason"].to_pylist())
        is_count = pc.equal(rows["kind"], KIND).to_numpy()
        return is_count | ~(pc.fill_null(own, False).to_numpy(zero_copy_only=False) | named)
    return np.ones(len(rows), dtype=bool)


def _codes_in(rows: pa.Table) -> np.ndarray:
    """int64: every whole number that may be the code of a text."""
    columns = [rows[one.name] for one in rows.schema if one.type == pa.int64() and one.name not in NO_CODES]
    parts = [pc.unique(column).drop_null().to_numpy(zero_copy_only=False) for column in columns]
    return np.unique(np.concatenate([np.zeros(0, np.int64), *parts]))


def _put(files: LoadFiles, file: StoredFile, rows: pa.Table) -> None:
    if len(rows):
        files.replace(file, rows)
    else:
        files.drop(file)


def _read(path: Path) -> pa.Table:
    return pq.ParquetFile(path).read(use_threads=False)
