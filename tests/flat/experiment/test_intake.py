"""Files with experiments, as they come."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from foretell.flat.experiment.intake import ExperimentIntake, take_in
from foretell.flat.experiment.request import experiment_request
from foretell.project.errors import InputError

NOW = 1_700_000_000_000_000
TABLE: dict[str, list[object]] = {
    "shopper_id": [1, 1, 2, 3, 3, 4, 5],
    "arm": ["none", "none", "mail", "none", "mail", "mail", None],
    "spend": [10.5, 2.0, 7.0, 1.0, 1.0, None, 9.0],
    "orders": [1, 1, 2, 1, 1, 1, 1],
    "spend_before": [3.0, 3.0, 8.0, 1.0, 1.0, 5.0, 2.0],
}


def taken(path: Path, *outcomes: str, **more: object) -> ExperimentIntake:
    return take_in(experiment_request([path], path.parent / "out", "arm", "none", outcomes or ["spend"], **more), NOW)


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "experiment.parquet"
    pq.write_table(pa.table(TABLE), path)
    return path


def test_csv_excel_and_parquet_are_one(parquet: Path) -> None:
    folder = parquet.parent
    rows = [list(TABLE), *zip(*TABLE.values(), strict=True)]
    semicolons = [";".join("" if cell is None else str(cell).replace(".", ",") for cell in row) for row in rows]
    (folder / "experiment.csv").write_text("\n".join(semicolons) + "\n")
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(folder / "experiment.xlsx")
    wanted = taken(parquet).outcomes[0].values
    for name in ("experiment.csv", "experiment.xlsx"):
        found = taken(folder / name)
        np.testing.assert_allclose(found.outcomes[0].values, wanted, equal_nan=True)
        assert found.arms.tolist() == ["none", "none", "mail", "none", "mail", "mail"]
    assert "numbers have a decimal comma" in taken(folder / "experiment.csv").assumed


def test_units_are_gathered_and_what_is_left_out_is_counted(parquet: Path) -> None:
    found = taken(parquet, "spend", "spend/orders", "spend/rows", unit="shopper_id", before=["spend_before"])
    assert found.arms.tolist() == ["none", "mail", "mail"]
    plain, ratio, a_row = found.outcomes
    assert plain.values.tolist()[:2] == [12.5, 7]
    assert np.isnan(plain.values[2])
    assert plain.before["spend_before"].tolist() == [3, 8, 5]
    assert ratio.per is not None
    assert ratio.per.tolist() == [2, 2, 1]
    assert a_row.per is not None
    assert a_row.per.tolist() == [2, 1, 1]
    left_out = {one.reason: one.rows for one in found.left_out}
    assert left_out == {"the arm is empty": 1, "1 of shopper_id are in several arms": 2, "spend is empty": 1}
    assert found.unit == "shopper_id"


def test_ids_that_repeat_are_warned_of_where_rows_are_units(parquet: Path) -> None:
    (told,) = taken(parquet).caveats
    assert "--unit shopper_id" in told
    assert taken(parquet, unit="shopper_id").caveats == ()


def test_a_limit_for_outcomes_comes_from_what_was_before(parquet: Path) -> None:
    (found,) = taken(parquet, before=["spend_before"], winsor=0.5).outcomes
    assert found.cap == np.quantile([3.0, 3, 8, 1, 1, 5], 0.5)
    assert taken(parquet, before=["spend_before"]).outcomes[0].cap is None


def test_what_was_read_from_the_data_is_said(tmp_path: Path) -> None:
    path = tmp_path / "experiment.csv"
    path.write_text("arm,left,spend,before\nnone,yes,-3,1\nmail,no,2,\nmail,no,2,4\nnone,no,1,1,1,1\n")
    found = taken(path, "left", "spend", before=["before"])
    told = " | ".join(found.assumed)
    assert "left: 'yes' counts as 1" in told
    assert "spend is under 0 in 1 rows" in told
    assert "before is empty in 1 rows" in told
    assert found.left_out[0].reason == "the line does not fit the table"


@pytest.mark.parametrize("outcome", ["spent", "spend/visits", "profit/orders"])
def test_outcomes_that_are_not_there_are_refused(parquet: Path, outcome: str) -> None:
    with pytest.raises(InputError, match="There is no column"):
        taken(parquet, outcome)


def test_a_column_whose_name_has_a_stroke_is_no_ratio(tmp_path: Path) -> None:
    path = tmp_path / "experiment.parquet"
    pq.write_table(pa.table({"arm": ["none", "mail"], "a": [1, 2], "b": [1, 2], "a/b": [5.0, 6.0]}), path)
    (found,) = taken(path, "a/b").outcomes
    assert found.per is None
    assert found.values.tolist() == [5, 6]
