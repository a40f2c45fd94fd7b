from __future__ import annotations

from pathlib import Path

import polars
import pytest

from foretell.generated.calendar import DAY
from foretell.generated.continued.assignments import COLUMNS, SCHEMA, no_assignments, read_assignments
from foretell.project.errors import InputError

ROW = {
    "customer_id": "C000001", "assigned_at": "2023-01-11T10:00:00+02:00", "playbook": "win back", "campaign": "",
    "arm": "treated", "offer": "10 % off", "channel": "email", "cost": "0.29",
}  # fmt: skip


def written(path: Path, *rows: dict[str, str]) -> Path:
    polars.DataFrame(rows).write_csv(path)
    return path


def test_a_file_is_read_with_its_times_and_money(tmp_path: Path) -> None:
    other = {**ROW, "customer_id": "C000002", "assigned_at": "2023-01-11", "arm": "control", "cost": ""}
    path = written(tmp_path / "a.csv", {**ROW, "more": "x"}, {**other, "more": "y"})
    read = read_assignments(path, 10, 12)
    assert read.schema == SCHEMA == no_assignments().schema
    assert read["customer_id"].to_pylist() == ["C000002", "C000001"]
    assert read["at"].to_pylist() == [10 * DAY, 10 * DAY + 8 * 3600]
    assert read["cents"].to_pylist() == [0, 29]
    polars.read_csv(path, infer_schema=False).write_parquet(tmp_path / "a.parquet")
    assert read_assignments(tmp_path / "a.parquet", 10, 12).equals(read)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"assigned_at": "2023-01-10T23:59:59"}, "2023-01-11, where the shop ends"),
        ({"assigned_at": "2023-01-13T00:00:00"}, "before 2023-01-13"),
        ({"assigned_at": "soon"}, "ISO time"),
        ({"arm": "both"}, "control or treated"),
        ({"cost": "-1"}, "money"),
        ({"cost": "much"}, "money"),
        ({"cost": "inf"}, "money"),
        ({"offer": "a, b"}, "without commas"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    second = {**ROW, "customer_id": "C000002", **changed}
    with pytest.raises(InputError, match=said) as error:
        read_assignments(written(tmp_path / "a.csv", ROW, second), 10, 12)
    assert error.value.line == 3


def test_a_file_without_a_column_or_with_a_row_twice_is_refused(tmp_path: Path) -> None:
    for name in COLUMNS:
        lacking = {column: value for column, value in ROW.items() if column != name}
        with pytest.raises(InputError, match="lack a column") as error:
            read_assignments(written(tmp_path / "a.csv", lacking), 10, 12)
        assert error.value.column == name
    with pytest.raises(InputError, match="one row an assignment"):
        read_assignments(written(tmp_path / "a.csv", ROW, {**ROW, "arm": "control"}), 10, 12)
    with pytest.raises(InputError, match="cannot be read"):
        read_assignments(tmp_path / "none.csv", 10, 12)
