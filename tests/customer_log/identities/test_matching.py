"""Customers of a table are set against those who ordered; a table of strangers is refused with examples."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.identities.matching import Match, ids_in, match_of, refuse_strangers
from foretell.project.errors import InputError

IDS = st.sets(st.sampled_from([f"c{number}" for number in range(12)]))


@given(IDS, IDS)
def test_a_match_counts_both_sides_and_shows_some_of_the_rest(of_table: set[str], of_orders: set[str]) -> None:
    found = match_of(*(pa.array(sorted(ids), pa.string()) for ids in (of_table, of_orders)))
    assert (found.customers, found.ordered, found.found) == (
        len(of_table), len(of_orders), len(of_table & of_orders),
    )  # fmt: skip
    assert found.strangers == tuple(sorted(of_table - of_orders)[:3])
    assert found.buyers == tuple(sorted(of_orders - of_table)[:3])


def test_ids_of_several_files_are_one_spelling_each(tmp_path: Path) -> None:
    for name, text in (("a.csv", "id,x\n17850.0,1\n A@B.c ,2\n,3\n"), ("b.csv", "id,x\n17850,1\nz,4\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = source_files([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert ids_in(files, "id").to_pylist() == ["17850", "a@b.c", "z"]


def test_a_table_of_strangers_is_refused_with_ids_of_both(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("email\na@b.c\n", encoding="utf-8")
    match = match_of(pa.array(["a@b.c"]), pa.array(["1", "2", "3", "4"]))
    with pytest.raises(InputError, match="No customer of events has an order") as refused:
        refuse_strangers("events", source_files([path]), "email", match)
    assert (refused.value.column, refused.value.found) == ("email", "1 id such as a@b.c")
    assert refused.value.expected is not None
    assert refused.value.expected.endswith("1, 2, 3")


@pytest.mark.parametrize("match", [Match(3, 1, 9, (), ()), Match(0, 0, 9, (), ()), Match(3, 0, 0, (), ())])
def test_one_who_ordered_is_enough_and_nobody_is_compared_with_nobody(match: Match) -> None:
    refuse_strangers("events", [], "email", match)


def test_a_match_is_told_in_shares() -> None:
    told = str(Match(1200, 300, 400, ("x", "y"), ())).replace("\xa0", " ")
    assert told == "25 % of its 1,200 customers ordered (not: x, y), and it knows 75 % of those who did"
    assert str(Match(0, 0, 4, (), ())) == "no customer to compare"
