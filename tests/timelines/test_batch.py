from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.tables.registry import FactTable, Role
from foretell.project.intervals import days, to_microseconds
from foretell.timelines.as_of import AsOf, Past
from foretell.timelines.batch import Timelines, facts_of_table
from foretell.timelines.facts import Facts
from made_batch import NOBODY_ELSE, batch


def view(of: Timelines, cutoff: int) -> AsOf:
    return of.views([cutoff], lambda moment: NOBODY_ELSE)[0]


def moment(*when: int, timezone: str = "UTC") -> int:
    return to_microseconds(datetime(*when, tzinfo=ZoneInfo(timezone)))  # type: ignore[arg-type, misc]


def test_an_order_known_late_is_invisible_until_it_is_known() -> None:
    late = batch((1, 1, days(1), days(1), 100), (1, 2, days(3), days(10), 700), (1, 3, days(5), days(5), 40))
    before, after = late.views([days(6), days(11)], lambda cutoff: NOBODY_ELSE)
    assert before.orders.total("amount").tolist() == [140]
    assert before.orders.total("gap_sum").tolist() == [4]
    assert before.lines.count().tolist() == [2]
    assert before.lines.distinct("product").tolist() == [1]
    assert after.orders.total("amount").tolist() == [840]
    assert after.lines.count().tolist() == [3]


def test_what_is_known_at_the_cutoff_is_not_known_before_it() -> None:
    late = batch((1, 1, days(1), days(6), 100), (2, 1, days(1), days(6) - 1, 100))
    assert view(late, days(6)).orders.count().tolist() == [0, 1]


def test_later_parts_of_an_order_adjust_it() -> None:
    adjusted = view(batch((1, 1, days(1), days(1), 500), (1, 1, days(1), days(3), 70)), days(9))
    assert adjusted.orders.total("amount").tolist() == [500]
    assert adjusted.adjustments.total("amount").tolist() == [70]
    assert adjusted.adjustments.total("is_refund").tolist() == [0]


def test_a_customer_with_refunds_only_has_no_order() -> None:
    refunds = batch((1, 1, days(1), days(1), -500), (2, 2, days(1), days(1), 0))
    seen = view(refunds, days(9))
    assert refunds.customer_id.to_pylist() == ["c1", "c2"]
    assert seen.orders.count().tolist() == [0, 1]
    assert seen.adjustments.total("refunded").tolist() == [500, 0]
    assert seen.orders.total("free").tolist() == [0, 1]
    np.testing.assert_array_equal(seen.orders.last("amount"), [np.nan, 0])


def test_gross_value_takes_nothing_back() -> None:
    seen = view(batch((1, 1, days(1), days(1), 900), (1, 2, days(2), days(2), -500), value="gross"), days(9))
    assert seen.orders.total("amount").tolist() == [900]
    assert seen.adjustments.total("amount").tolist() == [0]
    assert seen.lines.total("amount").tolist() == [900]


def test_calendar_days_are_local_on_the_days_when_clocks_change() -> None:
    zone = "Europe/London"
    spring = [moment(2024, 3, 30, 23, 30, timezone=zone), moment(2024, 3, 31, 3, 0, timezone=zone)]
    autumn = [moment(2024, 10, 26, 23, 30, timezone=zone), moment(2024, 10, 27, 23, 30, timezone=zone)]
    for first, second in (spring, autumn):
        made = batch((1, 1, first, first, 1), (1, 2, second, second, 1), timezone=zone)
        assert made.orders.columns["gap_days"].tolist() == [-1, 1]
        assert made.orders.columns["new_day"].tolist() == [1, 1]
    assert autumn[1] - autumn[0] == days(1) + days(1) // 24
    assert batch((1, 1, spring[0], spring[0], 1), timezone=zone).orders.columns["hour"].tolist() == [23]
    midnight = moment(2024, 3, 31, 0, 0, timezone=zone)
    assert batch((1, 1, midnight, midnight, 1), timezone=zone).orders.columns["timed"].tolist() == [0]
    summer_midnight = moment(2024, 7, 1, 0, 0, timezone=zone)
    assert batch((1, 1, summer_midnight, summer_midnight, 1), timezone=zone).orders.columns["timed"].tolist() == [0]
    assert batch((1, 1, summer_midnight, summer_midnight, 1)).orders.columns["timed"].tolist() == [1]


