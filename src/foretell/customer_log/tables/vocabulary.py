"""Vocabularies: the words that systems write for one thing, as one term; `vocabularies.toml` holds them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa

from foretell.customer_log.roles.column_names import plain_name
from foretell.project.fingerprints import fingerprint


@dataclass(frozen=True)
class Vocabulary:
    """The terms of one vocabulary. Called with texts it gives the term that each stands for, null where it stands for
    none; how a text is spelled (case, dashes, points, words joined) does not count."""

    name: str

    def __call__(self, texts: pa.Array) -> pa.Array:
        known, encoded = spellings(self.name), texts.dictionary_encode()
        terms = [known.get(spelled(text)) for text in encoded.dictionary.to_pylist()]
        return pa.array(terms, pa.string()).take(encoded.indices)


@dataclass(frozen=True)
class Lexicon:
    """The words of one vocabulary, counted in texts: int64, null where there is no text. Its terms only group them."""

    name: str

    def __call__(self, texts: pa.Array) -> pa.Array:
        written = {spelled(word) for words in vocabularies()[self.name].values() for word in words}
        words = sorted(written, key=lambda word: (-len(word), word))
        pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b")
        encoded = texts.dictionary_encode()
        counts = [len(pattern.findall(spelled(text))) for text in encoded.dictionary.to_pylist()]
        return pa.array(np.array(counts, dtype=np.int64)).take(encoded.indices)


def spelled(text: str) -> str:
    """A text as plain words in lower case: what is written in capitals alone is no chain of words.

    >>> spelled("ProductViewed"), spelled("ADD_TO_CART"), spelled("P1Y")
    ('product viewed', 'add to cart', 'p1y')
    """
    return plain_name(text.lower() if text.isupper() else text)


@cache
def vocabularies() -> Mapping[str, Mapping[str, list[str]]]:
    """Every vocabulary: term to the ways in which it is written."""
    text = files("foretell.customer_log.tables").joinpath("vocabularies.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def spellings(name: str) -> Mapping[str, str]:
    """Spelling to term of one vocabulary, a term among its own spellings; KeyError for another name."""
    return {spelled(spelling): term for term, written in vocabularies()[name].items() for spelling in (term, *written)}


@cache
def fingerprint_of_vocabularies() -> str:
    """Changes whenever a vocabulary does: what was read with another one is read anew."""
    return fingerprint([{name: dict(terms) for name, terms in vocabularies().items()}])
