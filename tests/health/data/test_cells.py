"""Cells: how many are empty, and on which line the row stands that was sought."""

from __future__ import annotations

from pathlib import Path

from foretell.customer_log.files.source_files import source_files
from foretell.health.data.cells import ReadSource, cells_of
from foretell.health.data.finding import Sought
from foretell.project.intervals import parse_day

ROWS = "who,at,sum\na,2024-01-01,5\nb,2024-01-02,\n A ,2024-01-03,7\na,2024-01-04,8\n,2024-01-05,9\nb,2024-01-02,\n"
CLOCK = ("UTC", 2 * 10**15)


def test_one_pass_finds_what_is_sought(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(ROWS)
    (tmp_path / "two.csv").write_text("who,at,sum\nz,2024-01-09,1\na,2024-01-04,8\n")
    files = source_files([str(tmp_path / "one.csv"), str(tmp_path / "two.csv")])
    source = ReadSource(
        "orders", files, {"customer": "who", "time": "at", "amount": "sum", "visits": "1 a row"}, None, CLOCK
    )
    day = {n: parse_day(f"2024-01-0{n}", "UTC") for n in (3, 4, 5, 6, 9)}
    wanted = [
        Sought("a", day[4], day[5]),
        Sought("b", 0, 2**62),
        Sought("", day[5], day[6]),
        Sought(empty="sum"),
        Sought("z", day[9], day[9] + 1),
        Sought(repeats=True),
        Sought("nobody", 0, 2**62),
    ]
    found = cells_of(source, wanted)
    assert found.empty == {"who": 1, "at": 0, "sum": 2}
    assert [found.places.get(one, "") for one in wanted] == [
        "one.csv, line 5", "one.csv, line 3", "one.csv, line 6", "one.csv, line 3", "two.csv, line 2",
        "one.csv, line 7", "",
    ]  # fmt: skip


def test_nothing_repeats_where_every_row_is_another(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("who,at,sum\na,2024-01-01,5\na,2024-01-01,6\n")
    source = ReadSource(
        "orders", source_files([str(tmp_path / "one.csv")]), {"customer": "who", "amount": "sum"}, None, CLOCK
    )
    assert cells_of(source, [Sought(repeats=True)]).places == {}
