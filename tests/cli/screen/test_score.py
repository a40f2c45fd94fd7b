"""`score` on the screen: how many were scored as of when, and where the scores are."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from foretell.answers.published import PublishedRun
from foretell.cli.screen.score import show_scores
from foretell.project.errors import InputError
from kept import copied


def test_it_says_how_many_as_of_when_and_where(
    shop_run: PublishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, day = copied(shop_run, tmp_path / "out").place.out, shop_run.main.plan.as_of_day()
    show_scores(day, out, as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        f"120 customers scored as of {day}, the next 30 days",
        f"Scores: {out / 'scores.parquet'}",
    ]
    assert pq.read_table(out / "scores.parquet").equals(pq.read_table(shop_run.request.place.out / "scores.parquet"))


def test_an_error_prints_nothing_and_writes_nothing(
    shop_run: PublishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = copied(shop_run, tmp_path / "out").place.out
    with pytest.raises(InputError, match="know what happened after that day"):
        show_scores("2024-08-01", out, as_json=True)
    assert capsys.readouterr().out == ""
    assert not (out / "scores.parquet").exists()
