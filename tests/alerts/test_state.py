"""The state of alerts: raised once, since when, acknowledged, silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.alerts.alert import Alert, Driver, alert_id
from foretell.alerts.control_limits import Signal
from foretell.alerts.proof import RuleProof
from foretell.alerts.state import AlertState
from foretell.project.errors import InputError

JUNE = "2024-06-{:02d}".format
SIGNAL = Signal("orders", 3.0, 5.0, 9.0, -4.0)
PROOF = RuleProof("", (1, 2), 9, 8, 4, 0.5, 0.3, 0.7, 0.2, 0.4, (30.0, 10.0, 50.0), "", 1.5)


def alert(day: int, *customers: str) -> Alert:
    return Alert(
        alert_id("leaving", JUNE(day), customers), "leaving", "p_churn > 60 %", JUNE(day), 30, customers, 12.5, "GBP",
        JUNE(1), (Driver(1, "orders", 0.5, None),), PROOF, ("webhook:crm",), SIGNAL,
    )  # fmt: skip


@pytest.fixture
def state(tmp_path: Path) -> AlertState:
    return AlertState(tmp_path / "alerts.sqlite")


def test_an_alert_is_kept_once_and_read_as_it_was(state: AlertState) -> None:
    first = alert(3, "a", "b")
    assert state.add(first, 100)
    assert not AlertState(state.path).add(alert(3, "a", "b"), 200)
    (kept,) = AlertState(state.path).raised()
    assert (kept.alert, kept.raised_at, kept.acknowledged_at) == (first, 100, None)
    assert first.as_json(1)["customers"] == ["a"]
    assert first.as_json(1)["customer_count"] == 2


def test_the_id_tells_rule_day_and_customers_in_any_order() -> None:
    assert alert_id("x", JUNE(1), ["a", "b"]) == alert_id("x", JUNE(1), ["b", "a"])
    different = {alert_id("x", JUNE(1), ["a"]), alert_id("y", JUNE(1), ["a"]), alert_id("x", JUNE(2), ["a"])}
    assert len(different) == 3


def test_since_when_a_rule_holds_without_a_break(state: AlertState) -> None:
    assert state.holds_since("r", "c", JUNE(1), ["a", "b"]) == {"a": JUNE(1), "b": JUNE(1)}
    assert state.holds_since("r", "c", JUNE(8), ["a", "x"]) == {"a": JUNE(1), "x": JUNE(8)}
    assert state.holds_since("r", "c", JUNE(15), ["a", "b"]) == {"a": JUNE(1), "b": JUNE(15)}
    assert state.holds_since("other", "c", JUNE(15), ["a"]) == {"a": JUNE(15)}


def test_an_earlier_day_changes_nothing_and_another_condition_begins_anew(state: AlertState) -> None:
    state.holds_since("r", "c", JUNE(8), ["a"])
    assert state.holds_since("r", "c", JUNE(2), ["b"]) == {"b": JUNE(2)}
    assert state.holds_since("r", "c", JUNE(9), ["a", "b"]) == {"a": JUNE(8), "b": JUNE(9)}
    assert state.holds_since("r", "another", JUNE(10), ["a"]) == {"a": JUNE(10)}


@pytest.mark.parametrize(("cooldown", "quiet"), [(0, {3}), (1, {3}), (7, {3, 9, 1}), (30, {3, 9, 1, 20})])
def test_within_the_cooldown_nothing_new_is_said(state: AlertState, cooldown: int, quiet: set[int]) -> None:
    state.add(alert(3, "a"), 0)
    for day in (1, 3, 9, 10, 20):
        known = state.already_warned("leaving", JUNE(day), cooldown, {"a": JUNE(day), "b": JUNE(day)})
        assert known == ({"a"} if day in quiet or (cooldown == 30) else set())
        assert state.was_raised("leaving", JUNE(day), cooldown) == bool(known)
    assert state.already_warned("another", JUNE(3), cooldown, {"a": JUNE(3)}) == set()


def test_an_acknowledged_customer_is_quiet_until_the_rule_has_let_go_of_them(state: AlertState) -> None:
    state.add(alert(3, "a", "b"), 0)
    state.acknowledge(alert(3, "a", "b").id, 50)
    assert state.already_warned("leaving", JUNE(28), 7, {"a": JUNE(1), "b": JUNE(20)}) == {"a"}
    assert state.raised(with_acknowledged=False) == []
    assert state.raised()[0].acknowledged_at == 50


def test_the_beginning_of_an_id_will_do_where_it_is_one_alerts(state: AlertState) -> None:
    one = alert(3, "a")
    state.add(one, 0)
    assert state.acknowledge(one.id[:4], 50) == one
    assert state.acknowledge(one.id, 60) == one
    assert state.raised()[0].acknowledged_at == 50
    for unknown in ("", "nothing", one.id + "0"):
        with pytest.raises(InputError):
            state.acknowledge(unknown, 70)


def test_a_silence_lasts_until_its_moment(state: AlertState) -> None:
    state.silence("leaving", 100)
    assert state.silences(99) == {"leaving": 100}
    assert state.silences(100) == {}
    state.silence("leaving", 300)
    state.silence("leaving", 0)
    assert state.silences(200) == {}


def test_the_newest_value_of_a_day_counts(state: AlertState) -> None:
    state.keep_weekly(JUNE(8), {"At risk": 5, "Lost": 1})
    state.keep_weekly(JUNE(1), {"At risk": 4})
    state.keep_weekly(JUNE(8), {"At risk": 6})
    assert state.weekly("At risk") == [(JUNE(1), 4.0), (JUNE(8), 6.0)]
    assert state.series() == ("At risk", "Lost")


def test_a_file_that_is_no_state_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "alerts.sqlite").write_text("no database" * 100)
    with pytest.raises(InputError, match="state of the alerts"):
        AlertState(tmp_path / "alerts.sqlite").raised()
