"""The tables of segments tell stays, flows and forecasts in their declared columns, under names that all differ."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.answers.published import RunOverHorizon
from foretell.examples.plan import Plan
from foretell.project.intervals import days, parse_day
from foretell.segments.membership import WHY, Memberships
from foretell.segments.migration.flows import Flows
from foretell.segments.movement import tables
from foretell.segments.movement.outlook import SetOutlook
from foretell.segments.movement.tables import (
    MIGRATION,
    MOMENT,
    NEWCOMERS,
    forecast_rows,
    forecast_tables,
    membership_tables,
    named,
    past_rows,
    repeated,
    score_columns,
    snake,
    snake_names,
)
from foretell.segments.value import Value

KEYS = np.array([3, 7, 9], dtype=np.uint64)
IDS = pa.array(["a", "b", "c"])
GRID = tuple(days(day) for day in (10, 11, 12))
STAYS = Memberships(
    np.array([3, 3, 7, 9], dtype=np.uint64), np.array([1, 0, 2, 0]), np.array([0, 1, 2, 0]), np.array([1, 3, 3, 3]),
    np.array([0, 1, 0, 4]),
)  # fmt: skip
OUTLOOK = SetOutlook(
    "value", ("Top", "Low", "None"), "markov", KEYS, np.array([0, 2, 0]),
    np.array([[0.5, 0.5, 0], [0, 0.25, 0.75], [1, 0, 0]], dtype=np.float32),
    np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0]], dtype=np.float32), None, None,
)  # fmt: skip


@pytest.fixture
def plan(shop_main: RunOverHorizon) -> Plan:
    """A plan whose horizon goes over a change of clocks."""
    as_of = parse_day("2024-03-20", "Europe/London")
    return replace(shop_main.plan, as_of=as_of, timezone="Europe/London", horizon_days=30)


@given(st.lists(st.text("aA 2_é-", max_size=5), max_size=6))
def test_names_in_snake_case_are_plain(names: list[str]) -> None:
    found = snake_names(names)
    assert len(found) == len(names)
    for name, plain in zip(names, found, strict=True):
        assert plain.startswith(snake(name))
        assert re.fullmatch(r"\w+", plain)
        assert plain == plain.lower()


def test_names_that_read_the_same_are_numbered() -> None:
    assert snake_names(["At risk", "at-risk", "AT RISK!", "Lost"]) == ["at_risk", "at_risk_2", "at_risk_3", "lost"]
    assert snake_names(["", "?"]) == ["segment", "segment_2"]


def test_texts_are_told_by_codes() -> None:
    assert named(("x", "y"), np.array([1, 0, 1])).to_pylist() == ["y", "x", "y"]
    assert repeated("x", 2).to_pylist() == ["x", "x"]
    assert repeated("x", 0).to_pylist() == []


def test_a_stay_is_a_row_and_the_last_one_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    (whole,) = membership_tables(Value(), STAYS, GRID, KEYS, IDS)
    moments = pa.array(GRID).cast(MOMENT).to_pylist()
    told = [tuple(row.values()) for row in whole.to_pylist()]
    assert told == [
        ("a", "value", "High", moments[0], moments[1], WHY[0]),
        ("a", "value", "Top", moments[1], None, WHY[1]),
        ("b", "value", "Middle", moments[2], None, WHY[0]),
        ("c", "value", "Top", moments[0], None, WHY[4]),
    ]
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", 3)
    parts = list(membership_tables(Value(), STAYS, GRID, KEYS, IDS))
    assert [len(part) for part in parts] == [3, 1]
    assert [tuple(row.values()) for part in parts for row in part.to_pylist()] == told


def test_a_forecast_is_a_row_a_customer_and_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    (whole,) = forecast_tables(OUTLOOK, IDS)
    told = [(row["customer_id"], row["segment"], row["probability"]) for row in whole.to_pylist()]
    assert told[:4] == [("a", "Top", 0.5), ("a", "Low", 0.5), ("a", "None", 0.0), ("b", "Top", 0.0)]
    assert len(told) == 9
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", 2)
    parts = [part.to_pylist() for part in forecast_tables(OUTLOOK, IDS)]
    assert [row for part in parts for row in part] == whole.to_pylist()
    assert len(parts) == 3


def test_scores_tell_where_a_customer_is_was_and_most_likely_will_be() -> None:
    found = {name: column.to_pylist() for name, column in score_columns(OUTLOOK, STAYS, GRID).items()}
    assert found["segment"] == ["Top", "None", "Top"]
    assert found["previous_segment"] == ["Low", None, None]
    assert found["next_segment"] == ["Top", "None", "Top"]
    assert found["segment_since"] == pa.array([GRID[1], GRID[2], GRID[0]]).cast(MOMENT).to_pylist()
    assert (found["p_next_top"], found["p_next_none"]) == ([0.5, 0.0, 1.0], [0.0, 0.75, 0.0])


def test_past_flows_are_told_with_newcomers_and_without_empty_ones(plan: Plan) -> None:
    size = len(Value().segments)
    customers, ageing, money = np.zeros((size, size)), np.zeros((size, size)), np.zeros((size, size))
    customers[0, 1], ageing[0, 1], money[0, 1] = 3, 2, 12.5
    came = np.eye(size)[1] * 4
    found = past_rows(
        Value(), Flows(customers, ageing, money, came, 10 * came), plan, plan.as_of - days(30), plan.as_of
    )
    assert found.schema == MIGRATION
    told = [(row["from_segment"], row["to_segment"], row["customers"], row["money"]) for row in found.to_pylist()]
    assert told == [("Top", "High", 3.0, 12.5), (NEWCOMERS, "High", 4.0, 40.0)]
    assert found["ageing"].to_pylist() == [2.0, 0.0]
    assert found["low"].null_count == 2
    assert {str(day) for day in found["from_date"].to_pylist()} == {"2024-02-19"}


def test_expected_flows_have_an_interval_and_calendar_days(plan: Plan) -> None:
    found = forecast_rows(OUTLOOK, None, np.array([10.0, 20.0, 30.0]), plan)
    rows = {(row["from_segment"], row["to_segment"]): row for row in found.to_pylist()}
    assert {flow: row["customers"] for flow, row in rows.items()} == {
        ("Top", "Top"): 1.5, ("Top", "Low"): 0.5, ("None", "Low"): 0.25, ("None", "None"): 0.75
    }  # fmt: skip
    assert {flow: row["money"] for flow, row in rows.items() if row["money"]} == {
        ("Top", "Top"): 40.0, ("None", "Low"): 20.0
    }  # fmt: skip
    assert all(row["low"] <= row["customers"] <= row["high"] for row in rows.values())
    assert {(str(row["from_date"]), str(row["to_date"])) for row in rows.values()} == {("2024-03-20", "2024-04-19")}
    with_newcomers = replace(OUTLOOK, expected_newcomers=np.array([0.0, 2.0, 0.0]))
    added = forecast_rows(with_newcomers, None, np.zeros(3), plan).to_pylist()[len(rows) :]
    assert [(row["from_segment"], row["to_segment"], row["customers"], row["money"]) for row in added] == [
        (NEWCOMERS, "Low", 2.0, None)
    ]
