"""What was declared of a file reaches it, and a load is known by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.recognition.declared_reading import iso_day, read_as_declared
from foretell.project.errors import InputError
from foretell.project.request import Source


def test_how_a_file_is_read_is_part_of_what_it_is_known_by(write: Callable[..., Path]) -> None:
    path = write("customer,day,amount\n" + "".join(f"c,{n},5\n" for n in range(9)))
    files = source_files([path])
    assert read_as_declared(files, Source((path,))) == files
    seen = {files[0].fingerprint()}
    for source in (
        Source((path,), first_day="2025-01-01"),
        Source((path,), first_day="2025-01-02"),
        Source((path,), count_visits=True),
    ):
        seen.add(read_as_declared(files, source)[0].fingerprint())
    assert len(seen) == 4


def test_a_sheet_wants_a_workbook(write: Callable[..., Path]) -> None:
    path = write("customer,day,amount\nc,1,5\n")
    with pytest.raises(InputError, match="there is no workbook"):
        read_as_declared(source_files([path]), Source((path,), sheet="May"))


@pytest.mark.parametrize("text", ["", "soon", "2025-13-01", "1"])
def test_a_first_day_is_a_day(text: str) -> None:
    assert iso_day(" 2025-01-01 ", "--first-day") == "2025-01-01"
    with pytest.raises(InputError, match="first day"):
        iso_day(text, "--first-day")
