"""Queries, and names without secrets."""

from __future__ import annotations

import pytest

from foretell.customer_log.databases.relation import Relation, Since, literal, quoted, select


def test_names_and_values_cannot_leave_their_quotes() -> None:
    assert quoted('a"; drop table x; --') == '"a""; drop table x; --"'
    assert literal("a'; drop table x; --") == "'a''; drop table x; --'"


def test_without_a_key_rows_come_in_the_order_of_their_texts() -> None:
    one = Relation("duckdb", "shop.duckdb", table="t")
    assert select('"t"', one, ["a"], [], None) == 'select "a" from "t" order by cast("a" as varchar)'


def test_the_first_reading_holds_what_never_got_a_value() -> None:
    one = Relation("duckdb", "shop.duckdb", table="t", incremental="at", whole="n")
    assert 'where ("at" <= \'5\' or "at" is null) order' in select('"t"', one, ["a"], ["a"], Since("", "5"))


@pytest.mark.parametrize(
    ("relation", "name", "source"),
    [
        (Relation("sqlite", "/d/shop.sqlite", table="t"), "t in shop.sqlite", "/d/shop.sqlite/t in shop.sqlite"),
        (Relation("delta", "/d/lake"), "lake", "/d/lake/lake"),
        (
            Relation("postgresql", "postgresql://ann:secret@db/shop?x=/y", table="t"),
            "t in shop",
            "postgresql://db/shop?x=/y/t in shop",
        ),
    ],
)
def test_a_relation_is_known_by_its_place_and_never_by_a_secret(relation: Relation, name: str, source: str) -> None:
    assert (relation.name, relation.source) == (name, source)
    assert "secret" not in str(relation.error("Away.", "at postgresql://ann:secret@db", relation.address))


def test_two_queries_of_one_database_are_two_sources() -> None:
    assert Relation("sqlite", "s", query="select 1").source != Relation("sqlite", "s", query="select 2").source
