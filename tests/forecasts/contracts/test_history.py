"""Who came to a renewal, and what became of them there."""

from __future__ import annotations

import numpy as np
import polars

from drawn_contracts import CONTRACTS, LAST, PLANS, contracts_in
from foretell.forecasts.contracts.contracts import MONTH, NEVER, Contracts
from foretell.forecasts.contracts.history import group_of, places, renewal_history
from foretell.generated.calendar import DAY, FIRST_DAY
from foretell.generated.subscriptions import ENDED_A_YEAR, FAILED_A_YEAR, PERIOD
from foretell.project.intervals import days, midnight
from shops.planted_shop import DAYS, planted_shop, with_truth


def contract(asked: float | None = None, ended: float | None = None, failed: bool = False, plan: int = 1) -> Contracts:
    """A contract of month 0; asked and ended in months."""
    moments = [NEVER if month is None else round(month * MONTH) for month in (asked, ended)]
    told = (0, 0, moments[0], moments[0], moments[1], moments[1], failed, plan, 10.0, MONTH, True)
    return Contracts(np.array([7], np.uint64), *(np.array([value]) for value in told))


def test_every_way_to_end_is_counted_apart() -> None:
    some = [
        contract(),
        contract(ended=2.0),
        contract(ended=2.0, failed=True),
        contract(asked=1.5, ended=2.0),
        contract(asked=0.5, ended=2.0),
        contract(asked=2.5),
    ]
    found = renewal_history(Contracts.joined(some), round(3.2 * MONTH))
    assert found.free.tolist() == [[6, 5, 2]]
    assert found.asked.tolist() == [[1, 1, 1]]
    assert (found.left.tolist(), found.failed.tolist()) == ([[0, 1, 0]], [[0, 1, 0]])
    assert (found.fresh_ended.tolist(), found.old.tolist(), found.old_ended.tolist()) == (
        [[0, 1, 0]], [[0, 1, 0]], [[0, 1, 0]],
    )  # fmt: skip
    assert found.at_risk.tolist() == [[6, 6, 2]]
    assert found.ended.tolist() == [[0, 4, 0]]
    assert found.early == 0


def test_a_renewal_counts_once_it_has_passed_for_who_ended_as_for_who_did_not() -> None:
    """An end within the third interval is known at once; that others outlived it is not, so it does not count yet."""
    some = Contracts.joined([contract(), contract(ended=2.4)])
    assert renewal_history(some, round(2.9 * MONTH)).ended.tolist() == [[0, 0]]
    later = renewal_history(some, round(3.2 * MONTH))
    assert later.ended.tolist() == [[0, 0, 1]]
    assert (later.early, later.share_early) == (1, 1.0)


def test_plans_are_told_apart_and_a_plan_that_nobody_held_has_no_place() -> None:
    found = renewal_history(CONTRACTS, LAST)
    assert len(found.groups) == len(PLANS)
    assert found.at_risk[:, 0].sum() > 5_000
    assert (found.ended <= found.at_risk).all()
    other = places(found.groups, group_of(contract(plan=99)))
    assert other.tolist() == [2]
    assert places(np.array([], np.int64), np.array([3])).tolist() == [0]


def test_the_chances_of_the_generated_shop_are_found_in_its_renewals() -> None:
    """Of customers who never leave the shop, by what the shop was drawn from: the own end is exponential, and so is the
    payment that fails. The count of each lies within four standard deviations of the chance times who was at risk."""
    shop = planted_shop()
    staying = with_truth(shop["subscriptions"], shop).filter(polars.col("leaves_at").is_null())
    contracts = contracts_in(staying)
    found = renewal_history(contracts, midnight(FIRST_DAY, "UTC") + days(DAYS), contracts.plan)
    for yearly, row in ((False, 0), (True, 1)):
        years = PERIOD[2 if yearly else 0] / DAY / 365
        either = -np.expm1(-(ENDED_A_YEAR + FAILED_A_YEAR) * years)
        asks = either * ENDED_A_YEAR / (ENDED_A_YEAR + FAILED_A_YEAR)
        for events, risk, chance in (
            (found.asked[row], found.free[row], asks),
            (found.failed[row], found.free[row] - found.asked[row], (either - asks) / (1 - asks)),
        ):
            mean = risk.sum() * chance
            assert mean > 1
            assert abs(events.sum() - mean) < 4 * np.sqrt(mean), (events.sum(), mean)
    assert found.left.sum() == 0
    assert found.old.sum() < 0.2 * found.asked.sum(), "only where months of 30 days slip against mean months"
