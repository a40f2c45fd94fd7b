"""One generated shop for all tests of monitoring."""

from __future__ import annotations

import pytest

from shops.watched_shop import WatchedShop, watched_shop


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> WatchedShop:
    """A shop in which nothing is planted, with 34 weeks of its customers."""
    return watched_shop(tmp_path_factory.mktemp("watched") / "shop", customers=400, days=500, weeks=34)
