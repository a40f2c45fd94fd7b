"""Segments of the past, from the memberships that a run wrote: how many were in each week by week, and who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.alerts.control_limits import MOST_WEEKS
from foretell.alerts.past.scores import PastFacts
from foretell.alerts.rules import SEGMENT
from foretell.project.fingerprints import keys_of
from foretell.project.intervals import days
from foretell.storage.long_table import LongTable

LASTS = np.iinfo(np.int64).max


def stays_in(memberships: LongTable, segment_set: str) -> pa.Table:
    """The stays in one set of segments: `segment`, and `begin` and `end` in microseconds UTC (a stay that lasts ends
    never), with `customer_id` as text."""
    parts = []
    for part in memberships.parts():
        own = part.filter(pc.equal(part["segment_set"].cast(pa.string()), segment_set))
        parts.append(
            pa.table(
                {
                    "customer_id": own["customer_id"].cast(pa.string()),
                    "segment": own["segment"].cast(pa.string()),
                    "begin": own["valid_from"].cast(pa.int64()),
                    "end": own["valid_to"].cast(pa.int64()).fill_null(LASTS),
                }
            )
        )
    return pa.concat_tables(parts)


def weekly_sizes(stays: pa.Table, as_of: int) -> dict[str, np.ndarray]:
    """float64 [weeks] of each segment: customers in it at the end of each whole week up to the as-of date, since the
    first stay; a moment lies in a stay that has begun and has not ended."""
    begin, end = stays["begin"].to_numpy(), stays["end"].to_numpy()
    if not len(begin):
        return {}
    weeks = min(int((as_of - begin.min()) // days(7)), MOST_WEEKS)
    moments = as_of - days(7) * np.arange(weeks, -1, -1)
    names, code = np.unique(stays["segment"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    sizes = {}
    for place, name in enumerate(names):
        own = code == place
        begun = np.searchsorted(np.sort(begin[own]), moments, side="right")
        ended = np.searchsorted(np.sort(end[own]), moments, side="right")
        sizes[str(name)] = (begun - ended).astype(np.float64)
    return sizes


def segments_at(stays: pa.Table, moments: Sequence[int], keys: Sequence[np.ndarray]) -> list[np.ndarray]:
    """object [customers] at each moment: the segment of the customers of these ascending keys, None where unknown."""
    begin, end = stays["begin"].to_numpy(), stays["end"].to_numpy()
    key = keys_of(stays["customer_id"].to_pylist())
    segment = stays["segment"].to_numpy(zero_copy_only=False).astype(object)
    found = []
    for moment, wanted in zip(moments, keys, strict=True):
        inside = (begin <= moment) & (end > moment)
        order = np.argsort(key[inside], kind="stable")
        known, names = key[inside][order], segment[inside][order]
        placed = np.full(len(wanted), None, dtype=object)
        if len(known):
            place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
            hit = known[place] == wanted
            placed[hit] = names[place[hit]]
        found.append(placed)
    return found


def with_segments(facts: Sequence[PastFacts], stays: pa.Table) -> tuple[PastFacts, ...]:
    """Past facts with the segment that each customer was in; those of before the first stay are left as they are."""
    first = int(pc.min(stays["begin"]).as_py()) if len(stays) else LASTS
    known = [one for one in facts if one.cutoff >= first]
    found = segments_at(stays, [one.cutoff for one in known], [one.customer_key for one in known])
    added = {
        one.cutoff: replace(one, columns={**one.columns, SEGMENT: segment})
        for one, segment in zip(known, found, strict=True)
    }
    return tuple(added.get(one.cutoff, one) for one in facts)
