"""The joined log: the files of the log once more, with the facts of linked ids under the one that holds them."""

from __future__ import annotations

import itertools
import json
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.folding import folded_again
from foretell.customer_log.identities.holders import holders, under_holders
from foretell.customer_log.identities.links import LINKS, Links
from foretell.customer_log.identities.people import ACTS, acts, each_once, in_wholes, joining, persons
from foretell.customer_log.identities.standing_objections import standing_objections
from foretell.customer_log.identities.told import joined_in_words
from foretell.customer_log.keyed_lines import CUSTOMERS
from foretell.customer_log.line_order import in_fact_order, in_line_order
from foretell.customer_log.load_files import LoadFiles
from foretell.customer_log.manifest import Load, Manifest, StoredFile
from foretell.customer_log.schema import NEVER
from foretell.customer_log.spilling import Spilled, spill
from foretell.customer_log.store import JOINED, Store
from foretell.customer_log.tables.consents import CONSENTS
from foretell.customer_log.tables.people import PEOPLE
from foretell.customer_log.tables.registry import FACT_TABLES
from foretell.project.fingerprints import fingerprint
from foretell.project.local_time import local_days

FORM = 2
"""Raised when the same files are joined in another way: a log that was joined before is joined anew."""
TOLD = "told"
"""The setting of the manifest of a joined log that holds what is told of it."""
SORTED: dict[str, Callable[[pa.Table], pa.Table]] = {
    "customers": lambda rows: rows.group_by("customer_key").aggregate([("customer_id", "min")])
    .rename_columns(CUSTOMERS.names).sort_by("customer_key"),
    "orders": folded_again,
    "order_lines": in_line_order,
}  # fmt: skip
"""How the rows of one load and bucket stand in their file; facts of other tables stand in fact order."""


def joined_log(store: Store) -> tuple[Store, list[str]]:
    """The log as its links join it, and what is told of them; the store itself, where no ids are linked. It is written
    anew where files or links have changed since, beside what was read, which stays as it is."""
    files, settings = store.manifest.files(), store.manifest.settings()
    told = [file for file in files if file.kind == "links"]
    name, _, key = settings.get(JOINED, "").partition(" ")
    if not told:
        _let_go(store, name, "")
        return store, []
    found = fingerprint([FORM, *sorted((file.path, file.digest) for file in files)])
    if key != found:
        links = Links.of(pa.concat_tables([LINKS.empty_table(), *(_read(store, file) for file in told)]))
        held = holders(links)
        new = f"{JOINED}-{uuid.uuid4().hex[:8]}.sqlite"
        words = joined_in_words(links, held, store.customer_ids())
        _Joining(store, links, held, Path("loads") / Path(new).stem).write(new, words)
        _let_go(store, name, f"{new} {found}")
        name = new
    log = store.read_through(Manifest(store.root / name))
    return log, json.loads(log.manifest.settings()[TOLD])


def part_again(store: Store) -> None:
    """Delete the joined log; the next run writes it anew. `store` is the log as it was read."""
    _let_go(store, store.manifest.settings().get(JOINED, "").partition(" ")[0], "")


def _let_go(store: Store, name: str, setting: str) -> None:
    """Read through another manifest from now on, and delete the last one with its files."""
    if name or setting:
        store.manifest.settle([], [], [], {JOINED: setting})
    if name:
        for path in store.root.glob(f"{name}*"):
            path.unlink()
        shutil.rmtree(store.root / "loads" / Path(name).stem, ignore_errors=True)


