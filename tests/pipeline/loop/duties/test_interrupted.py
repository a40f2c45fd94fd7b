"""What an interruption left is found, and finished."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from foretell.customer_log.erasure.forgotten import BlockList
from foretell.customer_log.store import Store
from foretell.pipeline.loop.duties.duty import Loop
from foretell.pipeline.loop.duties.interrupted import FORGOTTEN, forgotten, half_forgotten, half_written, written
from foretell.pipeline.privacy.names import is_in_log, key_of
from foretell.project.progress import Silent
from foretell.storage.catalogue import FILE_NAME
from pipeline.loop.daily_shop import daily_shop
from shop import Rows


@pytest.fixture
def loop(shop_run: PublishedRun, shop: Rows, tmp_path: Path) -> Loop:
    return Loop.of(daily_shop(shop_run, shop, tmp_path), Silent(), 0)


def test_files_that_were_half_written_are_written(loop: Loop) -> None:
    assert half_written(loop) == ""
    with sqlite3.connect(loop.place.state / FILE_NAME) as connection:
        connection.execute("update runs set exported = 0")
    assert half_written(loop).endswith("were not all written")
    assert written(loop) == f"9 files written to {loop.place.out}"
    assert half_written(loop) == ""
    assert (loop.place.out / "scores.parquet").is_file()


def test_somebody_half_forgotten_is_forgotten(loop: Loop) -> None:
    assert half_forgotten(loop) == ""
    store = Store.kept(loop.place.state).as_read()
    assert is_in_log(store, key_of("C0003"))
    BlockList(loop.place.state).add(["C0003"], "")
    assert BlockList(loop.place.state).path == loop.place.state / FORGOTTEN
    assert half_forgotten(loop)
    forgotten(loop)
    assert half_forgotten(loop) == ""
    assert not is_in_log(Store.kept(loop.place.state).as_read(), key_of("C0003"))
    assert loop.newest is None
