"""Words for features: every one can be told, and the words name features that exist."""

from __future__ import annotations

import math

import pytest

from foretell.features import FEATURES
from foretell.features.registry import told_in, unit_of
from foretell.words.reasons import Fact, compared, written


@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_can_be_told_in_both_directions(name: str) -> None:
    told = told_in("EUR")
    more, less = compared(told, name, 9.0, 0.75), compared(told, name, 0.75, 9.0)
    assert more != less
    assert written(9.0, unit_of(name), "EUR") in more
    assert FEATURES[name].words.more in more
    assert FEATURES[name].words.less in less
    assert "_" not in more + less


@pytest.mark.parametrize("name", [name for name, feature in FEATURES.items() if feature.words.says])
def test_what_is_said_of_a_customer_names_features_that_exist(name: str) -> None:
    words = FEATURES[name].words
    assert set(words.told) <= set(FEATURES)
    word = "web" if unit_of(name) == "code" else ""
    said = told_in("EUR").fact(Fact(name, 9.0, dict.fromkeys(words.told, 4.0), typical=2.0, word=word))
    assert "_" not in said
    assert "{" not in said
    assert ("where half of the customers" in said) == (not words.is_own and not words.is_rare)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("days_since_last_order", "silent for longer (12 days against 1 day)"),
        ("orders_90d", "more orders in 90 days (12 orders against 1)"),
        ("order_value_mean_90d", "larger baskets of late (12.00 GBP against 1.00 GBP)"),
        ("products_life", "more different products (12 products against 1)"),
        ("hour_mean", "later in the day (12 against 1)"),
    ],
)
def test_numbers_stand_in_their_units(name: str, said: str) -> None:
    assert compared(told_in("GBP"), name, 12, 1).replace("\xa0", " ") == said


def test_what_reads_the_same_or_is_not_known_is_not_told() -> None:
    assert compared(told_in(""), "orders_365d", 3.0, 3.001) == ""
    assert compared(told_in(""), "orders_365d", math.nan, 3.0) == ""
    assert compared(told_in(""), "orders_365d", 3.0, math.inf) == ""


def test_a_share_that_is_not_all_is_not_written_as_all() -> None:
    shares = [written(share, "share").replace("\xa0", " ") for share in (0, 0.001, 0.5, 0.999, 1)]
    assert shares == ["0 %", "<1 %", "50 %", ">99 %", "100 %"]
