"""`init` on the screen: what was seen in the files, how sure that is, and where it was written down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretell.cli.screen.init import begin
from foretell.project.declaration import read_declaration
from foretell.project.errors import InputError

NOTHING_GIVEN: dict[str, str | None] = {"date_order": None, "decimal": None}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with orders, in which the command is given."""
    rows = "".join(f"C{n % 5},2024-01-{n + 1:02d},{n}.5\n" for n in range(20))
    (tmp_path / "orders.csv").write_text(f"customer_id,date,amount_eur\n{rows}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_role_is_shown_with_its_column_and_first_rows(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin([Path("orders.csv")], None, NOTHING_GIVEN, yes=True, force=False, as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "orders.csv: 3 columns"
    assert lines[-1] == "Written: foretell.toml. Check it, then: foretell run"
    shown = {line.split()[0]: line for line in lines[1:-1]}
    for role, column, first in (
        ("customer", "customer_id", "C0"),
        ("time", "date", "2024-01-01"),
        ("amount", "amount_eur", "0.5"),
    ):
        assert column in shown[role]
        assert first in shown[role]
        assert "%" in shown[role]
    assert "EUR" in shown["money"]
    assert read_declaration(here / "foretell.toml").sources[0].columns["amount"] == "amount_eur"


def test_json_tells_the_file_the_columns_and_the_currency(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin([Path("orders.csv")], None, NOTHING_GIVEN, yes=False, force=False, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert found.pop("intake")["orders"] > 0
    assert found == {
        "file": str(here / "foretell.toml"),
        "columns": {"customer": "customer_id", "time": "date", "amount": "amount_eur"},
        "currency": "EUR",
    }


def test_what_is_there_is_not_written_over_unless_forced(here: Path) -> None:
    (here / "foretell.toml").write_text("mine")
    with pytest.raises(InputError) as caught:
        begin([Path("orders.csv")], None, NOTHING_GIVEN, yes=True, force=False, as_json=True)
    assert "force" in (caught.value.hint or "")
    assert (here / "foretell.toml").read_text() == "mine"
    begin([Path("orders.csv")], None, NOTHING_GIVEN, yes=True, force=True, as_json=True)
    assert read_declaration(here / "foretell.toml").project.currency == "EUR"


def test_without_files_there_is_nothing_to_look_at() -> None:
    with pytest.raises(InputError, match="No file was given") as caught:
        begin([], None, NOTHING_GIVEN, yes=True, force=False, as_json=False)
    assert caught.value.hint == "foretell init orders.csv"
