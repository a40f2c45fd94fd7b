from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.folding import LINE_ORDER, equal_lines, folded, in_line_order, keyed, local_day
from foretell.customer_log.schema import ORDER_LINES
from foretell.project.fingerprints import keys_of

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


@settings(max_examples=60)
@given(LINES)
def test_parts_are_those_of_a_loop(rows: list[dict[str, object]]) -> None:
    lines = keyed(table(rows), "UTC")
    groups = defaultdict(list)
    for line in lines.to_pylist():
        groups[line["customer_key"], line["order_key"], line["visible_day"]].append(line)
    parts = folded(in_line_order(lines)).to_pylist()
    assert len(parts) == len(groups)
    for part in parts:
        own = groups[part["customer_key"], part["order_key"], part["visible_day"]]
        assert part["customer_id"] == own[0]["customer_id"]
        assert part["happened_at"] == min(line["happened_at"] for line in own)
        assert part["known_at"] == max(line["known_at"] for line in own)
        assert part["amount"] == sum(line["amount"] for line in own)
        assert part["units"] == sum(line["units"] for line in own)
        assert (part["lines"], part["sold"]) == (len(own), sum(max(line["amount"], 0) for line in own))
    order = [tuple(p[name] for name in ("customer_key", "happened_at", "order_key", "known_at")) for p in parts]
    assert order == sorted(order)


@given(LINES)
def test_line_order_is_that_of_a_sort(rows: list[dict[str, object]]) -> None:
    lines = keyed(table(rows), "UTC")
    found = [tuple(line[name] for name in LINE_ORDER) for line in in_line_order(lines).to_pylist()]
    assert found == sorted(tuple(line[name] for name in LINE_ORDER) for line in lines.to_pylist())
    assert equal_lines(in_line_order(lines)) == len(found) - len(set(found))


@given(LINES.filter(bool))
def test_keys_are_those_of_the_project(rows: list[dict[str, object]]) -> None:
    lines = keyed(table(rows), "UTC")
    assert lines["customer_key"].to_pylist() == keys_of(lines["customer_id"].to_pylist()).tolist()
    named = [(text, key) for text, key in zip(*(lines[n].to_pylist() for n in ("product", "product_key")), strict=True)]
    assert all((text is None) == (key == 0) for text, key in named)


def test_orders_are_known_by_number_text_or_day() -> None:
    made = [("7", 0), ("0007", 0), ("A7", 0), (None, 3), (None, 3), ("9" * 16, 0)]
    rows = [
        {"customer_id": "x", "happened_at": d * DAY, "known_at": d * DAY, "order_id": o, "amount": 1} for o, d in made
    ]
    keys = keyed(table(rows), "UTC")["order_key"].to_pylist()
    assert keys[0] == 7
    assert keys[3:5] == [-4, -4]
    assert len(set(keys)) == 5
    assert all(key & 1 << 60 for key in (keys[1], keys[2], keys[5]))
    only_numbers = keyed(table([row for row in rows if row["order_id"] == "7"]), "UTC")["order_key"].to_pylist()
    assert only_numbers == [7]


@pytest.mark.parametrize(
    ("quantity", "units"), [(None, 1000), (float("nan"), 1000), (2.0, 2000), (-0.5, 500), (1e300, 10**15)]
)
def test_units_are_thousandths_without_a_sign(quantity: float | None, units: int) -> None:
    row = {"customer_id": "x", "happened_at": 0, "known_at": 0, "quantity": quantity, "amount": 1}
    assert keyed(table([row, {**row, "quantity": 1.0}]), "UTC")["units"].to_pylist() == [units, 1000]
    assert keyed(table([row]), "UTC")["units"].to_pylist() == [units]


def test_days_are_local() -> None:
    moments = np.array([-1, 0, 82_800_000_000 - 1, 82_800_000_000])
    assert local_day(moments, "UTC").tolist() == [-1, 0, 0, 0]
    assert local_day(moments, "Europe/Paris").tolist() == [0, 0, 0, 1]
