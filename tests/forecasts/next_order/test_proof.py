"""The next order in the workflow: proved at past cutoffs, in accord with the served chance, on logs of every kind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.backtest.proof import Proof
from foretell.examples.plan import Plan
from foretell.forecasts.next_order.curve import FURTHEST_DAYS
from foretell.forecasts.next_order.forecast import DAYS_OF_SHARES
from foretell.forecasts.next_order.model import BASELINE, OURS
from foretell.forecasts.next_order.past_forecasts import GAPS, OWN_GAP, THROUGH
from foretell.forecasts.next_order.proof import (
    NEXT_ORDER,
    NEXT_ORDER_MODEL,
    NextOrderModel,
    NextOrderProof,
    fit_next_order,
    forecast,
    landmark_cutoffs,
    next_order_columns,
    next_order_model,
    proof_cutoffs,
    prove_next_order,
)
from foretell.pipeline.intake.log import kept_engine
from foretell.storage.work import Work
from foretell.timelines.engine import Engine
from kept import read_again
from planned_logs import planned_log
from shop import Rows, made_shop, written

BEGIN = datetime(2024, 1, 1)


def planned(rows: Rows, folder: Path, as_of: str | None = None) -> tuple[Engine, Plan]:
    """The log of the rows, and the plan of a run over 30 days."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = {"customer": "customer", "time": "sold_at", "amount": "amount", "order": "order_no"}
    path = written(rows, folder / "orders.csv")
    return planned_log(path, folder / "out", columns=columns, as_of=as_of, horizons=(30,))


def rows_of(orders: Iterable[tuple[str, float, float]]) -> Rows:
    """Order rows of (customer, day, amount)."""
    return [
        {
            "customer": customer,
            "sold_at": f"{BEGIN + timedelta(days=day):%Y-%m-%d %H:%M:%S}",
            "order_no": f"A{number}",
            "sku": "P1",
            "amount": f"{amount:.2f}",
        }
        for number, (customer, day, amount) in enumerate(orders, 1_000)
    ]


@pytest.fixture(scope="module")
def engine(shop_main: RunOverHorizon) -> Engine:
    return kept_engine(shop_main.request)


@pytest.fixture(scope="module")
def proof(engine: Engine, shop_main: RunOverHorizon) -> NextOrderProof:
    return prove_next_order(engine, shop_main.plan, 0, shop_main.proof)


def keep_their_promises(table: pa.Table, as_of: date) -> None:
    """What holds of every forecast, whatever the log."""
    key, never = table["customer_key"].to_numpy(), table["p_no_repeat"].to_numpy()
    assert (np.diff(key.astype(object)) > 0).all()
    assert table["p_no_repeat"].null_count == 0
    assert ((never >= 0) & (never <= 1)).all()
    overdue = table["overdue"].drop_null().to_numpy()
    assert (np.isfinite(overdue) & (overdue >= 0)).all()
    for row in table.to_pylist():
        middle, low, high, low_50, high_50 = (row[name] for name in DAYS_OF_SHARES)
        if row["p_no_repeat"] > 0.5:
            assert (middle, low, high, low_50, high_50) == (None,) * 5
        else:
            assert as_of <= low <= low_50 <= middle <= high_50 <= high <= as_of + timedelta(days=FURTHEST_DAYS)


def test_the_proof_tells_every_metric_of_every_model(proof: NextOrderProof, shop_main: RunOverHorizon) -> None:
    told = {(row.metric, row.model) for row in proof.rows if not row.day}
    models = {model for _, model in told if " - " not in model}
    assert models == {OURS, BASELINE, THROUGH, GAPS, OWN_GAP}
    assert {metric for metric, model in told if model == OURS} >= {
        "log_score", "integrated_brier", "concordance", "coverage_50", "coverage_80", "silence_predicted",
        "silence_seen", "silence_calibration_error", "error_of_returners_days",
    }  # fmt: skip
    assert proof.value("log_score", OWN_GAP) is None
    assert sorted(proof.days) == list(proof.days)
    end = date.fromisoformat(shop_main.plan.as_of_day())
    assert [(end - date.fromisoformat(day)).days for day in proof.days] == list(proof.watched_days)
    for row in proof.rows:
        if row.low is not None and row.high is not None:
            assert row.value is not None
            assert row.low <= row.value <= row.high
            assert not row.day


def test_who_serves_follows_from_the_score(proof: NextOrderProof) -> None:
    ours, theirs = proof.value("log_score", OURS), proof.value("log_score", BASELINE)
    assert ours is not None
    assert theirs is not None
    assert proof.serving == (OURS if ours < theirs else BASELINE)
    assert proof.reason.startswith(f"{proof.serving} serves: censored log score")
    apart = proof.value("log_score", f"{OURS} - {BASELINE}")
    assert apart == pytest.approx(ours - theirs)


