"""Segments and migration on the screen: the table, what was proved, and the largest moves, on narrow lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretell.answers.migration import migrations
from foretell.answers.published import PublishedRun
from foretell.answers.segments import summaries
from foretell.cli.screen.segments import FLOWS_SHOWN, show_migration, show_refit, show_segments
from foretell.pipeline.run import REFIT
from foretell.project.errors import InputError
from foretell.storage.catalogue import Catalogue
from kept import copied


def test_the_set_of_the_scores_is_shown_and_the_others_are_named(
    shop_run: PublishedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    show_segments(None, shop_run.request.place.out, as_json=False)
    lines = capsys.readouterr().out.splitlines()
    (rfm,) = summaries(shop_run, "rfm")
    assert lines[0] == f"rfm as of {rfm.as_of}, the next 30 days; cut on {rfm.fitted_on}"
    assert lines[-1] == "Other sets: foretell segments --set lifecycle, foretell segments --set value"
    assert max(map(len, lines)) <= 79
    for line, segment in zip(lines[3:], rfm.segments, strict=False):
        assert line.startswith(f"{segment.segment:<19}{segment.customers:>9}")
    assert any(line.startswith("Tested at 4 past cutoffs: ") for line in lines)
    assert sum(line.startswith("- ") for line in lines) == len(rfm.segments)


def test_a_named_set_is_shown_alone(shop_run: PublishedRun, capsys: pytest.CaptureFixture[str]) -> None:
    show_segments("value", shop_run.request.place.out, as_json=False)
    told = capsys.readouterr().out
    assert told.startswith("value as of ")
    assert "Other sets" not in told
    show_segments("value", shop_run.request.place.out, as_json=True)
    (found,) = json.loads(capsys.readouterr().out)
    assert [line["segment"] for line in found["segments"]] == ["Top", "High", "Middle", "Low", "None"]


def test_the_matrix_and_the_largest_moves_of_past_and_future(
    shop_run: PublishedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    show_migration(None, None, "value", shop_run.request.place.out, as_json=False)
    past, ahead = (part.splitlines() for part in capsys.readouterr().out.split("\n\nvalue: "))
    found = migrations(shop_run.request.place, "value")
    assert past[0] == f"value: where customers went from {found[0].begin} to {found[0].end}"
    assert ahead[0] == f"where customers are expected to go from {found[1].begin} to {found[1].end}"
    for lines, one in ((past, found[0]), (ahead, found[1])):
        for line, row in zip(lines[3:8], one.matrix(), strict=False):
            cells = [0 if cell == "·" else int(cell) for cell in line[22:].split()]
            assert cells == [round(value) if value >= 0.5 else 0 for value in row]
        begin = next(place for place, line in enumerate(lines) if line.startswith("The largest moves"))
        flows = lines[begin + 1 :]
        assert 0 < len(flows) <= FLOWS_SHOWN
        sizes = [int(line[36:43]) for line in flows]
        assert sizes == sorted(sizes, reverse=True)
        assert not any(line.startswith("(new)") for line in flows)


def test_between_two_days_and_as_json(shop_run: PublishedRun, capsys: pytest.CaptureFixture[str]) -> None:
    show_migration("2024-05-01", "2024-06-01", "rfm", shop_run.request.place.out, as_json=True)
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["from"], told["to"], told["kind"]) == ("2024-05-01", "2024-06-01", "actual")


def test_refit_is_asked_of_the_next_run(
    shop_run: PublishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = copied(shop_run, tmp_path / "out").place
    show_refit(place.out, as_json=True)
    assert "next run cuts all segments anew" in json.loads(capsys.readouterr().out)["refit"]
    assert Catalogue(place.state).setting(REFIT)
    with pytest.raises(InputError, match="no finished run"):
        show_refit(tmp_path / "nowhere", as_json=False)
