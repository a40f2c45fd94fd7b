"""Holders: under which id the facts of another id count, and from when to when."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from foretell.customer_log.identities.links import ALWAYS, Links
from foretell.customer_log.schema import NEVER
from foretell.customer_log.stable_keys import stable_keys

HOLDERS = pa.schema(
    [
        ("customer_key", pa.uint64()),
        ("holder_key", pa.uint64()),
        ("holder_id", pa.string()),
        ("begins", pa.int64()),
        ("ends", pa.int64()),
    ]
)
"""For each linked id (by its key) the one under which its facts count at cutoffs after `begins` up to `ends`
(microseconds UTC). Together the spans of an id cover all of time, and none is empty."""


def components(count: int, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """int64 [count]: of each of `count` things the least of those that it is joined with by pairs, itself among them.

    >>> components(5, np.array([3, 1]), np.array([4, 3])).tolist()
    [0, 1, 2, 1, 1]
    """
    least = np.arange(count)
    while True:
        a, b = least[one], least[other]
        if (a == b).all():
            return least
        np.minimum.at(least, np.maximum(a, b), np.minimum(a, b))
        while (further := least[least]).tobytes() != least.tobytes():
            least = further


def holders(links: Links) -> pa.Table:
    """The `HOLDERS` of all linked ids, by key and time: at every cutoff those of the links that count then, joined one
    through another; a customer is called by the id of the lowest rank."""
    counts = links.begins < links.ends
    customer, other, begins, ends = (
        column[counts] for column in (links.customer, links.other, links.begins, links.ends)
    )
    rank = links.rank()
    place = np.argsort(rank)
    one, two = rank[customer], rank[other]
    least = components(len(rank), one, two)
    is_settled = np.ones(len(rank), dtype=bool)
    is_settled[least[one[(begins != ALWAYS) | (ends != NEVER)]]] = False
    settled = np.flatnonzero(is_settled[least])
    parts = [np.stack([settled, least[settled], np.full(len(settled), ALWAYS), np.full(len(settled), NEVER)], axis=1)]
    moving = np.flatnonzero(~is_settled[least[one]])
    alone = np.bincount(least[one[moving]], minlength=len(rank))[least[one[moving]]] == 1
    pairs, moving = moving[alone], moving[~alone]
    parts.append(_of_pairs(one[pairs], two[pairs], begins[pairs], ends[pairs]))
    moving = moving[np.argsort(least[one[moving]], kind="stable")]
    cuts = np.flatnonzero(np.diff(least[one[moving]], prepend=-1))
    for rows in np.split(moving, cuts[1:]) if len(moving) else []:
        parts.append(np.array(list(_spans(one[rows], two[rows], begins[rows], ends[rows])), dtype=np.int64))
    found = np.concatenate(parts)
    keys = stable_keys(links.ids)[place]
    order = np.lexsort((found[:, 2], keys[found[:, 0]]))
    member, holder, since, until = found[order].T
    ids = links.ids.take(pa.array(place[holder]))
    return pa.table([keys[member], keys[holder], ids, since, until], schema=HOLDERS)


def _of_pairs(one: np.ndarray, two: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The same as `_spans` for links whose two ids have no other, all at once: most links are such."""
    low, high = np.minimum(one, two), np.maximum(one, two)
    always, never = np.full(len(one), ALWAYS), np.full(len(one), NEVER)
    spans = [
        (low, low, always, never),
        (high, high, always, begins),
        (high, low, begins, ends),
        (high, high, ends, never),
    ]
    found = np.concatenate([np.stack(columns, axis=1) for columns in spans])
    return found[found[:, 2] < found[:, 3]]


def _spans(
    one: np.ndarray, two: np.ndarray, begins: np.ndarray, ends: np.ndarray
) -> Iterator[tuple[int, int, int, int]]:
    """Member, holder, begin and end, of the ranks that some links join at one time or another."""
    members, pairs = np.unique(np.concatenate([one, two]), return_inverse=True)
    a, b = pairs[: len(one)], pairs[len(one) :]
    moments = np.unique(np.concatenate([[ALWAYS], begins, ends[ends != NEVER]]))
    holder = np.stack(
        [
            components(len(members), a[now], b[now])
            for at in moments
            if (now := (begins <= at) & (ends > at)) is not None
        ]
    )
    until = np.append(moments[1:], NEVER)
    for member in range(len(members)):
        starts = np.flatnonzero(np.diff(holder[:, member], prepend=-1))
        stops = np.append(starts[1:], len(moments)) - 1
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
            yield int(members[member]), int(members[holder[start, member]]), int(moments[start]), int(until[stop])


def under_holders(rows: pa.Table, held: pa.Table) -> tuple[pa.Table, np.ndarray]:
    """Facts (with `customer_key`, `happened_at`, `known_after` and `gone_at`) under the keys of their holders: one of a
    linked id once for each span in which it can be seen, known since the span began and gone at its end. Beside it, by
    row, the place of the row that it was (int64)."""
    keys = held["customer_key"].to_numpy()
    own = rows["customer_key"].to_numpy()
    first, last = (np.searchsorted(keys, own, side=side) for side in ("left", "right"))
    spans = last - first
    at = np.repeat(np.arange(len(own)), np.maximum(spans, 1))
    within = np.arange(len(at)) - np.repeat(
        np.cumsum(np.maximum(spans, 1)) - np.maximum(spans, 1), np.maximum(spans, 1)
    )
    linked = spans[at] > 0
    span = np.where(linked, first[at] + within, 0)
    happened, after = rows["happened_at"].to_numpy()[at], rows["known_after"].to_numpy()[at]
    seen = happened + np.maximum(after, 0)
    begins = np.where(linked, _at(held, "begins", span), ALWAYS)
    known = np.where(begins > seen, begins, happened + after)
    gone = np.minimum(rows["gone_at"].to_numpy()[at], np.where(linked, _at(held, "ends", span), NEVER))
    kept = np.flatnonzero(~linked | (np.maximum(seen, begins) < gone))
    found = rows.take(pa.array(at[kept]))
    changed = {
        "customer_key": np.where(linked, _at(held, "holder_key", span), own[at])[kept],
        "known_after": (known - happened)[kept],
        "gone_at": gone[kept],
    }
    for name, values in changed.items():
        found = found.set_column(found.column_names.index(name), rows.schema.field(name), pa.array(values))
    return found, at[kept]


def _at(held: pa.Table, name: str, span: np.ndarray) -> np.ndarray:
    column = held[name].to_numpy()
    return column[span] if len(column) else np.zeros(len(span), dtype=column.dtype)
