"""Drivers: what the customers of an alert have in common, by the reasons behind their scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOST_DRIVERS = 3
LEAST_SHARE = 0.1


@dataclass(frozen=True)
class Driver:
    """A theme and the way it moved (1 likelier, -1 less likely): its share among those of the alert, and among all
    others (None where there are no others)."""

    way: int
    theme: str
    share: float
    share_of_others: float | None


def shared_drivers(reasons: pa.ChunkedArray, warned: np.ndarray) -> tuple[Driver, ...]:
    """At most three drivers, those first whose share among the warned (bool [customers]) exceeds that among the others
    most; under a tenth of the warned, or no more often than among others, is no driver. `reasons` are lists of structs
    with `way` and `theme`.

    >>> one, two = {"way": -1, "theme": "orders"}, {"way": 1, "theme": "value"}
    >>> shared_drivers(pa.chunked_array([[[one], [one], [two]]]), np.array([True, True, False]))
    (Driver(way=-1, theme='orders', share=1.0, share_of_others=0.0),)
    """
    lists = reasons.combine_chunks() if isinstance(reasons, pa.ChunkedArray) else reasons
    customer = pc.list_parent_indices(lists).to_numpy()
    if not warned.any() or not len(customer):
        return ()
    flat = pc.list_flatten(lists)
    kinds = list(zip(pc.struct_field(flat, "way").to_pylist(), pc.struct_field(flat, "theme").to_pylist(), strict=True))
    names = sorted(set(kinds))
    code = np.array([names.index(kind) for kind in kinds])
    once = np.unique(customer.astype(np.int64) * len(names) + code)
    customer, code = once // len(names), once % len(names)
    inside = np.bincount(code[warned[customer]], minlength=len(names)) / warned.sum()
    others = int((~warned).sum())
    outside = np.bincount(code[~warned[customer]], minlength=len(names)) / max(others, 1)
    order = np.lexsort((np.arange(len(names)), outside - inside))
    return tuple(
        Driver(names[at][0], names[at][1], float(inside[at]), float(outside[at]) if others else None)
        for at in order[:MOST_DRIVERS]
        if inside[at] >= LEAST_SHARE and (inside[at] > outside[at] or not others)
    )
