"""Where money goes both ways, a refund falls on who was given it back, and the seller is nobody's customer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from foretell.cli.main import app
from foretell.customer_log.recognition.columns import guess
from foretell.customer_log.roles.column_facts import facts_of
from foretell.customer_log.roles.counterparty import other_side

BUYERS = [f"buyer{n}@example.org" for n in range(30)]
NAMES = {"from": ("From Email Address", "To Email Address"), "absender": ("Absender E-Mail", "Empfänger E-Mail")}


def payments(names: tuple[str, str], refunds: int = 20, seller: str = "shop@example.org") -> list[dict[str, str]]:
    """Three payments of each buyer, of whom some get one of them back."""
    rows = []
    for n in range(90):
        day = np.datetime64("2024-01-01") + n
        paid = {"date": str(day), "gross": f"{10 + n % 7}.50", "id": f"T{1000 + n}"}
        rows.append({**paid, names[0]: BUYERS[n % 30], names[1]: seller})
        if n < refunds:
            back = {"date": str(day + 3), "gross": f"-{10 + n % 7}.50", "id": f"R{1000 + n}"}
            rows.append({**back, names[0]: seller.upper(), names[1]: BUYERS[n % 30]})
    return rows


def side_of(rows: list[dict[str, str]], buyer: str) -> tuple[str, str] | None:
    return other_side(facts_of(pa.Table.from_pylist(rows), "UTC", 2**62), [buyer])


@pytest.mark.parametrize("names", NAMES.values())
def test_the_other_side_is_told_by_the_value_that_stands_in_both(names: tuple[str, str]) -> None:
    assert side_of(payments(names), names[0]) == (names[1], "shop@example.org")
    assert side_of(payments(names, refunds=0), names[0]) is None
    few = [row for row in payments(names) if row[names[0]] in BUYERS[:5]]
    assert side_of(few, names[0]) is None


def test_it_is_told_and_a_list_of_columns_is_told_as_one() -> None:
    both = guess(pa.Table.from_pylist(payments(NAMES["from"])), {"customer": "From Email Address"}).notes
    assert not [note for note in both if "gave money back" in note]
    found = guess(pa.Table.from_pylist(payments(("Customer Email", "Receiver Email")))).notes
    assert "Receiver Email names the customer where shop@example.org gave money back" in found
    lines = [{"Customer ID": f"C{n % 30}" if n % 3 else "", "Email": f"c{n % 30}@example.org"} for n in range(90)]
    rows = [{**one, "date": f"2024-01-{n % 28 + 1:02}", "amount": "9.5"} for n, one in enumerate(lines)]
    listed = guess(pa.Table.from_pylist(rows))
    assert not [note for note in listed.notes if "gave money back" in note]


@pytest.mark.parametrize("names", NAMES.values())
def test_refunds_fall_on_the_buyers(names: tuple[str, str], tmp_path: Path) -> None:
    rows = payments(names)
    path = tmp_path / "activity.csv"
    header = ["date", names[0], names[1], "gross", "id"]
    path.write_text("\n".join([",".join(header), *(",".join(row[name] for name in header) for row in rows)]) + "\n")
    answer = f"customer={names[0]},customer_2={names[1]},time=date,amount=gross,order=id"
    done = CliRunner().invoke(app, ["check", "intake", str(path), "--columns", answer, "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    sold = sum(float(row["gross"]) for row in rows)
    assert (found["orders"], found["customers"]) == (90, 30)
    assert found["spend"] == pytest.approx(sold)
    assert found["refunds"] == pytest.approx(sum(-float(row["gross"]) for row in rows if row["gross"][0] == "-"))
    assert found["anonymous"]["orders"] == 0
