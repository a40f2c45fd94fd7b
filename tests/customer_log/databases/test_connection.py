"""Every kind of database has a module that opens it."""

from __future__ import annotations

from importlib import import_module
from typing import get_args

from foretell.customer_log.databases.connection import KINDS, connected
from foretell.customer_log.databases.relation import Kind, Relation


def test_every_kind_can_be_opened() -> None:
    assert set(KINDS) == set(get_args(Kind))
    for name in KINDS.values():
        assert callable(import_module(f"foretell.customer_log.databases.{name}").connected)


def test_a_relation_is_opened_as_its_kind(sales: object) -> None:
    with connected(Relation("sqlite", str(sales), table="staff")) as database:
        assert list(database.columns()) == ["name"]
