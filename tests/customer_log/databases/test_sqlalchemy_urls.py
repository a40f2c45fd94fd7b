"""Databases behind SQLAlchemy: read where it is installed, a way out where it is not."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from foretell.customer_log.databases.relation import Relation
from foretell.customer_log.databases.sqlalchemy_urls import connected
from foretell.project.errors import InputError


def test_a_url_is_read_or_the_command_that_helps_is_named(sales: Path) -> None:
    relation = Relation("sqlalchemy", f"sqlite:///{sales}", table="sales")
    if find_spec("sqlalchemy") is None:
        with pytest.raises(InputError) as refused, connected(relation):
            pass
        assert "pip install sqlalchemy" in str(refused.value)
        return
    with connected(relation) as database:
        assert database.tables() == ["sales", "staff"]
        assert sum(map(len, database.rows(["paid"], None))) == 3
        assert database.state().rows == 3


def test_no_secret_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP", "mysql+nothing://ann:secret@db/shop")
    relation = Relation("sqlalchemy", "mysql+nothing://db/shop", "SHOP", table="sales")
    with pytest.raises(InputError) as refused, connected(relation):
        pass
    assert "secret" not in str(refused.value)
