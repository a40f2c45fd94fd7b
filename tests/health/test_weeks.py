"""Weeks hold what the log holds, whole weeks up to the as-of date, in any number of buckets the same."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.health.weeks import Weeks, weeks_of
from foretell.pipeline.intake.log import kept_engine
from foretell.timelines.bucket import EVERY_KEY
from planned_logs import planned_log
from shop import Rows


@pytest.fixture(scope="module")
def weeks(shop_main: RunOverHorizon) -> Weeks:
    plan = shop_main.plan
    return weeks_of(kept_engine(shop_main.request), plan.as_of, plan.as_of_day(), EVERY_KEY)


def week_of(day: str, weeks: Weeks) -> int:
    return (date.fromisoformat(day) - date.fromisoformat(weeks.begin)).days // 7


def test_they_count_orders_lines_and_amounts(shop: Rows, shop_main: RunOverHorizon, weeks: Weeks) -> None:
    known = [row for row in shop if row["sold_at"] < shop_main.plan.as_of_day()]
    of_order = {row["order_no"]: row["sold_at"][:10] for row in known}
    orders = Counter(week_of(day, weeks) for day in of_order.values())
    lines = Counter(week_of(row["sold_at"][:10], weeks) for row in known)
    days = Counter(week_of(day, weeks) for _, day in {(row["customer"], row["sold_at"][:10]) for row in known})
    for found, expected in ((weeks.orders, orders), (weeks.lines, lines), (weeks.purchase_days, days)):
        assert found.tolist() == [expected[week] for week in range(len(weeks))]
    amounts = np.zeros(len(weeks))
    for row in known:
        if (week := week_of(row["sold_at"][:10], weeks)) >= 0:
            amounts[week] += float(row["amount"])
    np.testing.assert_allclose(weeks.amount, amounts)
    assert weeks.product_lines.tolist() == weeks.lines.tolist()
    assert not weeks.refunds.any()
    assert weeks.day(len(weeks)) == shop_main.plan.as_of_day()


def test_refunds_and_lines_without_a_product_are_told_apart(tmp_path: Path) -> None:
    lines = ["customer_id,date,amount,order_id,product_id"]
    for day in range(1, 29):
        lines.append(f"C{day % 7},2024-03-{day:02d},{10 + day}.50,O{day},{'P1' if day > 14 else ''}")
    lines.append("C1,2024-03-27,-5.00,O1,P1")
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(lines) + "\n")
    engine, plan = planned_log(path, tmp_path / "out", as_of="2024-03-29", horizons=(7,))
    found = weeks_of(engine, plan.as_of, "2024-03-29", EVERY_KEY)
    assert found.orders.tolist() == [7.0] * len(found)
    assert found.refunds.sum() == 1
    assert found.refunds[-1] == 1
    assert (found.product_lines > 0).tolist() == [False] * (len(found) - 2) + [True, True]
