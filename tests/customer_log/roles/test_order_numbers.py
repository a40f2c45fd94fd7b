"""A number is that of an order only where its rows lie close together and belong to one customer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.roles.column_facts import ColumnFacts, facts_of
from foretell.customer_log.roles.doubts import RoleGuess
from foretell.customer_log.roles.order_numbers import OrderNumbers, believed_numbers, order_numbers
from foretell.project.intervals import parse_day

NOW = parse_day("2026-01-01", "UTC")


def column(values: list[object]) -> ColumnFacts:
    texts = pa.array([None if value is None else str(value) for value in values], pa.string())
    return facts_of(pa.table({"a": pa.chunked_array([texts])}), "UTC", NOW)["a"]


def told(orders: list[object], buyers: list[object] | None, days: list[float]) -> OrderNumbers:
    return order_numbers(column(orders), None if buyers is None else column(buyers), np.array(days, dtype=float))


@pytest.mark.parametrize("a_day", [2, 3, 12])
def test_numbers_that_begin_again_each_day_count_with_the_day(a_day: int) -> None:
    days = [float(day) for day in range(0, 300, 4) for _ in range(a_day)]
    numbers: list[object] = [n % a_day + 1 for n in range(len(days))]
    found = told(numbers, [f"k{n % 37}" for n in range(len(days))], days)
    assert found.by == "number and day"
    assert "more than a week apart, of different customers" in found.why


def test_numbers_that_each_branch_begins_for_itself_do_too() -> None:
    numbers: list[object] = [n % 50 for n in range(100)]
    days = [float(n % 50 + (n // 50) * 20) for n in range(100)]
    assert told(numbers, [f"k{n}" for n in range(100)], days).by == "number and day"


def test_a_persons_name_numbers_no_orders() -> None:
    people: list[object] = [f"person {n % 20}" for n in range(120)]
    found = told(people, [f"a{n % 20}@example.org" for n in range(120)], [float(n * 3) for n in range(120)])
    assert found.by is None
    assert "the same on all days of 100%" in found.why


def test_a_constant_is_none_or_is_joined_with_the_day() -> None:
    days = [float(n * 3) for n in range(60)]
    assert told(["web"] * 60, [f"k{n % 12}" for n in range(60)], days).by is None
    assert told(["web"] * 60, [f"k{n}" for n in range(60)], days).by == "number and day"


def test_numbers_of_one_order_each_are_believed() -> None:
    assert told(list(range(90)), [f"k{n % 9}" for n in range(90)], [float(n) for n in range(90)]).by == "number"
    lines = told([n // 3 for n in range(90)], [f"k{n // 9}" for n in range(90)], [float(n // 3) for n in range(90)])
    assert lines == OrderNumbers("number")


def test_orders_that_take_months_are_asked_about() -> None:
    numbers: list[object] = [n // 2 for n in range(80)]
    found = told(numbers, [f"k{n // 4}" for n in range(80)], [float(n // 2 * 5 + n % 2 * 60) for n in range(80)])
    assert found.is_doubtful
    assert found.why.endswith("of the same customers")


def test_a_line_without_its_customer_is_not_another_customer() -> None:
    buyers: list[object] = [f"k{n // 2}" if n % 2 == 0 else None for n in range(80)]
    days = [float(n // 2 + n % 2 * 10) for n in range(80)]
    assert told([n // 2 for n in range(80)], buyers, days).by == "number"


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-1, 5), st.floats(0, 400) | st.just(np.nan)), max_size=60))
def test_any_column_gets_an_answer(rows: list[tuple[int, int, float]]) -> None:
    found = told([n for n, _, _ in rows], [None if k < 0 else k for _, k, _ in rows], [day for *_, day in rows])
    assert found.by in ("number", "number and day", None)
    assert bool(found.why) or found == OrderNumbers("number")
    assert found == told([n for n, _, _ in rows[::-1]], [None if k < 0 else k for _, k, _ in rows[::-1]],
                         [day for *_, day in rows[::-1]])  # fmt: skip


def test_the_days_of_a_sample_are_read_as_its_dates_are_written() -> None:
    rows = [(n % 4 + 1, f"k{n % 17}", f"{n % 28 + 1}/{n // 28 + 1}/2024") for n in range(0, 280, 2)]
    numbers, buyers, dates = (list(values) for values in zip(*rows, strict=True))
    sample = pa.table({"no": [str(n) for n in numbers], "who": buyers, "when": dates})
    roles = {role: RoleGuess(role, name, 1.0, "") for role, name in (("order", "no"), ("customer", "who"))}
    known = facts_of(sample, "UTC", NOW)
    assert believed_numbers(sample, known, roles, "UTC", NOW) == OrderNumbers("number"), "no time, no judgement"
    roles["time"] = RoleGuess("time", "when", 1.0, "")
    assert believed_numbers(sample, known, roles, "UTC", NOW).by == "number and day"
