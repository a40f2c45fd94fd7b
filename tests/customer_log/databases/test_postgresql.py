"""A real PostgreSQL server: its types, its errors, and no password anywhere."""

from __future__ import annotations

import pyarrow as pa
import pytest
from adbc_driver_postgresql import dbapi

from database_fixtures import PASSWORD
from foretell.customer_log.databases.postgresql import connected
from foretell.customer_log.databases.relation import Relation, Since
from foretell.customer_log.files.database_table import DatabaseTable
from foretell.customer_log.files.files_of_source import file_of
from foretell.project.errors import InputError

pytestmark = pytest.mark.outside("postgresql")
KINDS = """
create table kinds (id int, who uuid, paid numeric(10, 3), wide numeric, at timestamptz, day date, more jsonb, old json,
  raw bytea, word varchar(5), primary key (id));
insert into kinds values (2, null, null, null, null, null, null, null, null, null),
  (1, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 1.234, 12345678901234567890, '2024-01-01 00:00+02', '2024-01-02',
   '{"a": 1}', '{"b": 2}', 'abc', 'yes')"""


@pytest.fixture
def kinds(postgresql: str) -> str:
    """A table with a column of each kind."""
    with dbapi.connect(postgresql, autocommit=True) as database, database.cursor() as cursor:
        for statement in ("drop table if exists kinds", *KINDS.split(";")):
            cursor.execute(statement)
    return postgresql


def test_every_kind_of_column_is_read(kinds: str) -> None:
    table = DatabaseTable(file_of(Relation("postgresql", kinds, table="kinds")))
    (block,) = table.batches(table.column_names)
    first, second = block.rows.to_pylist()
    assert first["who"] == "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
    assert (first["paid"], first["wide"], first["id"]) == (1.234, "12345678901234567890", 1)
    assert first["at"].isoformat() == "2023-12-31T22:00:00+00:00"
    assert (first["more"], first["old"], first["raw"], first["word"]) == ('{"a": 1}', '{"b": 2}', "abc", "yes")
    assert pa.types.is_date(block.rows["day"].type)
    assert all(cell is None for name, cell in second.items() if name != "id")
    assert block.lines.tolist() == [1, 2]


def test_the_server_tells_whether_rows_changed(kinds: str) -> None:
    def told() -> tuple[int, str, str]:
        with connected(Relation("postgresql", kinds, query="select id, paid from kinds")) as database:
            return database.state()

    before = told()
    assert told() == before
    with dbapi.connect(kinds, autocommit=True) as database, database.cursor() as cursor:
        cursor.execute("update kinds set paid = 2 where id = 2")
    assert told() != before


def test_times_with_a_zone_tell_what_is_new(kinds: str) -> None:
    with dbapi.connect(kinds, autocommit=True) as database, database.cursor() as cursor:
        cursor.execute("insert into kinds (id, at) values (3, '2024-01-01 00:00:00.000001+02')")
    with connected(Relation("postgresql", kinds, table="kinds", incremental="at")) as database:
        until = database.state().until
        new = Since("2024-01-01 00:00:00+02", until)
        rows = [row for since in (Since("", until), new) for part in database.rows(["id"], since) for row in part["id"]]
    assert until == "2023-12-31 22:00:00.000001+00"
    assert [row.as_py() for row in rows] == [1, 2, 3, 3]


def test_nothing_can_be_written_and_what_is_missing_is_named(kinds: str) -> None:
    writes = Relation("postgresql", kinds, query="delete from kinds returning 1")
    with connected(writes) as database, pytest.raises(InputError, match="cannot be read"):
        database.columns()
    with connected(Relation("postgresql", kinds, table="orders")) as database, pytest.raises(InputError) as refused:
        database.columns()
    assert "kinds" in str(refused.value.expected)
    known = Relation("postgresql", kinds, table="kinds")
    with connected(known) as database, pytest.raises(InputError, match="column is not in"):
        list(database.rows(["nothing"], None))


def test_a_wrong_password_and_a_server_away_are_told_without_it(
    postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        pytest.raises(InputError, match="cannot be reached"),
        connected(Relation("postgresql", f"{postgresql}&port=1")),
    ):
        pass
    monkeypatch.setenv("PGPASSWORD", "wrong-one")
    with pytest.raises(InputError, match="refuses") as refused, connected(Relation("postgresql", postgresql)):
        pass
    assert "wrong-one" not in str(refused.value)
    folder = postgresql.partition("host=")[2]
    monkeypatch.setenv("SHOP", f"postgresql://nobody:{PASSWORD}@/postgres?host={folder}")
    with pytest.raises(InputError) as refused, connected(Relation("postgresql", "postgresql:///postgres", "SHOP")):
        pass
    assert PASSWORD not in str(refused.value)