def test_two_orders_of_a_day_are_one_purchase_day() -> None:
    made = batch((1, 1, days(1), days(1), 1), (1, 2, days(1) + 5, days(1) + 5, 1), (1, 3, days(4), days(4), 1))
    assert made.orders.columns["gap_days"].tolist() == [-1, -1, 3]
    assert made.orders.columns["new_day"].tolist() == [1, 0, 1]
    np.testing.assert_array_equal(view(made, days(9)).orders.quantile("gap_days", 0.5), [3])


def test_an_empty_batch_has_views() -> None:
    seen = view(batch(), days(9))
    assert seen.customers == 0
    for past in (seen.orders, seen.adjustments, seen.lines):
        assert len(past.total("amount")) == 0


def test_lines_are_read_once_and_only_when_asked_for() -> None:
    read = []
    made = batch((1, 1, days(1), days(1), 500))

    def reading() -> Facts:
        read.append(1)
        return made.read_lines()

    counting = replace(made, read_lines=reading)
    seen = counting.views([days(2), days(9)], lambda cutoff: NOBODY_ELSE)
    assert [v.orders.count().tolist() for v in seen] == [[1], [1]]
    assert read == []
    assert [v.lines.count().tolist() for v in seen] == [[1], [1]]
    assert read == [1]


@pytest.mark.parametrize("cutoffs", [[days(9)], [days(2), days(9)], [days(9), days(2), days(5)]])
def test_a_view_does_not_depend_on_the_other_cutoffs(cutoffs: list[int]) -> None:
    made = batch((1, 1, days(1), days(1), 5), (1, 2, days(3) + 9, days(3) + 9, 6), (2, 1, days(4), days(8), 7))
    found = made.views(cutoffs, lambda cutoff: NOBODY_ELSE)[cutoffs.index(days(9))].orders
    alone = view(made, days(9)).orders
    for name in ("amount", "gap_sum", "square_weekday"):
        assert found.total(name, 7).tobytes() == alone.total(name, 7).tobytes()
    assert found.decayed(45, "amount").tobytes() == alone.decayed(45, "amount").tobytes()


VISITS = FactTable("visits", (Role("pages", "number"), Role("page", "text")))
Visit = tuple[int, int, int | None, int | None]


def facts(visits: list[Visit], customers: list[int]) -> Facts:
    """The facts of visits (customer, moment, pages, page), each known when it happens."""
    names = ("customer_key", "happened_at", "pages", "page")
    schema = pa.schema([("customer_key", pa.uint64()), *((name, pa.int64()) for name in names[1:])])
    rows = pa.Table.from_pylist([dict(zip(names, visit, strict=True)) for visit in sorted(visits)], schema=schema)
    return facts_of_table(
        VISITS, rows.append_column("known_at", rows["happened_at"]), np.array(customers, dtype=np.uint64), "UTC"
    )


def test_facts_of_others_are_left_out_and_nulls_are_told_apart() -> None:
    found = facts([(1, 5, 2000, 7), (1, 6, None, 7), (3, 5, 1000, 8), (2**64 - 1, 4, 0, None)], [1, 2, 2**64 - 1])
    assert found.offsets.tolist() == [0, 2, 2, 3]
    assert found.columns["pages"].tolist() == [2000, 0, 0]
    assert found.columns["has_pages"].tolist() == [1, 0, 1]
    assert found.columns["page"].tolist() == [7, 7, 0]
    assert found.columns["has_page"].tolist() == [1, 1, 0]
    assert found.columns["new_page"].tolist() == [1, 0, 0]


def test_a_number_has_no_distinct_values_to_count() -> None:
    found = facts([(1, 5, 2000, 7)], [1])
    assert Past(found, 9).distinct("page").tolist() == [1]
    with pytest.raises(KeyError, match="new_pages is none of"):
        Past(found, 9).distinct("pages")


@pytest.mark.parametrize("customers", [[], [4, 9]])
def test_a_table_that_no_source_has_gives_nobody_a_fact(customers: list[int]) -> None:
    found = facts([], customers)
    assert Past(found, 9).count().tolist() == [0] * len(customers)
    assert Past(found, 9).total("pages").tolist() == [0] * len(customers)


PLACES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9), st.integers(0, 9), st.integers(0, 2)), max_size=12)


@given(PLACES, st.sets(st.integers(0, 6)))
def test_each_customer_has_their_own_facts(visits: list[Visit], customers: set[int]) -> None:
    keys = sorted(customers)
    found = Past(facts(visits, keys), 100)
    own = [[visit for visit in visits if visit[0] == key] for key in keys]
    assert found.count().tolist() == [len(some) for some in own]
    assert found.total("pages").tolist() == [sum(visit[2] or 0 for visit in some) for some in own]
    assert found.distinct("page").tolist() == [len({visit[3] for visit in some} - {0}) for some in own]
