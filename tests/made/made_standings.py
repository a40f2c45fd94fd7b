"""Standings of customers made by Hypothesis: whatever facts the rules of segments may meet, and everything else NaN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np
from hypothesis import strategies as st

from foretell.segments.standing import FACTS, Standing

NAN = float("nan")


@dataclass(frozen=True)
class Customer:
    """The facts of one customer, as in `FACTS`."""

    silent_days: float = 0.0
    orders: float = 1.0
    spend: float = 0.0
    lifetime_orders: float = 1.0
    lifetime_spend: float = 0.0
    purchase_days: float = 1.0
    gap_days: float = NAN
    last_gap_days: float = NAN
    observed_days: float = NAN


assert [field.name for field in fields(Customer)] == list(FACTS)

SILENCES = st.sampled_from((0, 1, 7, 30, 30, 365, 366)) | st.integers(0, 4_000)
AMOUNTS = st.sampled_from((0.0, 0.0, 9.5)) | st.floats(0, 1e7)


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    """One customer whose facts go together: no more orders in the window than ever, gaps where there are some."""
    purchase_days = draw(st.sampled_from((1, 1, 2, 3)) | st.integers(1, 300))
    lifetime_orders = purchase_days + draw(st.sampled_from((0, 0, 1, 9)))
    spend, more = draw(AMOUNTS), draw(AMOUNTS)
    gaps = st.sampled_from((1, 7, 30)) | st.integers(1, 900)
    silent = draw(SILENCES)
    return Customer(
        silent,
        draw(st.integers(0, lifetime_orders)),
        spend,
        lifetime_orders,
        spend + more,
        purchase_days,
        draw(gaps) if purchase_days >= 3 else NAN,
        draw(gaps) if purchase_days >= 2 else NAN,
        silent + 1 + (draw(st.integers(purchase_days - 1, 2_000)) if purchase_days > 1 else 0),
    )


def populations(most: int = 60) -> st.SearchStrategy[list[Customer]]:
    """One customer to many."""
    return st.lists(customers(), min_size=1, max_size=most)


def standing_of(people: Sequence[Customer], window_days: float = 365.0) -> Standing:
    """The standing of these customers, whose keys are their places."""
    facts = np.array([astuple(one) for one in people], dtype=np.float64).reshape(len(people), len(FACTS))
    columns = dict(zip(FACTS, facts.T, strict=True))
    return Standing(0, 0, window_days, np.arange(len(people), dtype=np.uint64), columns)
