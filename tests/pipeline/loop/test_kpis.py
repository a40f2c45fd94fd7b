"""The KPIs of a project, as of a published run."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from foretell.pipeline.loop.kpis import campaign_results, declared_kpis, kpi_board
from foretell.project.errors import InputError
from foretell.project.place import Place
from shop import Rows
from shops.acting_shop import acting_shop


def test_the_board_of_a_shop(shop: Rows, shop_run: PublishedRun) -> None:
    board = kpi_board(shop_run.request.place)
    orders = next(one for one in board.kpis if one.part.name == "orders")
    placed = {row["order_no"] for row in shop if orders.begin <= row["sold_at"][:10] < board.as_of}
    assert orders.outlook is not None
    assert orders.outlook.now == len(placed)
    assert campaign_results(shop_run) == []
    assert "campaign profit" not in {one.part.name for one in board.kpis}
    assert board.as_json()["objectives"] == []


def test_a_run_that_is_not_there(shop_run: PublishedRun) -> None:
    with pytest.raises(InputError, match="no such run"):
        kpi_board(shop_run.request.place, "none")


def test_what_is_declared_beside_the_state(tmp_path: Path) -> None:
    place = Place.of_results(tmp_path)
    assert declared_kpis(place) == []
    (tmp_path / "foretell.toml").write_text(
        '[[sources]]\npath = "a.csv"\ncolumns = { customer = "c" }\n[[kpis]]\nname = "orders"\ntarget = 5\n',
        encoding="utf-8",
    )
    assert [part.name for part in declared_kpis(place)] == ["orders"]


def test_campaign_profit_that_was_declared_says_that_nothing_was_acted_on(
    shop_run: PublishedRun, tmp_path: Path
) -> None:
    place = acting_shop(shop_run, tmp_path, '[[kpis]]\nname = "campaign profit"\ntarget = 500\n')
    first = kpi_board(place).kpis[0]
    assert (first.part.name, first.course, first.cannot) == (
        "campaign profit",
        "not known",
        "nothing has been acted on yet",
    )
