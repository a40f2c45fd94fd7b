"""What is believed of a contact: measured where campaigns are over, else guessed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from actions.drawn_from.playbooks_made import made_playbook
from foretell.actions.assignments import ASSIGNED, Act, Assignments, Campaign
from foretell.answers.published import PublishedRun, published
from foretell.outcomes.campaign import CampaignResult
from foretell.outcomes.offers import OfferResult
from foretell.pipeline.actions.candidates import playbook_of_run
from foretell.pipeline.actions.choosing.believed import believed, offers_apart, read_outs
from foretell.pipeline.actions.plan import plan_of
from foretell.pipeline.actions.results import results
from foretell.project.intervals import days
from foretell.project.place import Place
from outcomes.results_made import result
from shops.acting_shop import acting_shop


def acted_before(place: Place, days_ago: int) -> None:
    """Put a campaign of everybody into the ledger, every other customer of which was contacted."""
    run = published(place)
    at = run.record.as_of - days(days_ago)
    rows = [
        {
            "customer_id": who, "assigned_at": at, "playbook": "win back", "campaign": "win back 1",
            "arm": ("treated", "control")[number % 2], "offer": "letter", "channel": "post", "cost": 0.5,
            "stratum": "all", "propensity": 0.5,
        }
        for number, who in enumerate(run.main.scores["customer_id"].to_pylist())
    ]  # fmt: skip
    campaign = Campaign("win back 1", "win back", "batch", at, 30, "orders", {"offers": []})
    act = Act("an earlier run", "Ann", at)
    Assignments(place.state).commit(campaign, act, pa.Table.from_pylist(rows, schema=ASSIGNED))


def test_a_campaign_that_is_over_takes_the_place_of_the_guess(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = acting_shop(shop_run, tmp_path)
    acted_before(place, 40)
    ordered = results(place)[0].of("ordered")
    assert ordered is not None
    assert ordered.effect is not None
    found = plan_of(place, "win back")
    assert (found.effect.source, found.is_first) == ("experiment", False)
    weight = found.effect.weight
    assert 0 < weight < 1
    assert found.effect.added == pytest.approx(weight * ordered.effect + (1 - weight) * 0.05)
    assert (found.effect.low, found.effect.high) == pytest.approx((ordered.low, ordered.high))
    assert "still the guess of 5.0 points" in found.effect.why
    assert found.effect.customers == ordered.n_arm + ordered.n_control
    assert plan_of(place, "win back", effect=0.05).effect.source == "guess"


def test_a_campaign_that_goes_on_leaves_the_guess(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = acting_shop(shop_run, tmp_path)
    acted_before(place, 10)
    run = published(place)
    playbook = playbook_of_run(run, "win back")
    assert read_outs(run, "win back") == []
    assert (believed(playbook, []).source, believed(playbook, []).added) == ("guess", 0.05)
    assert believed(playbook, [], 0.5).added == 0.5


def test_offers_are_apart_as_far_as_what_was_measured_of_each_differs_beyond_chance() -> None:
    playbook = made_playbook(offers=("letter", "voucher"))

    def campaign(letter: float, voucher: float) -> CampaignResult:
        found = result().found
        assert found is not None
        ordered = next(one for one in found.comparisons if one.outcome == "ordered")
        offers = []
        for name, effect in (("letter", letter), ("voucher", voucher), ("no longer sent", 0.9)):
            own = replace(ordered, effect=effect, low=effect - 0.02, high=effect + 0.02)
            offers.append(OfferResult(name, 10, replace(found, comparisons=(own,))))
        return replace(result(), by_offer=tuple(offers))

    apart = offers_apart(playbook, [campaign(0.30, 0.10), campaign(0.32, 0.08)])
    assert apart == pytest.approx([0.11, -0.11], abs=0.002)
    assert offers_apart(playbook, [campaign(0.10, 0.105)]).tolist() == [0, 0]
    assert offers_apart(made_playbook(), [campaign(0.3, 0.1)]).tolist() == [0]
