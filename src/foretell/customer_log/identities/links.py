"""Links: two ids that are one customer, and from when to when that is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.schema import NEVER, REJECTED

ALWAYS = -NEVER
"""Since when a link without a date is known: before anything that its ids tell, so from when the later was seen."""
ONE_WHOLE = 0
"""What stands as `most` of links that make customers parts of a whole."""
LINKS = pa.schema(
    [
        ("customer_id", pa.string()),
        ("other_id", pa.string()),
        ("known_at", pa.int64()),
        ("kind", pa.string()),
        ("most", pa.int64()),
        ("file", pa.string()),
        ("line", pa.int64()),
        ("column", pa.string()),
    ]
)
"""An id of a customer, another id of the same, since when that is known (microseconds UTC, `ALWAYS` without a date),
what the other id is (email, device), how many customers one such id may join (`ONE_WHOLE`: the customer is a whole,
such as an account, and the other id a part of it), and where the link stands first."""
SHARED, DIVIDED = "shared by more customers than most_merged", "part of two wholes at once"


@dataclass(frozen=True)
class LinksBatch:
    """Some rows of a source as `LINKS`, those that could not be used as `REJECTED`, and rows read."""

    links: pa.Table
    rejected: pa.Table
    rows_read: int


@dataclass(frozen=True)
class Links:
    """Each pair of ids once. `ids` are all that are linked, without nulls; `customer` and `other` (int64) are places
    among them; a link counts at cutoffs after `begins` up to `ends` (int64 microseconds UTC, `ALWAYS` and `NEVER` for
    ends that are open), never where the two are equal. `rows` are the links as `LINKS`; `is_shared` says of which the
    other id joins too many."""

    ids: pa.Array
    customer: np.ndarray
    other: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    rows: pa.Table
    is_shared: np.ndarray

    @classmethod
    def of(cls, told: pa.Table) -> Links:
        """The links of a table of `LINKS`, in whatever order its rows come.

        A pair that is told twice is known since it was first told. An id that stands beside more customers than may be
        joined joins none from then on. A part of several wholes belongs to the one that was told last.
        """
        rows = each_once(told)
        both = pa.chunked_array([*rows["customer_id"].chunks, *rows["other_id"].chunks], pa.string()).combine_chunks()
        encoded = both.dictionary_encode()
        place = encoded.indices.to_numpy().astype(np.int64)
        customer, other = place[: len(rows)], place[len(rows) :]
        begins, most = rows["known_at"].to_numpy(), rows["most"].to_numpy()
        ends = np.full(len(rows), NEVER)
        order = np.lexsort((begins, other))
        starts = np.flatnonzero(np.diff(other[order], prepend=-1))
        for own in np.split(order, starts[1:]):
            if len(own) > 1:
                ends[own] = np.minimum(_until_shared(begins[own], most[own]), _until_the_next(begins[own], most[own]))
        is_shared = (ends != NEVER) & (most != ONE_WHOLE)
        return cls(encoded.dictionary, customer, other, begins, ends, rows, is_shared)

    @property
    def refused(self) -> pa.Table:
        """As `REJECTED` the links that join nobody, or no longer, by file and line."""
        divided = (self.rows["most"].to_numpy() == ONE_WHOLE) & (self.begins == self.ends)
        reason = np.where(self.is_shared, SHARED, np.where(divided, DIVIDED, ""))
        at = pa.array(np.flatnonzero(self.is_shared | divided))
        rows = self.rows.take(at)
        found = [rows["file"], rows["line"], rows["column"], rows["other_id"], pa.array(reason[at.to_numpy()])]
        return pa.table(found, schema=REJECTED).sort_by([("file", "ascending"), ("line", "ascending")])

    def rank(self) -> np.ndarray:
        """int64 [ids]: by which id a customer is called, the lowest of theirs: one that was a whole when it was first
        linked before others, then one that stood as the customer, then the shorter, then by its text. No link that is
        known later changes it."""
        first, as_customer, as_whole = (np.full(len(self.ids), NEVER) for _ in range(3))
        np.minimum.at(first, np.concatenate([self.customer, self.other]), np.tile(self.begins, 2))
        np.minimum.at(as_customer, self.customer, self.begins)
        of_whole = self.rows["most"].to_numpy() == ONE_WHOLE
        np.minimum.at(as_whole, self.customer[of_whole], self.begins[of_whole])
        keys = pa.table(
            {
                "is_no_whole": pa.array((as_whole > first).astype(np.int64)),
                "is_other": pa.array((as_customer > first).astype(np.int64)),
                "length": pc.utf8_length(self.ids),
                "text": self.ids,
            }
        )
        rank = np.empty(len(self.ids), dtype=np.int64)
        rank[pc.sort_indices(keys, [(name, "ascending") for name in keys.column_names]).to_numpy()] = np.arange(
            len(keys)
        )
        return rank


def each_once(told: pa.Table) -> pa.Table:
    """Pairs of two different ids, each as it was known first, sorted."""
    apart = told.filter(pc.not_equal(told["customer_id"], told["other_id"]))
    names = ["customer_id", "other_id", "known_at", "most", "kind", "file", "line", "column"]
    rows = apart.sort_by([(name, "ascending") for name in names])
    if len(rows) < 2:
        return rows
    is_new = np.ones(len(rows), dtype=bool)
    pairs = (rows[name].combine_chunks() for name in ("customer_id", "other_id"))
    is_new[1:] = np.any([pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False) for ids in pairs], axis=0)
    return rows.filter(pa.array(is_new))


def _until_shared(begins: np.ndarray, most: np.ndarray) -> np.ndarray:
    """The ends of the links of one id, which ascend in time: that at which one customer too many is known."""
    limit = most[most != ONE_WHOLE]
    at = int(limit.min()) if len(limit) else len(begins)
    joined = np.flatnonzero(most != ONE_WHOLE)
    return np.where(most != ONE_WHOLE, begins[joined[at]] if at < len(joined) else NEVER, NEVER)


def _until_the_next(begins: np.ndarray, most: np.ndarray) -> np.ndarray:
    """The ends of the links of one part, which ascend in time: the begin of the next whole that it is told of."""
    ends, parts = np.full(len(begins), NEVER), np.flatnonzero(most == ONE_WHOLE)
    own = begins[parts]
    if len(own) > 1:
        later = np.append(own[1:], NEVER)
        tied = np.isin(own, own[1:][own[1:] == own[:-1]])
        ends[parts] = np.where(tied, own, later)
    return ends
