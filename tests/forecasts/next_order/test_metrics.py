"""Judging forecasts of the next order: right ones are found right under censoring, wrong ones are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.forecasts.next_order.metrics import (
    KaplanMeier,
    WaitForecast,
    censored_pit,
    central_coverage,
    concordance,
    error_of_returners,
    integrated_brier_of_rows,
    log_score_of_rows,
    return_coverage,
    silence_calibration_error,
    silence_predicted,
    silence_seen,
)

NEVER = 0.3
FURTHEST = 730.0


def drawn(customers: int, watched: int, seed: int, believed_slower: float = 1.0) -> WaitForecast:
    """Customers with exponential waits of own rates, 30 % of whom never return; forecast by the true distribution with
    the mean wait multiplied by `believed_slower`."""
    random = np.random.default_rng(seed)
    mean = random.uniform(10, 120, customers)
    wait = np.where(random.random(customers) < NEVER, np.inf, random.exponential(mean))
    came = wait < watched
    day = np.where(came, np.floor(wait), float(watched))

    def come_by(days: np.ndarray) -> np.ndarray:
        return np.asarray((1 - NEVER) * -np.expm1(-days / (mean * believed_slower)))

    grid = np.linspace(1, watched, 30)
    survival = np.column_stack([1 - come_by(np.full(customers, at)) for at in grid])
    key = random.permutation(customers).astype(np.uint64)
    never = 1 - come_by(np.full(customers, FURTHEST))
    return WaitForecast(
        "truth", 0, key, day, came, come_by(day), come_by(day + 1), grid, survival, never, mean * np.log(2)
    )


@pytest.mark.parametrize("watched", [30, 90, 400])
def test_the_true_distribution_covers_what_it_says(watched: int) -> None:
    truth = drawn(8_000, watched, seed=1)
    pit = censored_pit(truth, seed=2)
    for level in (0.5, 0.8):
        assert return_coverage(pit, truth.came_back, truth.p_no_repeat, level) == pytest.approx(level, abs=0.025)
    assert silence_seen(truth) == pytest.approx(silence_predicted(truth).mean(), abs=0.02)
    assert silence_calibration_error(truth) < 0.03


def test_among_returners_alone_even_the_truth_looks_wrong() -> None:
    truth = drawn(8_000, 30, seed=1)
    pit, reach = censored_pit(truth, seed=2)[truth.came_back], 1 - truth.p_no_repeat[truth.came_back]
    early = float((pit <= 0.5 * reach).mean())
    assert early > 0.7


@pytest.mark.parametrize("believed", [0.4, 3.0])
def test_a_wrong_distribution_does_not(believed: float) -> None:
    truth, wrong = drawn(8_000, 90, seed=1), drawn(8_000, 90, seed=1, believed_slower=believed)
    pit = censored_pit(wrong, seed=2)
    assert abs(return_coverage(pit, wrong.came_back, wrong.p_no_repeat, 0.8) - 0.8) > 0.05
    assert abs(silence_seen(wrong) - silence_predicted(wrong).mean()) > 0.05
    assert silence_calibration_error(wrong) > silence_calibration_error(truth) + 0.03
    assert log_score_of_rows(wrong).mean() > log_score_of_rows(truth).mean()
    assert integrated_brier_of_rows(wrong).mean() > integrated_brier_of_rows(truth).mean()


def test_the_whole_distribution_is_covered_as_far_as_anybody_was_watched() -> None:
    short, long = drawn(4_000, 30, seed=3), drawn(4_000, 400, seed=3)
    assert central_coverage(censored_pit(long, 1), long.came_back, 0.3) == pytest.approx(0.3, abs=0.03)
    assert np.isnan(central_coverage(censored_pit(short, 1), short.came_back, 0.99))


VALUES = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=25)


@given(VALUES)
def test_kaplan_meier_is_the_product_over_ends(rows: list[tuple[int, bool]]) -> None:
    values, ended = (np.array(column) for column in zip(*rows, strict=True))
    found = KaplanMeier.of(values.astype(np.float64), ended)
    for at in range(-1, 10):
        chance = 1.0
        for time in sorted({value for value, end in rows if end and value <= at}):
            chance *= 1 - sum(end and value == time for value, end in rows) / sum(value >= time for value, _ in rows)
        assert found.survival_until(at) == pytest.approx(chance)
        assert found.survival_before(np.array([at + 1.0]))[0] == pytest.approx(chance)


@given(VALUES, st.lists(st.integers(0, 3), min_size=25, max_size=25))
def test_a_weight_counts_a_row_so_often(rows: list[tuple[int, bool]], weight: list[int]) -> None:
    counts = np.array(weight[: len(rows)])
    values, ended = (np.array(column) for column in zip(*rows, strict=True))
    weighted = KaplanMeier.of(values.astype(np.float64), ended, counts)
    repeated = KaplanMeier.of(np.repeat(values, counts).astype(np.float64), np.repeat(ended, counts))
    assert weighted.times.tolist() == repeated.times.tolist()
    assert weighted.survival == pytest.approx(repeated.survival)


def test_beyond_what_was_watched_the_distribution_is_a_straight_line() -> None:
    found = KaplanMeier.of(np.array([0.2, 0.4, 0.6]), np.array([True, False, False]))
    assert found.distribution(np.array([0.1, 0.2, 0.6, 0.8, 1.0])) == pytest.approx([0, 1 / 3, 1 / 3, 2 / 3, 1])


SURVIVAL = st.sampled_from((0.0, 0.1, 0.5, 0.5, 0.9, 1.0))


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans(), SURVIVAL), min_size=1, max_size=12))
@settings(max_examples=80)
def test_concordance_counts_pairs_of_whom_it_is_known_who_came_first(rows: list[tuple[int, bool, float]]) -> None:
    wait, came, chance = (np.array(column) for column in zip(*rows, strict=True))
    flat = np.repeat(chance[:, None], 3, axis=1)
    forecast = replace(
        drawn(len(rows), 30, 1), wait_days=wait.astype(float), came_back=came, survival=flat, grid_days=np.arange(3.0)
    )
    known, right = 0, 0.0
    for first in rows:
        for second in rows:
            if first[1] and (first[0] < second[0] or (first[0] == second[0] and not second[1])):
                known += 1
                right += 1.0 if first[2] < second[2] else 0.5 if first[2] == second[2] else 0.0
    found = concordance(forecast)
    assert np.isnan(found) if not known else found == pytest.approx(right / known)


def test_the_scores_by_hand() -> None:
    forecast = WaitForecast(
        "hand", 0, np.arange(3, dtype=np.uint64), np.array([2.0, 10, 4]), np.array([True, False, True]),
        np.array([0.2, 0.6, 0.5]), np.array([0.3, 0.7, 0.5]), np.array([1.0, 3, 5]),
        np.array([[0.9, 0.6, 0.5], [0.9, 0.8, 0.7], [1.0, 0.5, 0.2]]), np.array([0.1, 0.2, 0.3]), np.array([3.0, 1, 9]),
    )  # fmt: skip
    assert log_score_of_rows(forecast) == pytest.approx([-np.log(0.1), -np.log(0.4), -np.log(1e-12)])
    squares = np.array([[0.1**2, 0.6**2, 0.5**2], [0.1**2, 0.2**2, 0.3**2], [0, 0.5**2, 0.2**2]])
    assert integrated_brier_of_rows(forecast) == pytest.approx(squares @ [0.25, 0.5, 0.25])
    assert error_of_returners(forecast) == pytest.approx((1 + 5) / 2)
    assert silence_seen(forecast) == pytest.approx(1 / 3)
    nobody = replace(forecast, came_back=np.zeros(3, dtype=bool))
    assert np.isnan(error_of_returners(nobody))
    assert np.isnan(concordance(nobody))


def test_who_was_lost_early_is_made_up_for_by_who_was_not() -> None:
    """Inverse weights: half of the customers are watched for 20 days only; the score stays that of full watching."""
    whole = drawn(6_000, 60, seed=5)
    lost = (np.arange(6_000) % 2 == 0) & (whole.wait_days >= 20)
    partly = replace(whole, wait_days=np.where(lost, 20.0, whole.wait_days), came_back=whole.came_back & ~lost)
    expected = integrated_brier_of_rows(whole).mean()
    assert integrated_brier_of_rows(partly).mean() == pytest.approx(expected, rel=0.05)


def test_the_order_of_rows_does_not_matter() -> None:
    truth = drawn(500, 60, seed=6)
    order = np.random.default_rng(1).permutation(500)
    fields = ("customer_key", "wait_days", "came_back", "below", "up_to", "survival", "p_no_repeat", "expected_days")
    moved = replace(truth, **{name: getattr(truth, name)[order] for name in fields})
    assert censored_pit(moved, 3).tolist() == censored_pit(truth, 3)[order].tolist()
    assert concordance(moved) == pytest.approx(concordance(truth))
    assert silence_calibration_error(moved) == pytest.approx(silence_calibration_error(truth))
