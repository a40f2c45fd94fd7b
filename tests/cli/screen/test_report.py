"""`report` writes the report of a run again and says where it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from foretell.cli.screen.report import show_report
from foretell.project.errors import InputError
from kept import copied


def test_the_page_of_the_run_is_written(
    shop_run: PublishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = copied(shop_run, tmp_path / "out").place.out
    show_report(out, shop_run.record.run, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"report": str(out / "report.html")}
    assert [path.name for path in out.iterdir() if path.is_file()] == ["report.html"]
    written = (out / "report.html").read_text(encoding="utf-8")
    assert written.startswith("<!doctype html>")
    assert shop_run.record.run in written


def test_a_run_that_is_not_there_writes_nothing(shop_run: PublishedRun, tmp_path: Path) -> None:
    out = copied(shop_run, tmp_path / "out").place.out
    with pytest.raises(InputError, match="no such run"):
        show_report(out, "another", as_json=False)
    with pytest.raises(InputError, match="no finished run"):
        show_report(tmp_path / "nowhere", None, as_json=True)
    assert not (out / "report.html").exists()
