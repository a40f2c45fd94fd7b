"""Every row becomes an order line or a rejected row that says why."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]  # has no types
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.folding import folded
from foretell.customer_log.keyed_lines import keyed
from foretell.customer_log.line_order import equal_lines, in_line_order
from foretell.customer_log.manifest import Load
from foretell.customer_log.order_lines import LONGEST_TEXT, one_spelling, read_order_lines
from foretell.customer_log.recognition.conventions import Conventions
from foretell.customer_log.schema import ORDER_ATTRIBUTES, ORDER_LINES, REJECTED, Columns, LinesBatch
from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.store import Store
from foretell.project.errors import InputError
from foretell.project.intervals import midnight, parse_day
from made_lines import DAY

Write = Callable[..., Path]
Read = Callable[..., LinesBatch]
COLUMNS = Columns("customer", "time", amount="amount")


def reasons(batch: LinesBatch) -> list[tuple[int, str | None, str | None, str]]:
    return [(row["line"], row["column"], row["value"], row["reason"]) for row in batch.rejected.to_pylist()]


def test_each_row_is_rejected_once_for_its_first_problem(write: Write, read: Read) -> None:
    """A sale to nobody who is named is none of them."""
    batch = read(
        write(
            "customer,time,amount\n,2011-06-12,3.50\n1,x,y\n1,2011-06-12,y\n1,2011-06-12,\n1,2999-01-01,1\n1,2011-06-12,5.25\n1\n"
        )
    )
    assert sorted(reasons(batch)) == [
        (3, "time", "x", "not a date"),
        (4, "amount", "y", "not a number"),
        (5, "amount", "", "no amount"),
        (6, "time", "2999-01-01", "placeholder date"),
        (8, None, "1", "1 cells where the header has 3"),
    ]
    assert batch.lines["amount"].to_pylist() == [52_500]
    assert batch.left_out.to_pylist() == [
        {"kind": "anonymous", "reason": "", "order_id": None, "rows": 1, "amount": 35_000}
    ]
    assert batch.rows_read == 7


rows = st.lists(
    st.tuples(
        st.sampled_from(["17850", "17850.0", "", "n/a", "0001", "é"]),
        st.sampled_from(["2011-06-12", "2011-06-12 08:30", "1900-01-01", "later", "13.06.2011", ""]),
        st.sampled_from(["1", "-2.50", "(3)", "x", "", "inf", "0"]),
    ),
    min_size=1,
    max_size=30,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(rows)
def test_each_row_is_a_line_rejected_or_a_sale_to_nobody(
    tmp_path: Path, read: Read, rows: list[tuple[str, str, str]]
) -> None:
    path = tmp_path / "orders.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([("customer", "time", "amount"), *rows])
    batch = read(path)
    nameless = sum(batch.left_out["rows"].to_pylist())
    assert batch.rows_read == len(rows) == batch.lines.num_rows + batch.rejected.num_rows + nameless
    assert batch.rejected["line"].to_pylist() == sorted(set(batch.rejected["line"].to_pylist()))


SOLD = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "Guest", ""]),
        st.sampled_from(["2011-06-12", "2011-06-12", "later"]),
        st.sampled_from(["1", "2.50", "x", ""]),
        st.sampled_from(["paid", "failed", "refunded", ""]),
        st.sampled_from(["", "0.50", "9"]),
    ),
    min_size=1,
    max_size=30,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(SOLD)
def test_every_row_is_a_line_refused_or_left_out_and_no_money_is_lost(
    tmp_path: Path, rows: list[tuple[str, str, str, str, str]]
) -> None:
    """Sales to nobody who is named are left out, and their money is told: whether a word stands there or nothing."""
    path = tmp_path / "orders.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows(
            [("no", "who", "when", "paid", "state", "back"), *([n, *r] for n, r in enumerate(rows))]
        )
    columns = Columns("who", "when", amount="paid", order="no", state="state", refunded="back")
    agreed = Conventions(nobody=("guest",), exported_at=midnight(date(2011, 7, 1), "UTC"))
    batches = list(read_order_lines(source_files([path]), columns, agreed, "UTC", parse_day("2026-01-01", "UTC")))
    lines, rejected = (pa.concat_tables([getattr(one, name) for one in batches]) for name in ("lines", "rejected"))
    left = [row for one in batches for row in one.left_out.to_pylist()]
    amounts = lines["amount"].to_numpy()
    apart = [row for row in left if row["kind"] in ("state", "anonymous")]
    assert sum(one.rows_read for one in batches) == len(rows)
    assert (amounts > 0).sum() + len(rejected) + sum(row["rows"] for row in apart) == len(rows)
    worth = {"1": 10_000, "2.50": 25_000, "x": 0, "": 0}

    def money(kind: str, *names: str) -> int:
        return sum(row["amount"] for row in left if (row["kind"], row["reason"].lower()) in ((kind, n) for n in names))

    dated = [(who, worth[paid], state) for who, when, paid, state, _ in rows if when != "later"]
    assert amounts[amounts > 0].sum() == sum(m for who, m, state in dated if who in ("a", "b") and state != "failed")
    assert money("state", "failed") == sum(m for _, m, state in dated if state == "failed")
    assert money("anonymous", "guest", "") == sum(
        m for who, m, state in dated if who in ("Guest", "") and state != "failed"
    )
    assert money("ended", "refunded") == sum(m for who, m, state in dated if who in ("a", "b") and state == "refunded")
    assert -amounts[amounts < 0].sum() <= amounts[amounts > 0].sum()


def test_quantity_times_price_is_exact(write: Write, read: Read) -> None:
    columns = Columns("c", "t", quantity="q", unit_price="p")
    path = write(
        "c,t,q,p\n1,2011-06-12,3,0.07\n1,2011-06-12,-2,19.99\n1,2011-06-12,0.5,0.0003\n1,2011-06-12,1e11,1e11\n1,2011-06-12,,1\n"
    )
    batch = read(path, columns)
    assert batch.lines["amount"].to_pylist() == [2_100, -399_800, 2]
    assert batch.lines["quantity"].to_pylist() == [3.0, -2.0, 0.5]
    assert [reason for *_, reason in reasons(batch)] == ["the number is too large", "no quantity"]


def test_a_refund_flag_makes_the_amount_negative(write: Write, read: Read) -> None:
    path = write(
        "customer,time,amount,kind\n1,2011-06-12,5,sale\n1,2011-06-12,5,Refund\n1,2011-06-12,-5,refund\n1,2011-06-12,5,\n"
    )
    batch = read(path, replace(COLUMNS, refund="kind"))
    assert batch.lines["amount"].to_pylist() == [50_000, -50_000, -50_000, 50_000]


def test_two_currencies_are_refused_by_name(write: Write, read: Read) -> None:
    path = write("customer,time,amount,cur\n1,2011-06-12,5,EUR\n1,2011-06-12,5,eur\n1,2011-06-12,5,USD\n")
    with pytest.raises(InputError, match="Mixed currencies") as caught:
        read(path, replace(COLUMNS, currency="cur"))
    assert caught.value.found == "EUR, USD"


def test_a_fact_is_known_when_the_source_says_so_and_never_before_it_happened(write: Write, read: Read) -> None:
    path = write(
        "customer,time,amount,seen\n1,2011-06-12,5,2011-06-20 10:00\n1,2011-06-12,5,2011-06-01 10:00\n1,2011-06-12,5,\n"
    )
    batch = read(path, replace(COLUMNS, known_at="seen"))
    day = midnight(date(2011, 6, 12), "UTC")
    assert batch.lines["known_at"].to_pylist() == [
        midnight(date(2011, 6, 20), "UTC") + 36_000_000_000, day, midnight(date(2011, 6, 13), "UTC") - 1,
    ]  # fmt: skip


def test_a_missing_column_is_named_with_those_there_are(write: Write, read: Read) -> None:
    with pytest.raises(InputError) as caught:
        read(write("customer,date,amount\n1,2011-06-12,5\n"))
    assert (caught.value.column, caught.value.found) == ("time", "customer, date, amount")


def test_equal_lines_are_kept(write: Write, read: Read) -> None:
    batch = read(write("customer,time,amount\n" + "1,2011-06-12,5\n" * 3 + "2,2011-06-12,5\n"))
    assert batch.lines.num_rows == 4
    assert batch.lines.slice(1, 2).equals(batch.lines.slice(0, 2))


ORDERS = [
    {"customer": 17850, "time": datetime(2011, 6, 12, 8, 30), "amount": 12.5, "order": "A1", "product": "mug"},
    {"customer": 17850, "time": datetime(2011, 12, 31, 23, 59, 59), "amount": -0.07, "order": "A2", "product": None},
    {"customer": 9, "time": datetime(2011, 6, 13), "amount": 1234567.0, "order": "A3", "product": "cup, blue"},
]
ALL = Columns("customer", "time", amount="amount", order="order", product="product")


def as_parquet(folder: Path) -> Path:
    pq.write_table(pa.Table.from_pylist(ORDERS), folder / "orders.parquet")
    return folder / "orders.parquet"


def as_json(folder: Path) -> Path:
    lines = pa.Table.from_pylist(ORDERS).to_pandas()
    lines["time"] = lines["time"].astype(str)
    lines.to_json(folder / "orders.jsonl", orient="records", lines=True)
    return folder / "orders.jsonl"


def as_excel(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(list(ORDERS[0]))
    for row in ORDERS:
        book.active.append(list(row.values()))
    book.save(folder / "orders.xlsx")
    return folder / "orders.xlsx"


def as_european_csv(folder: Path) -> Path:
    with (folder / "orders.csv").open("w", newline="", encoding="cp1252") as stream:
        out = csv.writer(stream, delimiter=";")
        out.writerow(list(ORDERS[0]))
        for row in ORDERS:
            amount = f"{row['amount']:,.2f}".translate(str.maketrans(",.", ".,"))
            out.writerow(
                [
                    f"{row['customer']}.0",
                    f"{row['time']:%d/%m/%Y %H:%M:%S}",
                    f"{amount} €",
                    row["order"],
                    row["product"],
                ]
            )
    return folder / "orders.csv"


@pytest.mark.parametrize("written", [as_parquet, as_json, as_excel, as_european_csv])
def test_every_format_gives_the_same_lines(tmp_path: Path, read: Read, written: Callable[[Path], Path]) -> None:
    expected = [
        ("17850", "A1", "mug", 125_000, datetime(2011, 6, 12, 8, 30)),
        ("17850", "A2", None, -700, datetime(2011, 12, 31, 23, 59, 59)),
        ("9", "A3", "cup, blue", 12_345_670_000, datetime(2011, 6, 13)),
    ]
    lines = read(written(tmp_path), ALL).lines
    times = lines["happened_at"].cast(pa.timestamp("us")).to_pylist()
    named = zip(*(lines[n].to_pylist() for n in ("customer_id", "order_id", "product", "amount")), times, strict=True)
    assert list(named) == expected


def test_the_split_into_files_changes_nothing(write: Write, read: Read) -> None:
    header, body = (
        "customer,time,amount\n",
        [f"{i},{i % 28 + 1}/0{i % 3 + 1}/2011,{i},5\n".replace(",5\n", "\n") for i in range(60)],
    )
    whole = read(write(header + "".join(body), "whole/a.csv"))
    write(header + "".join(body[:7]), "parts/a.csv")
    parts = read(write(header + "".join(body[7:]), "parts/b.csv").parent)
    assert whole.lines.equals(parts.lines)


SCHEMA = pa.schema([*ORDER_LINES, *ORDER_ATTRIBUTES])
TOLD = Columns("customer", "time", amount="amount", country="country", channel="channel", discount="discount")
HEADER = "customer,time,amount,country,channel,discount\n"


def test_a_file_without_them_gives_no_columns(write: Write, read: Read) -> None:
    assert read(write("customer,time,amount\n7,2024-01-02,5\n")).lines.schema == ORDER_LINES


def test_dirty_cells_cost_no_row(write: Write, read: Read) -> None:
    cells = ("GERMANY,Web,0", ",,", " germany ,WEB ,lots", "n/a,-,1.5")
    rows = [f"7,2024-01-0{day},5,{cell}" for day, cell in enumerate(cells, start=1)]
    found = read(write(HEADER + "\n".join(rows)), TOLD)
    assert found.lines.schema == SCHEMA
    assert not len(found.rejected)
    assert found.lines["country"].to_pylist() == ["Germany", None, "Germany", None]
    assert found.lines["channel"].to_pylist() == ["web", None, "web", None]
    assert found.lines["discount"].to_pylist() == [0, 0, 0, 15_000]


def test_some_of_them_may_be_there(write: Write, read: Read) -> None:
    path = write(HEADER + "7,2024-01-02,5,DE,web,0\n")
    assert read(path, Columns("customer", "time", amount="amount", channel="channel")).lines.column_names == [
        *ORDER_LINES.names,
        "channel",
    ]


@given(st.text(max_size=80), st.sampled_from(["country", "channel"]))
def test_a_spelling_stays_what_it_is(text: str, role: str) -> None:
    once = one_spelling(text, role)
    assert once is None or (once and len(once.splitlines()) == 1 and one_spelling(once, role) is not None)
    if once is not None and text.isascii():
        assert len(once) <= LONGEST_TEXT
        assert one_spelling(once, role) == one_spelling(f"  {text.swapcase()} ", role) == once


@pytest.mark.parametrize("text", ["", "  ", "Unknown", "UNSPECIFIED", "unbekannt"])
def test_what_says_nothing_is_null(text: str) -> None:
    assert one_spelling(text, "country") is None
    assert one_spelling(text, "channel") is None


def lines(*rows: tuple[str, str | None, str | None, int]) -> pa.Table:
    """Lines of one order from (order, country, channel, discount)."""
    return pa.Table.from_pylist(
        [
            {"customer_id": "x", "happened_at": DAY, "known_at": DAY, "order_id": order, "amount": 10_000,
             "country": country, "channel": channel, "discount": discount}
            for order, country, channel, discount in rows
        ],
        schema=SCHEMA,
    )  # fmt: skip


ROWS = st.tuples(
    st.sampled_from(["1", "2"]),
    st.sampled_from([None, "Peru", "Chad"]),
    st.sampled_from([None, "web"]),
    st.integers(0, 9),
)


@given(st.lists(ROWS, min_size=1, max_size=9))
def test_an_order_has_one_of_each_whatever_the_order_of_its_lines(
    rows: list[tuple[str, str | None, str | None, int]],
) -> None:
    def parts(given: list[tuple[str, str | None, str | None, int]]) -> list[dict[str, object]]:
        return folded(in_line_order(keyed(lines(*given), "UTC").lines)).to_pylist()

    found = parts(rows)
    assert found == parts(rows[::-1])
    for part in found:
        own = [row for row in rows if int(row[0]) == part["order_key"]]
        assert part["country"] == max(code_of(row[1]) if row[1] else 0 for row in own)
        assert part["channel"] == max(code_of(row[2]) if row[2] else 0 for row in own)
        assert part["discount"] == sum(row[3] for row in own)


def test_lines_that_differ_in_country_do_not_repeat_each_other() -> None:
    made = keyed(lines(("1", "Peru", None, 0), ("1", "Chad", None, 0), ("1", "Peru", None, 0)), "UTC").lines
    assert equal_lines(in_line_order(made)) == 1


def test_the_store_keeps_each_word_once_a_load(tmp_path: Path) -> None:
    store = Store(tmp_path, "made", "UTC", 2)
    names = [f"Country {number}" for number in range(5_000)]
    for load in ("first", "second"):
        table = lines(*((str(place + 1), name, "web", 0) for place, name in enumerate(names)))
        batch = LinesBatch(table, REJECTED.empty_table(), len(table))
        store.add(Load(load, load, "as it is", 1), [batch, batch])
    assert len(store.words()) == 2
    for path in store.words():
        words = dict(zip(*pq.read_table(path).to_pydict().values(), strict=True))
        assert words == {code_of(name): name for name in [*names, "web"]}


def test_a_store_of_a_log_without_them_holds_nothing_more(tmp_path: Path) -> None:
    store = Store(tmp_path, "made", "UTC")
    table = lines(("1", None, None, 0)).select(ORDER_LINES.names)
    store.add(Load("load", "load", "as it is", 1), [LinesBatch(table, REJECTED.empty_table(), 1)])
    assert store.words() == []
    [path] = store.files("orders", 0)
    assert not set(pq.read_schema(path).names) & set(ORDER_ATTRIBUTES.names)
