"""A quiet shop raises about one false alarm a month; each planted fault raises its own line and no other."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from foretell.alerts.control_limits import WEEKS_PER_MONTH
from foretell.outcomes.monitoring.cells import Counted
from foretell.outcomes.monitoring.judging import made_of
from foretell.outcomes.monitoring.monitored import Broken
from shops.watched_shop import WEEKS, WatchedShop, changed, number, stopped


def keys(found: list[Broken]) -> list[str]:
    return [one.key for one in found]


def in_cents(quiet: WatchedShop, since: int) -> Counted:
    places = np.unique(quiet.counted["orders", "amount"].values)
    return changed(quiet.counted, ("orders", "amount"), since, {int(place): int(place) + 20 for place in places})


def test_a_quiet_shop_raises_about_one_false_alarm_a_month(quiet: WatchedShop) -> None:
    days = sorted(quiet.populations)[WEEKS - 1 :]
    alarms = [day for day in days if quiet.at(day)]
    assert len(alarms) <= binom.ppf(0.999, len(days), 1 / WEEKS_PER_MONTH)
    assert quiet.day not in alarms


def test_a_source_that_stops(quiet: WatchedShop) -> None:
    found = quiet.at(quiet.day, stopped(quiet.counted, "events", number(quiet.day) - 5))
    assert keys(found) == ["events freshness"]
    assert found[0].said.startswith("events: nothing since 2024-05-09, 6 days ago, where 1 day was the longest")


def test_a_column_that_goes_empty(quiet: WatchedShop) -> None:
    found = quiet.at(quiet.day, changed(quiet.counted, ("events", "channel"), number(quiet.day) - 5, 0))
    assert keys(found) == ["events missing channel"]
    assert "channel is empty in" in found[0].said


def test_a_category_that_appears(quiet: WatchedShop) -> None:
    column = ("orders", "category")
    common = int(np.unique(quiet.counted[column].values)[-1])
    found = quiet.at(quiet.day, changed(quiet.counted, column, number(quiet.day) - 7, {common: 1}))
    assert keys(found) == ["orders new category"]
    assert "values that were never there (a new word)" in found[0].said
    assert not found[0].spoils


def test_a_price_in_cents(quiet: WatchedShop) -> None:
    found = quiet.at(quiet.day, in_cents(quiet, number(quiet.day) - 7))
    assert keys(found) == ["orders amount units"]
    assert "times what it was in the half year before" in found[0].said


def test_half_of_the_facts_lost(quiet: WatchedShop) -> None:
    key = ("events", "")
    cells = quiet.counted[key]
    late = cells.days >= number(quiet.day) - 7
    fewer = type(cells)(cells.kind, cells.days, cells.values, np.where(late, cells.counts // 2, cells.counts))
    found = quiet.at(quiet.day, {**quiet.counted, key: fewer})
    assert keys(found) == ["events volume"]


def shifted(quiet: WatchedShop) -> dict[str, np.ndarray]:
    bins = quiet.populations[quiet.day]["order_value_last"].copy()
    moved = bins[:5] // 2
    bins[:5] -= moved
    bins[5:10] += moved
    return {"order_value_last": bins}


def test_a_feature_that_shifts(quiet: WatchedShop) -> None:
    found = quiet.at(quiet.day, moved=shifted(quiet))
    assert keys(found) == ["customers value"]
    assert found[0].series == ("order_value_last",)
    assert "1 of 2 shifted, stability index of order_value_last 0.2" in found[0].said


def test_what_is_made_of_a_broken_source_is_not_told_again(quiet: WatchedShop) -> None:
    cents = in_cents(quiet, number(quiet.day) - 7)
    assert keys(quiet.at(quiet.day, cents, shifted(quiet))) == ["orders amount units"]
    whole = quiet.of_week(quiet.day, quiet.counted, shifted(quiet))
    spoiled = quiet.of_week(quiet.day, cents, shifted(quiet), tuple(quiet.at(quiet.day, cents)))
    assert "customers value" in whole.judged
    assert "customers value" not in spoiled.judged
    assert {one.cannot for one in spoiled.watched if one.source == "customers"} == {"its source is broken"}


@pytest.mark.parametrize(("name", "tables"), [("orders_90d", {"orders"}), ("events_30d", {"orders", "events"})])
def test_a_feature_is_made_of_orders_and_of_its_table(name: str, tables: set[str]) -> None:
    assert set(made_of(name)) == tables
