"""Raising alerts over several runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretell.alerts.raising import Raising, Run, raise_alerts
from foretell.alerts.state import FILE_NAME, AlertState
from foretell.project.errors import InputError
from foretell.project.parts.alerts import AlertPart
from made_run import part, run_at

LEAVING = part(when="p_churn > 60 %")


def raised(folder: Path, run: Run, *parts: AlertPart, now: int = 0) -> Raising:
    return raise_alerts(parts or (LEAVING,), run, folder, now)


def customers(raising: Raising) -> list[tuple[str, ...]]:
    return [alert.customers for alert in raising.alerts]


def test_an_alert_says_who_how_much_since_when_and_what_it_was_worth(tmp_path: Path) -> None:
    (alert,) = raised(tmp_path, run_at(0, [0.1, 0.7, 0.9, None])).alerts
    assert alert.customers == ("b", "c")
    assert (alert.money, alert.currency, alert.since, alert.as_of) == (150.0, "GBP", "2022-01-08", "2022-01-08")
    assert alert.drivers == ()
    assert (alert.proof.judged, alert.proof.true, alert.proof.precision) == (4, 2, 0.5)


def test_only_new_customers_are_raised_and_the_same_run_raises_nothing(tmp_path: Path) -> None:
    assert customers(raised(tmp_path, run_at(0, [0.7, 0.7, 0, 0]))) == [("a", "b")]
    again = raised(tmp_path, run_at(0, [0.7, 0.7, 0, 0]))
    assert again.alerts == ()
    assert "known" in again.rules[0].held_back
    assert customers(raised(tmp_path, run_at(7, [0.7, 0.7, 0.7, 0]))) == [("c",)]
    later = raised(tmp_path, run_at(14, [0.7, 0, 0.7, 0]))
    assert customers(later) == [("a",)]
    assert later.alerts[0].since == "2022-01-08"


def test_acknowledged_is_quiet_beyond_the_cooldown(tmp_path: Path) -> None:
    (alert,) = raised(tmp_path, run_at(0, [0.7, 0.7, 0, 0])).alerts
    AlertState(tmp_path / FILE_NAME).acknowledge(alert.id, 1)
    assert raised(tmp_path, run_at(20, [0.7, 0, 0, 0])).alerts == ()
    assert customers(raised(tmp_path, run_at(40, [0.7, 0.7, 0, 0]))) == [("b",)]


def test_a_silence_raises_nothing_and_forgets_nothing(tmp_path: Path) -> None:
    AlertState(tmp_path / FILE_NAME).silence("leaving", 100)
    quiet = raised(tmp_path, run_at(0, [0.7, 0, 0, 0]), now=99)
    assert quiet.alerts == ()
    assert "silent" in quiet.rules[0].held_back
    (alert,) = raised(tmp_path, run_at(7, [0.7, 0, 0, 0]), now=100).alerts
    assert alert.since == "2022-01-08"


def test_under_the_least_money_nothing_is_raised(tmp_path: Path) -> None:
    rule = part(when="p_churn > 60 %", min_money=200)
    assert raised(tmp_path, run_at(0, [0, 0.7, 0.7, 0]), rule).alerts == ()
    assert customers(raised(tmp_path, run_at(7, [0, 0.7, 0.7, 0.7]), rule)) == [("d", "b", "c")]


def test_a_rule_is_on_only_when_tested_or_told_so(tmp_path: Path) -> None:
    run = run_at(0, [0.7, 0, 0, 0], forecasts=())
    untested = raised(tmp_path, run)
    assert untested.alerts == ()
    assert "cannot be tested" in untested.rules[0].off
    assert customers(raised(tmp_path, run, part(when="p_churn > 60 %", untested=True))) == [("a",)]


def test_a_proof_over_another_horizon_is_none(tmp_path: Path) -> None:
    standing = raised(tmp_path, replace(run_at(0, [0.7, 0, 0, 0]), horizon_days=90)).rules[0]
    assert "30 days ahead, the scores 90" in standing.off


def test_a_change_is_told_from_the_run_before(tmp_path: Path) -> None:
    rule = part(change="p_purchase fell by 20 points", untested=True)
    before = run_at(0, [0.1, 0.1, 0.1, 0.1])
    first = raised(tmp_path, before, rule)
    assert first.alerts == ()
    assert "no run before" in first.rules[0].off
    moved = run_at(7, [0.9, 0.1, 0.9], ("d", "a", "new"), scores_before=before.scores)
    assert customers(raised(tmp_path, moved, rule)) == [("d",)]
    assert raised(tmp_path, moved, rule).alerts == ()
    later = run_at(14, [0.9, 0.1, 0.9], ("d", "a", "new"), scores_before=moved.scores)
    assert raised(tmp_path, later, rule).rules[0].holding == 0


def test_moves_that_were_made_and_moves_that_are_forecast(tmp_path: Path) -> None:
    made = part(name="made", move="Champions -> At risk", untested=True)
    forecast = part(name="forecast", move="Champions -> Lost, p >= 40 %", untested=True)
    before = run_at(0, [0.1] * 4, segments=["Champions", "Champions", "At risk", None])
    chances = {"Lost": np.array([0.9, 0.5, 0.9, 0.9])}
    raised(tmp_path, before, made, forecast)
    segments = ["At risk", "Champions", "At risk", "At risk"]
    now = run_at(7, [0.1] * 4, segments=segments, chances=chances, scores_before=before.scores)
    found = {alert.rule: alert.customers for alert in raised(tmp_path, now, made, forecast).alerts}
    assert found == {"made": ("a",), "forecast": ("b",)}


def test_a_segment_that_grows_beyond_its_limits_is_raised_with_who_came(tmp_path: Path) -> None:
    ids = [f"c{place}" for place in range(4)]
    spike, random = part(name="size", spike="Lost"), np.random.default_rng(1)
    sizes = {"Lost": np.append(random.poisson(50, 30), 95).astype(np.float64)}
    before = run_at(0, [0.1] * 4, ids, segments=["Lost", "New", "New", "New"])
    raised(tmp_path, before, spike)
    more = {"weekly": sizes, "scores_before": before.scores}
    now = run_at(7, [0.1] * 4, ids, segments=["Lost", "Lost", "New", "Lost"], **more)
    (alert,) = raised(tmp_path, now, spike).alerts
    assert alert.customers == ("c3", "c1")
    assert alert.signal is not None
    assert (alert.signal.value, alert.signal.direction) == (95, "up")
    again = run_at(
        12, [0.1] * 4, ids, segments=["Lost", "Lost", "Lost", "Lost"], **more | {"scores_before": now.scores}
    )
    assert raised(tmp_path, again, spike).alerts == ()


def test_sizes_are_remembered_week_by_week_until_there_are_limits(tmp_path: Path) -> None:
    spike, random = part(name="size", spike="At risk"), np.random.default_rng(2)
    off = []
    for week in range(15):
        lost = random.integers(0, 3) if week < 14 else 4
        run = run_at(7 * week, [0.1] * 4, segments=["Lost"] * lost + ["At risk"] * (4 - lost))
        off.append(raised(tmp_path, run, spike).rules[0].off)
    assert "12 weeks" in off[0]
    assert off[-1] == ""
    assert sum(map(bool, off)) == 12


def test_a_mistake_in_a_rule_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="leaving"):
        raised(tmp_path, run_at(0, [0.1] * 4), part(when="shoe_size > 3"))


def test_an_earlier_run_than_the_last_one_warns_of_nobody_twice(tmp_path: Path) -> None:
    raised(tmp_path, run_at(7, [0.7, 0, 0, 0]))
    assert customers(raised(tmp_path, run_at(0, [0.7, 0.7, 0, 0]))) == [("b",)]


def test_features_that_come_beside_the_scores_may_be_named(tmp_path: Path) -> None:
    run = run_at(0, [0.1] * 4, more_columns={"age_days": np.array([1.0, 50, np.nan, 90])})
    assert customers(raised(tmp_path, run, part(when="age_days > 40", untested=True))) == [("d", "b")]
