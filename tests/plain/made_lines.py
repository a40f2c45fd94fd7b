"""Hypothesis-made order lines that share customers, orders and days."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import strategies as st

from foretell.customer_log.schema import ORDER_LINES

DAY = 86_400_000_000
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(["a", "b"]) | st.text(min_size=1, max_size=70),
            "happened_at": st.integers(-2, 4).map(lambda d: d * DAY) | st.integers(0, 9 * DAY),
            "known_at": st.integers(5 * DAY, 14 * DAY),
            "order_id": st.sampled_from([None, "7", "8", "08", "C7"]),
            "product": st.sampled_from([None, "p", "q"]),
            "category": st.sampled_from([None, "k"]),
            "quantity": st.sampled_from([None, 2.0, -3.0, 0.5]),
            "amount": st.integers(-9, 9),
        }
    ),
    max_size=14,
)


def table(rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=ORDER_LINES)
