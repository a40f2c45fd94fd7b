"""An alert: one rule, one run, and everybody of whom it newly warns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from foretell.alerts.control_limits import Signal
from foretell.alerts.drivers import Driver
from foretell.alerts.proof import RuleProof
from foretell.project.fingerprints import fingerprint

MOST_TOLD = 200


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
