"""The small shop, as rows, as a file and as a run."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun, RunOverHorizon, published
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import run
from foretell.project.place import Place
from foretell.project.progress import Silent
from shop import Rows, made_shop, written


@pytest.fixture(scope="session")
def shop() -> Rows:
    """The rows of the shop."""
    return made_shop()


@pytest.fixture
def orders_csv(shop: Rows, tmp_path: Path) -> Path:
    """The shop as a CSV file."""
    return written(shop, tmp_path / "orders.csv")


@pytest.fixture(scope="session")
def shop_run(shop: Rows, tmp_path_factory: pytest.TempPathFactory) -> PublishedRun:
    """A run over 30 days on the shop, with its files written, one for all workers. Nothing may change it, or its
    folder."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shop_run"
    folder.mkdir(exist_ok=True)
    out, finished = folder / "out", folder / "finished"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            orders = written(shop, folder / "orders.csv")
            run(request_for_files([orders], out, horizons=(30,), workers=1), Silent())
            finished.touch()
    return published(Place.of_results(out))


@pytest.fixture(scope="session")
def shop_main(shop_run: PublishedRun) -> RunOverHorizon:
    """The results of that run over its one horizon."""
    return shop_run.main
