"""The table of a file is told by its columns and by what stands in them; what looks like sales is orders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.tables.fact_table import FactTable
from foretell.customer_log.tables.registry import FACT_TABLES, HELPING
from foretell.customer_log.tables.table_guess import GuessedTable, column_names, table_of
from foretell.project.request import Source


def guessed(path: Path) -> GuessedTable:
    return table_of(source_files([path])[0])


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("customer_id,date,order_id,amount\na,2024-01-01,1,9.5\n", "orders"),
        ("Customer ID,Timestamp,Event Name\na,2024-01-01,page_view\n", "events"),
        ("user_id,event,created_at\na,Product Added,2024-01-01\na,banner,2024-01-01\n", "events"),
        ("email,campaign,status,time\na@b.c,spring,Opened,2024-01-01\n", "contacts"),
        ("household_key,campaign,offer,date\n1,18,x,2024-01-01\n", "contacts"),
        ("customer_id,type,rating,created\na,complaint,1,2024-01-01\n", "feedback"),
        ("customer_id,plan,billing interval,start date,end date\na,Pro,monthly,2024-01-01,\n", "subscriptions"),
        ("customer_id,channel,consent,date\na,email,yes,2024-01-01\n", "consents"),
        ("household_key,AGE_DESC,MARITAL_STATUS_CODE,INCOME_DESC\n1,35-44,A,50-74K\n", "profiles"),
        ("customer_id,city,created_at\na,Bonn,2024-01-01\n", "profiles"),
        ("customer_id,status,date,total,city\na,opened,2024-01-01,9.5,Bonn\n", "orders"),
        ("customer_id,date,order_id,amount\n", "orders"),
        ("crm_id,email,kind,linked_at\na,a@b.c,email,2024-01-01\n", "identities"),
        ("customer_id,anonymous_id\na,f00\n", "identities"),
        ("customer_id,email,date\na,a@b.c,2024-01-01\n", "orders"),
        ("customer_id,device_id,city\na,f00,Bonn\n", "profiles"),
        ("Date,Currency,Exchange Rate\n2024-01-01,EUR,.85\n", "rates"),
        ("date,currency,rate,customer\n2024-01-01,EUR,.85,a\n", "orders"),
    ],
)
def test_a_file_is_of_the_table_whose_words_it_has(write: Callable[..., Path], text: str, table: str) -> None:
    found = guessed(write(text))
    assert found.table == table
    if table in HELPING:
        assert set(HELPING[table][0]) <= set(found.columns)
    elif table != "orders":
        FACT_TABLES[table].check(Source((), table, found.columns))


def test_columns_play_the_roles_of_their_names(write: Callable[..., Path]) -> None:
    found = guessed(write("household_key,AGE_DESC,HH_COMP_DESC,colour\n1,35-44,Single,red\n"))
    assert dict(found.columns) == {
        "customer": "household_key", "age_group": "AGE_DESC", "household": "HH_COMP_DESC",
    }  # fmt: skip


@pytest.mark.parametrize(
    "table", [one for one in FACT_TABLES.values() if not one.is_derived], ids=lambda table: table.name
)
def test_only_roles_that_a_table_has_are_told_by_names(table: FactTable) -> None:
    known = {*table.role_names, *table.times}
    assert table.has_attributes or set(column_names()[table.name]) <= known
