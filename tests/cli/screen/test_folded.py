"""Lines folded to the width of a small screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from foretell.cli.screen.folded import WIDTH, folded

WORDS = st.lists(st.text("abc+-€", min_size=1, max_size=12), min_size=1, max_size=40)


@given(WORDS, st.integers(0, 6))
def test_no_line_is_too_long_and_no_word_is_lost(words: list[str], indent: int) -> None:
    told = folded([" " * indent + " ".join(words)])
    assert max(len(line) for line in told.splitlines()) <= WIDTH
    assert told.split() == words
    assert all(line.startswith(" " * indent) for line in told.splitlines())


def test_short_lines_stay_as_they_are_and_paths_stay_whole() -> None:
    path = "foretell-results/" + "a" * 90
    assert folded(["a    b", "", f"  {path}"]) == f"a    b\n\n  {path}"
