from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.stable_keys import AT_ONCE, FEWEST, LONGEST, stable_keys
from foretell.project.fingerprints import keys_of


@given(st.lists(st.text(max_size=20) | st.text("0123456789", max_size=60)))
def test_keys_are_the_md5_of_each_text(texts: list[str]) -> None:
    many = texts * (FEWEST // len(texts) + 1) if texts else texts
    for few_or_many in (texts, many):
        assert stable_keys(pa.array(few_or_many, pa.string())).tolist() == keys_of(few_or_many).tolist()


@pytest.mark.parametrize("length", [0, 1, 3, 4, 54, LONGEST, LONGEST + 1, 64, 200])
def test_every_length_around_a_block(length: int) -> None:
    texts = ["x" * length, "y"] * FEWEST
    assert stable_keys(pa.array(texts)).tolist() == keys_of(texts).tolist()


def test_more_texts_than_are_worked_on_at_once() -> None:
    texts = [str(number) for number in range(AT_ONCE + 3)]
    assert stable_keys(pa.array(texts)).tolist() == keys_of(texts).tolist()


def test_a_slice_of_an_array() -> None:
    assert stable_keys(pa.array(["a", "bb", "ccc"])[1:]).tolist() == keys_of(["bb", "ccc"]).tolist()
