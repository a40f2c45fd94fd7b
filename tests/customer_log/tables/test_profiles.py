"""Profiles: wide or long, each attribute is a fact with its time; what has none is known since it was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.customer_log.tables.profiles import PROFILES
from foretell.project.errors import InputError
from foretell.project.request import Source
from read_tables import read_table

TODAY = "2026-01-01 00:00"


def test_columns_of_a_wide_table_are_attributes_and_an_empty_cell_tells_nothing(tmp_path: Path) -> None:
    rows = "customer_id,time,city,source,signed_up_at\na,2024-05-01 10:00,Bonn,ad,2023-01-01 08:00\nb,,Köln,,\n"
    found = read_table(tmp_path / "profiles.csv", PROFILES, rows)
    assert found.told("at", "known_at", "step", "attribute", "value") == [
        ("2023-01-01 08:00", "2023-01-01 08:00", "signed up", None, None),
        ("2024-05-01 10:00", "2024-05-01 10:00", "told", "city", "Bonn"),
        ("2024-05-01 10:00", "2024-05-01 10:00", "told", "source", "ad"),
        (TODAY, TODAY, "told", "city", "Köln"),
    ]


def test_a_table_without_times_is_known_since_it_was_read(tmp_path: Path) -> None:
    found = read_table(tmp_path / "profiles.csv", PROFILES, "customer_id,plan\na,gold\n")
    assert found.told("at", "known_at", "attribute", "value") == [(TODAY, TODAY, "plan", "gold")]


def test_of_a_long_table_an_attribute_may_be_taken_away_but_not_nameless(tmp_path: Path) -> None:
    rows = "customer_id,time,attribute,value\na,2024-05-01 10:00,city,Bonn\na,2024-06-01 10:00,city,\na,2024-06-01,,x\n"
    found = read_table(tmp_path / "profiles.csv", PROFILES, rows)
    assert found.told("attribute", "value") == [("city", "Bonn"), ("city", None)]
    assert found.rejected == {4: ("attribute", "no attribute")}


def test_a_row_is_refused_whole_where_one_of_its_times_is_none(tmp_path: Path) -> None:
    rows = "customer_id,time,city,signed_up_at\na,2024-05-01 10:00,Bonn,once\na,2024-13-01 10:00,Bonn,\n"
    found = read_table(tmp_path / "profiles.csv", PROFILES, rows)
    assert found.facts == []
    assert {line: column for line, (column, _) in found.rejected.items()} == {2: "signed_up_at", 3: "time"}


def test_a_profile_without_an_attribute_is_refused() -> None:
    with pytest.raises(InputError, match="needs more columns") as refused:
        PROFILES.check(Source((Path("p.csv"),), "profiles", {"customer": "id"}))
    assert refused.value.expected == "customer, attribute"
    PROFILES.check(Source((Path("p.csv"),), "profiles", {"customer": "id", "city": "City"}))
    PROFILES.check(Source((Path("p.csv"),), "profiles", {"customer": "id", "signed_up_at": "Created"}))
