"""Campaign profit of a period, by hand."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from foretell.outcomes.campaign import CampaignResult
from foretell.outcomes.kpis.campaign_profit import OF_95, campaign_profit
from foretell.outcomes.kpis.outlook import Outlook
from foretell.outcomes.kpis.standing import KpiStanding
from foretell.project.parts.kpis import KpiPart
from outcomes.results_made import drawn, result

DAY = "2024-10-21"
OVER, ALSO = result(ripe_on="2024-10-10"), result(drawn(seed=8), ripe_on="2024-10-20")
OPEN = result(drawn(complete=0.5), ripe_on="2024-10-28")


def told(*results: CampaignResult, target: float | None = None) -> KpiStanding:
    return campaign_profit(KpiPart(name="campaign profit", target=target), results, DAY)


def outlook(standing: KpiStanding) -> Outlook:
    assert standing.outlook is not None
    return standing.outlook


def ends(one: CampaignResult) -> tuple[float, float, float]:
    money = one.money
    assert money.profit is not None
    assert money.low is not None
    assert money.high is not None
    return money.profit, money.low, money.high


def test_one_campaign_that_is_over() -> None:
    found, (profit, low, high) = outlook(told(OVER)), ends(OVER)
    assert found.now == found.expected == profit
    assert found.low == pytest.approx(profit - OF_95 * (profit - low))
    assert found.high == pytest.approx(profit + OF_95 * (high - profit))


def test_campaigns_add_up_and_their_errors_as_squares() -> None:
    found, (one, low, _), (two, below, _) = outlook(told(OVER, ALSO)), ends(OVER), ends(ALSO)
    assert found.now == pytest.approx(one + two)
    assert found.past == 2
    assert found.low == pytest.approx(one + two - OF_95 * sqrt((one - low) ** 2 + (two - below) ** 2))


def test_what_is_open_stands_in_the_outlook_alone() -> None:
    found, (one, _, _), (two, low, _) = outlook(told(OVER, OPEN)), ends(OVER), ends(OPEN)
    assert found.now == one
    assert found.expected == pytest.approx(one + two)
    assert found.low is not None
    assert found.low < one + two - (two - low)


def test_campaigns_of_other_periods_do_not_count() -> None:
    before, after = replace(OVER, ripe_on="2024-10-01"), replace(OPEN, ripe_on="2024-11-02")
    assert outlook(told(before, OVER, after)) == outlook(told(OVER))
    assert outlook(told(before)).now == 0
    last = replace(OVER, ripe_on="2024-11-01")
    assert outlook(told(last)).past == 1


def test_targets() -> None:
    profit, low, high = ends(OVER)
    assert told(OVER, target=max(round(low, 2), 0)).course == "on course"
    assert told(OVER, target=round(profit, 2)).course == "open"
    assert told(OVER, target=round(high + 1, 2)).course == "out of reach"
    assert told(OVER).course == "no target"


def test_what_cannot_be_told_is_said() -> None:
    assert told().cannot == "nothing has been acted on yet"
    nobody_aside = replace(OVER, found=None, money=replace(OVER.money, profit=None, low=None, high=None))
    assert told(nobody_aside).cannot == "what win back 1 earned cannot be told"
    young = result(drawn(complete=0.0), ripe_on="2024-10-28")
    found = outlook(told(OVER, young))
    assert (found.expected, found.low) == (None, None)
    assert np.isfinite(found.now)
