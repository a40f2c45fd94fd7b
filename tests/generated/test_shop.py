from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.generated import request
from foretell.generated.request import ShopRequest
from foretell.generated.shop import SOURCES, generated_blocks, write_shop
from foretell.project.declaration import read_declaration
from foretell.project.errors import InputError
from foretell.project.progress import Silent

TIMES = ("time", "since", "signed_up_at", "started_at", "asked_to_cancel_at", "ended_at")


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@given(st.integers(1, 300), st.integers(1, 900), st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=25)
def test_every_shop_can_be_read_and_holds_together(customers: int, days: int, seed: int, drifts: bool) -> None:
    asked = ShopRequest(customers, days, seed, (days + 1) // 2 if drifts else None)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "shop"
        rows = write_shop(asked, folder, Silent())
        truth = polars.read_parquet(folder / "truth" / "customers.parquet")
        frames = {
            name: polars.read_csv(folder / f"{name}.csv", infer_schema=False).with_columns(
                polars.col(column).str.to_datetime("%Y-%m-%d %H:%M:%S")
                for column in TIMES
                if column in SHOP_COLUMNS[name]
            )
            for name in SOURCES
        }
    assert rows == {name: len(frame) for name, frame in {**frames, "truth": truth}.items()}
    assert truth["customer_id"].to_list() == [f"C{n:06d}" for n in range(1, customers + 1)]
    first, end = polars.datetime(2023, 1, 1), polars.datetime(2023, 1, 1) + polars.duration(days=days)
    for name, frame in frames.items():
        assert set(frame["customer_id"]) <= set(truth["customer_id"]), name
        for column in set(frame.columns) & set(TIMES):
            outside = frame.filter((polars.col(column) < first) | (polars.col(column) >= end))
            assert outside.is_empty(), (name, column)
    orders = frames["orders"].join(truth, on="customer_id")
    assert set(orders["customer_id"]) == set(truth["customer_id"])
    assert (orders["leaves_at"].is_null() | (orders["time"] < orders["leaves_at"])).all()
    assert set(frames["events"]["order_id"].drop_nulls()) == set(frames["orders"]["order_id"])


SHOP_COLUMNS = {name: set(roles.values()) for name, roles in SOURCES.items()}


def test_the_same_numbers_give_the_same_bytes_and_others_do_not(tmp_path: Path) -> None:
    for name, asked in (("a", (60, 400, 3)), ("b", (60, 400, 3)), ("c", (60, 400, 4))):
        write_shop(ShopRequest(*asked), tmp_path / name, Silent())
    same, other = digests(tmp_path / "a"), digests(tmp_path / "c")
    assert same == digests(tmp_path / "b")
    assert {name for name in same if same[name] == other[name]} == set()
    assert set(same) == {
        "foretell.toml", "truth/customers.parquet", "truth/parameters.json", "truth/README.txt",
        *(f"{name}.csv" for name in SOURCES),
    }  # fmt: skip


def test_blocks_go_on_where_the_one_before_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "BLOCK", 40)
    blocks = list(generated_blocks(ShopRequest(100, 300)))
    orders = polars.concat(polars.DataFrame(block["orders"]) for block in blocks)
    owners = orders.group_by("order_id").agg(polars.col("customer_id").n_unique())
    assert len(blocks) == 3
    assert owners["customer_id"].max() == 1
    numbers = sorted(int(order[1:]) for order in owners["order_id"])
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="folder of its own"):
        write_shop(ShopRequest(3, 30), tmp_path, Silent())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(InputError, match="folder of its own"):
        write_shop(ShopRequest(3, 30), tmp_path / "mine.txt", Silent())


def test_an_empty_folder_is_filled_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    write_shop(ShopRequest(3, 30), tmp_path / "shop", Silent())
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]
    assert (tmp_path / "shop" / "foretell.toml").is_file()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_shop(ShopRequest(3, 30), tmp_path / "file" / "shop", Silent())


def test_the_declaration_names_every_file_with_columns_that_are_there(tmp_path: Path) -> None:
    write_shop(ShopRequest(3, 30), tmp_path / "shop", Silent())
    declared = read_declaration(tmp_path / "shop" / "foretell.toml")
    assert [source.table for source in declared.sources] == list(SOURCES)
    for source in declared.sources:
        header = (tmp_path / "shop" / str(source.path)).read_text().splitlines()[0].split(",")
        assert set(source.columns.values()) <= set(header)
