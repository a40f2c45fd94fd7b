"""Of an order that is no sale of a customer's only the newest export counts; what was sold since is not left out."""

from __future__ import annotations

import pyarrow as pa
import pytest

from foretell.customer_log.manifest import Load
from foretell.customer_log.schema import LEFT_OUT
from foretell.customer_log.versions.ledger import LEDGER
from foretell.customer_log.versions.left_out import told_last

Row = tuple[str, str, str | None, int, int]
FIRST: list[Row] = [
    ("state", "pending", "7", 1, 50),
    ("anonymous", "guest", "8", 2, 90),
    ("ended", "refunded", "9", 1, 4),
]
NEXT: list[Row] = [("anonymous", "guest", "8", 2, 95), ("anonymous", "", None, 3, 6), ("state", "failed", "x1", 1, 1)]


def load(number: int, follows: int = 0, meeting: int = 0) -> Load:
    return Load(f"load{number}", f"{number}.csv", "as now", 1, number=number, follows=follows, meeting=meeting)


def rows(told: list[Row]) -> pa.Table:
    return pa.table([list(column) for column in zip(*told, strict=True)], schema=LEFT_OUT)


def left(loads: list[Load], *sold: tuple[int, int]) -> list[Row]:
    """What stands of the two exports, where orders were `sold` as (number, load)."""
    known = [dict(zip(LEDGER.names, (1, order, 0, 0, number), strict=True)) for order, number in sold]
    ledger = pa.Table.from_pylist(known, schema=LEDGER)
    found = told_last([(loads[0], rows(FIRST)), (loads[1], rows(NEXT))], loads, lambda: ledger, "UTC")
    return [tuple(row.values()) for row in found.to_pylist()]


def test_the_newest_export_tells_of_an_order() -> None:
    assert left([load(1), load(2)]) == [FIRST[0], FIRST[2], *NEXT]


@pytest.mark.parametrize(("by", "stays"), [(2, False), (1, True)])
def test_what_was_sold_since_is_not_left_out(by: int, stays: bool) -> None:
    assert (FIRST[0] in left([load(1), load(2)], (7, by), (9, 2))) == stays
    assert FIRST[2] in left([load(1), load(2)], (7, by), (9, 2)), "an order that ended is known"


def test_what_a_file_has_grown_by_is_of_one_export_with_it() -> None:
    assert left([load(1), load(2, follows=1)]) == [*FIRST, *NEXT]


def test_numbers_of_two_shops_tell_no_orders_apart() -> None:
    assert left([load(1), load(2, meeting=3)]) == [*FIRST, *NEXT]
