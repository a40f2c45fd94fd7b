"""Who was forgotten: every spelling that the log reads as one id is one person, and nobody else is."""

from __future__ import annotations

import stat
import unicodedata
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.cells.identifiers import canonical_ids
from foretell.customer_log.erasure.forgotten import FILE_NAME, BlockList, Forgotten, canonical_id, hashed

IDS = st.one_of(
    st.integers(0, 99_999).map(str),
    st.from_regex(r"0{0,3}[1-9][0-9]{0,4}(\.0)?", fullmatch=True),
    st.from_regex(r"[A-Za-zéß0-9._-]{1,9}@[a-z]{1,5}\.[a-z]{2}", fullmatch=True),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12),
)


def spellings(text: str) -> list[str]:
    """The ways in which files write one id, and ways that look like it."""
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC")]
    return [text, f" {text} ", f'"{text}"', f'="{text}"', f"{text}.0", f"0{text}", text.upper(), text.lower(), *forms]


@settings(max_examples=100, deadline=None)
@given(IDS, IDS)
def test_who_is_one_for_the_log_is_one_person_here_and_nobody_else_is(name: str, other: str) -> None:
    if not canonical_id(name):
        return
    people = Forgotten.looked_for([name])
    texts = pa.array([*spellings(name), *spellings(other)])
    is_one = [text == canonical_id(name) for text in canonical_ids(texts).to_pylist()]
    assert (people.of_ids(texts) > 0).tolist() == is_one


def test_numbers_columns_and_nulls_are_read_as_ids() -> None:
    people = Forgotten.looked_for(["17850"])
    assert people.of_ids(pa.array([17850.0, 1785.0, None])).tolist() == [1, 0, 0]
    assert people.of_ids(pa.chunked_array([pa.array([17850]), pa.array([0])])).tolist() == [1, 0]
    assert Forgotten().of_ids(pa.array(["17850"])).tolist() == [0]


def test_a_name_is_found_as_a_cell_a_word_or_some_words_of_a_text() -> None:
    people = Forgotten.looked_for(["Ann Lee", "ann@x.de"])
    texts = ["2024;Ann Lee;3.50", "dear Ann Lee, hello", "Ann", "mail Ann@X.de now", None, "Ann Leeds"]
    assert people.in_texts(texts).tolist() == [True, True, False, True, False, False]


def test_the_list_keeps_hashes_alone_readable_by_its_owner_alone(tmp_path: Path) -> None:
    kept = BlockList(tmp_path)
    assert kept.read() == Forgotten()
    assert kept.unfinished() == {}
    assert kept.add(["Ann-1", "ann@x.de"], "{}") == 1
    assert kept.add(["Bob-2"], "") == 2
    people = BlockList(tmp_path).read()
    assert people.of_ids(pa.array(["ANN@x.de", "Ann-1", "Bob-2", "Eve"])).tolist() == [1, 1, 2, 0]
    assert people.only(2).of_ids(pa.array(["Ann-1", "Bob-2"])).tolist() == [0, 2]
    assert kept.unfinished() == {1: "{}", 2: ""}
    kept.finished()
    assert kept.unfinished() == {}
    held = (tmp_path / FILE_NAME).read_bytes()
    assert not any(name in held for name in (b"Ann", b"ann", b"Bob"))
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_two_folders_hash_one_person_in_two_ways(tmp_path: Path) -> None:
    lists = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        BlockList(tmp_path / name).add(["Ann"], "")
        lists.append(set(BlockList(tmp_path / name).read().people))
    assert not lists[0] & lists[1]
    assert hashed(1, b"salt") == hashed(1, b"salt") != hashed(2, b"salt")
