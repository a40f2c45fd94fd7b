"""Standing: after all files are read, which orders the source no longer holds, and which loads still count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from foretell.customer_log.keyed_lines import are_days
from foretell.customer_log.load_files import LoadFiles
from foretell.customer_log.manifest import Load, StoredFile
from foretell.customer_log.store import Store
from foretell.customer_log.versions.ends import ENDING, ends_of
from foretell.customer_log.versions.holders import chain
from foretell.customer_log.versions.ledger import GONE, ledger_of, with_loads
from foretell.project.fingerprints import fingerprint

SETTLED, MISSING, OLDER = "settled", "missing", "older"
"""Settings of the manifest: what was settled last, and how many orders are kept that the exports hold no longer: in the
time that they cover, and in times that they do not cover."""


@dataclass(frozen=True)
class Covered:
    """The time that a file covers, and the numbers of its loads; the newest of them is `number`."""

    oldest_at: int
    newest_at: int
    number: int
    loads: tuple[int, ...]

    @classmethod
    def by(cls, newest: Load, loads: Sequence[Load]) -> Covered:
        parts = chain(newest, loads)
        oldest, last = min(one.oldest_at for one in parts), max(one.newest_at for one in parts)
        return cls(oldest, last, newest.number, tuple(one.number for one in parts))


def settle(store: Store, present: Sequence[Load], loads: Sequence[Load], withdraw: bool) -> None:
    """Find what the source holds no longer: `present` are the newest loads of the files that are there, of all `loads`
    that were read in their way. Orders that lie in a time that a newer file covers are withdrawn where it is asked for;
    else they are kept, and counted. Nothing is done where all is as it was when this was done last."""
    key = fingerprint([sorted(one.load for one in present), max(one.number for one in loads), withdraw])
    if not present or store.manifest.settings().get(SETTLED) == key:
        return
    covered = [Covered.by(one, loads) for one in present]
    newest = max(loads, key=lambda one: one.number)
    search = _Search(store, loads, covered, withdraw, newest.number)
    current = {number for one in covered for number in one.loads}
    buckets = range(store.buckets) if current < {load.number for load in loads} else ()
    found = [search.in_bucket(bucket) for bucket in buckets]
    current = current.union(*(one.seen() for one in found))
    told = [replace(load, stands=load.number in current) for load in loads if load is not newest]
    newest = replace(
        newest,
        gone=newest.gone + sum(int(one.fresh.sum()) for one in found),
        withdrawn=newest.withdrawn + sum(int(one.goes.sum()) for one in found),
    )
    missing, older = sum(int(one.stays.sum()) for one in found), sum(int(one.older.sum()) for one in found)
    settings = {SETTLED: key, MISSING: str(missing), OLDER: str(older)}
    store.settle([newest, *told], settings, lambda files: search.write(files, found))


@dataclass(frozen=True)
class _Missing:
    """The ledger of a bucket, and which of its orders are missing (bool): those that go, those that stay, those of
    times that no newer file covers (`older`), and those that were not missing before (`fresh`)."""

    bucket: int
    ledger: pa.Table
    goes: np.ndarray
    stays: np.ndarray
    older: np.ndarray
    fresh: np.ndarray

    def seen(self) -> set[int]:
        """The numbers of loads to which orders that are not missing go back."""
        load = self.ledger["load"].to_numpy()
        return set(load[(load > GONE) & ~self.fresh].tolist())


@dataclass(frozen=True)
class _Search:
    store: Store
    loads: Sequence[Load]
    covered: Sequence[Covered]
    withdraw: bool
    number: int

    def in_bucket(self, bucket: int) -> _Missing:
        """What is missing in a bucket. Of purchases without an order number the newest state of a file says all."""
        paths = [self.store.root / file.path for file in self._ledgers.get(bucket, ())]
        ledger = ledger_of(paths)
        load, happened = ledger["load"].to_numpy(), ledger["happened_at"].to_numpy()
        current = np.isin(load, [number for one in self.covered for number in one.loads])
        alive, inside = (load != GONE) & ~current, np.zeros(len(load), dtype=bool)
        for one in self.covered:
            inside |= (happened >= one.oldest_at) & (happened <= one.newest_at) & (load < one.number)
        goes = alive & inside & (self.withdraw | are_days(ledger["order_key"].to_numpy()))
        fresh = alive & inside & (load > GONE)
        return _Missing(bucket, ledger, goes, alive & inside & ~goes, alive & ~inside, fresh)

    def write(self, files: LoadFiles, found: Sequence[_Missing]) -> None:
        """Mark what is missing in the ledger; let it end where it goes."""
        kept = [file for kind in ENDING for file in self.store.manifest.files(kind)]
        moment = max(one.newest_at for one in self.loads)
        for one in found:
            load = one.ledger["load"].to_numpy()
            marked = np.where(one.goes, GONE, np.where(one.fresh, -self.number, load))
            if (marked == load).all():
                continue
            for file in self._ledgers.get(one.bucket, ()):
                files.drop(file)
            files.write("ledger", one.bucket, with_loads(one.ledger, marked))
            if one.goes.any():
                self._end(files, [file for file in kept if file.bucket == one.bucket], one, moment)

    def _end(self, files: LoadFiles, kept: Sequence[StoredFile], missing: _Missing, moment: int) -> None:
        gone = missing.ledger.filter(pa.array(missing.goes))
        pairs = gone["customer_key"].to_numpy(), gone["order_key"].to_numpy()
        ends = ends_of(*pairs, np.zeros(len(gone), dtype=bool), moment)
        for file in kept:
            rows = ends.rows(self.store.root / file.path, True)
            if rows is not None:
                files.replace(file, rows)

    @cached_property
    def _ledgers(self) -> dict[int, list[StoredFile]]:
        own, found = {load.load for load in self.loads}, dict[int, list[StoredFile]]()
        for file in self.store.manifest.files("ledger"):
            if file.load in own:
                found.setdefault(file.bucket, []).append(file)
        return found


def kept_though_missing(settings: Mapping[str, str]) -> tuple[int, int]:
    """Orders that are kept though no file holds them: in times that the files cover, and in others."""
    return int(settings.get(MISSING, 0)), int(settings.get(OLDER, 0))
