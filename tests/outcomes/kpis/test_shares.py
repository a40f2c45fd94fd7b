"""The share of customers in each segment by day."""

from __future__ import annotations

import pyarrow as pa
import pytest

from foretell.alerts.past.segments import LASTS
from foretell.outcomes.kpis.shares import shares_by_day
from foretell.project.intervals import days


def test_shares_are_of_those_who_are_known_by_then() -> None:
    stays = pa.table(
        {
            "segment": ["New", "Loyal", "New"],
            "begin": [days(10), days(12), days(11)],
            "end": [days(12), LASTS, LASTS],
        }
    )
    found = shares_by_day(stays, "UTC", 13)
    assert found["New"].first == 10
    assert found["New"].values.tolist() == pytest.approx([1, 1, 0.5, 0.5])
    assert found["Loyal"].values.tolist() == pytest.approx([0, 0, 0.5, 0.5])


def test_nobody_has_no_shares() -> None:
    none = pa.table(
        {"segment": pa.array([], pa.string()), "begin": pa.array([], pa.int64()), "end": pa.array([], pa.int64())}
    )
    assert shares_by_day(none, "UTC", 13) == {}
