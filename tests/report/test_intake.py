"""The part about the data: what was read adds up, refusals are told with examples, and weeks end at the date."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changed_runs import changed
from foretell.answers.published import RunOverHorizon
from foretell.customer_log.intake import INTAKE
from foretell.examples.plan import PLAN
from foretell.report.intake import EXAMPLES_SHOWN, facts, orders_by_week, refusals
from foretell.timelines.survey import Tally

SCHEMA = ("file", "line", "column", "value", "reason")


def refusing(one: RunOverHorizon, *rows: tuple[str, int, str, str | None, str]) -> RunOverHorizon:
    told = [dict(zip(SCHEMA, row, strict=True)) for row in rows]
    rejected = pa.Table.from_pylist(told, schema=one.intake.rejected.schema)
    return changed(one, {INTAKE.name: replace(one.intake, rejected=rejected)})


def ordering(one: RunOverHorizon, days: list[int]) -> RunOverHorizon:
    """The run, had one order come on each of these days before the as-of date."""
    end = one.plan.as_of // 86_400_000_000
    codes, counts = np.unique(end - np.array(days), return_counts=True)
    survey = replace(one.plan.survey, orders=Tally(codes, counts))
    return changed(one, {PLAN.name: replace(one.plan, survey=survey)})


def test_what_was_read_adds_up(shop_main: RunOverHorizon) -> None:
    load = shop_main.intake.loads[0]
    loads = (replace(load, rows_read=100, lines=70, rejected=30, equal_lines=2), replace(load, rows_read=0, lines=0))
    told = dict(facts(changed(shop_main, {INTAKE.name: replace(shop_main.intake, loads=loads)})))
    assert told["Files"] == "2 files: orders.csv, orders.csv"
    assert (told["Rows read"], told["Order lines kept"], told["Rows refused"]) == ("100", "70", "30 (30\xa0%)")
    assert told["Lines that repeat another"].startswith("2, kept")
    assert told["Orders before the date"] == str(int(shop_main.plan.survey.orders.counts.sum()))
    nothing = changed(shop_main, {INTAKE.name: replace(shop_main.intake, loads=())})
    assert dict(facts(nothing))["Rows refused"] == "0"


def test_facts_beside_orders_are_no_order_lines(shop_main: RunOverHorizon) -> None:
    load = shop_main.intake.loads[0]
    beside = [replace(load, table="events", source=f"{name}.csv", lines=9) for name in "abcdefg"]
    loads = (replace(load, lines=70), *beside)
    told = dict(facts(changed(shop_main, {INTAKE.name: replace(shop_main.intake, loads=loads)})))
    assert (told["Order lines kept"], told["Facts beside orders kept"]) == ("70", "63")
    assert told["Files"].endswith("d.csv and 3 more")


def test_refusals_come_with_the_most_common_first_and_a_few_examples(shop_main: RunOverHorizon) -> None:
    rows = [("a.csv", line, "amount", f"<b>{line}</b>", "no number") for line in range(2, 7)]
    found = refusals(refusing(shop_main, ("b.csv", 9, "who", None, "no customer id"), *rows))
    assert [(one.reason, one.rows, one.share) for one in found] == [
        ("no number", "5", "83\xa0%"),
        ("no customer id", "1", "17\xa0%"),
    ]
    assert len(found[0].examples) == EXAMPLES_SHOWN
    assert found[0].examples[0] == "a.csv, line 2: amount is “<b>2</b>”"
    assert found[1].examples == ("b.csv, line 9: who is empty",)
    assert refusals(refusing(shop_main)) == []


def test_reasons_that_are_as_common_stand_by_name(shop_main: RunOverHorizon) -> None:
    rows = [("a.csv", 2, "x", "1", reason) for reason in ("b", "a", "c")]
    assert [one.reason for one in refusals(refusing(shop_main, *rows))] == ["a", "b", "c"]


@pytest.mark.parametrize(("ago", "weeks"), [([1], None), ([13], None), ([14], (2, "1")), ([1, 1, 8, 14, 20], (2, "2"))])
def test_weeks_are_whole_and_end_at_the_date(
    shop_main: RunOverHorizon, ago: list[int], weeks: tuple[int, str] | None
) -> None:
    found = orders_by_week(ordering(shop_main, ago))
    if weeks is None:
        assert found is None
        return
    assert found is not None
    assert found.end == shop_main.plan.as_of_day()
    assert f"{weeks[0]} weeks from {found.begin}" in found.drawing
    assert found.highest == weeks[1]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30))
def test_no_order_is_counted_twice(shop_main: RunOverHorizon, ago: list[int]) -> None:
    found = orders_by_week(ordering(shop_main, ago))
    whole = max(ago) // 7
    assert (found is None) == (whole < 2)
    if found is not None:
        counted = [int(part) for part in found.drawing.partition(": ")[2].partition(".</desc>")[0].split(", ")]
        assert len(counted) == whole
        assert sum(counted) == sum(day <= 7 * whole for day in ago)
