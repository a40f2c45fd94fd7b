from __future__ import annotations

import numpy as np
import pytest

from foretell.generated.customers import KINDS, drawn_customers
from foretell.generated.parameters import Parameters
from foretell.generated.request import ShopRequest

P = Parameters()
REQUEST = ShopRequest(20_000, 730)
CUSTOMERS = drawn_customers(range(20_000), REQUEST.calendar, REQUEST.random("customers"))


def test_rates_and_values_have_the_mean_of_their_distributions() -> None:
    assert CUSTOMERS.rate.mean() * 7 == pytest.approx(P.rate_shape / P.rate_scale_weeks, rel=0.05)
    assert CUSTOMERS.mean_value.mean() == pytest.approx(P.value_p * P.value_gamma / (P.value_q - 1), rel=0.05)
    assert CUSTOMERS.leaving_chance.mean() == pytest.approx(P.leaving_a / (P.leaving_a + P.leaving_b), rel=0.05)


def test_who_orders_more_visits_more() -> None:
    often = CUSTOMERS.rate > np.median(CUSTOMERS.rate)
    assert CUSTOMERS.visits_per_day[often].mean() > 1.5 * CUSTOMERS.visits_per_day[~often].mean()
    usual = np.abs(CUSTOMERS.rate / CUSTOMERS.rate.mean() - 1) < 0.2
    assert CUSTOMERS.visits_per_day[usual].mean() == pytest.approx(P.visits_per_day, rel=0.1)


def test_kinds_have_their_shares() -> None:
    shares = np.bincount(CUSTOMERS.contact_kind, minlength=len(KINDS)) / len(CUSTOMERS)
    assert shares == pytest.approx(P.contact_kind_shares, abs=0.015)
    assert CUSTOMERS.high_value.mean() == pytest.approx(P.high_value_share, abs=0.01)
    assert CUSTOMERS.price_sensitive.mean() == pytest.approx(P.price_sensitive_share, abs=0.015)


def test_who_is_of_high_value_does_not_depend_on_who_else_was_drawn() -> None:
    worth = CUSTOMERS.rate * CUSTOMERS.mean_value
    bound = worth[CUSTOMERS.high_value].min()
    few = drawn_customers(range(50), REQUEST.calendar, np.random.default_rng(8))
    assert (few.high_value == (few.rate * few.mean_value >= bound)).all()


def test_everybody_signs_up_before_the_first_order() -> None:
    assert (CUSTOMERS.signed_up >= 0).all()
    assert (CUSTOMERS.signed_up <= REQUEST.calendar.moments(CUSTOMERS.joined)).all()
