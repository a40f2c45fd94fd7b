"""Drifts: what is lost from the day on, and that nothing else is."""

from __future__ import annotations

from pathlib import Path

import polars
import pytest

from foretell.generated.request import ShopRequest
from foretell.generated.shop import SOURCES, write_shop
from foretell.pipeline.simulation.drifts import FEATURE_SHIFTS, LOST, ORDERS_FALL, SOURCE_STOPS, Drift
from foretell.project.progress import Silent

DAY = "2023-05-01"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drifts") / "shop"
    write_shop(ShopRequest(300, 200, 2), folder, Silent())
    return folder


def lost(shop: Path, into: Path, name: str) -> dict[str, tuple[polars.DataFrame, polars.DataFrame]]:
    """Of each table the rows before and after planting."""
    before = {table: polars.read_csv(shop / f"{table}.csv", infer_schema=False) for table in SOURCES}
    for table in SOURCES:
        (into / f"{table}.csv").write_bytes((shop / f"{table}.csv").read_bytes())
    Drift(name, DAY).plant(into)
    after = {table: polars.read_csv(into / f"{table}.csv", infer_schema=False) for table in SOURCES}
    return {table: (before[table], after[table]) for table in SOURCES}


@pytest.mark.parametrize("name", LOST)
def test_nothing_changes_before_the_day_and_in_other_tables(shop: Path, tmp_path: Path, name: str) -> None:
    for table, (before, after) in lost(shop, tmp_path, name).items():
        if table not in LOST[name]:
            assert before.equals(after)
            continue
        assert len(after) < len(before)
        early = polars.col("time") < DAY
        assert before.filter(early).equals(after.filter(early))
        assert len(after.join(before, on=before.columns, how="anti", nulls_equal=True)) == 0


def test_each_drift_loses_what_it_says(shop: Path, tmp_path: Path) -> None:
    late = polars.col("time") >= DAY
    before, after = (one.filter(late) for one in lost(shop, tmp_path, ORDERS_FALL)["orders"])
    assert after["order_id"].n_unique() / before["order_id"].n_unique() == pytest.approx(2 / 3, abs=0.06)
    kept = after["order_id"].unique().to_list()
    assert before.filter(polars.col("order_id").is_in(kept)).equals(after)
    _, after = lost(shop, tmp_path, SOURCE_STOPS)["events"]
    assert len(after.filter(late)) == 0
    before, after = (one.filter(late) for one in lost(shop, tmp_path, FEATURE_SHIFTS)["events"])
    visit = polars.col("order_id").is_null() | (polars.col("order_id") == "")
    assert before.filter(~visit).equals(after.filter(~visit))
    assert len(after.filter(visit)) / len(before.filter(visit)) == pytest.approx(1 / 2, abs=0.06)
