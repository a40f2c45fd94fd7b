"""The check of the data on the screen: short lines, the gravest first, and what is missing."""

from __future__ import annotations

from foretell.cli.screen.data_check import WIDTH, data_check_lines
from foretell.health.data.abilities import Ability
from foretell.health.data.checked import CheckedTable, DataCheck
from foretell.health.data.finding import DataFinding

ORDERS = CheckedTable(
    "orders", ("a.csv",), 100, 98, 2, 3, "2024-01-01", "2024-03-01", "2024-03-05", 0, 0, 0, (), (), {"sku": 40, "at": 0}
)
EVENTS = CheckedTable(
    "events", ("b.csv",), 9, 9, 0, 0, "2024-01-01", "2024-03-01", "2024-03-01", 4, 3, 6, ("x",), ("7", "8"), {}
)


def test_everything_is_told_in_short_lines() -> None:
    found = DataCheck(
        (ORDERS, EVENTS),
        (
            DataFinding("a", "warning", "orders", "Seen " * 20, "Mend it.", "a.csv, line 3"),
            DataFinding("b", "remark", "events", "Small.", "Leave it."),
        ),
        (Ability("who orders", True), Ability("the season", False, "425 days of orders; there are 60"),
         Ability("spend", True, "90 days ahead needs 231 days; there are 60", is_rough=True)),
        90,
        "Read.",
    )  # fmt: skip
    lines = data_check_lines(found)
    text = " ".join(line.strip() for line in lines)
    assert max(map(len, lines)) <= WIDTH
    assert (
        "orders (a.csv): 100 rows, 2 refused; 2024-01-01 to 2024-03-01; known until 2024-03-05; 3 equal lines; "
        "empty: sku 40 %." in text
    )
    assert "75 % of its 4 customers ordered (not: x), it knows 50 % of those who did (not: 7, 8)" in text
    assert "1 warning, 1 remark" in text
    assert "for example a.csv, line 3" in text
    assert "the season no needs 425 days of orders; there are 60" in " ".join(text.split())
    assert "spend roughly 90 days ahead needs 231 days; there are 60" in " ".join(text.split())
    assert text.index("WARNING") < text.index("REMARK")


def test_nothing_found_is_said() -> None:
    assert "Nothing was found that is wrong." in data_check_lines(DataCheck())
