from __future__ import annotations

import json
import os
import shutil
from hashlib import sha256
from pathlib import Path

import polars
import pytest

from foretell.generated import request
from foretell.generated.continued.going_on import Continued, continue_shop
from foretell.generated.request import ShopRequest
from foretell.generated.shop import SOURCES, write_shop
from foretell.project.errors import InputError
from foretell.project.progress import Silent

DAYS, AHEAD = 200, 90


def on(folder: Path, days: int, assignments: Path | None = None) -> Continued:
    return continue_shop(folder, days, assignments, Silent())


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop of three blocks that can go on by 90 days."""
    monkeypatch.setattr(request, "BLOCK", 100)
    write_shop(ShopRequest(250, DAYS, 3, ahead=AHEAD), tmp_path / "shop", Silent())
    return tmp_path / "shop"


@pytest.fixture
def assignments(shop: Path, tmp_path: Path) -> Path:
    """Everybody known to the shop, by turns treated and held back, on the 26th day of those to come."""
    known = polars.read_csv(shop / "profiles.csv").unique("customer_id", maintain_order=True)["customer_id"]
    frame = polars.DataFrame({"customer_id": known}).with_columns(
        polars.lit("2023-08-14T10:00:00").alias("assigned_at"),
        polars.lit("win back").alias("playbook"),
        polars.lit("august").alias("campaign"),
        polars.when(polars.int_range(polars.len()) % 2 == 0)
        .then(polars.lit("treated"))
        .otherwise(polars.lit("control"))
        .alias("arm"),
        polars.lit("10 % off").alias("offer"),
        polars.lit("email").alias("channel"),
        polars.lit("0.02").alias("cost"),
    )
    frame.write_csv(tmp_path / "assignments.csv")
    return tmp_path / "assignments.csv"


@pytest.mark.parametrize("reacts", [False, True])
def test_thirty_days_and_thirty_are_sixty(shop: Path, assignments: Path, tmp_path: Path, reacts: bool) -> None:
    shutil.copytree(shop, tmp_path / "at once")
    file = assignments if reacts else None
    on(shop, 30, file)
    on(shop, 30)
    on(tmp_path / "at once", 60, file)
    assert contents(shop) == contents(tmp_path / "at once")


def test_what_was_there_stays_byte_for_byte(shop: Path, assignments: Path) -> None:
    before = {name: (shop / f"{name}.csv").read_bytes() for name in SOURCES}
    customers = (shop / "truth" / "customers.parquet").read_bytes()
    done = on(shop, 60, assignments)
    assert done.days == DAYS + 60
    for name, old in before.items():
        now = (shop / f"{name}.csv").read_bytes()
        assert now.count(b"\n") - old.count(b"\n") == done.rows[name], name
        assert name == "subscriptions" or (now.startswith(old) and done.rows[name] > 0), name
    assert (shop / "truth" / "customers.parquet").read_bytes() == customers


def test_without_assignments_the_end_is_the_shop_drawn_so_long(shop: Path, tmp_path: Path) -> None:
    on(shop, AHEAD)
    write_shop(ShopRequest(250, DAYS + AHEAD, 3), tmp_path / "long", Silent())
    for name in SOURCES:
        ours, long = (sorted((place / f"{name}.csv").read_text().splitlines()) for place in (shop, tmp_path / "long"))
        assert ours == long, name


def test_orders_of_reactions_have_numbers_of_their_own_and_the_truth_is_beside(shop: Path, assignments: Path) -> None:
    on(shop, AHEAD, assignments)
    orders = polars.read_csv(shop / "orders.csv")
    owners = orders.group_by("order_id").agg(polars.col("customer_id").n_unique())
    assert owners["customer_id"].max() == 1
    truth = polars.read_parquet(shop / "truth" / "assignments.parquet")
    asked = polars.read_csv(assignments)
    assert set(truth["customer_id"]) == set(asked["customer_id"])
    contacts = polars.read_csv(shop / "contacts.csv").filter(polars.col("campaign") == "august")
    assert dict(contacts["arm"].value_counts().iter_rows()) == dict(asked["arm"].value_counts().iter_rows())
    (campaign,) = json.loads((shop / "truth" / "campaigns.json").read_text())["campaigns"]
    assert campaign["treated"] + campaign["control"] == len(asked)
    assert campaign["mean_extra_orders_60"] == pytest.approx(truth["extra_orders_60"].mean())
    of_treated = truth.filter(polars.col("arm") == "treated")["extra_spend_30"].sum()
    assert campaign["treated_extra_spend_30"] == pytest.approx(of_treated)


@pytest.mark.parametrize("killed_at", range(1, 12))
def test_interrupted_while_it_moves_the_next_call_finishes(
    shop: Path, assignments: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    shutil.copytree(shop, tmp_path / "whole")
    on(tmp_path / "whole", 30, assignments)
    before, moves, move = contents(shop), iter(range(1, 100)), os.replace

    def replace(old: Path, new: Path) -> None:
        if next(moves) == killed_at:
            raise KeyboardInterrupt
        move(old, new)

    with monkeypatch.context() as killing:
        killing.setattr(os, "replace", replace)
        if killed_at <= len(SOURCES) + 3:
            with pytest.raises(KeyboardInterrupt):
                on(shop, 30, assignments)
            assert on_again(shop, killing, move) == Continued(DAYS + 30, {}, resumed=True)
        else:
            on(shop, 30, assignments)
    assert contents(shop) == contents(tmp_path / "whole") != before


def on_again(folder: Path, killing: pytest.MonkeyPatch, move: object) -> Continued:
    killing.setattr(os, "replace", move)
    return on(folder, 30)


def test_interrupted_before_it_moves_nothing_has_changed(
    shop: Path, assignments: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(shop)

    def killed(old: Path, new: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killing:
        killing.setattr(os, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            on(shop, 30, assignments)
    assert {name: text for name, text in contents(shop).items() if not name.startswith(".")} == before
    assert on(shop, 30).days == DAYS + 30
    assert not list(shop.glob(".*"))


def test_what_cannot_be_is_refused_and_changes_nothing(shop: Path, assignments: Path) -> None:
    before = contents(shop)
    for days in (0, AHEAD + 1):
        with pytest.raises(InputError, match="go on so far"):
            on(shop, days)
    with pytest.raises(InputError, match="cannot be used"):
        on(shop, 10, assignments)
    assignments.write_text(assignments.read_text().replace("C000001,", "C999999,"))
    with pytest.raises(InputError, match="nobody whom the shop knows"):
        on(shop, 30, assignments)
    assert contents(shop) == before
    on(shop, AHEAD)
    with pytest.raises(InputError, match="all days that were drawn"):
        on(shop, 1)
