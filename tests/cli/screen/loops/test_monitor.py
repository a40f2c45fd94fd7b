"""Monitoring on the screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from foretell.cli.screen.loops.monitor import monitor_lines, show_monitor
from foretell.outcomes.monitoring.monitored import Broken, Monitored, Watched
from shops.private_shop import copied_run
from typed import typed

WATCHED = (
    Watched("volume", "events", "volume", 40.0, 40),
    Watched("population", "customers", "orders_90d", 0.4, 500),
    Watched("population", "customers", "spend_90d", 0.1, 500),
    Watched("units", "orders", "amount", cannot="few amounts"),
)


def test_what_is_broken_comes_first() -> None:
    old = Broken("a", "volume", "events", "events: 40 rows.", "2026-04-24")
    new = Broken("b", "population", "customers", "They moved.", "2026-05-01", is_new=True)
    lines = "\n".join(monitor_lines(Monitored("2026-05-01", WATCHED, (old, new), "2026-05-01", 3.24, 20)))
    assert "since 2026-04-24: events: 40 rows.\nnew: They moved." in lines
    assert "Watched: 1 figure of 2 sources, 2 features and scores of customers." in lines
    assert "beside 20 before it; the limit of 3.2 usual deviations" in lines
    assert "Not judged, 1: few amounts." in lines


def test_nothing_broken_and_nothing_compared() -> None:
    lines = "\n".join(monitor_lines(Monitored("2026-05-01", WATCHED[:1], ())))
    assert "Nothing is broken." in lines
    assert "limit" not in lines


def test_a_project_as_its_user_asks(shop_run: PublishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path)
    show_monitor(place.out, as_json=True)
    assert json.loads(capsys.readouterr().out)["weeks"] > 8
    told = typed("monitor", "--out", str(place.out), folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("Monitored as of ")
    nothing = typed("monitor", folder=tmp_path)
    assert nothing.returncode == 2
