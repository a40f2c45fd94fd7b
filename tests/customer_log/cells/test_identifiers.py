"""One customer has one identifier, however it was written."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.cells.identifiers import NULL_WORDS, canonical_ids, ids_are_integers

WAYS = [
    pa.array([17850]), pa.array([17850], pa.uint16()), pa.array([17850.0]), pa.array(["17850"]), pa.array(["17850.0"]),
    pa.array(["17850.00"]), pa.array(["17850,0"]), pa.array([" 17850\t"]), pa.array(['"17850"']), pa.array(["'17850'"]),
    pa.array(['="17850"']), pa.array(["17850"]).dictionary_encode(), pa.array(["17850"], pa.large_string()),
    pa.array([b"17850"]), pa.array(["17850\u00a0"]), pa.chunked_array([["17850"]]),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.type}: {way[0]}")
def test_one_customer_in_every_way_of_writing(way: pa.Array) -> None:
    assert canonical_ids(way).to_pylist() == ["17850"]


@pytest.mark.parametrize("text", ["0001", "0001.0", "1.5", "1,000", "AB-12", "1e5", "no name", "Zoë"])
def test_what_must_stay_as_it_is(text: str) -> None:
    assert canonical_ids(pa.array([text])).to_pylist() == [text]
    assert canonical_ids(pa.array([text, " x "])).to_pylist() == [text, "x"]


@pytest.mark.parametrize("word", [*NULL_WORDS, "NULL", "NaN", "  ", '""'])
def test_words_for_nobody(word: str) -> None:
    assert canonical_ids(pa.array([word])).to_pylist() == [None]


@given(st.lists(st.integers(-(2**53), 2**53) | st.none(), max_size=30))
def test_whole_numbers_are_the_same_as_integers_floats_and_text(numbers: list[int | None]) -> None:
    expected = [None if n is None else str(n) for n in numbers]
    assert canonical_ids(pa.array(numbers, pa.int64())).to_pylist() == expected
    assert canonical_ids(pa.array(numbers, pa.float64(), from_pandas=True)).to_pylist() == expected
    assert (
        canonical_ids(pa.array([None if n is None else f"{n}.0" for n in numbers], pa.string())).to_pylist() == expected
    )


@given(st.lists(st.text(max_size=10) | st.none(), max_size=20))
def test_canonical_twice_is_canonical_once_for_each_row_alone(texts: list[str | None]) -> None:
    column = pa.array([None if t is None else t.encode("utf-8", "replace").decode() for t in texts], pa.string())
    together = canonical_ids(column).to_pylist()
    assert together == [canonical_ids(pa.array([text], pa.string()))[0].as_py() for text in column.to_pylist()]


def test_ids_are_integers() -> None:
    assert ids_are_integers(pa.array(["1", "20", None]))
    assert not ids_are_integers(pa.array(["1", "0020"]))
    assert not ids_are_integers(pa.array([None], pa.string()))
