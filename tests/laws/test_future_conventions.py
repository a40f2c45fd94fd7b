"""How a source writes its numbers is told by rows that were known at the cutoff."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.recognition.conventions import Reading, conventions
from foretell.customer_log.schema import Columns
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day

KNOWN = [f"c{day};2011-03-{day:02d};{day},{100 + day}" for day in range(1, 29)]
FUTURES = {"a decimal comma": ["c1;2011-09-01;1,5"] * 30, "a decimal point": ["c1;2011-09-01;1.5"] * 30}


def sign_of(path: Path, rows: list[str]) -> str:
    path.write_text("\n".join(["customer;date;amount", *rows, ""]))
    columns = Columns(customer="customer", time="date", amount="amount")
    try:
        as_of = parse_day("2011-06-12", "UTC")
        return conventions(source_files([str(path)]), columns, Reading("UTC", 2 * 10**15, as_of)).decimal
    except InputError as error:
        return error.what


@pytest.mark.parametrize("future", FUTURES)
def test_the_future_does_not_tell_the_decimal_sign(future: str, tmp_path: Path) -> None:
    assert sign_of(tmp_path / "with.csv", KNOWN + FUTURES[future]) == sign_of(tmp_path / "without.csv", KNOWN)
