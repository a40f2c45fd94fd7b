"""Databases as their user meets them: a first look, a run, what goes wrong; and no password in any byte."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from database_fixtures import PASSWORD, USER
from shops import shop_in_databases as made
from typed import typed

COLUMNS = 'columns = { customer = "who", time = "sold_at", order = "number", amount = "paid" }\n'


def declared(folder: Path, place: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "foretell.toml").write_text(f"[[sources]]\n{place}\n{COLUMNS}", encoding="utf-8")
    return folder


def test_init_names_the_tables_and_writes_a_source_for_each(tmp_path: Path) -> None:
    made.as_sqlite(tmp_path)
    with sqlite3.connect(tmp_path / "shop.sqlite") as database:
        database.execute("create table staff (id integer, name text)")
    database.close()
    begun = typed("init", "shop.sqlite", "--yes", "--json", folder=tmp_path)
    assert begun.returncode == 0, begun.stderr
    told = json.loads(begun.stdout)
    assert told["tables"] == {
        "events": "events", "orders": "orders", "profiles": "profiles", "staff": "not told",
        "subscriptions": "subscriptions",
    }  # fmt: skip
    text = (tmp_path / "foretell.toml").read_text(encoding="utf-8")
    assert 'path = "shop.sqlite"\nfrom = "orders"\n' in text
    assert text.count("[[sources]]") == 4


@pytest.mark.outside("postgresql")
def test_a_run_on_postgresql_leaves_no_password_in_any_byte(
    postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = made.as_postgresql(postgresql)("orders")["rows_from"]
    folder = postgresql.partition("host=")[2]
    url = f"postgresql://{USER}:{PASSWORD}@/postgres?host={folder}"
    monkeypatch.setenv("SHOP_URL", url)
    monkeypatch.delenv("PGPASSWORD")
    columns = 'columns = { customer = "customer_id", time = "time", order = "order_id", amount = "amount" }'
    (tmp_path / "foretell.toml").write_text(
        f'[[sources]]\nurl_from = "SHOP_URL"\nfrom = "{place}"\n{columns}\n', encoding="utf-8"
    )
    ran = typed("run", "--horizon", "90d", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert len(pq.read_table(tmp_path / "foretell-results" / "scores.parquet")) > 20
    plan = typed("run", "--horizon", "90d", "--plan", folder=tmp_path)
    assert "kept" in plan.stdout
    everything = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    everything += [text.encode() for text in (ran.stdout, ran.stderr, plan.stdout, plan.stderr)]
    assert len(everything) > 20
    assert not any(PASSWORD.encode() in content for content in everything)
    monkeypatch.setenv("SHOP_URL", url.replace(PASSWORD, f"{PASSWORD}x"))
    refused = typed("run", folder=tmp_path)
    assert refused.returncode == 2
    assert "refuses the user or the password" in refused.stderr
    assert PASSWORD not in refused.stderr


CASES: Mapping[str, tuple[str, list[str]]] = {
    "a password": ('url = "postgresql://ann:hunter2@h/d"', ["password", "url_from", "sources.0.url"]),
    "no variable": ('url_from = "NOT_SET_ANYWHERE"', ["NOT_SET_ANYWHERE", "export"]),
    "two places": ('url = "postgresql://h/d"\npath = "a.csv"', ["path and url"]),
    "no place": ('from = "sales"', ["neither path nor url"]),
    "server away": ('url = "postgresql://127.0.0.1:9/shop"\nfrom = "sales"', ["cannot be reached"]),
    "unknown table": ('path = "../shop.sqlite"\nfrom = "orders"', ["no such table", "sales, staff"]),
    "no file": ('path = "../shop.sqlit"\nfrom = "orders"', ["does not exist"]),
    "no table": ('path = "../shop.sqlite"', ["not said which table", "sales, staff"]),
    "unknown column": ('path = "../shop.sqlite"\nquery = "select 1 as name"', ["column who", "found: name"]),
    "unknown key": ('path = "../shop.sqlite"\nfrom = "sales"\nkey = "nothing"', ["key", "updated_at"]),
    "bad query": ('path = "../shop.sqlite"\nquery = "select from"', ["cannot be read"]),
    "other driver": ('url = "nothing+driver://h/d"\nfrom = "sales"', ["sqlalchemy"]),
}


def test_what_cannot_be_read_is_told_with_the_way_out(sales: Path, tmp_path: Path) -> None:
    for name, (place, expected) in CASES.items():
        done = typed("check", "intake", folder=declared(tmp_path / name, place))
        assert done.returncode == 2, name
        assert "Traceback" not in done.stderr, name
        assert "hunter2" not in done.stdout + done.stderr, name
        for part in expected:
            assert part.lower() in done.stderr.lower(), (name, done.stderr)
