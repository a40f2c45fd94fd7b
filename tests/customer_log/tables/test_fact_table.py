"""A table says what its rows become, what of them is kept, and which columns of a source it can use."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from foretell.customer_log.tables.fact_table import FactTable, Happening, Made, Role
from foretell.project.errors import InputError
from foretell.project.request import Source

LOANS = FactTable(
    "loans",
    roles=(Role("book", "id", is_needed=True), Role("fee", "money"), Role("note", "prose")),
    made=(Made("length", ("note",), lambda texts: pa.array([0] * len(texts)), "number"),),
    happenings=(Happening("lent_at", "lent"), Happening("returned_at", "returned", tells=("book",), is_needed=False)),
)
TRAITS = FactTable(
    "traits",
    (Role("attribute", "text", is_needed=True), Role("value", "text")),
    has_attributes=True,
    may_be_undated=True,
)


def source(**columns: str) -> Source:
    return Source((Path("loans.csv"),), "loans", columns)


def test_what_is_kept_is_told_and_made_and_the_step_where_there_are_several() -> None:
    assert LOANS.kept == {"book": True, "fee": False, "length": False, "step": True}
    assert LOANS.stored.names[3:] == list(LOANS.kept)
    assert TRAITS.kept == {"attribute": True, "value": True}


def test_the_times_that_a_fact_needs_are_asked_for_and_the_others_not() -> None:
    LOANS.check(source(customer="who", lent_at="day", book="isbn"))
    with pytest.raises(InputError, match="needs more columns") as refused:
        LOANS.check(source(customer="who", returned_at="day", book="isbn"))
    assert refused.value.expected == "customer, lent_at, book"


def test_a_further_column_is_an_attribute_where_a_table_has_them() -> None:
    columns = {"customer": "who", "hair": "Hair", "time": "day"}
    assert (TRAITS.attributes_of(columns), LOANS.attributes_of(columns)) == ({"hair": "Hair"}, {})
    TRAITS.check(Source((), "traits", {"customer": "who", "hair": "Hair"}))
    with pytest.raises(InputError, match="no such role"):
        LOANS.check(source(customer="who", lent_at="day", book="isbn", hair="Hair"))


def test_only_a_table_that_may_be_is_undated() -> None:
    assert TRAITS.is_undated({"customer": "who"})
    assert not TRAITS.is_undated({"customer": "who", "time": "day"})
    assert not LOANS.is_undated({"customer": "who"})


def test_another_role_or_another_vocabulary_is_another_signature() -> None:
    assert LOANS.signature() == LOANS.signature() != FactTable("loans", LOANS.roles).signature()
    assert FactTable("a", (Role("x", "text"),)).signature() != FactTable("a", (Role("x", "id"),)).signature()