@dataclass
class _Joining:
    """Writes the files of the log anew, load by load."""

    store: Store
    links: Links
    held: pa.Table
    folder: Path
    stored: list[StoredFile] = field(default_factory=list)

    def write(self, name: str, words: list[str]) -> None:
        """Write everything, then the manifest that names it, with what is told of it."""
        manifest, loads = self.store.manifest, self.store.manifest.loads()
        kept = manifest.files()
        moving = {"customers", "orders", "order_lines", *FACT_TABLES}
        try:
            for number, load in enumerate(loads):
                own = [file for file in kept if file.load == load.load and file.kind in moving]
                self._write_load(load, own, self.folder / str(number))
            of_links = next(load for load in loads if load.table == "identities")
            self._write_people(of_links, kept)
            self._write_links(of_links)
            rest = [file for file in kept if file.kind not in moving]
            joined = Manifest(self.store.root / name)
            joined.settle(loads, [*rest, *self.stored], [], manifest.settings() | {TOLD: json.dumps(words)})
        except BaseException:
            shutil.rmtree(self.store.root / self.folder, ignore_errors=True)
            raise

    def _write_load(self, load: Load, own: Sequence[StoredFile], folder: Path) -> None:
        (self.store.root / folder).mkdir(parents=True)
        files = LoadFiles(self.store.root, folder, load, self.store.buckets, self.store.timezone)
        for kind in sorted({file.kind for file in own}):
            spilled = list(self._laid_aside([file for file in own if file.kind == kind], folder))
            for bucket in np.flatnonzero(np.sum([one.rows for one in spilled], axis=0)).tolist():
                rows = pa.concat_tables([one.bucket(bucket) for one in spilled])
                files.write(kind, bucket, SORTED[kind](rows) if kind in SORTED else in_fact_order(rows)[0])
            for one in spilled:
                one.path.unlink()
        self.stored += files.stored

    def _laid_aside(self, own: Sequence[StoredFile], folder: Path) -> Iterator[Spilled]:
        """The rows of some files under their holders, by the bucket of these."""
        for number, file in enumerate(own):
            rows = _read(self.store, file)
            rows = self._customers(rows) if file.kind == "customers" else self._facts(rows)
            yield spill(rows, self.store.buckets, self.store.root / folder / f"spilled-{number:04d}.arrow")

    def _facts(self, rows: pa.Table) -> pa.Table:
        found, _ = under_holders(_with_ends(rows), self.held)
        if "visible_day" not in found.column_names:
            return found
        seen = found["happened_at"].to_numpy() + np.maximum(found["known_after"].to_numpy(), 0)
        days = pa.array(local_days(seen, self.store.timezone), pa.int32())
        return found.set_column(found.column_names.index("visible_day"), "visible_day", days)

    def _customers(self, rows: pa.Table) -> pa.Table:
        """The ids of customers, and of those who hold them at one time or another."""
        own = self.held.filter(pc.is_in(self.held["customer_key"], rows["customer_key"]))
        others = own.select(["holder_key", "holder_id"]).rename_columns(CUSTOMERS.names)
        rest = rows.filter(pc.invert(pc.is_in(rows["customer_key"], self.held["customer_key"])))
        return pa.concat_tables([rest.select(CUSTOMERS.names), others])

    def _write_people(self, load: Load, kept: Sequence[StoredFile]) -> None:
        """Who belongs to each whole, what they did, and their objections; nothing where no link names a whole."""
        named = persons(self.links)
        if not len(named):
            return
        folder = self.folder / PEOPLE.name
        (self.store.root / folder).mkdir(parents=True)
        files = LoadFiles(self.store.root, folder, load, self.store.buckets, self.store.timezone)
        of_acts = (acts(file.kind, _read(self.store, file)) for file in kept if file.kind in ACTS)
        found = (in_wholes(rows, named, self.held) for rows in itertools.chain([joining(self.links)], of_acts))
        spilled = [
            spill(rows, self.store.buckets, self.store.root / folder / f"spilled-{at:04d}.arrow")
            for at, rows in enumerate(found)
        ]
        for bucket in np.flatnonzero(np.sum([one.rows for one in spilled], axis=0)).tolist():
            rows = each_once(pa.concat_tables([one.bucket(bucket) for one in spilled]))
            files.write(PEOPLE.name, bucket, in_fact_order(rows)[0])
        for one in spilled:
            one.path.unlink()
        consents = [_with_ends(_read(self.store, file)) for file in kept if file.kind == CONSENTS.name]
        if consents:
            objections = standing_objections(pa.concat_tables(consents), named, self.held)
            for number, own in self._by_bucket(objections):
                files.write(CONSENTS.name, number, in_fact_order(own)[0])
        self.stored += files.stored

    def _write_links(self, load: Load) -> None:
        """Who was joined with another, and links that are refused."""
        files = LoadFiles(self.store.root, self.folder, load, self.store.buckets, self.store.timezone)
        away = self.held.filter(pc.not_equal(self.held["customer_key"], self.held["holder_key"]))
        for number, own in self._by_bucket(away):
            files.write("joined", number, own.select(["customer_key", "begins", "ends"]))
        files.keep("rejected", self.links.refused)
        self.stored += files.stored

    def _by_bucket(self, rows: pa.Table) -> Iterator[tuple[int, pa.Table]]:
        bucket = rows["customer_key"].to_numpy() % np.uint64(self.store.buckets)
        for number in np.unique(bucket).tolist():
            yield number, rows.filter(pa.array(bucket == number))


def _with_ends(rows: pa.Table) -> pa.Table:
    if "gone_at" in rows.column_names:
        return rows
    return rows.append_column("gone_at", pa.array(np.full(len(rows), NEVER)))


def _read(store: Store, file: StoredFile) -> pa.Table:
    return pq.ParquetFile(store.root / file.path).read(use_threads=False)
