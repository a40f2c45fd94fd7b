"""The world: what the project sees of the shop, and that what was kept comes back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars
import pyarrow as pa
import pytest

from foretell.actions.assignments import ASSIGNED
from foretell.generated.request import ShopRequest
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.simulation.drifts import SOURCE_STOPS, Drift
from foretell.pipeline.simulation.world import World
from foretell.project.declaration import read_declaration


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.begun(ShopRequest(200, 100, 5, ahead=28), tmp_path / "world", 12.0)


def test_the_project_declares_files_money_and_a_playbook_and_sees_no_truth(world: World) -> None:
    declared = read_declaration(world.declaration)
    assert declared.project.margin == 0.4
    assert declared.project.seed == 5
    (playbook,) = declared.playbooks
    assert playbook.budget == 12
    assert request_of_declaration(world.declaration).place == world.place
    assert not [path for path in world.project.rglob("*") if "truth" in path.parts or path.suffix == ".parquet"]
    assert world.day(0) == date.fromordinal(date(2023, 1, 1).toordinal() + 100).isoformat()
    assert world.second(2) - world.second(0) == 14 * 86_400


def test_customers_react_to_the_rows_of_the_ledger_and_drifts_reach_the_project_alone(world: World) -> None:
    at = int((date.fromisoformat(world.day(0)) - date(1970, 1, 1)).days) * 86_400_000_000
    row = {
        "customer_id": "C000001", "assigned_at": at, "playbook": "p", "campaign": "p 1", "arm": "treated",
        "offer": "letter", "channel": "post", "cost": 1.0, "stratum": "s", "propensity": 0.8,
    }  # fmt: skip
    signed_up = polars.read_parquet(world.shop / "truth" / "customers.parquet").sort("signed_up_at")["customer_id"][0]
    drift = Drift(SOURCE_STOPS, world.day(0))
    world.goes_on(pa.Table.from_pylist([row | {"customer_id": signed_up}], schema=ASSIGNED), drift)
    contacts = polars.read_csv(world.project / "contacts.csv").filter(polars.col("campaign") == "p 1")
    assert contacts["customer_id"].to_list() == [signed_up]
    assert contacts["time"].to_list() == [f"{world.day(0)} 00:00:00"]
    late = polars.col("time") >= world.day(0)
    assert len(polars.read_csv(world.shop / "events.csv").filter(late)) > 0
    assert len(polars.read_csv(world.project / "events.csv").filter(late)) == 0


def test_what_was_kept_comes_back_as_often_as_it_is_wanted(world: World) -> None:
    world.kept()
    before = {path.name: path.read_bytes() for path in world.shop.glob("*.csv")}
    for _ in range(2):
        world.goes_on(None, None)
        assert (world.shop / "orders.csv").read_bytes() != before["orders.csv"]
        world.restored()
        assert {path.name: path.read_bytes() for path in world.shop.glob("*.csv")} == before
