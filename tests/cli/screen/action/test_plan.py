"""The screen of a plan: narrow, labelled, and plain about what is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.actions.planning.together import Share, Together
from foretell.answers.published import PublishedRun
from foretell.cli.screen.action.plan import WIDTH, lines_of, lines_of_all
from foretell.pipeline.actions.plan import plan_of, plans, together
from foretell.project.place import Place
from shops.acting_shop import acting_shop

MORE = """
[[playbooks]]
name = "few"
when = "orders_life > 0"
offers = ["letter"]
budget = 1
effect = 0.2

[[playbooks]]
name = "free"
when = "orders_life > 0"
capacity = 3

[[playbooks]]
name = "hopeless"
when = "orders_life > 0"
offers = ["letter"]
effect = 0

[[playbooks]]
name = "quiet"
template = "rest"
when = "orders_life > 1"
"""


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    return acting_shop(shop_run, tmp_path, MORE)


def screen(place: Place, name: str) -> str:
    lines = lines_of(plan_of(place, name))
    assert max(map(len, lines)) <= WIDTH
    return "\n".join(lines)


def test_every_profit_stands_with_its_label(place: Place) -> None:
    found = plans(place)
    wanted = Together((Share("win back", 3, 9.0, 5), Share("few", 2, 1.0, 2)), 2, 10.0, 10.0)
    told = lines_of_all(found, wanted)
    for plan, line in zip(found, told[1:], strict=False):
        assert line.startswith(plan.playbook.name)
        assert line.endswith("a guess") or plan.playbook.is_rest
    assert "2 customers would be worth a contact by more than one playbook" in " ".join(told)
    assert "from 3 of 5 for win back and 2 of 2 for few: 10.00" in " ".join(told)
    assert "No playbook is declared" in lines_of_all((), together(()))[0]


def test_what_holds_a_plan_back_has_its_price(place: Place) -> None:
    assert "The budget holds it back: one more unit of money would" in screen(place, "few")
    told = screen(place, "free")
    assert "The capacity holds it back: one more contact would bring" in told
    assert "contacts, once those who bring most are chosen first" in told


def test_where_nothing_pays_nobody_is_to_be_chosen(place: Place) -> None:
    told = screen(place, "hopeless")
    assert "Whom to choose later (a guess): nobody." in told
    assert "#" not in told


def test_rest_tells_no_profit(place: Place) -> None:
    told = screen(place, "quiet")
    assert "No profit is told" in told
    assert "left out of every mailing" in told
    assert "Expected profit" not in told
