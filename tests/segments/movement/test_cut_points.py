"""Kept cut points: read as they were written, refused where they are broken, fitted anew only when asked."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.errors import InputError
from foretell.segments.movement.cut_points import (
    BUILT_IN,
    FILE_NAME,
    KeptCuts,
    fitted,
    forget_cuts,
    read_cuts,
    window_days,
    write_cuts,
)
from made_standings import Customer, standing_of

PEOPLE = standing_of([Customer(day, day, day * 9.0, day + 1, day * 10.0) for day in range(12)], 90.0)
TODAY = replace(PEOPLE, known_by=1_000)
LATER = replace(PEOPLE.take(PEOPLE.facts["orders"] > 6), known_by=2_000)


def test_cuts_are_read_as_they_were_written(tmp_path: Path) -> None:
    kept = fitted(BUILT_IN, TODAY, None, "2024-01-01")
    assert math.inf in fitted(BUILT_IN, standing_of([Customer()]), None, "2024-01-01").cuts["rfm"]["money"]
    write_cuts(kept, tmp_path)
    assert read_cuts(tmp_path) == kept
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert (kept.fitted_at, kept.window_days, set(kept.cuts)) == (1_000, 90.0, {"rfm", "lifecycle", "value"})
    assert kept.events == (
        {"on": "2024-01-01", "sets": ["lifecycle", "rfm", "value"], "customers": 12, "window_days": 90.0},
    )


def test_without_a_file_nothing_is_kept(tmp_path: Path) -> None:
    assert read_cuts(tmp_path) is None
    forget_cuts(tmp_path, "refit")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", "null", "{}", '{"fitted_at": 1, "window_days": 9, "cuts": [], "events": []}',
     '{"fitted_at": "soon", "window_days": 9, "cuts": {}, "events": []}',
     '{"fitted_at": 1, "window_days": 9, "cuts": {"rfm": 7}, "events": []}'],
)  # fmt: skip
def test_a_broken_file_is_named_with_what_to_do(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(InputError, match="cut points") as refused:
        read_cuts(tmp_path)
    assert FILE_NAME in str(refused.value)
    assert "delete the file" in str(refused.value)


def test_kept_cuts_stay_and_new_sets_are_fitted_beside_them() -> None:
    first = fitted(BUILT_IN[:1], TODAY, None, "2024-01-01")
    both = fitted(BUILT_IN[:2], LATER, first, "2024-02-01")
    assert both.cuts["rfm"] == first.cuts["rfm"] != BUILT_IN[0].fit(LATER)
    assert both.cuts["lifecycle"] == BUILT_IN[1].fit(LATER)
    assert [event["sets"] for event in both.events] == [["rfm"], ["lifecycle"]]
    assert fitted(BUILT_IN[:2], TODAY, both, "2024-03-01") is both
    assert (both.fitted_at, both.newest_at) == (1_000, 2_000)
    assert [first.known_at(moment) for moment in (999, 1_000, 2_000)] == [False, True, True]
    assert [both.known_at(moment) for moment in (1_000, 1_999, 2_000)] == [False, False, True]


def test_a_refit_is_recorded_and_forgets_the_cuts(tmp_path: Path) -> None:
    write_cuts(fitted(BUILT_IN, TODAY, None, "2024-01-01"), tmp_path)
    forget_cuts(tmp_path, "refit")
    kept = read_cuts(tmp_path)
    assert kept is not None
    assert not kept.cuts
    anew = fitted(BUILT_IN, LATER, kept, "2024-02-01")
    assert anew.fitted_at == 2_000
    assert anew.cuts == {group.name: group.fit(LATER) for group in BUILT_IN}
    assert [event.get("asked", event.get("on")) for event in anew.events] == ["2024-01-01", "refit", "2024-02-01"]


@given(st.floats(0, 5_000))
def test_the_window_is_a_year_or_the_whole_days_of_the_history(history: float) -> None:
    found = window_days(history)
    assert 1 <= found <= 365
    assert found == int(found)
    assert found <= max(history, 1)
    assert found == 365 or found > history - 1


def test_nothing_is_known_before_it_was_fitted() -> None:
    assert not KeptCuts(5, 1.0, {}).known_at(4)


def test_a_folder_that_cannot_be_written_gives_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_cuts(KeptCuts(5, 1.0, {}), tmp_path / "nowhere")
