"""Drivers: the reasons that customers of an alert have in common, more often than the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOST_DRIVERS = 3
LEAST_SHARE = 0.1
FIGURES = r"\d[\d,.]*"


@dataclass(frozen=True)
class Driver:
    """A reason with its figures taken out (`…` stands for them): its share among those of the alert, and among all
    others (None where there are no others)."""

    reason: str
    share: float
    share_of_others: float | None


def shared_drivers(reasons: pa.ChunkedArray, warned: np.ndarray) -> tuple[Driver, ...]:
    """At most three reasons, those first whose share among the warned (bool [customers]) exceeds that among the others
    most; under a tenth of the warned, or no more often than among others, is no driver. `reasons` are lists of texts.

    >>> shared_drivers(pa.chunked_array([[["last order 9 days ago"], ["last order 8 days ago"], ["new"]]]),
    ...                np.array([True, True, False]))
    (Driver(reason='last order … days ago', share=1.0, share_of_others=0.0),)
    """
    lists = reasons.combine_chunks() if isinstance(reasons, pa.ChunkedArray) else reasons
    customer = pc.list_parent_indices(lists).to_numpy()
    told = pc.replace_substring_regex(pc.list_flatten(lists), FIGURES, "…").dictionary_encode()
    if not warned.any() or not len(customer):
        return ()
    names, code = told.dictionary.to_pylist(), told.indices.to_numpy()
    once = np.sort(customer.astype(np.int64) * len(names) + code)
    once = once[np.append(True, once[1:] != once[:-1])]
    customer, code = once // len(names), once % len(names)
    inside = np.bincount(code[warned[customer]], minlength=len(names)) / warned.sum()
    others = int((~warned).sum())
    outside = np.bincount(code[~warned[customer]], minlength=len(names)) / max(others, 1)
    order = np.lexsort((np.array(names), outside - inside))
    return tuple(
        Driver(names[at], float(inside[at]), float(outside[at]) if others else None)
        for at in order[:MOST_DRIVERS]
        if inside[at] >= LEAST_SHARE and (inside[at] > outside[at] or not others)
    )
