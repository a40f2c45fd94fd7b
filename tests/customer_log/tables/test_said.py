"""What rows say is numbers and codes; the words behind codes are kept where they may be."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.row_problems import RowProblems
from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.fact_table import FactTable, Made, Role
from foretell.customer_log.tables.said import Said

TABLE = FactTable(
    "talks",
    (Role("topic", "text", is_needed=True), Role("key", "id"), Role("minutes", "number"), Role("said", "prose")),
    (
        Made("letters", ("said",), pc.utf8_length, "number"),
        Made("loud", ("topic",), pc.utf8_upper),
        Made(
            "hours", ("minutes",), lambda minutes: pc.cast(pc.divide(minutes, 60.0), pa.int64(), safe=False), "number"
        ),
    ),
)
ROWS = pa.table(
    {"t": ["food", "", "food"], "k": ["x1", "x2", None], "m": ["120", "0", "few"], "s": ["ab", None, "abc"]}
)
COLUMNS = {"topic": "t", "key": "k", "minutes": "m", "said": "s"}


def read(**left_out: None) -> tuple[Said, RowProblems]:
    problems = RowProblems(len(ROWS))
    columns = {role: column for role, column in COLUMNS.items() if role not in left_out}
    return Said.of(ROWS, TABLE, columns, ".", problems), problems


def words(said: Said) -> set[str]:
    return {text for table in said.words for text in table["text"].to_pylist()}


def test_roles_are_told_and_what_is_made_of_them_beside() -> None:
    said, problems = read()
    assert {name: array.to_pylist() for name, array in said.arrays.items()} == {
        "topic": [code_of("food"), None, code_of("food")],
        "key": [code_of("x1"), code_of("x2"), None],
        "minutes": [120_000, 0, None],
        "letters": [2, None, 3],
        "loud": [code_of("FOOD"), None, code_of("FOOD")],
        "hours": [2, 0, None],
    }
    assert problems.good.tolist() == [True, False, False]
    assert [reason for _, reason in problems.known] == ["no topic", "not a number"]


def test_of_ids_and_prose_no_word_is_kept() -> None:
    assert words(read()[0]) == {"food", "FOOD"}


def test_a_role_without_a_column_says_nothing_and_nothing_is_made_of_it() -> None:
    said, problems = read(said=None, minutes=None)
    assert {said.arrays[name].null_count for name in ("minutes", "letters", "hours")} == {3}
    assert problems.good.tolist() == [True, False, True]


def test_an_attribute_is_told_by_rows_that_say_something_of_it() -> None:
    said, _ = read()
    own = said.of_attribute("colour", pa.array(["red", None, "blue"]), ("attribute", "value"))
    assert own.there(("attribute",)).tolist() == [True, False, True]
    assert own.arrays["value"].to_pylist() == [code_of("red"), None, code_of("blue")]
    assert {"colour", "red", "blue"} <= words(own)
    assert "attribute" not in said.arrays
