"""From renewals to a horizon and to money, on contracts that can be reckoned by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn_contracts import CONTRACTS, LAST
from foretell.forecasts.contracts import projection
from foretell.forecasts.contracts.contracts import MONTH, NEVER, Contracts
from foretell.forecasts.contracts.hazard import Ends, learned
from foretell.forecasts.contracts.history import renewal_history
from foretell.forecasts.contracts.projection import outlook, paid_since, renewals_ahead
from foretell.project.intervals import days

WEEK = days(7)
MODEL = learned(renewal_history(CONTRACTS, LAST))
RUNNING = CONTRACTS.take(CONTRACTS.is_running).take(np.arange(50))


@dataclass(frozen=True)
class EveryTenth:
    """Of those who run a tenth ends at each renewal."""

    share_early: float = 0.0
    name: str = "a tenth"

    def ends(self, contracts: Contracts, cutoff: int, ahead: int) -> Ends:
        return Ends(np.broadcast_to(0.1 * 0.9 ** np.arange(ahead), (len(contracts), ahead)))


def weekly(ended: int = NEVER, billed: bool = True) -> Contracts:
    told = (0, 0, NEVER, NEVER, ended, ended, False, 1, 5.0, WEEK, billed)
    return Contracts(np.array([7], np.uint64), *(np.array([value]) for value in told))


def test_chances_and_money_are_those_by_hand() -> None:
    """Three days into its second week, and two weeks ahead: renewals come after 4 and 11 days."""
    told = outlook(EveryTenth(), weekly(), days(10), 14)
    assert renewals_ahead(weekly(), days(10), days(24)).tolist() == [[days(14), days(21), days(28)]]
    assert told.ends_at_renewal.tolist() == [0.1]
    assert told.ends[0] == pytest.approx(1 - 0.9**2)
    assert told.revenue[0] == pytest.approx(5 * (0.9 + 0.81))
    assert told.next_renewal_at.tolist() == [days(14)]
    assert np.isnan(told.payment_fails[0])
    assert np.isnan(outlook(EveryTenth(), weekly(billed=False), days(10), 14).revenue[0])


def test_ends_that_come_early_spread_over_the_interval() -> None:
    """The third renewal lies 4 days beyond the horizon: 3 of its 7 days are within."""
    told = outlook(EveryTenth(share_early=0.5), weekly(), days(10), 14)
    assert told.ends[0] == pytest.approx(1 - 0.9**2 + 0.5 * 3 / 7 * 0.1 * 0.81)
    before_any = outlook(EveryTenth(share_early=0.5), weekly(), days(10), 2)
    assert before_any.ends[0] == pytest.approx(0.5 * 2 / 4 * 0.1)
    assert before_any.revenue[0] == 0.0


@pytest.mark.parametrize(("ended", "paid"), [(NEVER, 10.0), (days(21), 5.0), (days(18), 5.0), (days(14), 0.0)])
def test_what_was_paid_is_counted_at_renewals_that_were_outlived(ended: int, paid: float) -> None:
    assert paid_since(weekly(ended), days(10), days(24)).tolist() == [paid]


def test_of_whom_it_is_told_together_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    together = outlook(MODEL, RUNNING, LAST, 90)
    monkeypatch.setattr(projection, "AT_ONCE", 7)
    apart = outlook(MODEL, RUNNING, LAST, 90)
    assert [values.tolist() for values in vars(apart).values()] == [v.tolist() for v in vars(together).values()]
    assert len(outlook(MODEL, RUNNING.take(np.zeros(0, int)), LAST, 90).ends) == 0


@given(st.integers(1, 200), st.integers(1, 200))
def test_a_longer_horizon_ends_more_and_pays_more(one: int, other: int) -> None:
    shorter, longer = (outlook(MODEL, RUNNING, LAST, horizon) for horizon in sorted((one, other)))
    assert ((longer.ends >= shorter.ends - 1e-12) & (longer.ends <= 1) & (shorter.ends >= 0)).all()
    assert (longer.revenue >= shorter.revenue - 1e-9).all()
    assert (longer.payment_fails <= longer.ends + 1e-12).all()
    assert ((longer.next_renewal_at > LAST) & (longer.next_renewal_at <= LAST + MONTH)).all()
