"""Estimates of a forecast that is not ripe: what they say, and when they say nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from foretell.outcomes.estimates.confidence import expected_measures, realised_measures
from foretell.outcomes.estimates.estimate import Asked, Estimate, Estimates, SoFar, estimates_of
from foretell.outcomes.estimates.passing import TOTALS
from foretell.outcomes.estimates.rehearsal import TOTAL, Rehearsal, rehearsed
from outcomes.estimates.past_windows import DAYS, PRICE, arrivals, chances, window

PROMISED = {("purchase", name): 0.5 for name in ("auroc", "brier", "precision", "log_loss", "recall", "f1")}


@cache
def rehearsal(*paces: float) -> Rehearsal:
    draws = np.random.default_rng(11)
    return rehearsed([window(draws, 1500, pace) for pace in paces], DAYS, len(paces))


def told(
    chance: np.ndarray, so_far: SoFar | None = None, promised: Mapping[tuple[str, str], float] = PROMISED
) -> dict[tuple[str, str], Estimate]:
    everybody, active = np.ones(len(chance), dtype=bool), np.arange(len(chance)) % 2 == 0
    asked = {"purchase": Asked(chance, 0.5, everybody), "churn": Asked(1 - chance[active], 0.6, active)}
    mean = float(-np.log1p(-chance).sum())
    totals = {"buyers": float(chance.sum()), "orders": mean, "spend": PRICE * mean}
    found = estimates_of(chance, asked, totals, rehearsal(1.0, 0.95, 1.05, 1.0, 0.9, 1.1), so_far, promised)
    return {(one.objective, one.metric): one for one in found}


def passed(chance: np.ndarray, pace: float, seed: int = 5) -> tuple[SoFar, np.ndarray]:
    """What came by the second rehearsed day, and all orders of the window."""
    orders = arrivals(np.random.default_rng(seed), chance, pace)
    came = float(orders[:, 1].sum())
    return SoFar(DAYS[1], orders[:, 1] > 0, came, PRICE * came), orders[:, -1]


@cache
def customers() -> np.ndarray:
    return chances(np.random.default_rng(3), 3000)


def test_at_the_start_the_chances_speak_and_totals_are_the_forecast() -> None:
    found, chance = told(customers()), customers()
    expected = expected_measures(chance, chance, 0.5)
    for name in ("auroc", "precision"):
        one = found["purchase", name]
        assert one.promised + one.change == pytest.approx(expected[name])
    assert found["orders", TOTAL].change == 0
    assert found["orders", TOTAL].value is None
    assert found["orders", TOTAL].so_far is None
    assert not any(key[0] == "churn" for key in found), "nothing was promised of it"


def test_other_customers_than_promised_are_told_where_the_error_is_smaller() -> None:
    chance = chances(np.random.default_rng(4), 3000, 3.0, 3.0)
    promised = realised_measures(customers(), (np.random.default_rng(1).random(3000) < customers()).astype(float), 0.5)
    found = told(chance, promised={("purchase", name): value for name, value in promised.items()})
    auroc = found["purchase", "auroc"]
    assert auroc.verdict == "worse"
    assert auroc.value is not None
    assert auroc.error is not None
    realised = realised_measures(chance, (np.random.default_rng(2).random(3000) < chance).astype(float), 0.5)
    assert abs(auroc.value - realised["auroc"]) < auroc.error


def test_where_the_error_is_larger_than_the_change_nothing_is_told() -> None:
    expected = expected_measures(customers(), customers(), 0.5)["auroc"]
    one = told(customers(), promised={("purchase", "auroc"): expected - 1e-4})["purchase", "auroc"]
    assert one.error is not None
    assert one.error > 1e-4
    assert (one.value, one.verdict, one.as_json()["change"]) == (None, "cannot be told yet", None)
    assert one.as_json()["error"] == one.error


def test_other_behaviour_is_not_claimed_at_the_start_and_told_when_it_has_shown() -> None:
    chance = customers()
    start = told(chance)
    so_far, orders = passed(chance, 0.5)
    found = told(chance, so_far)
    for what, came in (("buyers", float((orders > 0).sum())), ("orders", float(orders.sum()))):
        assert start[what, TOTAL].value is None
        one = found[what, TOTAL]
        assert one.verdict == "less"
        assert one.value is not None
        assert one.error is not None
        assert abs(one.value - came) < one.error
        assert one.so_far is not None
        assert one.expected_by_now is not None
        assert one.so_far < 0.7 * one.expected_by_now
    realised = realised_measures(chance, (orders > 0).astype(float), 0.5)["precision"]
    before, after = (by["purchase", "precision"] for by in (start, found))
    assert before.promised + before.change - realised > 0.15
    assert abs(after.promised + after.change - realised) < 0.05


def test_a_pace_that_no_test_has_seen_leaves_more_open() -> None:
    chance = customers()
    usual, wild = (told(chance, passed(chance, pace)[0])["orders", TOTAL] for pace in (1.0, 2.5))
    assert usual.error is not None
    assert wild.error is not None
    assert wild.error > 2 * usual.error
    assert wild.verdict == "more"


def test_plain_values_make_the_same_estimates() -> None:
    made = Estimates(3, tuple(told(customers()).values()), currency="EUR")
    assert Estimates.restored(json.loads(json.dumps(made.as_plain()))) == made


def test_nothing_rehearsed_gives_nothing() -> None:
    chance = customers()
    totals = dict.fromkeys(("buyers", "orders", "spend"), 1.0)
    assert list(estimates_of(chance, {}, totals, Rehearsal(missing="no test"), None, {})) == []
    (alone, *_) = estimates_of(chance, {}, totals, rehearsal(1.0), None, {})
    assert (alone.error, alone.verdict) == (None, "cannot be told yet")


def test_nine_of_ten_estimates_keep_to_their_error_and_hardly_one_is_told_where_nothing_moved() -> None:
    draws = np.random.default_rng(8)
    held, claims = list[bool](), list[bool]()
    for _ in range(30):
        *tests, new = [window(draws, 300, float(np.exp(draws.normal(0, 0.1)))) for _ in range(5)]
        made = rehearsed(tests, DAYS, 4)
        totals = {what: new.forecast(what) for what in TOTALS}
        came = new.came_orders[:, 1]
        so_far = SoFar(DAYS[1], came > 0, float(came.sum()), PRICE * float(came.sum()))
        asked = {"purchase": Asked(new.chance, 0.5, np.ones(300, dtype=bool))}
        happened = realised_measures(new.chance, (new.came_orders[:, -1] > 0).astype(float), 0.5)
        promised = {("purchase", name): happened[name] for name in ("auroc", "brier", "precision")}
        for one in estimates_of(new.chance, asked, totals, made, so_far, promised):
            true = new.came(one.objective, -1) if one.metric == TOTAL else happened[one.metric]
            assert one.error is not None
            held.append(abs(one.promised + one.change - true) <= one.error)
            claims += [one.can_be_told] if one.metric == TOTAL else []
    assert 0.84 < np.mean(held) < 0.98
    assert np.mean(claims) < 0.05
