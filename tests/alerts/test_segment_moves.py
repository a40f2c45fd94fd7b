"""Moves between segments."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.alerts.segment_moves import parse_move
from foretell.project.errors import InputError

NOW = np.array(["At risk", "At risk", "Champions", "At risk", "Lost", None], dtype=object)
BEFORE = np.array(["Champions", "At risk", "Champions", None, "Champions", "Champions"], dtype=object)
CHANCES = {"At risk": np.array([0.9, 0.9, 0.4, 0.1, 0.6, 0.5])}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Champions -> At risk", [0]),
        ("* -> At risk", [0]),
        ("Champions->Lost", [4]),
        ("Champions -> At risk, p >= 40 %", [2]),
        ("* -> At risk, p >= 0.5", [4, 5]),
        ("* -> Elsewhere, p >= 1 %", []),
    ],
)
def test_of_whom_a_move_holds(text: str, expected: list[int]) -> None:
    assert np.flatnonzero(parse_move(text).holds(NOW, BEFORE, CHANCES)).tolist() == expected


def test_without_a_run_before_or_a_forecast_nobody_moves() -> None:
    for text in ("* -> At risk", "* -> At risk, p >= 40 %"):
        assert not parse_move(text).holds(NOW, None, None).any()


@pytest.mark.parametrize(
    "text",
    ["", "Champions", "-> At risk", "A -> A", "A -> *", "A -> B, p >= 0 %", "A -> B, p >= 140 %", "A -> B, p > 4 %"],
)
def test_what_is_no_move_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_move(text)
