"""Of a folder, tables are taken; what is none, and the results of a run, is passed over by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from foretell.customer_log.files.folder_contents import paths_behind, tables_among
from foretell.project.errors import InputError

TABLES = {
    "a.csv": "x,y\n1,2\n", "b": "x;y\n1;2\n3;4\n", "part-0001": "1\t2\n3\t4\n", "c.JSONL": '{"x": 1}\n{"x": 2}\n',
    "d.json": '{"x": 1}\n{"x": 2}\n', "e.txt": "x|y\n1|2\n",
}  # fmt: skip
NONE = {
    "README": "These are the orders.\nAsk Ada, or Bela, or Cleo.\n", "notes.txt": "call the shop\n", "x.ini": "[a]\n",
    "data.json": '{"rows": 3}\n', "list.json": '{\n"rows": 3\n}\n', "empty": "", "blank": "  \n",
    "a.md": "a,b\n1,2\n",
}  # fmt: skip


def test_tables_are_told_by_their_lines(tmp_path: Path) -> None:
    for name, content in (TABLES | NONE).items():
        (tmp_path / name).write_text(content)
    taken, told = tables_among(sorted(tmp_path.iterdir()))
    assert {path.name for path in taken} == set(TABLES)
    assert told == ["Passed over, as they are no tables: README, a.md, blank and 5 more"]


def test_the_results_of_a_run_are_passed_over_wherever_they_lie(tmp_path: Path) -> None:
    for name in ("scores.parquet", "scores.csv", "backtest.json", "rejected.parquet", "orders.csv"):
        (tmp_path / name).write_text("x,y\n1,2\n")
    taken, told = tables_among(sorted(tmp_path.iterdir()))
    assert [path.name for path in taken] == ["orders.csv"]
    assert told == [f"Passed over were the results of an earlier run in {tmp_path.name}"]
    (tmp_path / "backtest.json").unlink()
    assert len(tables_among(sorted(tmp_path.iterdir()))[0]) == 4


def test_paths_that_lead_to_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, what in (
        (tmp_path / "pipe", "no ordinary file"),
        (tmp_path / ("x" * 300), "cannot be opened"),
        (tmp_path / os.fsdecode(b"\xff.csv"), "not UTF-8"),
        (tmp_path / "none.csv", "does not exist"),
        (tmp_path / "*.csv", "No file fits"),
        (tmp_path, "holds no files"),
    ):
        with pytest.raises(InputError, match=what):
            paths_behind(path, [])
