"""Vocabularies: how a word is spelled does not count, and a word means one thing."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.tables.vocabulary import (
    Lexicon,
    Vocabulary,
    fingerprint_of_vocabularies,
    spelled,
    spellings,
    vocabularies,
)


@pytest.mark.parametrize("name", sorted(vocabularies()))
def test_a_word_stands_for_one_term(name: str) -> None:
    counts = Counter(spelled(word) for words in vocabularies()[name].values() for word in words)
    assert {word for word, count in counts.items() if count > 1} == set()
    assert set(spellings(name).values()) == set(vocabularies()[name])


@given(st.sampled_from(sorted(spellings("event_stages"))), st.sampled_from(("_", "-", ".", " ")), st.booleans())
def test_case_and_what_joins_words_do_not_count(word: str, joint: str, is_loud: bool) -> None:
    written = word.replace(" ", joint)
    found = Vocabulary("event_stages")(pa.array([written.upper() if is_loud else written, None, "something else"]))
    assert found.to_pylist() == [spellings("event_stages")[word], None, None]


def test_words_of_a_lexicon_are_counted_whole_and_not_understood() -> None:
    texts = pa.array(["Broken again, and LATE. Late!", "the translated plate is not broken", "lovely", None])
    assert Lexicon("complaint_words")(texts).to_pylist() == [3, 1, 0, None]


def test_what_was_read_with_other_words_is_known_by_the_fingerprint() -> None:
    assert len(fingerprint_of_vocabularies()) > 8
