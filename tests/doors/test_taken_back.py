"""Orders that were given back whole: earlier dates see them, today does not, and nothing falls over in between."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import published_run
from foretell.project.progress import Silent

GONE = ("C000", "C001", "C002")
BEGIN, DAYS = datetime(2024, 1, 1), 60
AFTER = "2024-03-02"


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty customers over 60 days; all orders of three of them, and a tenth of the others, were given back."""
    random = np.random.default_rng(3)
    lines = []
    for number in range(40):
        who = f"C{number:03d}"
        for day in np.cumsum(random.exponential(9, 9)):
            if day < DAYS:
                state = "Refunded" if who in GONE or random.uniform() < 0.1 else "Paid"
                moment = BEGIN + timedelta(days=float(day))
                lines.append((moment, f"{who},{moment:%Y-%m-%d %H:%M:%S},{random.gamma(2, 20):.2f},{state}"))
    path = tmp_path_factory.mktemp("taken_back") / "payments.csv"
    rows = [line for _, line in sorted(lines)]
    rows.append(f"C039,{BEGIN + timedelta(days=DAYS):%Y-%m-%d %H:%M:%S},1.00,Failed")
    path.write_text("\n".join(["customer_id,paid_at,amount,status", *rows]) + "\n")
    return path


def run(orders: Path, as_of: str) -> RunOverHorizon:
    request = request_for_files([orders], orders.parent / as_of, horizons=(10,), as_of=as_of, workers=1)
    return published_run(request, Silent()).main


@pytest.fixture(scope="module")
def today(orders: Path) -> RunOverHorizon:
    return run(orders, AFTER)


def test_whose_orders_were_all_given_back_is_no_customer(today: RunOverHorizon) -> None:
    scored = set(today.scores["customer_id"].to_pylist())
    assert not scored & set(GONE)
    assert len(scored) == 37
    segments = today.segmentation.memberships.table()
    assert set(segments["customer_id"].to_pylist()) <= scored


def test_an_earlier_date_sees_those_sales_whole(orders: Path, today: RunOverHorizon) -> None:
    before = run(orders, "2024-02-20")
    assert set(GONE) <= set(before.scores["customer_id"].to_pylist())
    assert today.intake.orders == before.intake.orders


def test_the_forecast_of_segments_is_proved_where_customers_went(today: RunOverHorizon) -> None:
    told = today.segmentation.summaries
    assert {one.segment_set for one in told} >= {"rfm", "value"}
    assert sum(line.customers for line in told[0].segments) == 37
