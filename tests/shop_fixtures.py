"""The small shop, as rows, as a file and as a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import run
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
    """A run over 30 days on the shop, with its files written. Nothing may change it, or its folder."""
    folder = tmp_path_factory.mktemp("shop")
    orders = written(shop, folder / "orders.csv")
    return run(request_for_files([orders], folder / "out", horizons=(30,), workers=1), Silent()).run


@pytest.fixture(scope="session")
def shop_main(shop_run: PublishedRun) -> RunOverHorizon:
    """The results of that run over its one horizon."""
    return shop_run.main
