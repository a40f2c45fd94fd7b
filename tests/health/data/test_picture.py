"""The picture of a log: what a plain count over its source says as well."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from pathlib import Path

import numpy as np

from foretell.health.data.picture import Moments, pictured
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.project.intervals import MICROSECONDS_PER_DAY, to_microseconds
from foretell.project.progress import Silent
from shops.faulty_shop import clean_shop


def test_moments_add_up_and_nothing_adds_nothing() -> None:
    at = np.array([5, 90_000_000_000, 100_000_000_000], dtype=np.int64)
    whole, parts = (
        Moments.of(at, at + 7, "UTC"),
        Moments.of(at[:1], at[:1] + 7, "UTC") + Moments.of(at[1:], at[1:], "UTC"),
    )
    assert whole.days.counts.tolist() == parts.days.counts.tolist() == [1, 2]
    assert (parts.first_at, parts.last_at, whole.known_at) == (5, 100_000_000_000, 100_000_000_007)
    assert (Moments() + whole).hours.codes.tolist() == (whole + Moments()).hours.codes.tolist() == [0, 25, 27]


def test_the_picture_of_a_shop_is_what_a_plain_count_says(tmp_path: Path) -> None:
    shop = clean_shop(3, customers=40, orders=400)
    request = request_of_declaration(shop.write(tmp_path), buckets=4)
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    log = brought_up_to_date(settled, files, columns, Silent())
    found = pictured(log.engine, log.intake, "UTC", "")
    orders, events = found.tables
    at = {one.number: to_microseconds(one.at.replace(tzinfo=UTC)) for one in shop.orders}
    assert dict(zip(orders.moments.days.codes.tolist(), orders.moments.days.counts.tolist(), strict=True)) == Counter(
        moment // MICROSECONDS_PER_DAY for moment in at.values()
    )
    assert (orders.moments.first_at, orders.moments.last_at) == (min(at.values()), max(at.values()))
    placed = Counter({one.number: one.customer for one in shop.orders}.values())
    assert found.largest.orders.values.tolist() == sorted(placed.values(), reverse=True)[:64]
    assert found.largest.orders.total == len(at)
    money: Counter[str] = Counter()
    for one in shop.orders:
        money[one.number] += round(one.amount * 10_000)
    assert found.largest.amounts.values.tolist() == sorted(money.values(), reverse=True)[:64]
    assert (events.customers, events.met, events.ordered) == (len(placed),) * 3
    assert events.rows == len(shop.visits)
