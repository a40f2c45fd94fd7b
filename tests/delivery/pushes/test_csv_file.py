"""A CSV of people: numbers stay numbers, and no spreadsheet finds a formula."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from foretell.delivery.pushes.contract import Person
from foretell.delivery.pushes.csv_file import CsvFile, cell_of, write_csv


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_numbers_stay_numbers(value: float) -> None:
    assert type(value)(cell_of(value)) == value


def test_the_file_is_what_a_reader_expects_and_says_what_it_had(tmp_path: Path) -> None:
    path = tmp_path / "out" / "people.csv"
    target = CsvFile(path, "customer_id", ["score", "word"], with_email=True)
    everybody = [Person("a", {"score": -0.5, "word": "=cmd|'/c calc'!A0"}, "a@x.de"), Person("=b", {"score": None})]
    assert target.known(everybody) == {}
    assert set(target.send(everybody, "b1").verdicts) == {"a", "=b"}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[:2] == [["customer_id", "email", "score", "word"], ["a", "a@x.de", "-0.5", "'=cmd|'/c calc'!A0"]]
    assert rows[2] == ["'=b", "", "", ""]
    assert target.known(everybody) == {
        one.key: dict(one.fields) | {"word": one.fields.get("word")} for one in everybody
    }
    assert target.known([])["a"]["word"] == "=cmd|'/c calc'!A0"
    assert set(target.known([])) == {"a", "=b"}
    assert [one.name for one in path.parent.iterdir()] == ["people.csv"]


def test_a_file_is_written_in_utf8(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [["é", 1, True, None]])
    assert (tmp_path / "a.csv").read_bytes() == "é,1,true,\r\n".encode()
