"""A source of a table is read in one way, which its reading tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from foretell.customer_log.tables.fact_reader import FactReader, fact_readers
from foretell.customer_log.tables.registry import FACT_TABLES, FactTable, Role, declared
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day
from foretell.project.place import Place
from foretell.project.request import Asked, Request, Settings, Source

NOW = parse_day("2026-01-01", "UTC")
VISIT_COLUMNS = {"customer": "who", "time": "at", "pages": "n"}


@pytest.fixture
def visits() -> Iterator[FactTable]:
    """A table, while a test lasts."""
    yield declared(FactTable("visits", (Role("pages", "number"),)))
    del FACT_TABLES["visits"]


@pytest.fixture
def asked(visits: FactTable, write: Callable[..., Path], tmp_path: Path) -> Request:
    """A request for orders and two files of visits."""
    first = write("who,at,n\nC1,2024-05-01 10:00,3\n", "visits/1.csv")
    write("who,at,n\nC1,2024-05-02 10:00,4\nC2,13/05/2024,soon\n", "visits/2.csv")
    sources = (Source((Path("orders.csv"),)), Source((first.parent,), "visits", VISIT_COLUMNS))
    return Request(sources, Settings(), Asked(), Place.of_results(tmp_path / "out"), NOW)


def only(request: Request) -> FactReader:
    (reader,) = fact_readers(request)
    return reader


def test_the_facts_of_every_file_are_read(asked: Request, visits: FactTable) -> None:
    reader = only(asked)
    assert [file.name for file in reader.files] == ["1.csv", "2.csv"]
    batches = [batch for file in reader.files for batch in reader.rows(file)]
    assert [batch.facts["pages"].to_pylist() for batch in batches] == [[3000], [4000]]
    assert [batch.rejected["column"].to_pylist() for batch in batches] == [[], ["n"]]
    assert reader.agreed.date_order == "dmy"


def test_a_load_is_known_by_its_content_and_how_it_is_read(asked: Request) -> None:
    reader = only(asked)
    first, second = (reader.load(file) for file in reader.files)
    assert (first.table, first.source, first.bytes) == ("visits", str(reader.files[0].path), reader.files[0].size)
    assert first.load != second.load
    assert first.reading == second.reading
    assert only(asked).load(reader.files[0]) == first


def test_another_way_of_reading_is_another_load(asked: Request) -> None:
    source = asked.sources[1]
    others = [
        replace(asked, settings=Settings(timezone="Europe/London")),
        replace(asked, sources=(asked.sources[0], replace(source, decimal=","))),
        replace(asked, sources=(asked.sources[0], replace(source, columns={"customer": "who", "time": "at"}))),
    ]
    readings = {only(request).reading for request in (asked, *others)}
    assert len(readings) == 4
    assert only(replace(asked, now=NOW + 1)).reading == only(asked).reading


def test_orders_alone_need_no_reader_and_a_missing_column_is_refused(asked: Request) -> None:
    assert fact_readers(replace(asked, sources=asked.sources[:1])) == []
    source = replace(asked.sources[1], columns=VISIT_COLUMNS | {"pages": "clicks"})
    with pytest.raises(InputError) as refused:
        fact_readers(replace(asked, sources=(source,)))
    assert refused.value.column == "clicks"
