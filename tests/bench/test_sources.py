"""What sources add: the visits of a generated shop pay, and what is left out is left out."""

from __future__ import annotations

from datetime import date

import pytest
from bench.ablation.run import Worth
from bench.accuracy.logs import Case
from bench.sources.page import page, summary
from bench.sources.projects import generated_shop
from bench.sources.run import ORDERS_ALONE, measured

from foretell.generated.request import ShopRequest

TABLES = {"consents", "contacts", "events", "feedback", "profiles", "subscriptions"}


@pytest.fixture(scope="module")
def found() -> list[Worth]:
    return list(measured(generated_shop(ShopRequest(600, 330, seed=4), (Case(date(2023, 9, 1), 30),))))


def test_events_pay_and_no_table_of_nothing_counts(found: list[Worth]) -> None:
    worth = {one.variant: one for one in found if (one.target, one.metric) == ("purchase", "auroc")}
    assert set(worth) == {*TABLES, ORDERS_ALONE}
    assert worth["events"].worth > 0
    assert worth[ORDERS_ALONE].worth > 0
    assert worth["consents"].worth == 0, "consents have no feature"


def test_the_page_tells_who_adds_nothing_first(found: list[Worth]) -> None:
    told = page(found, {"date": "today"})
    first = told.split("## All")[0]
    assert "| consents" in first
    assert told.count("| orders alone") == 1 + first.count("| orders alone")
    assert summary(found) in told
