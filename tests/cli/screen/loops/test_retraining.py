"""Versions on the screen: who serves, what became of the others, and what changed."""

from __future__ import annotations

import pytest

from foretell.answers.published import PublishedRun
from foretell.cli.screen.loops.retraining import show_retrained, show_versions, version_lines
from foretell.pipeline.loop.versions import DECIDE_SCORES, KEPT_PROOF, Listed
from foretell.storage.artefacts import Kept
from outcomes.retraining.versions_made import version

PARTS = {(30, name): Kept(name, "k", "f", {}) for name in (*DECIDE_SCORES, KEPT_PROOF.name)}


def test_each_version_says_where_it_stands() -> None:
    found = [
        Listed(version(3), "c", PARTS, True, "2026-03-01"),
        Listed(version(2), "b", PARTS, False, "2026-02-01", "2026-02-05"),
        Listed(version(1), "a", {}, False, ""),
    ]
    assert [line for line in version_lines(found) if line.startswith("Version")] == [
        "Version 3, taught up to 2026-01-01, serves",
        "Version 2, taught up to 2026-01-01, served last on 2026-02-01, rolled back on 2026-02-05",
        "Version 1, taught up to 2026-01-01, its models are not there any more",
    ]
    assert list(version_lines([])) == ["No model version yet: foretell run makes the first one."]


def test_what_is_printed_fits_the_screen(shop_run: PublishedRun, capsys: pytest.CaptureFixture[str]) -> None:
    show_versions(shop_run.request.place.out, as_json=False)
    show_retrained(shop_run.request.place.out, check=True, as_json=False)
    told = capsys.readouterr().out
    assert told.startswith("Version 1, taught up to 2024-08-27, serves\n  The first version.\n")
    assert "No shadow score of version 1 is ripe yet." in told
    assert max(map(len, told.splitlines())) <= 79
