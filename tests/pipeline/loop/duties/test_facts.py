"""Whether files changed is told by how they look; what is new of them is read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun, published
from foretell.customer_log.store import MANIFEST
from foretell.pipeline.loop.duties.duty import Loop
from foretell.pipeline.loop.duties.facts import LOG, complete_until, log_as_read, read, unread
from foretell.project.progress import Silent
from pipeline.loop.daily_shop import comes, daily_shop, settled
from shop import Rows


@pytest.fixture
def loop(shop_run: PublishedRun, shop: Rows, tmp_path: Path) -> Loop:
    return Loop.of(daily_shop(shop_run, shop, tmp_path), Silent(), 0)


def test_a_file_is_read_until_it_looks_the_same(loop: Loop) -> None:
    before, as_of = log_as_read(loop), published(loop.place).record.as_of
    assert unread(loop) == "new or changed: orders.csv"
    assert complete_until(loop) is None
    assert LOG == MANIFEST
    assert read(loop) == "nothing in it that was not known"
    assert (unread(loop), log_as_read(loop), complete_until(loop)) == ("", before, as_of)
    comes(loop.place)
    assert unread(loop) == "new or changed: orders.csv"
    assert read(loop) == "read: 2 rows of orders.csv"
    assert (unread(loop), complete_until(loop)) == ("", as_of + 86_400_000_000)
    assert log_as_read(loop) != before


def test_the_same_size_at_another_time_and_another_file_are_changes(loop: Loop) -> None:
    read(loop)
    orders = loop.place.state.parent / "orders.csv"
    text = orders.read_text()
    settled(orders)
    assert unread(loop)
    read(loop)
    orders.rename(orders.with_name("kept.csv"))
    orders.write_text(text)
    settled(settled(settled(orders)))
    assert unread(loop)
