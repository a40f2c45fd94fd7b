"""The layout is told from which cells are empty together, whatever the columns are called."""

from __future__ import annotations

import pytest

from foretell.customer_log.layout.row_layout import layout_of

Rows = list[list[str]]


def orders(number: bool = True, names: bool = True, money: bool = True) -> Rows:
    """Orders of two lines: number, customer, date, total on the first alone, product and price on both."""
    rows = []
    for n in range(20):
        first = [f"#{n}" if number else "", f"c{n % 6}", f"2025-01-{n + 1:02d}", f"{n}.50" if money else ""]
        rows.append([*first, f"Mug {n}", "1.25"])
        rows.append([f"#{n}" if number else "", "", "", "", "Cup" if names else "", "2.25"])
    return rows


NAMES = ["a", "b", "c", "d", "e", "f"]


def test_rows_that_share_a_number_take_the_fields_of_the_order() -> None:
    layout = layout_of(NAMES, orders())
    assert layout is not None
    assert (layout.number, layout.carried, layout.once) == ("a", ("b", "c"), ("d",))


def test_rows_without_a_number_take_them_from_the_row_above() -> None:
    layout = layout_of(NAMES, orders(number=False))
    assert layout is not None
    assert (layout.number, layout.text, layout.carried, layout.once) == ("", "e", ("b", "c"), ("d",))


def test_the_number_may_stand_on_the_first_line_too() -> None:
    rows = [["" if not row[1] else row[0], *row[1:]] for row in orders()]
    layout = layout_of(NAMES, rows)
    assert layout is not None
    assert layout.carried == ("a", "b", "c")


def test_rows_with_a_number_of_their_own_continue_nothing() -> None:
    rows = [[f"#{n}", *row[1:]] for n, row in enumerate(orders())]
    assert layout_of(["order no", *NAMES[1:]], rows) is None


def test_a_footer_does_not_hide_the_number() -> None:
    layout = layout_of(NAMES, [*orders() * 3, ["", "", "", "", "Printed in May", ""]])
    assert layout is not None
    assert layout.number == "a"


def test_a_date_that_stands_on_all_lines_does_not_hide_the_order() -> None:
    rows = [[*row[:2], f"2025-02-{n % 20 + 1:02d}", *row[3:]] for n, row in enumerate(orders())]
    rows = [[row[0], row[1], rows[n - n % 2][2], *row[3:]] for n, row in enumerate(rows)]
    wide = [[*row[:2], "web" if row[1] else "", *row[2:]] for row in rows]
    layout = layout_of(["a", "b", "w", "c", "d", "e", "f"], wide)
    assert layout is not None
    assert layout.carried == ("b", "w")


@pytest.mark.parametrize(
    "rows",
    [
        [[f"#{n}", f"c{n % 3}", "2025-01-01", "1.5", "Mug", "2"] for n in range(30)],
        [[f"#{n}", "" if n % 4 == 1 else f"c{n % 3}", "2025-01-01", "1.5", "Mug", "2"] for n in range(30)],
        [[f"#{n}", f"c{n % 3}", "" if n == 9 else "2025-01-01", "1.5", "Mug", "2"] for n in range(30)],
        orders(number=False, names=False),
        [["", "", "", "", "", ""]] * 9,
        [],
    ],
    ids=["plain", "buyers who are not known", "one date lacks", "sums of the rows above", "nothing", "no rows"],
)
def test_a_plain_table_has_no_layout(rows: Rows) -> None:
    assert layout_of(NAMES, rows) is None


def test_a_customer_as_a_heading_above_rows() -> None:
    rows: Rows = []
    for who in ("Ada", "Bela", "Cleo"):
        rows.append([who, "", "", "", "", ""])
        rows += [["", f"2025-0{n + 1}-03", "Invoice", "Mug", "1", "2.50"] for n in range(3)]
        rows.append([f"Total for {who}", "", "", "", "", "7.50"])
    layout = layout_of(["column 1", "Date", "Type", "Item", "Qty", "Amount"], rows)
    assert layout is not None
    assert (layout.heading, layout.heading_as, layout.time) == ("column 1", "customer heading", "Date")
    named = layout_of(["column 1", "Date", "Customer", "Item", "Qty", "Amount"], rows)
    assert named is not None
    assert named.heading_as == "heading"


def test_a_cell_of_a_group_counts_below_only_where_dates_go_back_between_groups() -> None:
    grouped = [[f"C{n}" if not k else "", f"2025-{k + 1:02d}-0{n + 1}", f"{k}.5"] for n in range(5) for k in range(4)]
    layout = layout_of(["who", "when", "sum"], grouped)
    assert layout is not None
    assert layout.grouped == "who"
    in_time = [[f"C{n}" if n % 4 == 0 else "", f"2025-01-{n + 1:02d}", f"{n}.5"] for n in range(20)]
    assert layout_of(["who", "when", "sum"], in_time) is None
