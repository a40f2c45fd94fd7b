"""Words for features: every one can be told, the words name features that exist."""

from __future__ import annotations

import pytest

from foretell.features import FEATURES
from foretell.segments.feature_words import WORDS, compared, percent, stem, written


@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_can_be_told_in_both_directions(name: str) -> None:
    more, less = compared(name, 0.75, 0.25, "EUR"), compared(name, 0.25, 0.75, "EUR")
    assert more != less
    assert written(name, 0.75, "EUR") in more
    assert written(name, 0.25, "EUR") in less
    assert "_" not in more + less


def test_words_are_of_features_that_exist() -> None:
    assert set(WORDS) <= {stem(name) for name in FEATURES}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("days_since_last_order", "silent for longer (12 days against 1 day)"),
        ("orders_90d", "order more often (12 in 90 days against 1)"),
        ("spend_365d", "spend more (12.00 GBP a year against 1.00 GBP)"),
        ("order_value_mean_90d", "larger baskets (12.00 GBP against 1.00 GBP)"),
        ("products_life", "more different products (12 against 1)"),
        ("hour_mean", "higher hour mean (12 against 1)"),
    ],
)
def test_numbers_stand_in_their_units(name: str, told: str) -> None:
    assert compared(name, 12, 1, "GBP") == told


def test_what_reads_the_same_or_is_not_known_is_not_told() -> None:
    assert compared("orders_365d", 3.0, 3.001) == ""
    assert compared("orders_365d", float("nan"), 3.0) == ""


def test_a_share_that_is_not_all_is_not_written_as_all() -> None:
    assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == ["0 %", "<1 %", "50 %", ">99 %", "100 %"]
