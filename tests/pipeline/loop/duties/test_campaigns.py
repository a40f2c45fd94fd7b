"""Standing playbooks are acted on by each new run; whatever else is declared, nobody is contacted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretell.actions.assignments import Assignments
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.act import prepared_for
from foretell.pipeline.actions.candidates import playbook_of_run
from foretell.pipeline.loop.duties.campaigns import ACTING, acted, acted_whole, half_acted, unacted
from foretell.pipeline.loop.duties.duty import Loop
from foretell.pipeline.loop.standing import approve_standing
from foretell.project.intervals import days
from foretell.project.place import Place
from foretell.project.progress import Silent
from pipeline.loop.daily_shop import STANDING
from shops.acting_shop import acting_shop


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    return acting_shop(shop_run, tmp_path, STANDING)


def loop(place: Place, after: float = 0.5) -> Loop:
    return Loop.of(place, Silent(), published(place).record.as_of + days(after))


def test_nobody_is_contacted_unless_somebody_approved_that(place: Place) -> None:
    assert unacted(loop(place)) == ""
    approve_standing(place, "hello", "crm@shop")
    assert "hello (approved by crm@shop)" in unacted(loop(place))
    toml = place.state.parent / "foretell.toml"
    toml.write_text(toml.read_text() + "\n[loop]\nact = false\n")
    assert unacted(loop(place)) == ""
    assert Assignments(place.state).campaigns() == ()


def test_a_run_is_acted_on_once(place: Place) -> None:
    approve_standing(place, "hello", "crm@shop")
    assert "treated" in acted(loop(place))
    ledger = Assignments(place.state)
    (own,) = ledger.acts("hello")
    assert (own.approved_by, own.run) == ("crm@shop", published(place).record.run)
    assert (place.out / "campaigns" / "hello" / "contacts.csv").is_file()
    assert unacted(loop(place)) == half_acted(loop(place)) == ""


def test_old_scores_and_a_changed_playbook_contact_nobody_and_say_so_once(place: Place) -> None:
    approve_standing(place, "hello", "crm@shop")
    assert "the scores are 30 days old" in acted(loop(place, after=30))
    assert unacted(loop(place, after=30)) == ""
    approve_standing(place, "hello", "crm@shop")
    assert "the scores are 1 days ahead" in acted(loop(place, after=-1))
    approve_standing(place, "hello", "crm@shop")
    toml = place.state.parent / "foretell.toml"
    toml.write_text(toml.read_text().replace("cost = 0.5", "cost = 5.0"))
    assert "changed after crm@shop approved it" in acted(loop(place))
    assert unacted(loop(place)) == ""
    assert Assignments(place.state).campaigns() == ()


def test_what_stood_against_it_takes_nothing_from_the_run_once_it_is_gone(place: Place) -> None:
    approve_standing(place, "hello", "crm@shop")
    assert "the scores are 30 days old" in acted(loop(place, after=30))
    assert unacted(loop(place)) != ""
    assert "treated" in acted(loop(place))
    toml = place.state.parent / "foretell.toml"
    toml.write_text(toml.read_text().replace("cost = 0.5", "cost = 5.0"))
    assert unacted(loop(place)) != ""
    assert "changed after crm@shop approved it" in acted(loop(place))
    assert unacted(loop(place)) == ""


def test_an_act_that_was_stopped_is_finished_for_its_own_run(place: Place) -> None:
    run, at = published(place), loop(place).at
    told = json.dumps(["hello", run.record.run, at, "crm@shop"])
    loop(place).answer(ACTING, told)
    assert half_acted(loop(place)).startswith("a campaign of hello")
    assert acted_whole(loop(place)) == "it had not been drawn yet"
    assert half_acted(loop(place)) == ""
    approve_standing(place, "hello", "crm@shop")
    acted(loop(place))
    contacts = place.out / "campaigns" / "hello" / "contacts.csv"
    kept = contacts.read_bytes()
    contacts.unlink()
    loop(place).answer(ACTING, told)
    assert "treated" in acted_whole(loop(place))
    assert contacts.read_bytes() == kept
    assert not prepared_for(run, playbook_of_run(run, "hello"), at).drawn.is_new
