from __future__ import annotations

import pytest
from hypothesis import given

from foretell.customer_log.keyed_lines import keyed
from foretell.project.fingerprints import keys_of
from made_lines import DAY, LINES, table


@given(LINES.filter(bool))
def test_keys_are_those_of_the_project(rows: list[dict[str, object]]) -> None:
    lines, customers, _ = keyed(table(rows), "UTC")
    assert lines["customer_key"].to_pylist() == keys_of([str(row["customer_id"]) for row in rows]).tolist()
    named = dict(zip(customers["customer_key"].to_pylist(), customers["customer_id"].to_pylist(), strict=True))
    assert [named[key] for key in lines["customer_key"].to_pylist()] == [row["customer_id"] for row in rows]
    products = zip(lines["product"].to_pylist(), lines["product_key"].to_pylist(), strict=True)
    assert all((text is None) == (key == 0) for text, key in products)


def test_orders_are_known_by_number_text_or_day() -> None:
    made = [("7", 0), ("0007", 0), ("A7", 0), (None, 3), (None, 3), ("9" * 16, 0)]
    rows: list[dict[str, object]] = [
        {"customer_id": "x", "happened_at": d * DAY, "known_at": d * DAY, "order_id": o, "amount": 1} for o, d in made
    ]
    keys = keyed(table(rows), "UTC").lines["order_key"].to_pylist()
    assert keys[0] == 7
    assert keys[3:5] == [-4, -4]
    assert len(set(keys)) == 5
    assert all(key & 1 << 60 for key in (keys[1], keys[2], keys[5]))
    only_numbers = keyed(table([row for row in rows if row["order_id"] == "7"]), "UTC").lines["order_key"].to_pylist()
    assert only_numbers == [7]


@pytest.mark.parametrize(
    ("quantity", "units"), [(None, 1000), (float("nan"), 1000), (2.0, 2000), (-0.5, 500), (1e300, 10**15)]
)
def test_units_are_thousandths_without_a_sign(quantity: float | None, units: int) -> None:
    row = {"customer_id": "x", "happened_at": 0, "known_at": 0, "quantity": quantity, "amount": 1}
    assert keyed(table([row, {**row, "quantity": 1.0}]), "UTC").lines["units"].to_pylist() == [units, 1000]
    assert keyed(table([row]), "UTC").lines["units"].to_pylist() == [units]
