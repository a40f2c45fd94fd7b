from __future__ import annotations

import polars
import pytest

from foretell.generated.calendar import DAY
from foretell.generated.continued.span import TIME_OF, in_order_of_time, rows_between
from foretell.generated.request import ShopRequest
from foretell.generated.shop import SOURCES, generated_blocks

DAYS = 300
SHOP = next(iter(generated_blocks(ShopRequest(150, DAYS, 3))))


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "subscriptions"])
def test_spans_side_by_side_hold_each_row_once(name: str) -> None:
    parts = [rows_between(name, SHOP[name], day * DAY, (day + 60) * DAY) for day in range(0, DAYS, 60)]
    together = polars.concat(polars.DataFrame(part) for part in parts)
    assert together.equals(polars.DataFrame(in_order_of_time(name, SHOP[name])))


def test_an_end_that_is_to_come_is_not_known() -> None:
    whole = polars.DataFrame(SHOP["subscriptions"])
    assert polars.DataFrame(rows_between("subscriptions", SHOP["subscriptions"], 0, DAYS * DAY)).equals(whole)
    ended = whole.drop_nulls("ended_at")
    assert len(ended)
    for day in range(30, DAYS, 30):
        seen = polars.DataFrame(rows_between("subscriptions", SHOP["subscriptions"], 0, day * DAY))
        later = seen.join(ended, on="subscription_id", suffix="_whole").filter(
            polars.col("ended_at_whole") >= polars.datetime(2023, 1, 1) + polars.duration(days=day)
        )
        assert later["ended_at"].is_null().all()
        unsaid = seen.filter(polars.col("asked_to_cancel_at").is_null() & polars.col("ended_at").is_null())
        assert unsaid["reason"].is_null().all()


def test_what_has_no_time_is_told_whole() -> None:
    assert rows_between("truth", SHOP["truth"], 0, 1) is SHOP["truth"]
    assert set(TIME_OF) == set(SOURCES)
