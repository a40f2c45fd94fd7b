"""What a source says of its sales, block by block: the same wherever one block ends and the next begins."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.recognition.conventions import Conventions
from foretell.customer_log.row_problems import RowProblems
from foretell.customer_log.sales import NONE, REFUND, SALE, UNKNOWN_STATE, Sales, Sold, as_texts
from foretell.customer_log.schema import NEVER, Columns
from foretell.project.intervals import midnight, parse_day

CLOCK = ("UTC", parse_day("2026-01-01", "UTC"))
COLUMNS = Columns("who", "when", amount="paid", order="order", state="state", refunded="back",
                  refunded_at="back_at", cancelled_at="gone", line="line")  # fmt: skip
EXPORT = midnight(date(2024, 6, 1), "UTC")
NAMES = ("who", "order", "line", "state", "back", "back_at", "gone")


def table(*rows: Sequence[str | None]) -> pa.Table:
    """Rows of customer, order, line, state, money given back, and the days of that and of the cancellation."""
    columns = list(zip(*rows, strict=True)) or [()] * len(NAMES)
    return pa.table({name: pa.array(values, pa.string()) for name, values in zip(NAMES, columns, strict=True)})


def day(text: str) -> int:
    return midnight(date.fromisoformat(text), "UTC")


def sold(*rows: Sequence[str | None], paid: Sequence[int] = (), **agreed: object) -> tuple[Sold, RowProblems]:
    given = {"exported_at": EXPORT, **agreed}
    sales, problems = Sales(COLUMNS, Conventions(**given), CLOCK), RowProblems(len(rows))  # type: ignore[arg-type]
    money = np.array(paid or [100] * len(rows)) * 10_000
    return sales.of(table(*rows), money, pa.array([row[1] for row in rows], pa.string()), problems), problems


def test_a_state_says_what_became_of_the_sale() -> None:
    found, problems = sold(*(("a", str(n), "1", word, "", "", "") for n, word in enumerate(
        ("paid", "failed", "Refunded", "", "blue", "wc-completed")
    )))  # fmt: skip
    assert found.standing.tolist() == [SALE, NONE, REFUND, SALE, SALE, SALE]
    assert found.is_none.tolist() == [False, True, False, False, False, False]
    assert [problems.known, problems.which.tolist()] == [[("state", UNKNOWN_STATE)], [-1, -1, -1, -1, 0, -1]]
    declared, _ = sold(("a", "1", "1", "wc-paid", "", "", ""), states={"Paid": "none"})
    assert declared.is_none.tolist() == [True]


@pytest.mark.parametrize("word", ["failed", "wc-failed", "Payment Declined", "Denied", "abgelehnt", "échec", "fallito"])
def test_a_failed_sale_was_never_one_whatever_date_stands_beside_it(word: str) -> None:
    found, problems = sold(
        ("a", "1", "1", word, "", "", "2024-03-05"), ("a", "2", "1", "cancelled", "", "", "2024-03-05"),
        states={word: "none"},
    )  # fmt: skip
    assert found.gone_at.tolist() == [NEVER, day("2024-03-05")]
    assert found.is_none.tolist() == [True, False]
    assert problems.good.all()


def test_a_cancelled_sale_was_there_until_its_date_and_without_one_never() -> None:
    found, _ = sold(
        ("a", "1", "1", "cancelled", "", "", "2024-03-05"),
        ("a", "2", "1", "cancelled", "", "", ""),
        ("a", "3", "1", "paid", "", "", "2024-03-05"),
        ("a", "4", "1", "refunded", "", "2024-04-01", ""),
        ("a", "5", "1", "refunded", "", "", ""),
    )
    assert found.gone_at.tolist() == [day("2024-03-05"), NEVER, day("2024-03-05"), day("2024-04-01"), EXPORT]
    assert found.is_none.tolist() == [False, True, False, False, False]


def test_money_given_back_is_dated_or_known_at_the_export_and_never_more_than_was_paid() -> None:
    found, _ = sold(
        ("a", "1", "1", "paid", "30", "2024-04-01", ""),
        ("a", "2", "1", "paid", "-30", "", ""),
        ("a", "3", "1", "paid", "300", "", ""),
        ("a", "4", "1", "failed", "30", "", ""),
        ("a", "5", "1", "refunded", "100", "", ""),
        ("a", "6", "1", "paid", "", "", ""),
    )
    assert (found.given_back / 10_000).tolist() == [30, 30, 100, 0, 0, 0]
    assert found.back_at.tolist() == [day("2024-04-01"), *[EXPORT] * 5]
    assert found.has_date.tolist() == [True, False, False, False, False, False]


def test_what_was_given_back_of_an_order_is_taken_off_once() -> None:
    lines = [("a", "1", str(n), "paid", "60", "", "") for n in (1, 2, 3)]
    for of, back in (("order", [60, 0, 0]), ("line", [60, 60, 60])):
        found, _ = sold(*lines, paid=(20, 30, 50), refunded_of=of)
        assert (found.given_back / 10_000).tolist() == back
    first, _ = sold(("a", "1", "1", "paid", "60", "", ""), ("a", "1", "2", "paid", "", "", ""), paid=(20, 50))
    assert (first.given_back / 10_000).tolist() == [60, 0]


def test_a_refund_in_a_row_of_its_own_stands_as_one() -> None:
    rows = [("a", order, "1", state, "", "", "") for order, state in (
        ("1", "paid"), ("R1", "refunded"), ("2", "paid"), ("2", "refunded"), ("3", "refunded"), ("3", "refunded")
    )]  # fmt: skip
    found, _ = sold(*rows, paid=(50, -50, 30, -10, 60, -5))
    assert found.standing.tolist() == [SALE, SALE, SALE, SALE, REFUND, REFUND], "an order's discount goes with it"


def test_numbers_that_begin_again_are_joined_with_the_local_day() -> None:
    moments = np.array([day("2024-03-05"), day("2024-03-05") + 23 * 3_600_000_000])
    rows = table(("a", "7", "1", "", "", "", ""), ("a", "7.0", "1", "", "", "", ""))
    for by, zone, ids in (
        ("number", "UTC", ["7", "7"]),
        ("number and day", "UTC", ["7 2024-03-05"] * 2),
        ("number and day", "Europe/Berlin", ["7 2024-03-05", "7 2024-03-06"]),
    ):
        sales = Sales(COLUMNS, Conventions(order_by=by), (zone, CLOCK[1]))  # type: ignore[arg-type]
        assert sales.order_ids(rows, moments).to_pylist() == ids
    bare = Sales(Columns("who", "when", amount="paid"), Conventions(), CLOCK)
    assert bare.order_ids(rows, moments).to_pylist() == [None, None]


ROW = st.tuples(st.integers(0, 4), st.sampled_from([None, "a", "b"]), st.sampled_from([None, "paid", "failed"]),
                st.sampled_from(["1", "2"]))  # fmt: skip
BORDERS = st.sets(st.integers(1, 29))


def in_blocks(rows: Sequence[object], borders: set[int]) -> list[slice]:
    ends = sorted({0, len(rows), *(border for border in borders if border < len(rows))})
    return [slice(one, other) for one, other in itertools.pairwise(ends)]


@given(st.lists(ROW, min_size=1, max_size=30), BORDERS, st.booleans())
def test_a_border_between_blocks_changes_nothing(
    rows: list[tuple[int, str | None, str | None, str]], borders: set[int], in_order: bool
) -> None:
    rows = sorted(rows, key=lambda row: row[0]) if in_order else rows
    whole = table(*((who, f"o{order}", line, state, "", "", "") for order, who, state, line in rows))
    money = np.array([(n * 7) % 5 for n in range(len(rows))])

    def told(parts: Sequence[slice]) -> list[tuple[object, ...]]:
        sales = Sales(COLUMNS, Conventions(), CLOCK)
        found: list[tuple[object, ...]] = []
        for part in parts:
            block = whole.slice(part.start, part.stop - part.start)
            ids = pa.array(block["order"].to_pylist(), pa.string())
            once, again = sales.once_an_order(money[part], ids), sales.repeated(block, ids)
            found += zip(once.tolist(), again.tolist(), strict=True)
        return found

    expected = told([slice(0, len(rows))])
    assert told(in_blocks(rows, borders)) == expected


@given(st.lists(st.tuples(st.integers(0, 5) | st.none(), st.integers(0, 3)), max_size=30))
def test_an_orders_money_counts_once_and_other_money_always(rows: list[tuple[int | None, int]]) -> None:
    ids = pa.array([None if order is None else str(order) for order, _ in rows], pa.string())
    kept = Sales(COLUMNS, Conventions(), CLOCK).once_an_order(np.array([m for _, m in rows], dtype=np.int64), ids)
    first = {order: money for order, money in reversed(rows) if order is not None and money}
    assert kept.sum() == sum(first.values()) + sum(money for order, money in rows if order is None)


@pytest.mark.parametrize("kind", [pa.string(), pa.int64(), pa.float64()])
def test_a_column_as_texts(kind: pa.DataType) -> None:
    values: Callable[[str], object] = str if kind == pa.string() else int
    assert as_texts(pa.chunked_array([pa.array([values("7"), None], kind)])).to_pylist() == ["7", None]


CUT = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 300), st.booleans()), min_size=1, max_size=5)


@given(CUT, st.integers(1, 9))
def test_what_an_order_gave_back_does_not_hang_on_where_a_block_ends(
    orders: list[tuple[int, int, bool]], size: int
) -> None:
    """Orders of some lines of 50 each; what was given back stands on the first line, and is at most what was paid."""
    rows = [
        ("a", str(number), str(line), "paid", str(back) if line == 0 else "", "2024-04-01" if dated else "", "")
        for number, (lines, back, dated) in enumerate(orders)
        for line in range(lines)
    ]
    sales, given = Sales(COLUMNS, Conventions(exported_at=EXPORT), CLOCK), dict.fromkeys(range(len(orders)), 0)
    for begin in range(0, len(rows), size):
        block = rows[begin : begin + size]
        ids = pa.array([row[1] for row in block], pa.string())
        found = sales.of(table(*block), np.full(len(block), 500_000), ids, RowProblems(len(block)))
        for row, back, when, dated in zip(block, found.given_back, found.back_at, found.has_date, strict=True):
            given[int(row[1])] += int(back)
            assert not back or (when, dated) == ((day("2024-04-01"), True) if row[5] else (EXPORT, False))
    assert given == {n: min(back, 50 * lines) * 10_000 for n, (lines, back, _) in enumerate(orders)}
