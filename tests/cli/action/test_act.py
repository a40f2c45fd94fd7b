"""`foretell act`, as its user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from shops.acting_shop import acting_shop
from typed import typed

WORDS = ("act", "win back", "--at", "2024-09-10")


@pytest.fixture
def folder(shop_run: PublishedRun, tmp_path: Path) -> Path:
    acting_shop(shop_run, tmp_path)
    return tmp_path


def test_without_approval_it_says_what_would_be_done_and_does_nothing(folder: Path) -> None:
    told = typed(*WORDS, folder=folder)
    assert told.returncode == 1
    assert "nothing has been done" in told.stdout
    assert 'foretell act "win back" --approve' in told.stdout
    dry = typed(*WORDS, "--approve", "Ann", "--dry-run", "--json", folder=folder)
    assert (dry.returncode, json.loads(dry.stdout)["done_already"]) == (0, False)
    assert not (folder / "foretell-results").exists()


def test_with_approval_it_is_done_once_and_says_when_to_come_back(folder: Path) -> None:
    done = typed(*WORDS, "--approve", "Ann Example", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "Drawn and written down" in done.stdout
    assert "ripe on 2024-10-10 (30 days)" in done.stdout
    files = folder / "foretell-results" / "campaigns" / "win-back-1"
    assert sorted(path.name for path in files.iterdir()) == ["assignments.csv", "contacts.csv"]
    again = json.loads(typed(*WORDS, "--approve", "Ann Example", "--json", folder=folder).stdout)
    assert again["done_already"] is True
    assert again["treated"] + again["control"] == len((files / "assignments.csv").read_text().splitlines()) - 1
    told = typed(*WORDS, folder=folder)
    assert (told.returncode, "done already by this run" in told.stdout) == (0, True)


def test_what_cannot_be_acted_on_is_an_error_with_the_way_out(folder: Path) -> None:
    for words, expected in (
        (("act", "nurture"), "one of: win back"),
        (("act", "win back", "--at", "2024-01-01"), "or later"),
        (("act", "win back", "--at", "soon"), "a day such as"),
    ):
        told = typed(*words, "--approve", "Ann", folder=folder)
        assert told.returncode == 2
        assert expected in told.stderr
