"""Fingerprints are the same everywhere, and differ where what they stand for differs."""

from __future__ import annotations

import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.fingerprints import fingerprint, fingerprint_of_arrays, keys_of

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def test_fingerprints_are_the_published_hashes_of_their_text() -> None:
    assert fingerprint([]) == hashlib.sha256(b"[]").hexdigest()[:16]
    assert fingerprint({"b": 1, "a": "ü"}) == hashlib.sha256(b'{"a":"\\u00fc","b":1}').hexdigest()[:16]
    assert keys_of(["", "a"]).tolist() == [0xD41D8CD98F00B204, 0x0CC175B9C0F1B6A8]


@given(st.dictionaries(st.text(max_size=3), PLAIN, max_size=4))
def test_the_order_of_names_does_not_count_and_that_of_a_list_does(value: dict[str, object]) -> None:
    assert fingerprint(dict(reversed(value.items()))) == fingerprint(value)
    assert fingerprint([value, 1]) != fingerprint([1, value])


@given(st.lists(st.text(max_size=8), max_size=6))
def test_the_key_of_a_text_does_not_depend_on_the_others(texts: list[str]) -> None:
    keys = keys_of(texts)
    assert keys.dtype == np.uint64
    assert keys.tolist() == [int(keys_of([text])[0]) for text in texts]
    assert len(set(keys.tolist())) == len(set(texts))


def test_arrays_of_other_type_shape_value_or_order_have_another_fingerprint() -> None:
    one, two = np.arange(6), np.ones(6)
    told = [
        fingerprint_of_arrays(*arrays)
        for arrays in ((one, two), (two, one), (one,), (one.astype(np.int32),), (one.reshape(2, 3),), (one + 1,), ())
    ]
    assert len(set(told)) == len(told)


def test_how_an_array_lies_in_memory_does_not_count() -> None:
    across = np.arange(6).reshape(2, 3)
    assert fingerprint_of_arrays(np.asfortranarray(across)) == fingerprint_of_arrays(across)
    assert fingerprint_of_arrays(np.arange(12)[::2]) == fingerprint_of_arrays(np.arange(0, 12, 2))
