"""Files of several loads are merged as if they were one: parts of an order and day are one part, sorted."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.project.fingerprints import keys_of
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.duckdb import Merged, last_seconds
from made_orders import DAY, EVERYTHING, Line
from made_store import loaded
from made_views import bought

KEYS = (0, EVERY_KEY)
FIRST = [bought(1, 10, product="q", country="Peru", discount=500), bought(2, 7, "b")]
SECOND = [bought(1, 5, product="p", channel="web", discount=100), bought(1, 3, known_at=4 * DAY), bought(0, -2, "b")]


def merged(root: Path, *loads: list[Line], before: int = EVERYTHING, keys: tuple[int, int] = KEYS) -> Merged:
    store = loaded(root, *loads)
    customers, parts, lines = (store.files(kind, 0) for kind in ("customers", "orders", "order_lines"))
    return Merged(customers, parts, lines, before, keys, 200, ("country", "discount"))


def test_an_order_of_two_loads_is_one_part_a_day(tmp_path: Path) -> None:
    parts = merged(tmp_path, FIRST, SECOND).parts().to_pylist()
    own = [part for part in parts if part["customer_key"] == keys_of(["a"])[0]]
    assert [(part["amount"], part["lines"], part["units"], part["known_at"]) for part in own] == [
        (150_000, 2, 2000, DAY),
        (30_000, 1, 1000, 4 * DAY),
    ]
    assert [part["discount"] for part in own] == [600, 0]
    assert [part["country"] is not None and part["country"] != 0 for part in own] == [True, False]


def test_what_was_taken_back_is_in_amount_and_not_in_what_was_sold(tmp_path: Path) -> None:
    parts = merged(tmp_path, FIRST, SECOND).parts().to_pylist()
    other = [(part["amount"], part["sold"]) for part in parts if part["customer_key"] == keys_of(["b"])[0]]
    assert other == [(-20_000, 0), (70_000, 70_000)]


@pytest.mark.parametrize(("before", "count"), [(0, 0), (1, 1), (2 * DAY, 2), (4 * DAY, 3), (4 * DAY + 1, 4)])
def test_a_moment_is_not_before_itself(tmp_path: Path, before: int, count: int) -> None:
    assert len(merged(tmp_path, FIRST, SECOND, before=before).parts()) == count


def test_rows_stand_by_customer_and_time_whichever_load_came_first(tmp_path: Path) -> None:
    one, other = merged(tmp_path / "one", FIRST, SECOND), merged(tmp_path / "other", SECOND, FIRST)
    assert one.parts().equals(other.parts())
    assert one.lines().equals(other.lines())
    assert one.customers().equals(other.customers())
    order = [(row["customer_key"], row["happened_at"]) for row in one.parts().to_pylist()]
    assert order == sorted(order)
    assert {row["product"] for row in one.lines().to_pylist()} == set(keys_of(["p", "q"]).astype("int64").tolist())


def test_customers_are_chosen_by_key_and_named_once(tmp_path: Path) -> None:
    key = int(keys_of(["a"])[0])
    alone = merged(tmp_path, FIRST, SECOND, keys=(key, key))
    assert alone.customers().to_pylist() == [{"customer_key": key, "customer_id": "a"}]
    assert set(alone.parts()["customer_key"].to_pylist()) == {key}


def test_the_last_second_is_told_by_the_local_clock(tmp_path: Path) -> None:
    store = loaded(tmp_path, [bought(1.5), bought(1.25, customer="b")], [bought(3)], timezone="Asia/Tokyo")
    days, seconds = last_seconds(store.files("orders", 0), "Asia/Tokyo", 200)
    assert (days.tolist(), seconds.tolist()) == ([1, 3], [21 * 3600, 9 * 3600])
