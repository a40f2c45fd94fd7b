"""The first look at a source shows its rows, the guess and what must be asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.recognition.conventions import Reading
from foretell.customer_log.recognition.preview import preview, sample_of
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day

READING = Reading("UTC", parse_day("2026-01-01", "UTC"))


def test_a_preview_shows_three_rows_and_the_guess(write: Callable[..., Path]) -> None:
    path = write("customer_id;date;amount\n" + "".join(f"{i};2{i}/01/2020;{i},5\n" for i in range(5)))
    seen = preview(source_files([path]), READING)
    assert seen.column_names == ("customer_id", "date", "amount")
    assert seen.rows == (("0", "20/01/2020", "0,5"), ("1", "21/01/2020", "1,5"), ("2", "22/01/2020", "2,5"))
    assert seen.conventions is not None
    assert (seen.conventions.date_order, seen.conventions.decimal) == ("dmy", ",")


@pytest.mark.parametrize(
    ("row", "role", "options"),
    [("1,05/06/2011,5", "date_order", ("dmy", "mdy")), ("1,2011-06-12,1.234", "decimal", (".", ","))],
)
def test_what_cannot_be_told_becomes_a_question(
    write: Callable[..., Path], row: str, role: str, options: tuple[str, ...]
) -> None:
    files = source_files([write(f"customer_id,date,amount\n{row}\n")])
    (doubt,) = preview(files, READING).guess.doubts
    assert (doubt.role, doubt.options) == (role, options)
    settled = preview(files, replace(READING, date_order="dmy", decimal="."))
    assert settled.guess.doubts == ()


def test_no_rows_is_an_error(write: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="no rows"):
        preview(source_files([write("customer_id,date,amount\n")]), READING)


def test_what_stands_in_two_files_is_sampled_once(tmp_path: Path) -> None:
    rows = [f"O{n},2024-01-{n % 28 + 1:02d},{n}.50" for n in range(60)]
    for name, own in (("a", [*rows[:40], rows[3]]), ("b", rows[20:])):
        (tmp_path / f"{name}.csv").write_text("\n".join(["order,day,paid", *own, ""]))
    sample = sample_of(source_files([tmp_path]), ["order", "day", "paid"])
    assert sorted(sample["order"].to_pylist()) == sorted([*(row.split(",")[0] for row in rows), "O3"])
