"""A campaign's result whose effect was planted: treated customers order one time in ten more often."""

from __future__ import annotations

from typing import Any

import numpy as np

from foretell.actions.assignments import Campaign
from foretell.outcomes.campaign import CampaignResult, Drawn, compared, money_of
from foretell.outcomes.customer_outcomes import CustomerOutcomes

ADDED, PRICE, COST = 0.1, 20.0, 0.5


def drawn(count: int = 4_000, share: float = 0.5, complete: float = 1.0, seed: int = 3) -> Drawn:
    """Customers of two strata; the first part of them has a complete window."""
    random = np.random.default_rng(seed)
    arm = np.where(random.permutation(count) < count * share, "treated", "control").astype(object)
    treated = arm == "treated"
    stratum = np.where(np.arange(count) % 2, "At risk, high risk", "At risk, low risk").astype(object)
    offer = np.where(treated, "voucher", "").astype(object)
    done = np.arange(count) < count * complete
    return Drawn(arm, stratum, offer, np.where(treated, COST, 0.0), np.full(count, share), done)


def outcomes(who: Drawn, added: float = ADDED, seed: int = 4) -> CustomerOutcomes:
    """Orders of 20 each: three customers in ten, and `added` more of the treated."""
    random = np.random.default_rng(seed)
    count, treated = len(who.arm), who.arm == "treated"
    orders = (random.random(count) < 0.3 + added * treated).astype(np.float64)
    before = random.poisson(2, count).astype(np.float64)
    spend = PRICE * orders
    return CustomerOutcomes(orders, spend, np.full(count, np.nan), spend, orders, before, PRICE * before)


def result(who: Drawn | None = None, added: float = ADDED, **more: Any) -> CampaignResult:
    """The result of such a campaign, where spend is all margin."""
    who = drawn() if who is None else who
    found = outcomes(who, added)
    both = compared(who, found, found.spend - who.cost, len(who.arm))
    complete = int(who.complete.sum())
    told: dict[str, Any] = {"approved_by": ("Ann",), "ripe_on": "2024-10-10", "fates": {}, "explored": None, **more}
    campaign = Campaign("win back 1", "win back", "batch", 0, 30, "orders", {})
    money = money_of(who, both, complete == len(who.arm))
    return CampaignResult(campaign, found=both, money=money, drawn=len(who.arm), complete=complete, **told)
