"""Country, channel and discount from the file to the store: dirt, spelling, several loads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.folding import folded
from foretell.customer_log.keyed_lines import keyed
from foretell.customer_log.line_order import equal_lines, in_line_order
from foretell.customer_log.manifest import Load
from foretell.customer_log.order_attributes import LONGEST_TEXT, one_spelling
from foretell.customer_log.schema import ORDER_ATTRIBUTES, ORDER_LINES, REJECTED, Columns, LinesBatch
from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.store import Store
from made_lines import DAY

Read = Callable[..., LinesBatch]
Write = Callable[..., Path]
SCHEMA = pa.schema([*ORDER_LINES, *ORDER_ATTRIBUTES])
COLUMNS = Columns("customer", "time", amount="amount", country="country", channel="channel", discount="discount")
HEADER = "customer,time,amount,country,channel,discount\n"


def test_a_file_without_them_gives_no_columns(write: Write, read: Read) -> None:
    assert read(write("customer,time,amount\n7,2024-01-02,5\n")).lines.schema == ORDER_LINES


def test_dirty_cells_cost_no_row(write: Write, read: Read) -> None:
    cells = ("GERMANY,Web,0", ",,", " germany ,WEB ,lots", "n/a,-,1.5")
    rows = [f"7,2024-01-0{day},5,{cell}" for day, cell in enumerate(cells, start=1)]
    found = read(write(HEADER + "\n".join(rows)), COLUMNS)
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
