"""Small generated examples: customers with a rate and a chance of leaving, seen at two cutoffs."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.examples.examples import FACTS, Examples

HORIZON_DAYS = 60
DAY = 86_400_000_000
NAMES = ("orders_90d", "days_since_last", "spend_life", "mean_gap_days", "refund_share", "always_null", "always_one")


def generated_examples(customers: int = 300, seed: int = 7, history_days: int = 400) -> Examples:
    """Rows of `customers` at two cutoffs, 60 days apart, with the labels that their simulated orders give."""
    random = np.random.default_rng(seed)
    rate = random.gamma(0.8, 1 / 30.0, customers)
    leaves = np.minimum(random.exponential(250.0, customers), 10_000)
    value = random.lognormal(3.0, 0.8, customers)
    first = random.uniform(0, history_days - HORIZON_DAYS, customers)
    days = [_order_days(random, *one) for one in zip(first, rate, leaves, strict=True)]
    spends = [np.round(random.lognormal(np.log(v), 0.4, len(d)), 2) for v, d in zip(value, days, strict=True)]
    keys = np.sort(random.choice(2**62, customers, replace=False)).astype(np.uint64)
    parts = []
    for number, cutoff in enumerate((history_days, history_days + HORIZON_DAYS)):
        rows = [_row(d, s, cutoff) for d, s in zip(days, spends, strict=True)]
        parts.append((number, cutoff, np.array([row for row in rows if row is not None]), rows))
    table = np.concatenate([part[2] for part in parts])
    cutoffs = np.concatenate([np.full(len(part[2]), part[1] * DAY) for part in parts])
    key = np.concatenate([keys[[row is not None for row in part[3]]] for part in parts])
    facts = dict(zip(FACTS, table[:, : len(FACTS)].T, strict=True))
    orders, spend, high, declined = table[:, len(FACTS) : len(FACTS) + 4].T
    features = np.column_stack(
        [
            table[:, len(FACTS) + 4],
            facts["days_since_last"],
            facts["lifetime_spend"],
            np.where(facts["purchase_days"] > 1, facts["first_to_last_days"], np.nan)
            / np.maximum(facts["purchase_days"] - 1, 1),
            random.uniform(0, 1, len(table)),
            np.full(len(table), np.nan),
            np.ones(len(table)),
        ]
    )
    labels = {
        "ordered": (orders > 0).astype(float),
        "orders": orders,
        "spend": spend,
        "high_value": high,
        "declined": declined,
    }
    eligible = {
        "all": np.ones(len(table), dtype=bool),
        "active": facts["days_since_last"] < 180,
        "regular": facts["purchase_days"] > 3,
        "outside_top_tier": facts["trailing_spend"] < 60,
    }
    return Examples(HORIZON_DAYS, key, cutoffs, NAMES, features, facts, labels, eligible)


def _order_days(random: np.random.Generator, first: float, rate: float, leaves: float) -> np.ndarray:
    gaps = random.exponential(1 / max(rate, 1e-4), 80)
    days = np.concatenate([[first], first + np.cumsum(gaps)])
    return np.unique(np.floor(days[days <= first + leaves]))


def _row(days: np.ndarray, spends: np.ndarray, cutoff: float) -> list[float] | None:
    past, ahead = days < cutoff, (days >= cutoff) & (days < cutoff + HORIZON_DAYS)
    if not past.any():
        return None
    known, spent = days[past], spends[past]
    trailing = known >= cutoff - HORIZON_DAYS
    windows = np.ceil((cutoff - known) / HORIZON_DAYS) - 1
    repeat_mean = float(spent[1:].mean()) if len(spent) > 1 else 0.0
    ahead_spend, trailing_spend = float(spends[ahead].sum()), float(spent[trailing].sum())
    facts = [
        len(known),
        cutoff - known[0],
        known[-1] - known[0],
        cutoff - known[-1],
        len(known),
        float(spent.sum()),
        float(trailing.sum()),
        trailing_spend,
        windows[0],
        len(np.unique(windows)) - 1,
        repeat_mean,
    ]
    declined = float(ahead_spend < trailing_spend / 2) if len(known) > 3 else np.nan
    return [
        *facts,
        float(ahead.sum()),
        ahead_spend,
        float(ahead_spend > 60),
        declined,
        float((known >= cutoff - 90).sum()),
    ]


@pytest.fixture(scope="session")
def examples() -> Examples:
    """About 600 rows, the later cutoff's last 20 labels unknown."""
    made = generated_examples()
    for label in made.labels.values():
        label[-20:] = np.nan
    return made
