"""Grades by hand: each figure counted on a few customers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from foretell.outcomes.grading.graded import graded
from foretell.outcomes.grading.promise import TOP_TENTH, Promise, Promised
from foretell.outcomes.grading.published_forecast import OF_BASELINES
from outcomes.grading.kept_forecasts import forecast, happened

CHANCES = {"a": 0.9, "b": 0.75, "c": 0.625, "d": 0.25, "e": 0.125}
CAME = {"a": 9.0, "b": 0.0, "c": 30.0, "d": 0.0, "e": 0.0}


def value(objective: str, metric: str, slice_name: str = "all") -> float:
    found = graded(forecast(CHANCES), happened(CAME), "2022-05-01").figure(objective, metric, slice_name)
    assert found is not None
    return found.value


def test_chances_are_graded_as_one_counts_by_hand() -> None:
    assert value("purchase", "auroc") == pytest.approx(5 / 6)
    assert value("purchase", "precision") == pytest.approx(2 / 3)
    assert value("purchase", "recall") == 1
    assert value("purchase", "f1") == pytest.approx(0.8)
    errors = (0.1, 0.75, 0.375, 0.25, 0.125)
    assert value("purchase", "brier") == pytest.approx(sum(error**2 for error in errors) / 5, rel=1e-5)
    losses = (0.9, 0.25, 0.625, 0.75, 0.875)
    assert value("purchase", "log_loss") == pytest.approx(-sum(map(math.log, losses)) / 5, rel=1e-5)
    assert value("purchase", "lift_at_20_percent") == pytest.approx(1 / 0.4)
    assert value("purchase", TOP_TENTH) == 1
    assert value("churn", "auroc", "active") == pytest.approx(5 / 6)


def test_spend_is_graded_as_one_counts_by_hand() -> None:
    off = np.array([9 - 9, 7.5, 6.25 - 30, 2.5, 1.25])
    assert value("spend", "bias") == pytest.approx(off.mean(), rel=1e-5)
    assert value("spend", "rmse") == pytest.approx(math.sqrt((off**2).mean()), rel=1e-5)
    assert value("spend", "interval_coverage") == pytest.approx(4 / 5), "30 lies above 12.5"
    assert value("orders", "bias") == pytest.approx((sum(CHANCES.values()) - 2) / 5, rel=1e-5)


def test_totals_stand_beside_what_came_and_are_counted() -> None:
    grade = graded(forecast(CHANCES), happened(CAME), "2022-05-01")
    buyers, spend = grade.total("buyers"), grade.total("spend")
    assert buyers is not None
    assert spend is not None
    assert (buyers.customers, buyers.came, spend.came) == (5, 2, 39)
    assert buyers.forecast == pytest.approx(sum(CHANCES.values()), rel=1e-6)
    assert spend.forecast == pytest.approx(10 * sum(CHANCES.values()), rel=1e-6)
    assert (grade.customers, grade.orders, grade.left_out, grade.known_until) == (5, 2, 0, "2022-05-01")


def test_who_is_not_in_the_log_any_more_is_left_out_and_counted() -> None:
    grade = graded(forecast({**CHANCES, "gone": 0.99}), happened(CAME), "")
    assert (grade.customers, grade.left_out) == (5, 1)
    auroc = grade.figure("purchase", "auroc")
    assert auroc is not None
    assert auroc.value == pytest.approx(5 / 6)


def test_a_customer_of_whom_nothing_was_forecast_changes_no_grade() -> None:
    alone, more = (graded(forecast(CHANCES), happened(came), "") for came in (CAME, {**CAME, "new": 500.0}))
    assert alone == more


def test_the_top_tier_is_that_of_the_graded_customers() -> None:
    many = {f"c{number}": (number + 1) / 100 for number in range(20)}
    tier = [(n + 1) / 50 for n in range(20)]
    spends = {name: float(n) for n, name in enumerate(many)}
    found = graded(forecast(many, p_high_value=tier), happened(spends), "").figure("high_value", "auroc")
    assert found is not None
    assert found.value == 1


def test_what_was_promised_stands_beside_each_figure() -> None:
    promise = Promise((Promised("purchase", "all", "auroc", 0.9, 0.88, 0.95, 3),))
    found = graded(forecast(CHANCES, promise=promise), happened(CAME), "").figure("purchase", "auroc")
    assert found is not None
    assert (found.promised, found.promised_low, found.promised_high, found.verdict) == (0.9, 0.88, 0.95, "worse")


def test_segments_are_graded_apart_only_where_chance_does_not_rule() -> None:
    many = {f"c{number:02d}": (number % 10 + 1) / 20 for number in range(40)}
    segment = ["Large"] * 31 + ["Small"] * 9
    came = {name: float(number % 3) for number, name in enumerate(many)}
    grade = graded(forecast(many, segment=segment), happened(came), "")
    assert {one.slice for one in grade.totals if one.slice.startswith("segment")} == {"segment: Large"}
    large = grade.total("buyers", "segment: Large")
    assert large is not None
    assert (large.customers, large.came) == (31, sum(spend > 0 for spend in list(came.values())[:31]))


def test_the_lead_over_the_baseline_is_the_share_of_its_loss_that_is_saved() -> None:
    draws = np.random.default_rng(3)
    chance = draws.uniform(0.05, 0.95, 400)
    chances = {f"c{number}": float(one) for number, one in enumerate(chance)}
    came = {name: float(draws.random() < one) for name, one in chances.items()}
    share = float(np.mean(list(came.values())))
    own = replace(
        forecast(chances, **{name: pa.array([share] * 400, pa.float32()) for name in OF_BASELINES.values()}),
        baselines={"purchase": "base_rate"},
        promise=Promise(leads={"purchase": (0.1, 0.2)}),
    )
    known = np.array([came[name] for name in own.customers["customer_id"].to_pylist()])

    def loss(told: np.ndarray) -> float:
        return float(-np.log(np.where(known > 0, told, 1 - told)).mean())

    (lead,) = graded(own, happened(came), "").leads
    assert (lead.objective, lead.baseline, lead.verdict) == ("purchase", "base_rate", "ahead")
    assert lead.value == pytest.approx(1 - loss(own.column("p_purchase")) / loss(np.full(400, share)), rel=1e-4)
    assert lead.low < lead.value < lead.high
    assert (lead.promised_low, lead.promised_high) == (0.1, 0.2)
    assert graded(replace(own, baselines={}), happened(came), "").leads == ()
