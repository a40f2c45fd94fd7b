"""Campaign profit: what the campaigns of a period earned beside their controls, with what is still open of it.

A campaign counts in the period in which its last window is over. Of those that are over the read-out is final; of those
that end before the period does, what they show so far stands in the outlook. Intervals of different campaigns are put
together as those of independent draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import sqrt

from foretell.outcomes.campaign import CampaignResult
from foretell.outcomes.kpis.outlook import Outlook
from foretell.outcomes.kpis.standing import KpiStanding, course_of, period_of
from foretell.project.parts.kpis import KpiPart

OF_95 = 1.2816 / 1.9600
"""The half width of an 80 % interval over that of a 95 % one, of a normal error."""


def campaign_profit(part: KpiPart, results: Sequence[CampaignResult], as_of_day: str) -> KpiStanding:
    """How the profit of campaigns stands at the beginning of a day. `now` sums those that are over; the outlook has all
    that are over by the end of the period. `past` counts campaigns. It cannot be told where one of them cannot."""
    begin, end = period_of(part, as_of_day)
    days = begin.isoformat(), end.isoformat()
    due = [one for one in results if begin.isoformat() < one.ripe_on <= end.isoformat()]
    if not results:
        return KpiStanding(part, *days, None, "not known", cannot="nothing has been acted on yet")
    over = [one for one in due if one.is_ripe]
    untold = [one.campaign.name for one in over if _profit(one) is None]
    if untold:
        return KpiStanding(part, *days, None, "not known", cannot=f"what {untold[0]} earned cannot be told")
    now = sum(profit for one in over if (profit := _profit(one)) is not None)
    outlook = _outlook(now, due)
    return KpiStanding(part, *days, outlook, course_of(part, outlook, end <= date.fromisoformat(as_of_day)))


def _outlook(now: float, due: Sequence[CampaignResult]) -> Outlook:
    profits = [_profit(one) for one in due]
    ends = [(one.money.low, one.money.high) for one in due]
    total, below, above = 0.0, 0.0, 0.0
    for profit, (low, high), one in zip(profits, ends, due, strict=True):
        if profit is None or low is None or high is None:
            return Outlook(now, None, None, None, len(due))
        narrower = OF_95 if one.is_ripe else 1.0
        total += profit
        below += (narrower * (profit - low)) ** 2
        above += (narrower * (high - profit)) ** 2
    return Outlook(now, total, total - sqrt(below), total + sqrt(above), len(due))


def _profit(one: CampaignResult) -> float | None:
    """What it earned; None without an arm to compare with, or where the arms are not as they were drawn."""
    compared = one.of("profit")
    return None if compared is None or compared.is_stopped else one.money.profit
