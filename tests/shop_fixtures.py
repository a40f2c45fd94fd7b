"""The small shop, as rows and as a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.pipeline.columns import answer
from foretell.pipeline.requests import request_for_files
from foretell.pipeline.run import Outcome
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
def shop_outcome(shop: Rows, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A run over 30 days on the shop, with its files written."""
    folder = tmp_path_factory.mktemp("shop")
    request = request_for_files([written(shop, folder / "orders.csv")], folder / "out", horizon_days=30, workers=1)
    return answer(request, Silent())[0]
