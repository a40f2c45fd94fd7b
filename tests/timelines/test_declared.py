"""Facts of a declared table stand with their customers; what a fact does not tell is 0, and is told apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.tables.registry import FactTable, Role
from foretell.timelines.as_of import Past
from foretell.timelines.declared import facts_of_table
from foretell.timelines.facts import Facts

VISITS = FactTable("visits", (Role("pages", "number"), Role("page", "text")))
Visit = tuple[int, int, int | None, int | None]


def facts(visits: list[Visit], customers: list[int]) -> Facts:
    """The facts of visits (customer, moment, pages, page), each known when it happens."""
    names = ("customer_key", "happened_at", "pages", "page")
    schema = pa.schema([("customer_key", pa.uint64()), *((name, pa.int64()) for name in names[1:])])
    rows = pa.Table.from_pylist([dict(zip(names, visit, strict=True)) for visit in sorted(visits)], schema=schema)
    return facts_of_table(
        VISITS, rows.append_column("known_at", rows["happened_at"]), np.array(customers, dtype=np.uint64)
    )


def test_facts_of_others_are_left_out_and_nulls_are_told_apart() -> None:
    found = facts([(1, 5, 2000, 7), (1, 6, None, 7), (3, 5, 1000, 8), (2**64 - 1, 4, 0, None)], [1, 2, 2**64 - 1])
    assert found.offsets.tolist() == [0, 2, 2, 3]
    assert found.columns["pages"].tolist() == [2000, 0, 0]
    assert found.columns["has_pages"].tolist() == [1, 0, 1]
    assert found.columns["page"].tolist() == [7, 7, 0]
    assert found.columns["has_page"].tolist() == [1, 1, 0]
    assert found.columns["new_page"].tolist() == [1, 0, 0]


def test_a_number_has_no_distinct_values_to_count() -> None:
    found = facts([(1, 5, 2000, 7)], [1])
    assert Past(found, 9).distinct("page").tolist() == [1]
    with pytest.raises(KeyError, match="new_pages is none of"):
        Past(found, 9).distinct("pages")


@pytest.mark.parametrize("customers", [[], [4, 9]])
def test_a_table_that_no_source_has_gives_nobody_a_fact(customers: list[int]) -> None:
    found = facts([], customers)
    assert Past(found, 9).count().tolist() == [0] * len(customers)
    assert Past(found, 9).total("pages").tolist() == [0] * len(customers)


PLACES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9), st.integers(0, 9), st.integers(0, 2)), max_size=12)


@given(PLACES, st.sets(st.integers(0, 6)))
def test_each_customer_has_their_own_facts(visits: list[Visit], customers: set[int]) -> None:
    keys = sorted(customers)
    found = Past(facts(visits, keys), 100)
    own = [[visit for visit in visits if visit[0] == key] for key in keys]
    assert found.count().tolist() == [len(some) for some in own]
    assert found.total("pages").tolist() == [sum(visit[2] or 0 for visit in some) for some in own]
    assert found.distinct("page").tolist() == [len({visit[3] for visit in some} - {0}) for some in own]
