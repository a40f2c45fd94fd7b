from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from foretell.customer_log.manifest import Load
from foretell.customer_log.versions.contents import Contents
from foretell.customer_log.versions.holders import Holders
from foretell.customer_log.versions.ledger import LEDGER
from foretell.customer_log.versions.verdicts import (
    ADDED,
    CHANGED,
    NEW,
    OLDER,
    SAME,
    Compared,
    are_versions,
    compared,
    verdicts,
)

OWN, OTHER = (
    Load("a", "/a.csv", "read", 9, number=1, newest_at=50),
    Load("b", "/b.csv", "read", 9, number=2, newest_at=60),
)
HOLDERS = Holders(3, "a.csv", (OWN,), (OTHER,), 100)
KNOWN = [(1, 10, 1), (2, 20, 1), (3, 30, 2), (4, 40, 2), (5, 50, 0), (6, 60, 1), (6, 61, 2), (-9, 90, 2)]
"""Order, digest and load."""


def told(orders: Sequence[tuple[int, int]], newest_at: int = 70) -> tuple[Compared, int]:
    """The orders (number and digest) of one customer beside `KNOWN`, and the rank of their file."""
    known = pa.table(
        [[1] * len(KNOWN), *([row[at] for row in KNOWN] for at in (0, 1)), [0] * len(KNOWN), [row[2] for row in KNOWN]],
        schema=LEDGER,
    )
    count = len(orders)
    numbers, digests = (np.array([order[at] for order in orders], dtype=np.int64) for at in (0, 1))
    ones = np.ones(count, dtype=np.uint64)
    found = Contents(ones, numbers, digests.astype(np.uint64), np.zeros(count, dtype=np.int64), np.arange(count))
    ranks, own = HOLDERS.ranks(newest_at)
    return compared(found, known, HOLDERS, ranks), own


@pytest.mark.parametrize(
    ("order", "digest", "expected"),
    [
        (99, 1, NEW),
        (1, 10, SAME),
        (2, 21, CHANGED),
        (3, 30, SAME),
        (4, 41, CHANGED),
        (5, 50, CHANGED),
        (6, 60, SAME),
        (6, 61, CHANGED),
        (-9, 91, ADDED),
        (-9, 90, SAME),
    ],
)
def test_what_a_newer_file_says(order: int, digest: int, expected: int) -> None:
    one, rank = told([(order, digest)])
    assert verdicts(one, rank, is_grown=False, versions=True).tolist() == [expected]


def test_an_older_file_changes_nothing_that_a_newer_one_told() -> None:
    one, rank = told([(3, 30), (4, 41), (2, 21)], newest_at=55)
    assert verdicts(one, rank, is_grown=False, versions=True).tolist() == [SAME, OLDER, CHANGED]


def test_what_a_grown_file_tells_more_is_added() -> None:
    one, rank = told([(1, 10), (99, 1), (3, 30)])
    assert verdicts(one, rank, is_grown=True, versions=True).tolist() == [ADDED, NEW, SAME]


def test_where_lines_are_divided_nothing_is_a_version() -> None:
    one, rank = told([(3, 30), (4, 41), (1, 10)])
    assert verdicts(one, rank, is_grown=False, versions=False).tolist() == [ADDED, ADDED, SAME]


@pytest.mark.parametrize(
    ("orders", "expected"), [([(3, 30), (4, 41)], True), ([(3, 31), (4, 41)], False), ([(1, 10)], False)]
)
def test_orders_in_two_files_are_versions_where_most_are_equal(orders: list[tuple[int, int]], expected: bool) -> None:
    assert are_versions([told(orders)[0]]) is expected
