"""Subscriptions: one row, up to three facts, and no fact is known before it happened."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from foretell.customer_log.tables.subscriptions import SUBSCRIPTIONS, interval_seconds
from read_tables import read_table

HEADER = "customer_id,subscription,plan,amount,interval,started_at,asked_to_cancel_at,ended_at,reason\n"


def test_a_row_becomes_a_start_a_request_and_an_end(tmp_path: Path) -> None:
    rows = HEADER + "a,S1,Pro,29.00,Monthly,2024-01-05,2024-05-20 10:00,2024-06-05 00:00,too dear\n"
    found = read_table(tmp_path / "subscriptions.csv", SUBSCRIPTIONS, rows)
    assert found.told("at", "step", "plan", "amount", "reason") == [
        ("2024-01-05 00:00", "started", "Pro", 290_000, None),
        ("2024-05-20 10:00", "asked to cancel", "Pro", 290_000, "too dear"),
        ("2024-06-05 00:00", "ended", "Pro", 290_000, "too dear"),
    ]
    assert {fact["interval_seconds"] for fact in found.facts} == {2_629_800}


@pytest.mark.parametrize("end", ["", "2026-03-01", "9999-12-31"])
def test_an_end_that_is_still_to_come_has_not_happened(tmp_path: Path, end: str) -> None:
    found = read_table(tmp_path / "s.csv", SUBSCRIPTIONS, HEADER + f"a,S1,Pro,29,month,2024-01-05,,{end},\n")
    assert found.told("step") == [("started",)]
    assert found.rejected == {}


def test_a_row_that_never_began_or_has_no_date_is_refused(tmp_path: Path) -> None:
    rows = HEADER + "a,S1,Pro,29,month,,,2024-01-05,\na,S1,Pro,29,month,2024-01-05,,never,\n"
    found = read_table(tmp_path / "s.csv", SUBSCRIPTIONS, rows)
    assert found.facts == []
    assert found.rejected == {2: ("started_at", "no date"), 3: ("ended_at", "not a date")}


def test_intervals_are_the_seconds_from_one_payment_to_the_next() -> None:
    found = interval_seconds(pa.array(["P1Y", "week", "every 3 months", "now and then", None]))
    assert found.to_pylist() == [31_557_600, 604_800, 7_889_400, None, None]
