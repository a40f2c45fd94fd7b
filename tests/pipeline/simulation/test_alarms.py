from __future__ import annotations

from foretell.outcomes.monitoring.monitored import Broken
from foretell.pipeline.simulation.alarms import Delay, Detection, delays_of, false_alarms, new_in
from foretell.pipeline.simulation.week import Week


def week(number: int, *keys: str) -> Week:
    broken = tuple(Broken(key, "volume", "events", f"{key} is broken in week {number}", "2024-01-01") for key in keys)
    return Week(number, f"2024-01-{1 + 7 * number:02d}", 0, 0, 0, {}, broken, ())


def test_what_goes_on_is_one_alarm_and_what_comes_back_another() -> None:
    found = false_alarms([week(0, "a"), week(1, "a"), week(2, "a", "b", "c"), week(3), week(4, "a")])
    assert (found.days, found.alarms) == (28, 2)
    assert found.said == ("b is broken in week 2", "c is broken in week 2", "a is broken in week 4")
    assert found.a_month is not None
    assert abs(found.a_month - 2 / 28 * 30.4375) < 1e-12
    assert false_alarms([week(0, "a")]).a_month is None


def test_what_is_broken_elsewhere_too_is_not_new() -> None:
    assert new_in(week(3, "a", "b"), week(2, "a"), week(3, "c")) == ("b is broken in week 3",)


def test_delays_are_told_of_those_that_were_seen() -> None:
    found = [Detection("stops", seed, "2024-01-08", 21, after, "") for seed, after in enumerate([7, None, 21])]
    found.append(Detection("falls", 0, "2024-01-08", 21, None, ""))
    assert delays_of(found) == (Delay("stops", 3, 2, 14), Delay("falls", 1, 0, None))
