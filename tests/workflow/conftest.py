"""The small shop, as rows and as a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from shop import Rows, made_shop, written


@pytest.fixture(scope="session")
def shop() -> Rows:
    """The rows of the shop."""
    return made_shop()


@pytest.fixture
def orders_csv(shop: Rows, tmp_path: Path) -> Path:
    """The shop as a CSV file."""
    return written(shop, tmp_path / "orders.csv")
