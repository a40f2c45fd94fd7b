"""How the customers of a table match those who ordered: facts of strangers say nothing, and must not pass as none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.cells.identifiers import canonical_ids
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.manifest import StoredFile
from foretell.customer_log.schema import NEVER
from foretell.customer_log.store import Store
from foretell.project.errors import InputError
from foretell.words.wording import counted, percent, shown

EXAMPLES = 3


@dataclass(frozen=True)
class Match:
    """Of `customers` of a table `found` are among the `ordered` who placed orders; `strangers` are some of the others,
    and `buyers` some of those who ordered and are not in the table."""

    customers: int
    found: int
    ordered: int
    strangers: tuple[str, ...]
    buyers: tuple[str, ...]

    def __str__(self) -> str:
        """Both shares, and examples of what does not match.

        >>> str(Match(4, 3, 6, ("x",), ("7", "8")))
        '75\\xa0% of its 4 customers ordered (not: x), and it knows 50\\xa0% of those who did'
        """
        if not self.customers or not self.ordered:
            return "no customer to compare"
        strangers = f" (not: {_listed(self.strangers)})" if self.strangers else ""
        share, known = percent(self.found / self.customers), percent(self.found / self.ordered)
        whose = "its only customer" if self.customers == 1 else f"its {self.customers:,} customers"
        return f"{share} of {whose} ordered{strangers}, and it knows {known} of those who did"


def ids_in(files: Sequence[SourceFile], column: str) -> pa.Array:
    """The ids of a column of some files, each once, sorted."""
    parts = [pa.array([], pa.string())]
    for file in files:
        parts += [pc.unique(canonical_ids(block.rows[column])) for block in open_table(file).batches([column])]
    whole = pc.unique(pa.concat_arrays([pc.drop_null(part) for part in parts]))
    return whole.take(pc.sort_indices(whole))


def match_of(customers: pa.Array, ordered: pa.Array) -> Match:
    """The match of distinct ids of a table with those of orders."""
    known, met = pc.is_in(customers, ordered), pc.is_in(ordered, customers)
    strangers, buyers = customers.filter(pc.invert(known)), ordered.filter(pc.invert(met))
    found = len(customers) - len(strangers)
    some = (tuple(ids.slice(0, EXAMPLES).to_pylist()) for ids in (strangers, buyers))
    return Match(len(customers), found, len(ordered), *some)


def refuse_strangers(table: str, files: Sequence[SourceFile], column: str, match: Match) -> None:
    """InputError where none of the customers of a table ordered; nothing where there is nobody to compare."""
    if match.found or not match.customers or not match.ordered:
        return
    raise InputError(
        f"No customer of {table} has an order.",
        file=", ".join(str(file.path) for file in files),
        column=column,
        found=f"{counted(match.customers, 'id')} such as {_listed(match.strangers)}",
        expected=f"ids by which orders name their customers, such as {_listed(match.buyers)}",
        hint='name the column that holds the same ids: columns = { customer = "..." } in foretell.toml',
    )


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(map(shown, ids))


def without_orders(store: Store, table: str, loads: Collection[str] | None = None) -> tuple[int, int]:
    """Rows of a declared table, of some loads or of all, whose customer never ordered; and all of these rows. Rows that
    end are not counted: they go on under another customer."""
    found = rows = 0
    for bucket in range(store.buckets):
        own = [f for f in store.manifest.files(table, bucket) if loads is None or f.load in loads]
        keys, customers = (_keys(store, files) for files in (own, store.manifest.files("customers", bucket)))
        found += int((~np.isin(keys, customers)).sum())
        rows += len(keys)
    return found, rows


def _keys(store: Store, files: Sequence[StoredFile]) -> np.ndarray:
    """uint64: the customer keys of the rows of some files that do not end."""
    parts = [np.empty(0, np.uint64)]
    for file in files:
        rows = pq.ParquetFile(store.root / file.path).read(columns=["customer_key", "gone_at"], use_threads=False)
        lasting = rows if "gone_at" not in rows.column_names else rows.filter(pc.equal(rows["gone_at"], NEVER))
        parts.append(lasting["customer_key"].to_numpy())
    return np.concatenate(parts)
