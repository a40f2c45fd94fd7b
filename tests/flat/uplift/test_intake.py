"""The file of an experiment taken in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest

from foretell.flat.uplift.intake import strangers, take_in
from foretell.flat.uplift.request import UpliftRequest
from foretell.project.errors import InputError

Columns = dict[str, list[Any]]
Table = Callable[..., Columns]
Asked = Callable[..., UpliftRequest]


def test_rows_without_arm_or_outcome_are_left_out_and_counted(experiment: Table, asked: Asked) -> None:
    columns = experiment()
    columns["group"][:3] = ["", "", ""]
    columns["bought"] = ["" if n == 5 else str(value) for n, value in enumerate(columns["bought"])]
    found = take_in(asked(columns))
    assert (found.rows_read, found.without_arm, found.without_outcome) == (300, 3, 1)
    assert found.ids.to_pylist() == [n for n in range(1, 301) if n not in (1, 2, 3, 6)]
    assert len(found.trial) == 296
    assert found.trial.shares.sum() == pytest.approx(1)
    assert [finding.column for finding in found.left_out] == ["customer"]


def test_what_is_known_only_after_the_draw_is_left_out_and_said(experiment: Table, asked: Asked) -> None:
    columns = experiment(900)
    seen = np.random.default_rng(5).random(900) < np.where(np.array(columns["group"]) == "mail", 0.6, 0.3)
    columns |= {"opened": seen.astype(int).tolist(), "paid": [9 * b for b in columns["bought"]], "same": ["x"] * 900}
    found = take_in(asked(columns))
    assert {column.name for column in found.columns} == {"tenure", "region"}
    assert {f.column for f in found.left_out} == {"customer", "opened", "paid", "same"}
    assert any("--keep opened" in warning and "mean: none 0.3" in warning for warning in found.warnings)
    kept = take_in(asked(columns, keep=["opened"], drop=["region"]))
    assert {column.name for column in kept.columns} == {"tenure", "opened"}
    assert any("kept as asked" in warning for warning in kept.warnings)


def test_arms_that_were_not_drawn_are_doubted(experiment: Table, asked: Asked) -> None:
    columns = experiment(600)
    mailed = np.array(columns["group"]) == "mail"
    for name in ("a", "b", "c"):
        columns[name] = (np.random.default_rng(ord(name)).standard_normal(600) + mailed).tolist()
    assert "do not look drawn by chance" in take_in(asked(columns)).warnings[0]


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        ({}, {"arm": "grp"}, "no column 'grp'"),
        ({}, {"outcome": "buys"}, "no column 'buys'"),
        ({}, {"control": "nobody"}, "not among the arms"),
        ({"bought": [1] * 300}, {}, "the same in all rows"),
        ({"group": ["none"] * 295 + ["mail"] * 5}, {}, "too few rows"),
        ({}, {"value": ["bought=1"], "cost": ["post=1"]}, "not there"),
    ],
)
def test_what_is_no_experiment_is_refused(
    experiment: Table, asked: Asked, change: Columns, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        take_in(asked(experiment() | change, **options))


def test_people_to_score_need_the_same_columns(experiment: Table, asked: Asked, tmp_path: Path) -> None:
    request = asked(experiment(), customer="customer")
    intake = take_in(request)
    path = tmp_path / "others.csv"
    pa_csv.write_csv(pa.table({"customer": ["a", "b"], "region": ["south", "moon"], "tenure": [1, 2]}), path)
    table, ids = strangers(path, intake, request)
    assert table.names == intake.trial.table.names
    assert ids.to_pylist() == ["a", "b"]
    region = table.values[:, table.names.index("region")]
    assert region[0] == intake.columns[[c.name for c in intake.columns].index("region")].levels.index("south")
    assert np.isnan(region[1])
    pa_csv.write_csv(pa.table({"region": ["south"]}), path)
    with pytest.raises(InputError, match="lacks columns") as refused:
        strangers(path, intake, request)
    assert refused.value.expected == "tenure, customer"
