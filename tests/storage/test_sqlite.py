"""A database is begun whole, changed whole, and says so where it is damaged."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from foretell.project.errors import InputError
from foretell.storage.sqlite import Database

SCHEMA = """
create table if not exists shops (name text primary key);
create table if not exists orders (shop text not null references shops on delete cascade, number integer);
"""


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "shops.sqlite", SCHEMA, "the book of shops", "delete shops.sqlite")


def names(database: Database) -> list[str]:
    with database.reading() as connection:
        return [row[0] for row in connection.execute("select name from shops order by name")]


def add(database: Database, name: str) -> None:
    with database.transaction() as connection:
        connection.execute("insert into shops values (?)", (name,))


def test_what_was_written_is_read(database: Database) -> None:
    assert not database.is_there
    for name in ("b", "a"):
        add(database, name)
    assert database.is_there
    assert names(database) == ["a", "b"]
    assert [path.name for path in database.path.parent.iterdir()] == ["shops.sqlite"]


def test_reading_makes_no_file(database: Database) -> None:
    with pytest.raises(InputError, match="The book of shops cannot be read"):
        names(database)
    assert list(database.path.parent.iterdir()) == []


def test_reading_cannot_write(database: Database) -> None:
    add(database, "a")
    with pytest.raises(InputError, match="cannot be read or written"), database.reading() as connection:
        connection.execute("insert into shops values ('b')")
    assert names(database) == ["a"]


def test_a_change_is_whole_or_has_not_been(database: Database) -> None:
    def change() -> None:
        with database.transaction() as connection:
            connection.execute("insert into shops values ('b')")
            assert names(database) == ["a"]
            raise ValueError("no")

    add(database, "a")
    with pytest.raises(ValueError, match="no"):
        change()
    assert names(database) == ["a"]


def test_what_the_tables_do_not_allow_is_no_damage(database: Database) -> None:
    add(database, "a")
    with pytest.raises(sqlite3.IntegrityError):
        add(database, "a")
    assert names(database) == ["a"]


def test_what_belongs_together_goes_together(database: Database) -> None:
    with database.transaction() as connection:
        connection.executescript("insert into shops values ('a'), ('b')")
        connection.execute("insert into orders values ('a', 1), ('b', 2)")
    with database.transaction() as connection:
        connection.execute("delete from shops where name = 'a'")
    with database.reading() as connection:
        assert connection.execute("select * from orders").fetchall() == [("b", 2)]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00 cut short"])
def test_a_file_that_is_none_is_damaged_and_stays(database: Database, content: bytes) -> None:
    database.path.write_bytes(content)
    for use in (names, lambda one: add(one, "a")):
        with pytest.raises(InputError, match="The book of shops is damaged") as caught:
            use(database)
        assert (caught.value.file, caught.value.hint) == (str(database.path), "delete shops.sqlite")
    assert database.path.read_bytes() == content


def test_a_database_without_its_tables_is_damaged(database: Database) -> None:
    sqlite3.connect(database.path).executescript("create table other (name text)").close()
    with pytest.raises(InputError, match="is damaged"):
        names(database)
    with pytest.raises(InputError, match="is damaged"):
        add(database, "a")


def test_a_folder_that_is_not_there_is_no_damage(tmp_path: Path) -> None:
    database = Database(tmp_path / "nowhere" / "shops.sqlite", SCHEMA, "the book of shops", "delete it")
    with pytest.raises(InputError, match="cannot be read or written") as caught:
        add(database, "a")
    assert "read-only" in (caught.value.hint or "")


def test_a_beginning_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "shops.sqlite", f"{SCHEMA} create nonsense;", "the book of shops", "delete it")
    with pytest.raises(InputError):
        add(database, "a")
    assert list(tmp_path.iterdir()) == []


def test_several_may_begin_it_at_once(database: Database) -> None:
    together = Barrier(8)

    def begin(number: int) -> None:
        together.wait()
        add(database, f"{number}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(begin, range(8)))
    assert names(database) == [f"{number}" for number in range(8)]
    assert [path.name for path in database.path.parent.iterdir()] == ["shops.sqlite"]


def test_a_compacted_file_holds_nothing_of_what_was_deleted(database: Database) -> None:
    add(database, "Zoe Quill")
    connection = sqlite3.connect(database.path)
    connection.execute("pragma secure_delete = off")
    with connection:
        connection.execute("delete from shops")
    connection.close()
    database.compact()
    assert b"Zoe Quill" not in database.path.read_bytes()
    assert names(database) == []
