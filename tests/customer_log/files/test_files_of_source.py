"""What a source is read from."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from foretell.customer_log.databases.relation import Relation
from foretell.customer_log.files.files_of_source import file_of, files_of
from foretell.project.errors import InputError
from foretell.project.request import Source


def test_a_relation_is_one_file_known_by_its_content(sales: Path) -> None:
    (file,) = files_of(Source((sales,), rows_from="sales"))
    assert (file.name, file.format, file.size) == ("sales in shop.sqlite", "database", 3)
    (other,) = files_of(Source((sales,), rows_from="staff"))
    assert file.fingerprint() != other.fingerprint()
    assert file.fingerprint() == files_of(Source((sales,), rows_from="sales"))[0].fingerprint()


def test_files_stay_files(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("a,b\n1,2\n")
    (file,) = files_of(Source((tmp_path / "orders.csv",)))
    assert (file.format, file.relation) == ("csv", None)


@pytest.mark.parametrize("role", ["key", "incremental"])
def test_a_key_that_is_no_column_is_refused(sales: Path, role: str) -> None:
    with pytest.raises(InputError, match=role):
        file_of(Relation("sqlite", str(sales), table="sales", **{role: "nothing"}))


def test_a_column_that_is_empty_cannot_tell_what_is_new(sales: Path) -> None:
    with sqlite3.connect(sales) as database:
        database.execute("update sales set updated_at = null")
    database.close()
    with pytest.raises(InputError, match="empty"):
        file_of(Relation("sqlite", str(sales), table="sales", incremental="updated_at"))
