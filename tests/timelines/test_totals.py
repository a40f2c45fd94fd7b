"""What a log holds in all is what adding up its lines by hand gives."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.store import Store
from foretell.timelines.engine import engine_over
from foretell.timelines.totals import Totals, totals_of
from made_orders import DAY
from made_store import loaded
from made_views import bought

LINES = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 9), st.integers(0, 40), st.booleans(), st.booleans()), max_size=25
)


def test_an_empty_log_holds_nothing(tmp_path: Path) -> None:
    assert totals_of(engine_over(Store(tmp_path, "made", "UTC"), "net")) == Totals()


@settings(max_examples=25)
@given(LINES, st.integers(1, 3))
def test_orders_customers_spend_and_refunds(lines: list[tuple[str, int, int, bool, bool]], buckets: int) -> None:
    """A line is (customer, day, money, whether it was given back, whether it ended)."""
    made = [
        bought(day, -money - 1 if is_back else money, who, gone_at=40 * DAY if has_ended else None)
        for who, day, money, is_back, has_ended in lines
    ]
    with tempfile.TemporaryDirectory() as folder:
        found = totals_of(engine_over(loaded(Path(folder), made, buckets=buckets), "gross")) if made else Totals()
    stays = [line for line in lines if not line[4]]
    orders = {(who, day) for who, day, _, is_back, _ in stays if not is_back}
    back = sum(money + 1 for _, _, money, is_back, _ in stays if is_back)
    assert (found.orders, found.customers) == (len(orders), len({who for who, _ in orders}))
    assert found.refunds == pytest.approx(back)
    assert found.spend == pytest.approx(sum(money for _, _, money, is_back, _ in stays if not is_back) - back)
