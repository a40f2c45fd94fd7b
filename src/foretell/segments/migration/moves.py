"""Moves: where customers of one segment set stand at a cutoff, where silence would carry them, and where they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.segments.segment_set import Cuts, SegmentSet
from foretell.segments.standing import Standing

SOFT_WIDTHS = (0.25, 0.8)
FEW_DAYS = (1, 2, 3, 4)
SILENCES = 12
MORE_ORDERS = ((1.0, 0.0), (1.0, 1.0), (2.0, 10.0), (5.0, 1.0))
"""How many more orders, and the worth of each against the customer's mean order."""
AMOUNTS = ("orders", "spend", "lifetime_orders", "lifetime_spend")


@dataclass(frozen=True)
class Moves:
    """One entry a customer and cutoff. `start` and `landing` are codes of the segment at the cutoff, and of the one at
    cutoff + horizon with the facts of the cutoff alone; `end` is where the customer really was then, and `ordered`
    whether an order happened in between (one that only became known does not count), `spent` the money in between, in
    currency; None where that lies ahead. `inputs` is float64 [rows, columns]. `simulated` is float32 [rows, segments]:
    where simulated orders lead, None where they were not."""

    segments: tuple[str, ...]
    customer_key: np.ndarray
    start: np.ndarray
    landing: np.ndarray
    inputs: np.ndarray
    end: np.ndarray | None = None
    ordered: np.ndarray | None = None
    spent: np.ndarray | None = None
    simulated: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.customer_key)

    def came(self) -> tuple[np.ndarray, np.ndarray]:
        """`end` and `ordered`; ValueError where they lie ahead."""
        if self.end is None or self.ordered is None:
            raise ValueError("what came is not known yet")
        return self.end, self.ordered


def moves(group: SegmentSet, cuts: Cuts, now: Standing, landing: Standing, later: Standing | None = None) -> Moves:
    """The moves of one cutoff. `landing` has the customers of `now`; `later`, the standing at cutoff + horizon from
    all that was known then, may hold newcomers, who are left out, and lack those all of whose orders were taken back by
    then: they are left out too."""
    if later is not None:
        stayed = np.isin(now.customer_key, later.customer_key)
        now, landing = now.take(stayed), landing.take(stayed)
    start, arrived = group.assign(now, cuts), group.assign(landing, cuts)
    inputs = move_inputs(group, cuts, now, landing, start, arrived)
    found = Moves(group.segments, now.customer_key, start, arrived, inputs)
    if later is None:
        return found
    later = later.take(np.searchsorted(later.customer_key, now.customer_key))
    ordered = later.facts["silent_days"] < landing.facts["silent_days"] - now.facts["silent_days"]
    spent = np.maximum(later.facts["lifetime_spend"] - now.facts["lifetime_spend"], 0.0)
    return replace(found, end=group.assign(later, cuts), ordered=ordered, spent=spent)


def stacked_moves(parts: Sequence[Moves]) -> Moves:
    """The moves of several cutoffs one after the other; at least one."""
    ends = [part.came() for part in parts]
    return Moves(
        parts[0].segments,
        np.concatenate([part.customer_key for part in parts]),
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.landing for part in parts]),
        np.concatenate([part.inputs for part in parts]),
        np.concatenate([end for end, _ in ends]),
        np.concatenate([ordered for _, ordered in ends]),
        np.concatenate([part.spent for part in parts if part.spent is not None]),
    )


def reachable(group: SegmentSet, cuts: Cuts, landing: Standing, horizon_days: int) -> np.ndarray:
    """bool [segments]: where the rule could put any of the customers, if they order once, or a few times, early or
    late in the horizon, for nothing or for much. Whoever buys cannot be lost, where the rule says so."""
    found = np.zeros(len(group.segments), dtype=bool)
    aged = landing.facts
    value = aged["lifetime_spend"] / aged["lifetime_orders"]
    for silent in np.unique(np.linspace(0, horizon_days - 1, SILENCES).astype(np.int64)):
        for more, worth in MORE_ORDERS:
            facts = {
                **aged,
                "silent_days": np.full(len(landing), float(silent)),
                "last_gap_days": np.maximum(aged["silent_days"] - silent, 1.0),
                **{name: aged[name] + more for name in ("orders", "lifetime_orders", "purchase_days")},
                **{name: aged[name] + more * worth * value for name in ("spend", "lifetime_spend")},
            }
            found[group.assign(replace(landing, facts=facts), cuts)] = True
    return found


def move_inputs(
    group: SegmentSet, cuts: Cuts, now: Standing, landing: Standing, start: np.ndarray, arrived: np.ndarray
) -> np.ndarray:
    """float64 [rows, columns], finite: what tells where an order would lead. Logs of counts and amounts, today and as
    they will have aged; how far each amount lies from each cut point, on two scales; the two segments."""
    aged, today = landing.facts, now.facts
    columns = [_log(aged[name]) for name in AMOUNTS]
    columns += [_log(today["orders"]), _log(today["spend"]), _log(today["silent_days"]), _log(aged["gap_days"])]
    columns += [_log(aged["lifetime_spend"] / aged["lifetime_orders"]), _log(aged["last_gap_days"])]
    columns += [np.isnan(aged["gap_days"]), *(aged["purchase_days"] == days for days in FEW_DAYS)]
    columns += [columns[0] ** 2, columns[1] ** 2]
    for name, fact in group.levels.items():
        for cut in (cut for cut in dict.fromkeys(cuts[name]) if np.isfinite(cut)):
            columns += [np.tanh((_log(aged[fact]) - _log(np.array(cut))) / width) for width in SOFT_WIDTHS]
    columns += [np.sign(aged[name]) * _log(np.abs(aged[name])) for name in group.features]
    places = np.arange(len(group.segments))
    return np.column_stack(
        [*(np.nan_to_num(column) for column in columns), start[:, None] == places, arrived[:, None] == places]
    ).astype(np.float64)


def _log(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.log1p(np.maximum(np.nan_to_num(values), 0.0)))
