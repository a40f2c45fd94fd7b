"""A standing approval holds until it is stopped or the playbook is changed; the ledger keeps who said so."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from foretell.actions.assignments import Assignments
from foretell.answers.published import PublishedRun
from foretell.pipeline.loop.standing import approve_standing, declared_as, standing, stop_standing
from foretell.project.errors import InputError
from foretell.project.place import Place
from pipeline.loop.daily_shop import STANDING
from shops.acting_shop import acting_shop


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    return acting_shop(shop_run, tmp_path, STANDING)


def test_what_was_approved_stands_until_it_is_taken_back(place: Place) -> None:
    assert standing(place) == ()
    assert not Assignments(place.state).path.exists()
    given = approve_standing(place, "hello", " crm@shop ", lambda: 7)
    assert (given.approved_by, given.approved_at) == ("crm@shop", 7)
    assert standing(place) == (given,)
    assert stop_standing(place, "hello", lambda: 8) == given
    assert standing(place) == ()
    again = approve_standing(place, "hello", "owner@shop", lambda: 9)
    assert standing(place) == (again,)
    told = Assignments(place.state).rows("select decision, decided_by, decided_at from standing order by number")
    assert told == [("approved", "crm@shop", 7), ("stopped", "", 8), ("approved", "owner@shop", 9)]
    assert Assignments(place.state).campaigns() == ()


def test_the_ledger_of_approvals_only_grows(place: Place) -> None:
    approve_standing(place, "hello", "crm@shop")
    for change in ("update standing set decided_by = 'owner@shop'", "delete from standing"):
        ledger = sqlite3.connect(Assignments(place.state).path)
        with ledger, pytest.raises(sqlite3.IntegrityError, match="only grows"):
            ledger.execute(change)


def test_what_was_approved_is_told_by_the_playbook_and_its_offers(place: Place) -> None:
    toml = place.state.parent / "foretell.toml"
    before = declared_as(place, "hello")
    assert approve_standing(place, "hello", "crm@shop").declared == before
    for old, new in (("cost = 0.5", "cost = 0.6"), ("p_purchase < 95 %", "p_purchase < 96 %")):
        toml.write_text(toml.read_text().replace(old, new))
        assert declared_as(place, "hello") != before
        before = declared_as(place, "hello")


@pytest.mark.parametrize(
    ("name", "by", "said"),
    [("hello", " ", "somebody who gives it"), ("win back", "crm@shop", "draws everybody at once"),
     ("nurture", "crm@shop", "no such playbook")],
)  # fmt: skip
def test_what_cannot_stand_is_refused_and_not_written(place: Place, name: str, by: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        approve_standing(place, name, by)
    with pytest.raises(InputError, match="no such standing approval"):
        stop_standing(place, name)
    assert not Assignments(place.state).path.exists()