def test_intervals_cover_about_what_they_say(proof: NextOrderProof) -> None:
    found = proof.value("coverage_80", proof.serving)
    assert found == pytest.approx(0.8, abs=0.1)


def test_the_forecast_agrees_with_the_served_chance(
    engine: Engine, shop_main: RunOverHorizon, proof: NextOrderProof, tmp_path: Path
) -> None:
    plan, customers = shop_main.plan, shop_main.customers
    fitted = fit_next_order(engine, plan, proof)
    assert fitted.name == proof.serving
    order = np.argsort(customers["customer_key"].to_numpy())
    keys, chance = (customers[name].to_numpy()[order] for name in ("customer_key", "p_purchase"))
    table = forecast(engine, plan, fitted, {plan.horizon_days: (keys, chance)})
    assert table["customer_key"].to_numpy().tolist() == keys.tolist()
    keep_their_promises(table, date.fromisoformat(plan.as_of_day()))
    assert (1 - table["p_no_repeat"].to_numpy() >= chance - 1e-9).all()
    soon = table["next_order_date"].to_pandas().astype("datetime64[ns]")
    within = (soon - np.datetime64(plan.as_of_day())).dt.days.to_numpy() < plan.horizon_days
    assert (chance[within] >= 0.25).all()  # half of at least 50 % who return
    few = forecast(engine, plan, fitted, {plan.horizon_days: (keys[:5], chance[:5])})
    own = forecast(engine, plan, fitted, {plan.horizon_days: (keys[:0], chance[:0])})
    assert few.slice(0, 5).equals(table.slice(0, 5))
    assert few.slice(5).equals(own.slice(5))
    again = read_again(NEXT_ORDER_MODEL, NextOrderModel(fitted, proof), tmp_path)
    assert again.proof == proof
    assert forecast(engine, plan, again.fitted).equals(forecast(engine, plan, fitted))


def test_what_came_after_the_as_of_date_changes_nothing(tmp_path: Path) -> None:
    rows, as_of = made_shop(customers=60), "2024-07-01"
    known = [row for row in rows if row["sold_at"] < as_of]
    found = []
    for name, given in (("whole", rows), ("known", known)):
        engine, plan = planned(given, tmp_path / name, as_of)
        proof = prove_next_order(engine, plan, 0)
        found.append((proof, forecast(engine, plan, fit_next_order(engine, plan, proof))))
    assert found[0][0] == found[1][0]
    assert found[0][1].equals(found[1][1])


LOGS = {
    "fifty customers": [(f"C{who}", who * 0.7 + 9 * order, 10.0) for who in range(50) for order in range(1 + who % 8)],
    "nobody came back": [(f"C{who}", float(who), 10.0) for who in range(50)],
    "one customer": [("C1", 7.0 * order, 10.0) for order in range(10)],
    "one order": [("C1", 0.0, 10.0), ("C1", 0.1, 10.0)],
    "huge gaps": [(f"C{who}", 400.0 * order + who, 10.0) for who in range(12) for order in range(5)],
    "several orders a day": [
        (f"C{who}", day + part, 5.0) for who in range(9) for day in (1, 30, 50) for part in (0, 0.2)
    ],
    "refunds only, of some": [(f"C{who}", 3.0 * who, -10.0 if who % 3 else 10.0) for who in range(40)],
    "every day": [(f"C{who}", float(day), 1.0) for who in range(6) for day in range(60)],
    "free": [(f"C{who}", 10.0 * order + who, 0.0) for who in range(30) for order in range(4)],
}


@pytest.mark.parametrize("log", LOGS)
def test_any_log_gets_a_forecast(log: str, tmp_path: Path) -> None:
    orders = LOGS[log]
    engine, plan = planned(rows_of(orders), tmp_path)
    proof = prove_next_order(engine, plan, 0)
    table = forecast(engine, plan, fit_next_order(engine, plan, proof))
    keep_their_promises(table, date.fromisoformat(plan.as_of_day()))
    assert table.num_rows == len({customer for customer, _, amount in orders if amount >= 0})
    assert all(row.value is None or np.isfinite(row.value) for row in proof.rows)
    assert proof.reason.startswith(f"{proof.serving} serves")
    if log == "nobody came back":
        assert table["next_order_date"].null_count == table["overdue"].null_count == 50


def test_cutoffs_leave_something_to_learn_from_and_to_be_judged_by(shop_main: RunOverHorizon) -> None:
    plan = shop_main.plan
    cutoffs = proof_cutoffs(plan)
    assert 1 <= len(cutoffs) <= 3
    for cutoff in (*cutoffs, plan.as_of):
        landmarks = landmark_cutoffs(plan, cutoff)
        assert list(landmarks) == sorted(set(landmarks))
        assert all(plan.history_days(one) >= 14 and one < cutoff for one in landmarks)


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
