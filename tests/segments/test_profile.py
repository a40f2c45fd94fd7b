"""Profiles: the numbers add up, what sets a segment apart is named in words, and nothing else moves them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.segments.profile import Following, Profile, profiles

SEGMENTS = ("Regulars", "Others", "Nobody")


def shop() -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """40 regulars who order often and little, 160 others who order seldom."""
    codes = np.repeat([0, 1], [40, 160])
    wobble = np.tile([0.9, 1.0, 1.0, 1.1], 50)
    features = {
        "orders_365d": np.where(codes == 0, 12.0, 3.0) * wobble,
        "orders_90d": np.where(codes == 0, 4.0, 3.0) * wobble,
        "order_value_mean_life": np.where(codes == 0, 25.0, 60.0) * wobble,
        "days_since_last_order": 30.0 * wobble,
        "gap_days_median": np.where((codes == 0) & (wobble > 1), 10.0, np.nan),
    }
    return codes, features, features["orders_365d"] * features["order_value_mean_life"]


def profiled(following: Following | None = None) -> tuple[Profile, ...]:
    codes, features, spend = shop()
    return profiles(codes, SEGMENTS, features, spend, "EUR", following)


def test_a_profile_says_size_revenue_and_what_sets_apart() -> None:
    assert profiled()[0].sentence == (
        "Regulars: 40 customers (20 %), 29 % of revenue; more orders in 365 days (12 orders against 3), "
        "smaller baskets (25.00 EUR against 60.00 EUR)."
    )


def test_sizes_and_shares_add_up() -> None:
    found = profiled()
    assert sum(profile.customers for profile in found) == 200
    assert sum(profile.share_of_customers for profile in found) == pytest.approx(1)
    assert sum(profile.spend for profile in found) == pytest.approx(shop()[2].sum())
    assert sum(profile.share_of_spend for profile in found) == pytest.approx(1)
    assert found[0].typical["orders_365d"] == 12
    assert found[0].typical["gap_days_median"] == 10


def test_of_windows_of_one_thing_the_furthest_is_told_and_what_half_do_not_have_is_not() -> None:
    assert [trait.feature for trait in profiled()[0].traits] == ["orders_365d", "order_value_mean_life"]


def test_an_empty_segment_is_nobody() -> None:
    empty = profiled()[2]
    assert (empty.customers, empty.traits, empty.sentence) == (0, (), "Nobody: nobody.")
    assert np.isnan(empty.typical["orders_365d"])


def test_what_followed_is_told_of_those_who_were_in_it() -> None:
    following = Following(np.array([0, 0, 1, -1]), np.array([1.0, 0, 1, 1]), np.array([30.0, 0, 5, 900]), 90)
    told = profiled(following)
    assert (told[0].share_ordered_next, told[0].mean_spend_next) == (0.5, 15.0)
    assert told[0].sentence.endswith(". Of those in it before, 50 % ordered within 90 days; mean spend 15.00 EUR.")
    assert np.isnan(told[2].share_ordered_next)
    assert np.isnan(profiled()[0].mean_spend_next)


def test_whoever_is_in_none_does_not_count() -> None:
    codes, features, spend = shop()
    outside = {name: np.append(values, [1e9, np.nan]) for name, values in features.items()}
    found = profiles(np.append(codes, [-1, -1]), SEGMENTS, outside, np.append(spend, [1e9, 5]), "EUR")
    assert [profile.sentence for profile in found] == [profile.sentence for profile in profiled()]


def test_everybody_in_one_segment_is_like_everybody() -> None:
    _, features, spend = shop()
    (everyone,) = profiles(np.zeros(200, dtype=np.int64), ["everyone"], features, spend)
    assert everyone.sentence == "everyone: 200 customers (100 %), 100 % of revenue."


def test_without_spend_no_share_is_told() -> None:
    codes, features, spend = shop()
    found = profiles(codes, SEGMENTS, features, spend * 0)
    assert np.isnan(found[0].share_of_spend)
    assert "revenue" not in found[0].sentence


VALUE = st.floats(-1e6, 1e9) | st.just(float("nan"))
CUSTOMER = st.tuples(st.integers(-1, 2), VALUE, VALUE, VALUE, VALUE, st.floats(-1e6, 1e9))


@given(st.lists(CUSTOMER, max_size=30), st.randoms(use_true_random=False))
def test_any_customers_in_any_order_have_one_profile(customers: list[tuple[float, ...]], random: Any) -> None:
    def told(rows: list[tuple[float, ...]]) -> tuple[Profile, ...]:
        table = np.array(rows, dtype=np.float64).reshape(-1, 6)
        names = ("orders_365d", "spend_365d", "refunded_share_life", "no_feature_of_ours")
        features = {name: table[:, place + 1] for place, name in enumerate(names)}
        return profiles(table[:, 0].astype(np.int64), SEGMENTS, features, np.round(table[:, 5]))

    found = told(customers)
    shuffled = list(customers)
    random.shuffle(shuffled)
    assert [profile.segment for profile in found] == list(SEGMENTS)
    assert [profile.sentence for profile in told(shuffled)] == [profile.sentence for profile in found]
    assert all(profile.sentence.startswith(f"{profile.segment}: ") and len(profile.traits) <= 3 for profile in found)
