"""What the tests of delivery share."""

from __future__ import annotations

import ssl

import pytest

from receivers import certificate


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The contexts of a server for `localhost` and of a client that trusts it."""
    made = certificate(tmp_path_factory.mktemp("certificate"))
    if made is None:
        pytest.skip("openssl is not installed, and nothing else here makes a certificate")
    return made
