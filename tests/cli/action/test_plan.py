"""`foretell plan`, as its user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from shops.acting_shop import acting_shop
from typed import typed


@pytest.fixture
def folder(shop_run: PublishedRun, tmp_path: Path) -> Path:
    acting_shop(shop_run, tmp_path)
    return tmp_path


def test_each_playbook_is_a_line_and_one_is_a_screen(folder: Path) -> None:
    all_of_them = typed("plan", folder=folder).stdout
    assert "expected profit" in all_of_them
    assert "a guess" in all_of_them
    assert set(json.loads(typed("plan", "--json", folder=folder).stdout)) == {"plans", "together"}
    told = typed("plan", "win back", "--effect", "9 %", "--budget", "10", folder=folder).stdout
    assert "Expected profit, A GUESS" in told
    assert "9.0 points (0.0 to 18.0)" in told
    assert "Nothing has been done." in told
    plain = json.loads(typed("plan", "win back", "--json", folder=folder).stdout)
    assert (plain["playbook"], plain["effect"]["source"]) == ("win back", "guess")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("nurture",), "one of: win back"),
        (("win back", "--effect", "much"), "such as 2 %"),
        (("win back", "--effect", "7"), "such as 2 %"),
        (("--budget", "5"), 'foretell plan "win back"'),
    ],
)
def test_what_cannot_be_planned_is_an_error_with_the_way_out(
    words: tuple[str, ...], expected: str, folder: Path
) -> None:
    told = typed("plan", *words, folder=folder)
    assert told.returncode == 2
    assert expected in told.stderr
