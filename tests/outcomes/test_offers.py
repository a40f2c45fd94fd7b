"""Offers of a campaign told apart, each beside its own control, where the truth is planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foretell.outcomes.campaign import as_json, compared
from foretell.outcomes.customer_outcomes import CustomerOutcomes
from foretell.outcomes.in_words import figures, how_sure
from foretell.outcomes.offers import OfferResult, better, offer_results
from outcomes.results_made import PRICE, drawn, result

OFFERS = ("letter", "voucher")
ADDED = (0.25, 0.05)


def told_apart(named: bool = True, added: tuple[float, float] = ADDED) -> tuple[OfferResult, ...]:
    """The letter adds much and went to customers who buy much; the voucher little, to those who buy little."""
    who, random = drawn(4_000), np.random.default_rng(8)
    count, treated = len(who.arm), who.arm == "treated"
    meant = (np.arange(count) // 2) % 2
    stratum = [f"all; for {OFFERS[own]}" if named else "all" for own in meant.tolist()]
    rate = np.where(meant == 0, 0.5, 0.1) + treated * np.array(added)[meant]
    orders = (random.random(count) < rate).astype(np.float64)
    before = random.poisson(2, count).astype(np.float64)
    found = CustomerOutcomes(
        orders, PRICE * orders, np.full(count, np.nan), PRICE * orders, orders, before, PRICE * before
    )
    own = replace(who, stratum=np.array(stratum, dtype=object))
    return offer_results(own, found, found.spend - who.cost, OFFERS, count)


def test_each_offer_is_compared_with_those_who_were_kept_from_it() -> None:
    found = told_apart()
    for one, added in zip(found, ADDED, strict=True):
        orders = one.of("orders")
        assert orders is not None
        assert orders.low is not None
        assert orders.high is not None
        assert orders.low < added < orders.high < added + 0.15
        assert orders.n_arm == one.contacts
    assert sum(one.contacts for one in found) == 2_000
    assert better(found) == OFFERS
    assert better(found[::-1]) == OFFERS


def test_without_a_difference_none_is_better() -> None:
    assert better(told_apart(added=(0.1, 0.1))) is None
    assert better(told_apart()[:1]) is None


def test_where_it_was_not_written_down_offers_are_not_told_apart() -> None:
    assert told_apart(named=False) == ()
    who = drawn(40)
    nothing = CustomerOutcomes(*(np.zeros(40) for _ in CustomerOutcomes.__annotations__))
    assert offer_results(who, nothing, np.zeros(40), ("letter",), 40) == ()


def test_a_page_tells_each_offer_and_whether_one_is_better() -> None:
    campaign = replace(result(), by_offer=told_apart())
    told = dict(figures(campaign, "EUR"))
    assert told["letter: orders added, a contact"].startswith("+0.2")
    assert "EUR" in told["voucher: profit added, a contact"]
    assert any("letter brings more profit a contact than voucher" in one for one in how_sure(campaign))
    entries = as_json(campaign)["offers"]
    assert [one["offer"] for one in entries] == list(OFFERS)
    assert {one["outcome"] for one in entries[0]["comparisons"]} == {"ordered", "orders", "spend", "profit"}
    open_still = replace(result(drawn(complete=0.5)), by_offer=told_apart(added=(0.1, 0.1)))
    assert any("when all windows are over" in one for one in how_sure(open_still))
    alike = replace(result(), by_offer=told_apart(added=(0.1, 0.1)))
    assert any("is not shown" in one for one in how_sure(alike))


def test_arms_that_lost_customers_make_no_claim_of_an_offer() -> None:
    who = drawn()
    kept = ~((who.arm == "control") & (np.arange(4_000) % 3 == 0))
    nothing = CustomerOutcomes(*(np.ones(int(kept.sum())) for _ in CustomerOutcomes.__annotations__))
    found = compared(who.taken(kept), nothing, np.zeros(int(kept.sum())))
    assert OfferResult("letter", 10, found).of("orders") is None
    assert OfferResult("letter", 0, None).as_json() == {"offer": "letter", "contacts": 0, "comparisons": []}
    assert better([OfferResult("letter", 0, None)] * 2) is None


def test_a_difference_of_chance_is_seldom_called() -> None:
    """Of triples whose effects are drawn around one truth 5 in 100 are called at most, so 7 of 40 hardly ever."""
    random, one = np.random.default_rng(0), told_apart(added=(0.1, 0.1))[0]
    profit = one.of("profit")
    assert one.found is not None
    assert profit is not None
    assert profit.low is not None
    assert profit.high is not None
    error = (profit.high - profit.low) / 3.92
    called = 0
    for _ in range(40):
        triple = []
        for name in "abc":
            effect = float(random.normal(1.0, error))
            own = replace(profit, effect=effect, low=effect - 1.96 * error, high=effect + 1.96 * error)
            triple.append(OfferResult(name, 10, replace(one.found, comparisons=(own,))))
        called += better(triple) is not None
    assert called < 7
