"""Why rows were refused or left out is told with their figures, the most common or the most money first."""

from __future__ import annotations

from collections import Counter
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.answers.intake import REASONS_SHOWN, intake_as_json, left_out_lines, most_common_reasons
from foretell.customer_log.intake import Intake
from foretell.customer_log.schema import LEFT_OUT
from foretell.project.money import UNITS_PER_ONE


def refused(*reasons: str) -> pa.Table:
    return pa.table({"reason": pa.array(reasons, pa.string())})


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ([], ""),
        (["no date"], "no date"),
        (["no date"] * 3, "no date"),
        (["no date", "no amount", "no date"], "no date 2 and no amount 1"),
        (["b", "a", "c", "a"], "a 2, b 1 and c 1"),
        (["d", "c", "b", "a"], "a 1, b 1 and c 1"),
        (["a"] * 1_200 + ["b"], "a 1,200 and b 1"),
    ],
    ids=["none", "one", "one kind", "two", "three", "ties by name, the fourth left out", "thousands"],
)
def test_reasons_are_told_with_their_counts(reasons: list[str], told: str) -> None:
    assert most_common_reasons(refused(*reasons)) == told


@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=30), st.randoms())
def test_the_order_of_rows_changes_nothing_and_the_most_common_stands_first(reasons: list[str], random: Random) -> None:
    told = most_common_reasons(refused(*reasons))
    again = random.sample(reasons, len(reasons))
    assert most_common_reasons(refused(*again)) == told
    assert Counter(reasons)[told[0]] == max(Counter(reasons).values())


def left(*rows: tuple[str, str, str | None, int, int]) -> Intake:
    """An intake that left out rows of (kind, reason, order, rows, money in whole units)."""
    names = ("kind", "reason", "order_id", "rows", "amount")
    table = pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)}, schema=LEFT_OUT)
    money = pa.array([row[-1] * UNITS_PER_ONE for row in rows], pa.int64())
    return Intake(columns={}, loads=(), notes=("as said",), date_order=None, decimal=".", rejected=refused("no date"),
                  ids_are_text=False, orders=0, customers=0, spend=0.0,
                  refunds=0.0, left_out=table.set_column(4, "amount", money))  # fmt: skip


def test_what_was_left_out_is_told_by_state_the_most_money_first() -> None:
    found = left(
        ("state", "failed", "1", 2, 7), ("state", "failed", "2", 1, 5), ("state", "void", None, 3, 20),
        ("ended", "", "4", 1, 9), ("anonymous", "guest", "5", 2, 8), ("anonymous", "", None, 4, 1),
    )  # fmt: skip
    told = intake_as_json(found)
    assert told["left_out"] == [
        {"reason": "void", "rows": 3, "orders": 3, "spend": 20.0},
        {"reason": "failed", "rows": 3, "orders": 2, "spend": 12.0},
        {"reason": "", "rows": 1, "orders": 1, "spend": 9.0},
    ]
    assert told["anonymous"] == {"orders": 5, "spend": 9.0}
    assert (told["assumed"], told["rejected"]) == (["as said"], [{"reason": "no date", "rows": 1}])
    assert [line.replace("\xa0", " ") for line in left_out_lines(found, "EUR")] == [
        "Left out, as no sale: 3 orders void, 20.00 EUR; 2 orders failed, 12.00 EUR.",
        "Given back or cancelled since, so that only earlier dates count them: 1 order cancelled, 9.00 EUR.",
        "Sales to nobody who is named, counted apart and not scored: 5 orders on 6 rows, 9.00 EUR.",
    ]


def test_nothing_left_out_is_no_sentence() -> None:
    assert left_out_lines(left(), "EUR") == []


def test_of_many_states_the_rest_is_counted() -> None:
    many = left(*(("state", f"s{n}", str(n), 1, n + 1) for n in range(REASONS_SHOWN + 2)))
    [line] = left_out_lines(many, "")
    assert line.endswith("; 2 further states.")


def test_rows_of_forgotten_customers_are_counted_and_nobody_is_named() -> None:
    found = left(("forgotten", "1", None, 12, 0), ("forgotten", "1", None, 2, 0), ("forgotten", "", None, 1, 0))
    assert left_out_lines(found, "GBP") == ["Left out as they asked: 15 rows of 1 forgotten customer."]
    assert intake_as_json(found)["forgotten"] == {"rows": 15, "customers": 1}
