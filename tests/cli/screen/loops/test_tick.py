"""`foretell tick`, as its user types it: a line a duty, nothing without one, 0 where another command is at work."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

from foretell.answers.published import PublishedRun
from foretell.cli.screen.loops.tick import failed_lines, tick_lines
from foretell.pipeline.loop.tick import Task, Ticked
from foretell.storage.lock import FILE_NAME
from pipeline.loop.daily_shop import STANDING, daily_shop
from shop import Rows
from typed import typed


def test_a_line_says_what_was_done_and_why() -> None:
    done = Ticked((Task("score", "a new day", "run 1"), Task("grade", "", failed="no")))
    assert tick_lines(done) == ["score: run 1 (a new day)"]


def test_what_stood_in_the_way_is_told_once() -> None:
    tasks = (
        Task("score", "", failed="damaged"),
        Task("alerts", "", failed="no rule"),
        Task("act", "", failed="damaged"),
    )
    assert failed_lines(Ticked(tasks)) == ["foretell: score, act: damaged", "foretell: alerts: no rule"]


def test_a_tick_is_told_and_another_one_has_nothing_to_say(shop_run: PublishedRun, shop: Rows, tmp_path: Path) -> None:
    place = daily_shop(shop_run, shop, tmp_path, STANDING)
    approved = typed("act", "hello", "--standing", "--approve", "crm@shop", folder=tmp_path)
    assert (approved.returncode, "nobody was contacted now" in approved.stdout) == (0, True)
    first = json.loads(typed("tick", "--at", "2024-08-29", "--json", folder=tmp_path).stdout)
    assert [task["name"] for task in first["tasks"]] == ["new facts", "monitor", "rollback", "act"]
    again = typed("tick", "--at", "2024-08-29", folder=tmp_path)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    stopped = typed("act", "hello", "--stop", "--json", folder=tmp_path)
    assert json.loads(stopped.stdout)["standing"] is False
    with (place.state / FILE_NAME).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        held = typed("tick", folder=tmp_path)
        assert (held.returncode, held.stdout.count("\n"), "at work" in held.stdout) == (0, 1, True)
        assert json.loads(typed("tick", "--json", folder=tmp_path).stdout)["at_work"] is True
    (tmp_path / "orders.csv").unlink()
    failed = typed("tick", folder=tmp_path)
    assert (failed.returncode, "does not exist" in failed.stderr) == (1, True)
