"""A flat table taken in: its label, its customers, what may be learned from and what may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.flat.intake import FlatIntake, take_in
from foretell.flat.request import flat_request
from foretell.project.errors import InputError

ROWS = 40
COLUMNS: dict[str, list[object]] = {
    "client": [f"C{number // 2:03d}" for number in range(ROWS)],
    "tenure": [number % 7 for number in range(ROWS)],
    "plan": ["yearly" if number % 3 else "monthly" for number in range(ROWS)],
    "empty": [None] * ROWS,
    "always": ["same"] * ROWS,
    "churned": ["yes" if number % 4 == 0 else "no" for number in range(ROWS - 3)] + [None] * 3,
}


def taken(folder: Path, columns: dict[str, list[object]] = COLUMNS, **options: Any) -> FlatIntake:
    path = folder / "table.parquet"
    pq.write_table(pa.table(columns), path)
    given: dict[str, Any] = {"label": "churned", **options}
    return take_in(flat_request([path], folder / "out", **given))


def test_the_label_is_read_and_open_rows_are_known(tmp_path: Path) -> None:
    found = taken(tmp_path, customer="client")
    assert (found.label.name, found.label.positive, found.label.negative) == ("churned", "yes", "no")
    assert found.label.known.tolist() == [True] * (ROWS - 3) + [False] * 3
    np.testing.assert_array_equal(found.label.outcome[:5], [1, 0, 0, 0, 1])


def test_rows_of_one_customer_share_a_code(tmp_path: Path) -> None:
    found = taken(tmp_path, customer="client")
    codes = found.customer_code
    assert found.ids.to_pylist() == COLUMNS["client"]
    assert (codes[::2] == codes[1::2]).all()
    assert len(np.unique(codes)) == ROWS // 2


def test_without_ids_rows_are_numbered_from_one(tmp_path: Path) -> None:
    found = taken(tmp_path, {name: COLUMNS[name] for name in ("tenure", "plan", "churned")})
    assert found.customer is None
    assert found.ids.to_pylist() == list(range(1, ROWS + 1))
    assert set(found.customer_code.tolist()) == {-1}


def test_an_id_column_is_found_by_itself_and_integers_stay_integers(tmp_path: Path) -> None:
    found = taken(tmp_path, COLUMNS | {"client": [1000 + number for number in range(ROWS)]})
    assert found.customer == "client"
    assert found.ids.type == pa.int64()
    assert found.ids[0].as_py() == 1000


def test_every_column_is_learned_from_or_left_out_with_its_reason(tmp_path: Path) -> None:
    found = taken(tmp_path, customer="client", drop=["plan"])
    left_out = {one.column: one.why for one in found.audit.left_out}
    assert left_out == {"always": "constant", "client": "id", "empty": "empty", "plan": "asked"}
    assert found.table.names == ("tenure",)
    assert len(found.table) == ROWS
    assert [one.column for one in found.audit.left_out] == sorted(left_out)


@pytest.mark.parametrize(
    ("option", "given"),
    [
        ("--label", {"label": "nobody"}),
        ("--id", {"customer": "nobody"}),
        ("--keep", {"keep": ["tenure", "nobody"]}),
        ("--drop", {"drop": ["nobody"]}),
    ],
)
def test_a_column_that_is_not_there_is_told_those_that_are(option: str, given: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column 'nobody'") as caught:
        taken(tmp_path, **given)
    assert option in (caught.value.expected or "")
    assert caught.value.column == "nobody"
    assert ", ".join(COLUMNS) in f"{caught.value.found}"
