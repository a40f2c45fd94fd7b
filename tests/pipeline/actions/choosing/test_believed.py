"""What is believed of a contact: measured where campaigns are over, else guessed."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from foretell.actions.assignments import ASSIGNED, Act, Assignments, Campaign
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.candidates import playbook_of_run
from foretell.pipeline.actions.choosing.believed import believed
from foretell.pipeline.actions.plan import plan_of
from foretell.pipeline.actions.results import results
from foretell.project.intervals import days
from foretell.project.place import Place
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
    found = plan_of(place, "win back")
    assert (found.effect.source, found.is_first) == ("experiment", False)
    assert (found.effect.added, found.effect.low) == pytest.approx((ordered.effect, ordered.low))
    assert found.effect.customers == ordered.n_arm + ordered.n_control
    assert plan_of(place, "win back", effect=0.05).effect.source == "guess"


def test_a_campaign_that_goes_on_leaves_the_guess(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = acting_shop(shop_run, tmp_path)
    acted_before(place, 10)
    run = published(place)
    playbook = playbook_of_run(run, "win back")
    assert (believed(run, playbook).source, believed(run, playbook).added) == ("guess", 0.05)
    assert believed(run, playbook, 0.5).added == 0.5
