"""What is known of a contract, and when: from facts of the table to contracts as of a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.stable_keys import code_of
from foretell.forecasts.contracts.contracts import MONTH, NEVER, Contracts, contracts_of
from made_orders import DAY, batch_of
from made_told import Told
from made_views import bought, fact

WEEK = 604_800
LINES = [bought(5, customer=name) for name in "abc"]
ABOUT: Mapping[str, Any] = {"subscription": "one", "plan": "Pro", "amount": 70_000, "interval_seconds": WEEK}
TABLE = "subscriptions"


def contracts(facts: list[Told], before: float = 1000) -> Contracts:
    return contracts_of(batch_of(LINES, "UTC", round(before * DAY), told=facts))


def days_of(moments: np.ndarray) -> list[float | None]:
    return [None if moment == NEVER else moment / DAY for moment in moments.tolist()]


def test_a_row_of_the_table_is_one_contract() -> None:
    told = [
        fact(TABLE, 80, step="started", **ABOUT),
        fact(TABLE, 90, step="asked to cancel", **ABOUT),
        fact(TABLE, 101, step="ended", reason="Payment_Failed", **ABOUT),
    ]
    found = contracts(told)
    assert (days_of(found.started_at), days_of(found.asked_at), days_of(found.ended_at)) == ([80], [90], [101])
    assert (found.end_renewal.tolist(), found.ask_renewal.tolist()) == ([3.0], [2.0])
    assert found.is_failed.tolist() == [True]
    assert (found.amount.tolist(), found.plan.tolist()) == ([7.0], [code_of("Pro")])
    assert found.interval.tolist() == [7 * DAY]


def test_what_is_not_told_is_not_guessed() -> None:
    found = contracts([fact(TABLE, 80, step="started"), fact(TABLE, 90, step="ended", reason="too expensive")])
    assert np.isnan(found.amount[0])
    assert (found.is_billed.tolist(), found.is_failed.tolist()) == ([False], [False])
    assert found.interval.tolist() == [MONTH]
    assert len(contracts([])) == 0


def test_without_ids_starts_of_a_plan_go_with_its_ends_in_order() -> None:
    told = [fact(TABLE, day, step=step, plan="Free") for day, step in
            ((10, "started"), (30, "ended"), (30, "started"), (40, "asked to cancel"))]  # fmt: skip
    told.append(fact(TABLE, 35, step="ended", plan="Pro"))
    found = contracts(told)
    assert days_of(found.started_at) == [10, 30]
    assert days_of(found.ended_at) == [30, None]
    assert days_of(found.asked_at) == [None, 40]


def test_a_contract_that_is_told_again_is_one() -> None:
    told = [fact(TABLE, 10, known=day, step="started", **ABOUT) for day in (10, 20)]
    told += [fact(TABLE, 31, known=day, step="ended", **ABOUT) for day in (31, 40)]
    found = contracts(told)
    assert (days_of(found.started_at), days_of(found.ended_seen)) == ([10], [31])


def test_an_end_that_became_known_late_is_not_known_before() -> None:
    told = [fact(TABLE, 10, step="started", **ABOUT), fact(TABLE, 31, known=50, step="ended", **ABOUT)]
    found = contracts(told)
    assert found.as_of(45 * DAY).is_running.tolist() == [True]
    assert found.as_of(51 * DAY).is_running.tolist() == [False]
    assert len(found.as_of(10 * DAY)) == 0


def test_who_has_not_ordered_yet_is_no_customer_yet() -> None:
    found = contracts([fact(TABLE, 2, step="started", **ABOUT)])
    assert (len(found.as_of(4 * DAY)), len(found.as_of(6 * DAY))) == (0, 1)


def test_a_month_is_no_longer_for_its_31_days() -> None:
    """July has more days than the mean month; a contract of July and August did not outlive its second renewal."""
    month: Mapping[str, Any] = {**ABOUT, "interval_seconds": round(30.4375 * 86_400)}
    for length, renewal in ((31, 1), (62, 2), (40, 2), (0, 1)):
        told = [fact(TABLE, 100, step="started", **month), fact(TABLE, 100 + length, step="ended", **month)]
        assert contracts(told).end_renewal.tolist() == [renewal]


steps = st.sampled_from(["started", "asked to cancel", "ended"])
some_facts = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 9), st.sampled_from("ab"), steps, st.sampled_from(["", "x", "y"])),
    max_size=14,
)


@settings(max_examples=50)
@given(some_facts, st.integers(0, 60))
def test_nothing_later_changes_what_was_known(told: list[tuple[int, int, str, str, str]], cutoff: int) -> None:
    """The contracts of the whole, seen as of a day, are those of a log that ends on that day; in any order of rows."""
    facts = [
        fact(TABLE, day, who, day + late, step=step, **({"subscription": one} if one else {}))
        for day, late, who, step, one in told
    ]
    whole = contracts(facts[::-1]).as_of(cutoff * DAY)
    cut = contracts(facts, cutoff).as_of(cutoff * DAY)
    for name in ("customer_key", "started_at", "started_seen", "asked_at", "ended_at", "ended_seen", "is_failed"):
        assert getattr(whole, name).tolist() == getattr(cut, name).tolist()
