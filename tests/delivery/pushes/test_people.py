"""People from tables and files: keys as they stand there, values as the tools take them, nobody twice."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.delivery.pushes.people import as_body, of_body, people_of, read_people, text_of
from foretell.project.errors import InputError
from foretell.project.parts.pushes import PushPart

PART = PushPart(name="p", kind="csv", email="mail", fields={"Score": "score", "Day": "day"})


def test_a_csv_keeps_keys_as_texts_and_numbers_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("﻿customer_id,mail,score,day,other\n0001,a@x.de,0.5,2027-01-02,x\n17850,,,,\n", encoding="utf-8")
    people, held_back = people_of(read_people(path, PART), PART)
    assert held_back == 0
    assert [(one.key, one.email) for one in people] == [("0001", "a@x.de"), ("17850", "")]
    assert people[0].fields == {"Score": 0.5, "Day": "2027-01-02"}
    assert people[1].fields == {"Score": None, "Day": None}
    assert of_body("0001", as_body(people[0])) == people[0]


def test_of_a_csv_the_guards_against_formulas_are_taken_away_and_of_parquet_nothing_is(tmp_path: Path) -> None:
    part = PushPart(name="p", kind="csv", fields={"Word": "word"})
    (tmp_path / "people.csv").write_text("customer_id,word\n'=1+1,'@x\n'-a,it's\n-17,\n", encoding="utf-8")
    people, _ = people_of(read_people(tmp_path / "people.csv", part), part)
    assert [(one.key, one.fields["Word"]) for one in people] == [("=1+1", "@x"), ("-a", "it's"), ("-17", None)]
    pq.write_table(pa.table({"customer_id": ["'=1"], "word": ["'@x"]}), tmp_path / "people.parquet")
    people, _ = people_of(read_people(tmp_path / "people.parquet", part), part)
    assert [(one.key, one.fields["Word"]) for one in people] == [("'=1", "'@x")]


def test_parquet_is_read_too_and_values_become_plain(tmp_path: Path) -> None:
    moment = datetime(2027, 1, 2, 3, tzinfo=UTC)
    table = pa.table(
        {
            "customer_id": [1.0, 2.0],
            "mail": [None, "b@x.de"],
            "score": [math.nan, Decimal("1.5")][:1] * 2,
            "day": [moment] * 2,
        }
    )
    pq.write_table(table, tmp_path / "people.parquet")
    people, _ = people_of(read_people(tmp_path / "people.parquet", PART), PART)
    assert [one.key for one in people] == ["1", "2"]
    assert people[0].fields == {"Score": None, "Day": "2027-01-02T03:00:00+00:00"}


def test_of_assignments_only_those_to_be_treated_leave() -> None:
    part = PushPart(name="p", kind="csv")
    table = pa.table({"customer_id": ["a", "b", "c"], "arm": ["treated", "control", None]})
    people, held_back = people_of(table, part)
    assert ([one.key for one in people], held_back) == (["a"], 2)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"customer_id": ["a"]}, "not there"),
        ({"customer_id": ["a", None], "mail": ["", ""], "score": [1, 2], "day": [1, 2]}, "no key"),
        ({"customer_id": ["a", "a"], "mail": ["", ""], "score": [1, 2], "day": [1, 2]}, "twice"),
    ],
)
def test_what_cannot_be_used_is_told(columns: dict[str, list[object]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        people_of(pa.table(columns), PART)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_text("no")
    for name in ("missing.csv", "broken.parquet"):
        with pytest.raises(InputError, match="cannot be read"):
            read_people(tmp_path / name, PART)


def test_nothing_is_no_text() -> None:
    assert [text_of(one) for one in (None, math.nan, 3.0, 3.5, 7)] == ["", "", "3", "3.5", "7"]
