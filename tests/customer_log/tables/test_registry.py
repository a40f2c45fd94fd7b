"""A table of facts says which roles its columns play; sources that do not fit it are refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foretell.customer_log.tables.registry import FACT_TABLES, FactColumns, FactTable, Role, checked_sources, declared
from foretell.project.errors import InputError
from foretell.project.request import Source

VISITS = FactTable("visits", (Role("pages", "number"), Role("page", "text", is_needed=True), Role("cost", "money")))
WHO = {"customer": "who", "time": "at"}
ORDERS = Source((Path("orders.csv"),))


@pytest.fixture
def known() -> Iterator[FactTable]:
    """The table, while a test lasts."""
    yield declared(VISITS)
    del FACT_TABLES["visits"]


def visits(**columns: str) -> Source:
    return Source((Path("visits.csv"),), "visits", columns)


def refused(*sources: Source) -> InputError:
    with pytest.raises(InputError) as error:
        checked_sources(sources)
    return error.value


def test_a_table_may_be_declared_again_but_not_another_of_its_name(known: FactTable) -> None:
    assert declared(FactTable(known.name, known.roles)) == FACT_TABLES["visits"]
    for other in (FactTable("visits"), FactTable("orders")):
        with pytest.raises(ValueError, match="declared twice"):
            declared(other)
    assert FACT_TABLES["visits"] == known


def test_files_have_the_keys_of_a_fact_and_a_number_a_role() -> None:
    assert VISITS.stored.names == ["customer_key", "happened_at", "known_after", "pages", "page", "cost"]
    assert {str(kind) for kind in VISITS.stored.types} == {"uint64", "int64"}
    assert FactTable("clicks").stored.names == VISITS.stored.names[:3]


def test_numbers_and_money_are_read_as_numbers_and_texts_are_not() -> None:
    columns = FactColumns.of(VISITS, visits(**WHO, page="url", cost="paid", pages="n"))
    assert (columns.time, columns.numbers) == ("at", ("n", "paid"))
    assert columns.used() == {**WHO, "page": "url", "cost": "paid", "pages": "n"}
    assert FactColumns.of(VISITS, visits(**WHO, page="url")).numbers == ()


def test_sources_that_fit_are_taken(known: FactTable) -> None:
    checked_sources((ORDERS, visits(**WHO, page="url", known_at="loaded"), visits(**WHO, page="url")))


def test_orders_come_from_one_source() -> None:
    assert (refused().found, refused().hint) == ("0 sources with table = 'orders'", "add one")
    error = refused(ORDERS, ORDERS)
    assert error.what == "Orders come from one source."
    assert error.hint == "list all order files in the path of one source: path = [...]"


def test_what_no_table_holds_is_refused(known: FactTable) -> None:
    error = refused(ORDERS, Source((), "clicks"))
    assert (error.what, error.found) == ("The table is not known.", "'clicks'")
    assert error.expected is not None
    assert {"orders", "visits"} <= set(error.expected.split(", "))
    error = refused(ORDERS, visits(**WHO, page="url", colour="c"))
    assert (error.what, error.found) == ("The table visits has no such role.", "colour")
    assert error.expected == "customer, time, known_at, pages, page, cost"


@pytest.mark.parametrize("missing", ["customer", "time", "page"])
def test_a_role_that_a_fact_needs_is_asked_for(known: FactTable, missing: str) -> None:
    given = {role: column for role, column in {**WHO, "page": "url"}.items() if role != missing}
    error = refused(ORDERS, visits(**given))
    assert (error.what, error.found) == ("The table visits needs more columns.", ", ".join(given))
    assert error.expected == "customer, time, page"
    assert error.hint == f'add {missing} = "the column" to columns in foretell.toml'
