"""The columns of the next order: those of the run, in keeping with the chances that are served."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.backtest.proof import Proof
from foretell.forecasts.next_order.columns import (
    NEXT_ORDER,
    NEXT_ORDER_MODEL,
    next_order_columns,
    next_order_model,
)
from foretell.forecasts.next_order.forecast import DAYS_OF_SHARES
from foretell.forecasts.next_order.model import BASELINE
from foretell.pipeline.intake.log import kept_engine
from foretell.storage.work import Work
from planned_logs import planned_log


@pytest.fixture(scope="module")
def columns(shop_main: RunOverHorizon) -> pa.Table:
    fitted = shop_main.read(NEXT_ORDER_MODEL).fitted
    return next_order_columns(kept_engine(shop_main.request), shop_main.plan, fitted, shop_main.customers)


def test_the_run_keeps_what_its_model_gives(columns: pa.Table, shop_main: RunOverHorizon) -> None:
    assert columns.equals(shop_main.read(NEXT_ORDER))
    assert columns.equals(shop_main.scores.select(columns.column_names))
    assert columns.column_names == [*DAYS_OF_SHARES, "p_no_repeat", "overdue"]


def test_who_returns_and_who_does_not_agrees_with_the_chance(columns: pa.Table, shop_main: RunOverHorizon) -> None:
    never, chance = columns["p_no_repeat"].to_numpy(), shop_main.customers["p_purchase"].to_numpy()
    assert (1 - never >= chance - 1e-9).all()
    dated = np.array([day is not None for day in columns["next_order_date"].to_pylist()])
    np.testing.assert_array_equal(dated, never <= 0.5)
    today = date.fromisoformat(shop_main.plan.as_of_day())
    assert min(day for day in columns["next_order_low"].to_pylist() if day) >= today


def test_a_log_that_is_too_short_is_served_by_the_baseline_with_its_reason(tmp_path: Path) -> None:
    rows = "".join(f"C{number % 3},2024-01-{number + 1:02d},5\n" for number in range(9))
    (tmp_path / "orders.csv").write_text(f"customer_id,date,amount\n{rows}")
    engine, plan = planned_log(tmp_path / "orders.csv", tmp_path / "out", horizons=(30,))
    found = next_order_model(engine, plan, Proof((), (), {}, {}, {}, "too short"), Work())
    assert found.proof.serving == BASELINE
    assert found.proof.reason == f"{BASELINE} serves: the log is too short for a test at a past cutoff."
    assert found.fitted.name in (BASELINE, "rate")
    assert found.proof.rows == ()
