"""Rows: refused, repeated and empty ones, by their share."""

from __future__ import annotations

import pyarrow as pa
import pytest

from foretell.customer_log.schema import REJECTED
from foretell.health.data.picture import Moments, TablePicture
from foretell.health.data.rows import empty_cells, equal_rows, refused_rows


def table(name: str = "orders", rejected: int = 0, equal: int = 0, **empty: int) -> TablePicture:
    """A table of a hundred rows."""
    return TablePicture(name, ("a.csv",), 100, 100 - rejected, rejected, equal, Moments(), empty=empty)


@pytest.mark.parametrize(("rejected", "severity"), [(0, None), (5, "remark"), (6, "warning")])
def test_refused_rows(rejected: int, severity: str | None) -> None:
    row = {"file": "a.csv", "line": 7, "column": "at", "value": "soon", "reason": "not a date"}
    rows = pa.Table.from_pylist([row] * rejected, REJECTED)
    found = refused_rows(table(rejected=rejected), rows)
    assert [one.severity for one in found] == ([severity] if severity else [])
    assert all(one.example == "a.csv, line 7: “soon” in at" for one in found)


@pytest.mark.parametrize(("name", "equal", "severity"), [("orders", 0, None), ("orders", 4, "remark"),
                                                         ("orders", 9, "warning"), ("events", 60, None)])  # fmt: skip
def test_equal_rows(name: str, equal: int, severity: str | None) -> None:
    found = equal_rows(table(name, equal=equal))
    assert [one.severity for one in found] == ([severity] if severity else [])
    assert all(one.sought is not None and one.sought.repeats for one in found)


def test_empty_cells() -> None:
    roles = {"product": "p", "channel": "c", "refunded": "r", "order": "o"}
    found = empty_cells(table(p=100, c=20, r=100, o=2), roles)
    assert [(one.severity, one.sought and one.sought.empty) for one in found] == [("warning", "p"), ("remark", "c")]
    assert found[1].fix.endswith("--columns channel=....")
    (other,) = empty_cells(table("feedback", t=100, s=60), {"text": "t", "score": "s"})
    assert other.severity == "remark"
    assert 'columns = { text = "..." }' in other.fix
