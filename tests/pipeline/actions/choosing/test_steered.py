"""What a run's finished campaigns teach of each candidate: of whom, with which features, and when nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.actions.assignments import ASSIGNED, Act, Assignments, Campaign
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.act import prepared
from foretell.pipeline.actions.campaign_table import write_tables
from foretell.pipeline.actions.candidates import gathered, playbook_of_run
from foretell.pipeline.actions.choosing.believed import believed
from foretell.pipeline.actions.choosing.steered import experience_of, steered
from foretell.pipeline.actions.plan import plan_of
from foretell.pipeline.actions.results import results
from foretell.project.intervals import days
from foretell.project.place import Place
from shops.acting_shop import acting_shop

NAMES = ("orders_life", "days_since_last_order")


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    """A shop with one campaign of two offers that is over, and one that goes on."""
    place = acting_shop(shop_run, tmp_path)
    run = published(place)
    for name, back in (("win back 1", 40), ("win back 2", 10)):
        at = run.record.as_of - days(back)
        rows = [
            {
                "customer_id": who, "assigned_at": at, "playbook": "win back", "campaign": name,
                "arm": ("treated", "control")[number % 2], "offer": ("letter", "")[number % 2], "channel": "",
                "cost": 0.5, "stratum": f"all; for {('letter', 'old')[number % 3 == 0]}", "propensity": 0.5,
            }
            for number, who in enumerate(run.main.scores["customer_id"].to_pylist())
        ]  # fmt: skip
        offers = [{"name": one, "channel": "post"} for one in ("old", "letter")]
        campaign = Campaign(name, "win back", "batch", at, 30, "orders", {"offers": offers})
        Assignments(place.state).commit(
            campaign, Act(f"before {name}", "Ann", at), pa.Table.from_pylist(rows, schema=ASSIGNED)
        )
    return place


def test_what_is_learned_from_is_the_table_of_finished_campaigns(place: Place) -> None:
    past = experience_of(published(place), "win back", ["letter"], NAMES)
    (path,) = write_tables(place, results(place)).values()
    table = pq.read_table(path)
    assert past.customer_id.to_pylist() == table["customer_id"].to_pylist()
    assert past.treated.tolist() == [arm == "treated" for arm in table["arm"].to_pylist()]
    assert past.ordered.tolist() == [count > 0 for count in table["orders"].to_pylist()]
    np.testing.assert_array_equal(past.known, np.column_stack([table[name].to_numpy() for name in NAMES]))
    ids = published(place).main.scores["customer_id"].to_pylist()
    meant = {who: -1 if number % 3 == 0 else 0 for number, who in enumerate(ids)}
    assert past.meant.tolist() == [meant[who] for who in past.customer_id.to_pylist()]
    assert len(experience_of(published(place), "nurture", ["letter"], NAMES)) == 0


def test_a_small_campaign_leaves_everybody_with_the_average_and_says_so(place: Place) -> None:
    found = plan_of(place, "win back")
    assert (found.effect.source, found.steering.by_customer) == ("experiment", False)
    assert "too few people" in found.as_json()["steering"]["offers"][0]["why"]
    assert found.as_json()["steering"]["used"] == "the average"
    ready = prepared(place, "win back", "2024-09-10")
    assert ready.drawn.campaign.declared["steering"] == found.steering.as_json()


def test_of_a_guess_nothing_is_learned(place: Place) -> None:
    run = published(place)
    playbook = playbook_of_run(run, "win back")
    found = gathered(run, playbook)
    told = steered(run, found, believed(playbook, [], 0.5), [])
    assert told.apart.shape == (1, len(found.candidates))
    assert "guess" in told.offers[0].why
