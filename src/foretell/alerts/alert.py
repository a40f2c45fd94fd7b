"""An alert: one rule, one run, everybody of whom it newly warns, and what they have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.alerts.control_limits import Signal
from foretell.alerts.proof import RuleProof
from foretell.project.fingerprints import fingerprint

MOST_TOLD = 200
MOST_DRIVERS = 3
LEAST_SHARE = 0.1


@dataclass(frozen=True)
class Alert:
    """`customers` are ids as text, those with most expected spend first; `money` is their expected spend in the
    horizon; `since` the day since which the rule holds of the longest-standing of them, without a run in which it did
    not. `as_of` and `since` are local days (ISO). `signal` is there where a weekly series is outside its limits.
    """

    id: str
    rule: str
    condition: str
    as_of: str
    horizon_days: int
    customers: tuple[str, ...]
    money: float
    currency: str
    since: str
    drivers: tuple[Driver, ...]
    proof: RuleProof
    deliver: tuple[str, ...] = ()
    signal: Signal | None = None

    def as_json(self, most_customers: int | None = None) -> dict[str, Any]:
        """Everything in plain values; at most so many customers are named, `customer_count` counts them all."""
        found = asdict(replace(self, customers=()))
        found["customers"] = list(self.customers[:most_customers])
        found["customer_count"] = len(self.customers)
        return found

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Alert:
        """The alert that `as_json` told in full."""
        values = {name: value for name, value in kept.items() if name != "customer_count"}
        proof: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in kept["proof"].items()}
        values |= {
            "customers": tuple(kept["customers"]),
            "deliver": tuple(kept["deliver"]),
            "drivers": tuple(Driver(**driver) for driver in kept["drivers"]),
            "proof": RuleProof(**proof),
            "signal": Signal(**kept["signal"]) if kept["signal"] else None,
        }
        return cls(**values)


def alert_id(rule: str, as_of: str, customers: Sequence[str]) -> str:
    """The id of an alert: the same rule, day and customers have the same."""
    return fingerprint([rule, as_of, sorted(customers)])[:12]


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
