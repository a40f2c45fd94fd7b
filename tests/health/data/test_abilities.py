"""Abilities: what the length of a log, its columns and its tables can carry, and what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foretell.examples.plan import Plan
from foretell.health.data.abilities import Ability, abilities, days_to_prove
from foretell.health.data.largest import Largest, Ranked
from foretell.health.data.picture import Moments, Picture, TablePicture
from foretell.timelines.survey import Tally
from planned_logs import planned_log
from shops.faulty_shop import clean_shop

COLUMNS = {"customer": "customer_id", "product": "product"}


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Plan]:
    """The plan over some horizons of a log of 120 days."""
    folder = tmp_path_factory.mktemp("log")
    clean_shop(1, days=120).write(folder)
    found = {}
    for horizon in (14, 90, 180):
        _, found[horizon] = planned_log(folder / "orders.csv", folder / str(horizon), horizons=(horizon,))
    return found


def told(plan: Plan, money: int = 5, **tables: int) -> dict[str, Ability]:
    """The abilities by question; `tables` have so many facts."""
    moments = Moments(days=Tally.of(Tally().codes))
    held = [
        TablePicture(name, (), rows, rows, 0, 0, replace(moments, days=Tally(plan.survey.orders.codes[:rows])))
        for name, rows in tables.items()
    ]
    orders = TablePicture("orders", (), 1, 1, 0, 0, moments)
    picture = Picture("UTC", "", (orders, *held), Largest(amounts=Ranked(total=money)))
    return {one.question: one for one in abilities(picture, plan, COLUMNS)}


def test_a_log_that_is_long_enough_carries_what_its_columns_hold(plans: dict[int, Plan]) -> None:
    found = told(plans[14], events=3)
    assert not {name for name, one in found.items() if not one.is_carried} - {
        "the season", "when contracts end", "features of contacts", "features of feedback", "features of profiles",
        "features of consents", "who was worth most early (early value)",
    }  # fmt: skip
    assert found["the season"].missing.startswith("379 days of orders; there are 1")
    assert found["when contracts end"].missing == 'a source with table = "subscriptions"'
    assert "features of people" not in found, "no source has it, and a shop without accounts needs none"
    assert not told(plans[14], money=0)["how much they spend"].is_carried


def test_a_log_that_is_short_says_how_long_it_must_be(plans: dict[int, Plan]) -> None:
    found = told(plans[90])["who orders (purchase)"]
    needed = days_to_prove(plans[90])
    assert found.is_rough
    assert found.missing.startswith(f"90 days ahead needs {needed} days of orders to be proved; there are 1")
    assert 225 <= needed <= 240
    assert not told(plans[180])["who was worth most early (early value)"].is_carried


def test_nothing_can_be_proved_in_a_week(plans: dict[int, Plan]) -> None:
    found = told(replace(plans[90], proving=None))
    assert not found["who orders (purchase)"].is_carried
    assert found["what they buy next"].is_carried
