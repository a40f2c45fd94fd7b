"""Results of campaigns are read from the log, of whoever is complete, by who they are by now."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from foretell.actions.assignments import ASSIGNED, Act, Assignments, Campaign
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.act import acted_on
from foretell.pipeline.actions.results import results, write_pages
from foretell.project.errors import InputError
from foretell.project.intervals import days
from foretell.project.place import Place
from shops.acting_shop import acting_shop
from typed import typed


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    """A shop that contacted every other customer 40 days before its last day, and some of them again later."""
    place = acting_shop(shop_run, tmp_path)
    run = published(place)
    ids = run.main.scores["customer_id"].to_pylist()
    for name, back, whom in (("win back 1", 40, ids), ("nurture 1", 10, ids[:30])):
        at = run.record.as_of - days(back)
        playbook = name.rstrip(" 1")
        campaign = Campaign(name, playbook, "batch", at, 30, "orders", {"offers": []})
        rows = [
            {
                "customer_id": who, "assigned_at": at, "playbook": playbook, "campaign": name,
                "arm": ("treated", "control")[number % 2], "offer": "", "channel": "", "cost": 0.5 * (number % 2 == 0),
                "stratum": "all", "propensity": 0.5,
            }
            for number, who in enumerate(whom)
        ]  # fmt: skip
        Assignments(place.state).commit(
            campaign, Act(run.record.run, "Ann", at), pa.Table.from_pylist(rows, schema=ASSIGNED)
        )
    return place


def test_complete_windows_are_read_out_and_others_wait(place: Place) -> None:
    first, second = results(place)
    assert (first.campaign.name, first.is_ripe, second.is_ripe) == ("win back 1", True, False)
    assert (second.complete, second.money.profit) == (0, None)
    assert first.complete == first.drawn == len(published(place).main.scores)
    orders = first.of("orders")
    assert orders is not None
    assert abs((orders.n_arm or 0) - (orders.n_control or 0)) <= 1
    assert (orders.arm_mean or 0) + (orders.control_mean or 0) > 0
    assert [one.campaign.name for one in results(place, "nurture")] == ["nurture 1"]
    assert first.approved_by == ("Ann",)


def test_whoever_was_forgotten_is_left_out_and_counted(place: Place) -> None:
    gone = published(place).main.scores["customer_id"].to_pylist()[:2]
    Assignments(place.state).forget(lambda ids: pa.compute.is_in(ids, pa.array(gone)).to_numpy(zero_copy_only=False))
    (first,) = results(place, "win back 1")
    assert first.drawn == len(published(place).main.scores) - 2
    assert "2 customers asked to be forgotten: left out" in first.notes


def test_a_campaign_that_is_not_there_is_an_error_with_the_known_ones(place: Place, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        results(place, "x")
    assert "win back 1, win back" in refused.value.details()["expected"]


def test_nothing_acted_on_says_how_to_begin(shop_run: PublishedRun, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Nothing has been acted on"):
        results(acting_shop(shop_run, tmp_path))


def test_pages_and_the_door_tell_the_same(place: Place) -> None:
    folder = place.state.parent
    told = typed("results", folder=folder)
    assert told.returncode == 0, told.stderr
    assert "win back 1: Whether it paid is not shown" in told.stdout or "win back 1: It" in told.stdout
    assert "nurture 1: Too early to tell" in told.stdout
    (one,) = json.loads(typed("results", "win back 1", "--html", "--json", folder=folder).stdout)
    page = (folder / one["page"]).read_text(encoding="utf-8")
    assert "win back 1: did it pay?" in page
    assert "http" not in page.replace("http-equiv", "")
    assert one["complete"] == one["drawn"]
    assert write_pages(place, results(place))["nurture 1"].is_file()


def test_a_fresh_campaign_waits_for_its_windows(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = acting_shop(shop_run, tmp_path)
    acted = acted_on(place, "win back", "Ann", "2024-09-10")
    (found,) = results(place)
    assert (found.complete, found.drawn) == (0, len(acted.acted.drawn.assigned))
