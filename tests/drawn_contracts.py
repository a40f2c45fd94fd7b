"""Contracts drawn from chances that are known, with everything that happened to them up to a last day."""

from __future__ import annotations

import numpy as np
import polars

from foretell.forecasts.contracts.contracts import MONTH, NEVER, Contracts
from foretell.project.intervals import days

ASKS, ENDS_ASKED, LEAVES, FAILS = np.array([0.02, 0.08]), 0.9, 0.01, np.array([0.005, 0.03])
"""At each renewal, by plan; whoever asked and did not end never ends."""
PLANS = np.array([11, 22])
FIRST = days(19_000)
LAST = FIRST + days(900)


def drawn_contracts(count: int, seed: int = 3) -> Contracts:
    """Monthly contracts that began on any day of 900, one a customer, each with its own plan by turns."""
    random = np.random.default_rng(seed)
    plan = np.arange(count) % 2
    started = random.integers(FIRST, LAST, count)
    asked, ended, failed = np.full(count, NEVER), np.full(count, NEVER), np.zeros(count, bool)
    for renewal in range(1, 31):
        runs = ended == NEVER
        chance, free = random.random((4, count)), runs & (asked == NEVER)
        asks = free & (chance[0] < ASKS[plan])
        begin = started + (renewal - 1) * MONTH
        asked = np.where(asks, begin + (random.random(count) * MONTH).astype(np.int64), asked)
        fails = free & ~asks & (chance[1] < FAILS[plan])
        leaves = free & ~asks & ~fails & (chance[2] < LEAVES)
        over = (asks & (chance[3] < ENDS_ASKED)) | fails | leaves
        ended, failed = np.where(over, started + renewal * MONTH, ended), failed | fails
    key = np.sort(random.integers(0, 2**63, count).astype(np.uint64))
    whole = np.ones(count, bool)
    drawn = Contracts(
        key, started, started, asked, asked, ended, ended, failed, PLANS[plan], np.full(count, 10.0),
        np.full(count, MONTH), whole,
    )  # fmt: skip
    return drawn.as_of(LAST)


CONTRACTS = drawn_contracts(6_000)


def contracts_in(subscriptions: polars.DataFrame) -> Contracts:
    """Those of the generated shop's table, known as they happened; a plan's code is 1 for the yearly one, else 0."""
    started, asked, ended = (
        subscriptions[name].dt.cast_time_unit("us").cast(polars.Int64).fill_null(NEVER).to_numpy()
        for name in ("started_at", "asked_to_cancel_at", "ended_at")
    )
    count, yearly = len(subscriptions), (subscriptions["interval"] == "year").to_numpy()
    return Contracts(
        np.arange(count).astype(np.uint64), started, started, asked, asked, ended, ended,
        (subscriptions["reason"] == "payment failed").fill_null(False).to_numpy(),
        yearly.astype(np.int64), subscriptions["amount"].cast(polars.Float64).to_numpy(),
        np.where(yearly, 12 * MONTH, MONTH), np.ones(count, bool),
    )  # fmt: skip
