"""Prices: lines that are far too dear for their product, where that has a price of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.customer_log.schema import NEVER
from foretell.health.data.largest import Ranked
from foretell.health.data.prices import dear_lines, outlying_prices
from planned_logs import log_of

PRICES = {
    "steady": [10.0] * 9 + [12.0] * 3,
    "wild": [1.0, 5.0, 40.0, 90.0, 400.0, 2.0, 900.0, 3.0, 1200.0],
    "rare": [2.0] * 6,
}


@pytest.mark.parametrize(
    ("product", "price", "times"), [("steady", 290.0, 0), ("steady", 1000.0, 100), ("rare", 900.0, 0)]
)
def test_lines_are_set_against_the_usual_price_of_their_product(
    tmp_path: Path, product: str, price: float, times: int
) -> None:
    rows = [(name, each) for name, own in PRICES.items() for each in own] + [(product, price)]
    text = "".join(f"{n},c{n},2024-01-{n % 28 + 1:02d},{2 * each},{name},2\n" for n, (name, each) in enumerate(rows))
    (tmp_path / "orders.csv").write_text("order,customer,date,amount,product,quantity\n" + text)
    columns = "order=order,customer=customer,time=date,amount=amount,product=product,quantity=quantity"
    log = log_of(tmp_path / "orders.csv", tmp_path / "out", columns=columns)
    found = Ranked()
    for one in log.engine.over(dear_lines, NEVER):
        found += one
    assert (found.values // 100).tolist() == ([times] if times else [])
    assert found.customers == ((f"c{len(rows) - 1}",) if times else ())
    told = outlying_prices(found, 50_000_000, "UTC")
    assert [one.severity for one in told] == (["warning"] if times else [])
    assert [one.severity for one in outlying_prices(found, 10**9 * 10, "UTC")] == (["remark"] if times else [])
