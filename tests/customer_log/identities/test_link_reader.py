"""Links are read from tables of identities and from columns beside the customer, by the rules of every source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.identities.link_reader import LinkReader, link_readers
from foretell.customer_log.identities.links import ALWAYS, ONE_WHOLE
from foretell.customer_log.recognition.conventions import Conventions
from foretell.customer_log.schema import Columns
from foretell.customer_log.tables.fact_reader import fact_readers
from foretell.customer_log.tables.registry import checked_sources
from foretell.project.errors import InputError
from foretell.project.intervals import days, parse_day
from foretell.project.place import Place
from foretell.project.request import Asked, Request, Settings, Source

NOW = parse_day("2026-01-01", "UTC")
ORDERS = """id,mail,phone,at,loaded,amount
7.0,Ann@X.example,,2024-05-01 10:00,2024-05-03,5
guest,b@x.example,1,2024-05-02,,1
"""
COLUMNS = Columns("id", "at", amount="amount", known_at="loaded")


def readers_of(write: Callable[..., Path], tmp_path: Path, *others: Source, **orders: object) -> list[LinkReader]:
    path = write(ORDERS)
    sources = (Source((path,), **orders), *others)  # type: ignore[arg-type]
    request = Request(sources, Settings(), Asked(), Place.of_results(tmp_path / "out"), NOW)
    agreed = Conventions(nobody=("Guest",))
    return link_readers(request, source_files([str(path)]), COLUMNS, agreed, fact_readers(request))


def read(reader: LinkReader) -> pa.Table:
    return pa.concat_tables([batch.links for file in reader.files for batch in reader.rows(file)])


def test_a_table_of_identities_is_one_link_a_row(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write(
        "crm,mail,since,what\n7,Ann@X.example,2024-05-01,E-Mail\n8,,,\n,b@x.example,,\n9,c,soon,\n9,d,,\n", "i.csv"
    )
    columns = {"customer": "crm", "other": "mail", "known_at": "since", "kind": "what"}
    [reader] = readers_of(write, tmp_path, Source((path,), "identities", columns, most_merged=3))
    links = read(reader).to_pylist()
    assert [tuple(link.values())[:5] for link in links] == [
        ("7", "ann@x.example", parse_day("2024-05-02", "UTC") - 1, "e-mail", 3),
        ("9", "d", ALWAYS, "other", 3),
    ]
    assert [(link["file"], link["line"], link["column"]) for link in links] == [
        ("i.csv", 2, "mail"),
        ("i.csv", 6, "mail"),
    ]
    [batch] = reader.rows(reader.files[0])
    reasons = ["no other id", "no customer id", "not a date"]
    assert (batch.rows_read, batch.rejected["line"].to_pylist(), batch.rejected["reason"].to_pylist()) == (
        5,
        [3, 4, 5],
        reasons,
    )
    assert not reader.keeps_all


def test_columns_beside_the_customer_link_when_their_row_is_known(write: Callable[..., Path], tmp_path: Path) -> None:
    [reader] = readers_of(write, tmp_path, also=("mail", "phone"))
    links = read(reader).to_pylist()
    known = parse_day("2024-05-03", "UTC") + days(1) - 1
    assert [tuple(link.values())[:4] for link in links] == [("7", "ann@x.example", known, "mail")]
    assert reader.keeps_all
    assert readers_of(write, tmp_path) == []


def test_each_table_may_name_further_ids(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write("mail,at,what,device\na@x.example,2024-01-01,Viewed,D1\n", "events.csv")
    columns = {"customer": "mail", "time": "at", "name": "what"}
    plain = Source((path,), "events", columns)
    profiles = Source(
        (write("mail,city,crm\na@x.example,Bonn,7\n", "p.csv"),), "profiles", {"customer": "mail", "city": "city"}
    )
    readers = readers_of(write, tmp_path, plain, replace(profiles, also=("crm",)), replace(plain, also=("device",)))
    links = [tuple(link.values())[:3] for reader in readers for link in read(reader).to_pylist()]
    assert links == [("a@x.example", "7", ALWAYS), ("a@x.example", "D1", parse_day("2024-01-02", "UTC") - 1)]


def test_wholes_and_their_parts_have_no_limit(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write("account,contact\nacme,ann\n", "i.csv")
    source = Source((path,), "identities", {"customer": "account", "other": "contact"}, entity="account")
    [reader] = readers_of(write, tmp_path, source)
    assert read(reader)["most"].to_pylist() == [ONE_WHOLE]
    [limited] = readers_of(write, tmp_path, replace(source, entity=""))
    assert limited.load(limited.files[0]).load != reader.load(reader.files[0]).load


@pytest.mark.parametrize(
    ("columns", "found"),
    [({"customer": "a"}, "customer"), ({"customer": "a", "other": "b", "city": "c"}, "city")],
)
def test_columns_of_a_table_of_identities_are_checked(columns: dict[str, str], found: str) -> None:
    orders = Source((Path("o.csv"),))
    with pytest.raises(InputError) as refused:
        checked_sources((orders, Source((Path("i.csv"),), "identities", columns)))
    assert refused.value.found == found
