"""What customers did in windows of their own, beside a slow count over the rows of the file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from foretell.answers.published import PublishedRun
from foretell.outcomes.customer_outcomes import BEFORE_DAYS, Followed, outcomes_of
from foretell.pipeline.intake.log import kept_engine
from foretell.project.intervals import days, to_microseconds
from shop import Rows

BEGIN = datetime(2024, 5, 1, tzinfo=UTC)
WINDOW, VALID = 30, 10


def test_orders_and_spend_are_counted_in_half_open_windows(shop: Rows, shop_run: PublishedRun) -> None:
    ids = [*sorted({row["customer"] for row in shop})[:60], "nobody"]
    moments = [BEGIN + timedelta(days=at % 40, hours=at % 7) for at in range(len(ids))]
    first = next(row for row in shop if row["customer"] == ids[3] and row["sold_at"] > "2024-05-10")
    moments[3] = datetime.fromisoformat(first["sold_at"]).replace(tzinfo=UTC)
    followed = Followed(
        pa.array(ids), np.array([to_microseconds(one) for one in moments]), WINDOW, np.full(len(ids), VALID)
    )
    until = BEGIN + timedelta(days=60)
    found = outcomes_of(kept_engine(shop_run.request), followed, to_microseconds(until))
    for at, (who, moment) in enumerate(zip(ids, moments, strict=True)):
        own = [
            (datetime.fromisoformat(row["sold_at"]).replace(tzinfo=UTC), row["order_no"], float(row["amount"]))
            for row in shop
            if row["customer"] == who
        ]
        own = [one for one in own if one[0] < until]
        within = [one for one in own if moment <= one[0] < moment + timedelta(days=WINDOW)]
        early = [one for one in within if one[0] < moment + timedelta(days=VALID)]
        before = [one for one in own if moment - timedelta(days=BEFORE_DAYS) <= one[0] < moment]
        told = [(len({one[1] for one in rows}), sum(one[2] for one in rows)) for rows in (within, early, before)]
        values = (
            (found.orders[at], found.spend[at]),
            (found.offered_orders[at], found.offered[at]),
            (found.orders_before[at], found.spend_before[at]),
        )
        np.testing.assert_allclose(values, told, atol=1e-6)
    assert found.orders[3] >= 1
    assert found.orders.sum() > 20
    assert np.isnan(found.discount).all()
    complete = followed.is_complete(to_microseconds(until))
    assert complete.tolist() == [one + timedelta(days=WINDOW) <= until for one in moments]
    assert followed.is_complete(int(followed.since[0]) + days(WINDOW) - 1)[0] == np.False_
