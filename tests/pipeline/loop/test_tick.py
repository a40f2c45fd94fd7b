"""A tick does what is due, from top to bottom, once; with nothing new it does nothing, and writes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun, published
from foretell.pipeline.loop.tick import DUTIES, Ticked, tick
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.storage.lock import AtWork, alone_at_work
from pipeline.loop.daily_shop import comes, contents, daily_shop
from shop import Rows

ALERT = """
[[alerts]]
name = "leaving"
when = "p_purchase < 90 %"
untested = true
"""


def names(done: Ticked) -> list[str]:
    assert done.failed == ()
    return [task.name for task in done.tasks]


@pytest.fixture
def place(shop_run: PublishedRun, shop: Rows, tmp_path: Path) -> Place:
    return daily_shop(shop_run, shop, tmp_path, ALERT)


def test_a_day_is_read_scored_and_watched_and_then_nothing_is_due(place: Place) -> None:
    begun = published(place).record
    assert names(tick(place, Silent())) == ["new facts", "monitor", "rollback", "alerts"]
    comes(place)
    done = tick(place, Silent())
    assert names(done) == ["new facts", "score", "monitor", "rollback", "alerts"]
    assert done.tasks[0].why == "new or changed: orders.csv"
    assert done.tasks[0].done == "read: 2 rows of orders.csv"
    newest = published(place).record
    assert newest.as_of == begun.as_of + 86_400_000_000
    assert newest.asked["trained_as_of"] == begun.asked["trained_as_of"]
    before = contents(place.state.parent)
    assert tick(place, Silent()) == Ticked(())
    assert contents(place.state.parent) == before


def test_a_day_that_is_not_over_is_read_and_not_scored(place: Place) -> None:
    tick(place, Silent())
    comes(place, hour=2)
    assert names(tick(place, Silent())) == ["new facts", "monitor", "rollback"]
    comes(place, hour=23)
    assert names(tick(place, Silent())) == ["new facts", "score", "monitor", "rollback", "alerts"]


def test_a_file_that_was_written_just_now_is_looked_at_once_more(place: Place) -> None:
    tick(place, Silent())
    (place.state.parent / "orders.csv").touch()
    assert names(tick(place, Silent())) == ["new facts"]
    assert names(tick(place, Silent())) == ["new facts"]


def test_what_fails_is_told_and_keeps_nothing_else_from_being_done(place: Place) -> None:
    orders = place.state.parent / "orders.csv"
    kept = orders.read_bytes()
    orders.unlink()
    done = tick(place, Silent())
    assert [task.name for task in done.tasks] == ["new facts", "monitor", "rollback", "alerts"]
    (failed,) = done.failed
    assert "does not exist" in failed.failed
    assert done.as_json()["tasks"][0] == {"name": "new facts", "why": "", "done": "", "failed": failed.failed}
    orders.write_bytes(kept)
    assert names(tick(place, Silent())) == ["new facts"]


def test_there_is_one_tick_at_a_time(place: Place) -> None:
    with ThreadPoolExecutor(1) as another, alone_at_work(place.state), pytest.raises(AtWork):
        another.submit(tick, place, Silent()).result()


def test_what_an_interruption_left_comes_first_and_messages_last() -> None:
    order = [duty.name for duty in DUTIES]
    assert order[:3] == ["forget", "files", "campaign"]
    assert order[-2:] == ["messages", "pushes"]
    assert order.index("new facts") < order.index("score") < order.index("grade") < order.index("monitor")
    assert order.index("rollback") < order.index("retrain") < order.index("alerts") < order.index("act")
    assert len(set(order)) == len(order)


def test_where_nothing_is_declared_and_nothing_published_it_is_told(tmp_path: Path) -> None:
    (failed,) = tick(Place.of_results(tmp_path / "nowhere"), Silent()).failed
    assert (failed.name, "nothing to keep running" in failed.failed) == ("first run", True)
