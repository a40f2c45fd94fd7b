"""The planted truth, beside what a shop that goes on writes into its files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.generated.calendar import DAY, FIRST_DAY
from foretell.generated.continued.going_on import continue_shop
from foretell.generated.continued.planted import Planted
from foretell.generated.request import ShopRequest
from foretell.generated.shop import write_shop
from foretell.project.progress import Silent

REQUEST = ShopRequest(250, 200, 4, ahead=100)
PLANTED = Planted.of(REQUEST)
NOW = REQUEST.days * DAY


def known(count: int) -> pa.Array:
    customers = PLANTED.blocks[0].customers
    numbers = customers.number[customers.signed_up < NOW][:count]
    return pa.array([f"C{number + 1:06d}" for number in numbers], pa.string())


def test_the_effect_is_that_which_a_continued_shop_writes_down(tmp_path: Path) -> None:
    ids = known(60)
    arm = ["treated", "control"] * 30
    lines = ["customer_id,assigned_at,playbook,campaign,arm,offer,channel,cost"]
    day = polars.date(2023, 1, 1) + polars.duration(days=REQUEST.days)
    (moment,) = polars.select(day.cast(polars.String)).to_series()
    lines += [f"{one},{moment},p,c,{own},o,post,1" for one, own in zip(ids.to_pylist(), arm, strict=True)]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    write_shop(REQUEST, tmp_path / "shop", Silent())
    continue_shop(tmp_path / "shop", 100, tmp_path / "a.csv", Silent())
    told = polars.DataFrame(pq.read_table(tmp_path / "shop" / "truth" / "assignments.parquet")).sort("customer_id")
    for days in (30, 90):
        extra = PLANTED.extra(ids, NOW, days)
        np.testing.assert_allclose(extra.orders, told[f"extra_orders_{days}"].to_numpy())
        np.testing.assert_allclose(extra.spend, told[f"extra_spend_{days}"].to_numpy())


def test_what_is_done_of_their_own_accord_is_what_the_files_say_without_assignments(tmp_path: Path) -> None:
    write_shop(REQUEST, tmp_path / "shop", Silent())
    continue_shop(tmp_path / "shop", 100, None, Silent())
    rows = polars.read_csv(tmp_path / "shop" / "orders.csv", try_parse_dates=True)
    begin = polars.datetime(FIRST_DAY.year, 1, 1) + polars.duration(days=REQUEST.days)
    inside = (polars.col("time") >= begin) & (polars.col("time") < begin + polars.duration(days=40))
    rows = rows.filter(inside & (polars.col("status") != "failed"))
    spend = dict(rows.group_by("customer_id").agg(polars.col("amount").sum()).iter_rows())
    paid = rows.filter(polars.col("status") == "paid").group_by("customer_id")
    orders = dict(paid.agg(polars.col("order_id").n_unique()).iter_rows())
    ids = known(200)
    found = PLANTED.own(ids, NOW, 40)
    assert found.orders.sum() > 10
    assert found.orders.tolist() == [orders.get(one, 0) for one in ids.to_pylist()]
    np.testing.assert_allclose(found.spend, [spend.get(one, 0.0) for one in ids.to_pylist()], atol=1e-6)


def test_draws_differ_by_number_and_have_the_planted_mean() -> None:
    ids = known(200)
    count, draws = len(ids), 60
    treated, held = np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
    first = PLANTED.drawn(ids, NOW, 30, treated, 0)
    assert first.orders.tolist() == PLANTED.drawn(ids, NOW, 30, treated, 0).orders.tolist()
    assert first.orders.tolist() != PLANTED.drawn(ids, NOW, 30, treated, 1).orders.tolist()
    sums = [
        PLANTED.drawn(ids, NOW, 30, treated, draw).orders.sum()
        - PLANTED.drawn(ids, NOW, 30, held, draw + draws).orders.sum()
        for draw in range(draws)
    ]
    extra = PLANTED.extra(ids, NOW, 30).orders.sum()
    assert extra > 3
    assert abs(np.mean(sums) - extra) < 4 * np.std(sums) / np.sqrt(draws)


def test_who_has_left_is_moved_by_nothing() -> None:
    block = PLANTED.blocks[0]
    gone = np.flatnonzero((block.leaving.last_order < NOW) & (block.customers.signed_up < NOW))
    ids = pa.array([f"C{number + 1:06d}" for number in block.customers.number[gone]], pa.string())
    assert len(ids) > 5
    assert PLANTED.extra(ids, NOW).orders.tolist() == [0.0] * len(ids)
    assert PLANTED.extra(ids, NOW).spend.tolist() == pytest.approx([0.0] * len(ids))
