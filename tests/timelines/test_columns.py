"""Columns are made once, when they are asked for, and no sooner."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.timelines.columns import Chosen, Columns


def test_what_was_given_wins_and_what_is_derived_is_made_once() -> None:
    made: list[str] = []

    def doubled() -> np.ndarray:
        made.append("doubled")
        return np.array([2, 4])

    columns = Columns({"given": np.array([1, 2])}, {"doubled": doubled, "given": doubled})
    assert not made
    assert columns["given"].tolist() == [1, 2]
    assert columns["doubled"].tolist() == columns["doubled"].tolist() == [2, 4]
    assert made == ["doubled"]
    with pytest.raises(KeyError, match="other is none of doubled, given"):
        columns["other"]


def test_chosen_rows_are_those_of_the_mask_in_every_column() -> None:
    chosen = Chosen({"a": np.array([1, 2, 3]), "b": np.array([4, 5, 6])}, np.array([True, False, True]))
    again = Chosen(chosen, np.array([False, True]))
    assert {name: values.tolist() for name, values in chosen.items()} == {"a": [1, 3], "b": [4, 6]}
    assert again["b"].tolist() == [6]
    assert "a" in again
    assert "c" not in again
    assert len(again) == 2
