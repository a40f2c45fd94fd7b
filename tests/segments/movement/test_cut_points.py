"""Kept cut points: read as they were written, fitted anew only when asked."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.pipeline.intake.requests import request_of_declaration
from foretell.project.declaration import SegmentPart
from foretell.project.errors import InputError
from foretell.project.request import Asked
from foretell.segments.movement.cut_points import (
    BUILT_IN,
    CUTS,
    DISCOVERED,
    OF_TABLES,
    OPTIONAL,
    KeptCuts,
    checked_sets,
    fitted,
    segment_sets,
    to_be_fitted_anew,
    window_days,
)
from kept import read_again
from made_standings import Customer, standing_of

PEOPLE = standing_of([Customer(day, day, day * 9.0, day + 1, day * 10.0) for day in range(12)], 90.0)
TODAY = replace(PEOPLE, known_by=1_000)
LATER = replace(PEOPLE.take(PEOPLE.facts["orders"] > 6), known_by=2_000)


def test_cuts_are_read_as_they_were_written(tmp_path: Path) -> None:
    kept = fitted(BUILT_IN, TODAY, None, "2024-01-01")
    alone = fitted(BUILT_IN, standing_of([Customer()]), None, "2024-01-01")
    assert math.inf in alone.cuts["rfm"]["money"]
    for cuts in (kept, alone):
        assert read_again(CUTS, cuts, tmp_path) == cuts
    assert (kept.fitted_at, kept.window_days, set(kept.cuts)) == (1_000, 90.0, {"rfm", "lifecycle", "value"})
    assert kept.events == (
        {"on": "2024-01-01", "sets": ["lifecycle", "rfm", "value"], "customers": 12, "window_days": 90.0},
    )


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


def test_a_refit_is_recorded_and_forgets_the_cuts() -> None:
    kept = to_be_fitted_anew(fitted(BUILT_IN, TODAY, None, "2024-01-01"))
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


CAMPAIGN = SegmentPart(set="campaign", name="Sleepers", when="days_since_last_order > 60")
WITH_EVENTS = [one.name for one in OF_TABLES.values()]
THERE = [*(group.name for group in (*BUILT_IN, *OPTIONAL)), DISCOVERED]


@pytest.mark.parametrize("name", THERE)
def test_the_scores_can_show_every_built_in_set(name: str) -> None:
    checked_sets(Asked(segment_set=name))
    found = [group.name for group in segment_sets(Asked(segment_set=name))]
    assert len(found) == len(set(found))
    assert (name in found) == (name != DISCOVERED)


@pytest.mark.parametrize("name", [*THERE, *WITH_EVENTS, "RFM"])
def test_the_name_of_a_built_in_set_is_taken(name: str) -> None:
    with pytest.raises(InputError, match="taken by a built-in one") as refused:
        checked_sets(Asked(segments=(CAMPAIGN.model_copy(update={"set": name}),)))
    assert "segments.set" in str(refused.value)


@pytest.mark.parametrize("name", ["campain", *WITH_EVENTS])
def test_a_set_that_is_not_there_cannot_be_shown(name: str) -> None:
    with pytest.raises(InputError) as refused:
        checked_sets(Asked(segments=(CAMPAIGN,), segment_set=name))
    for told in (
        "scores.segment_set",
        name,
        "nine_cells",
        "campaign",
        "needs the table events" * (name in WITH_EVENTS),
    ):
        assert told in str(refused.value)
    checked_sets(Asked(segments=(CAMPAIGN,), segment_set="campaign"))


def test_a_set_of_a_table_is_there_with_its_table() -> None:
    assert {"engagement"} == {
        *(one.name for one in segment_sets(Asked(), ["events", "feedback"])),
    } - {one.name for one in segment_sets(Asked(), ["contacts"])}
    checked_sets(Asked(segment_set="engagement"), {"orders", "events"})
    assert "engagement" in [one.name for one in segment_sets(Asked(segment_set="engagement"))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[segments]]\nset = "value"\nname = "A"\nwhen = "days_since_last_order > 1"\n', "taken by a built-in one"),
        ('[scores]\nsegment_set = "campain"\n', "campain"),
        ('[[segments]]\nset = "a"\nname = "A"\nwhen = "shoe_size > 1"\n', "shoe_size"),
    ],
)
def test_a_declaration_with_such_a_set_makes_no_request(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "foretell.toml"
    source = '[[sources]]\npath = "orders.csv"\ncolumns = { customer = "id", time = "day", amount = "paid" }\n'
    path.write_text(source + text, encoding="utf-8")
    with pytest.raises(InputError, match=told) as refused:
        request_of_declaration(path)
    assert "foretell.toml" in str(refused.value)
