"""Counted days are told by name and values, or by values that leave few days out."""

from __future__ import annotations

from foretell.customer_log.recognition.day_counts import counts_days, might_count_days


def test_a_named_count_of_days() -> None:
    assert counts_days("DAY", ["1", "5", "711.0"])
    assert counts_days("Tag", ["1", "5", "9"])
    assert not counts_days("day", ["Monday", "Tuesday"])
    assert not counts_days("day", ["1", "2", "2"])
    assert not counts_days("day", [])
    assert not counts_days("store", ["1", "5", "711"])


def test_values_alone() -> None:
    days = [str(n // 3 + 1) for n in range(300)]
    assert might_count_days(days)
    assert not might_count_days([str(n) for n in range(300)])
    assert not might_count_days(days[:30])
    assert not might_count_days(["1.5", *days])
