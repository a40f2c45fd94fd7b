"""Matches: few customers in common, and ids that are the same but for how they are written."""

from __future__ import annotations

import pyarrow as pa
import pytest

from foretell.health.data.matches import unmatched, written_otherwise
from foretell.health.data.picture import Moments, TablePicture


def table(customers: int, met: int, ordered: int, otherwise: int = 0) -> TablePicture:
    """A table of so many customers."""
    pair = ("C-07", "7") if otherwise else ()
    counts = (customers, met, ordered, ("x",), ("9",), otherwise, pair)
    return TablePicture("events", (), 10, 10, 0, 0, Moments(), *counts)


def test_ids_written_in_another_way_are_paired_where_the_form_is_of_one_id_alone() -> None:
    strangers, buyers = pa.array(["C-001", "C-002", "x9", "y-9", "Ann@X.org"]), pa.array(["1", "3", "9", "ann@x.org"])
    assert written_otherwise(strangers, buyers) == (2, ("C-001", "1"))
    assert written_otherwise(pa.array([], pa.string()), buyers) == (0, ())


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (table(100, 90, 200), []),
        (table(10_000, 180, 200), []),
        (table(100, 30, 200), [("few matches", "remark")]),
        (table(100, 5, 200), [("few matches", "warning")]),
        (table(100, 80, 100, otherwise=20), [("ids written otherwise", "warning")]),
        (table(100, 80, 100, otherwise=4), []),
        (table(0, 0, 0), []),
    ],
)
def test_findings_by_share(one: TablePicture, told: list[tuple[str, str]]) -> None:
    assert [(found.check, found.severity) for found in unmatched(one)] == told
