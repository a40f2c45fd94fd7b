"""Findings: the gravest come first."""

from __future__ import annotations

from foretell.health.data.finding import DataFinding, Severity, gravest_first


def test_the_gravest_come_first_and_others_keep_their_order() -> None:
    told: list[tuple[str, Severity]] = [("a", "remark"), ("b", "warning"), ("c", "stop"), ("d", "warning")]
    found = [DataFinding(name, severity, "orders", "", "") for name, severity in told]
    assert [one.check for one in gravest_first(found)] == ["c", "b", "d", "a"]
