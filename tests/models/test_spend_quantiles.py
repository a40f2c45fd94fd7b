"""Intervals of spend: in order, honest, corrected by later outcomes, stored."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import generated_examples

from foretell.examples.examples import Examples
from foretell.models import spend_quantiles
from foretell.models.contract import CannotFit
from foretell.models.spend_quantiles import restored_quantiles


@pytest.fixture(scope="module")
def many() -> Examples:
    return generated_examples(customers=1200, seed=11)


@pytest.mark.parametrize("rows", [1, 5, 60, 499, 501, 2000])
def test_quantiles_are_finite_in_order_and_not_negative(rows: int, many: Examples):
    fitted = spend_quantiles.fit(many.take(np.arange(min(rows, len(many)))), 1)
    low, median, high = fitted.predict(many)
    assert np.isfinite(high).all()
    assert (low >= 0).all()
    assert (low <= median).all()
    assert (median <= high).all()
    assert bool(fitted.texts) == (rows > 500)


def test_a_row_alone_gives_the_same_bytes(many: Examples):
    for rows in (100, 2000):
        fitted = spend_quantiles.fit(many.take(np.arange(min(rows, len(many)))), 1)
        whole = fitted.predict(many)
        for row in (0, 33):
            alone = fitted.predict(many.take(np.array([row])))
            assert [one.tobytes() for one in alone] == [one[row : row + 1].tobytes() for one in whole]


def test_about_a_tenth_of_new_customers_spend_more_than_the_high(many: Examples):
    fitted = spend_quantiles.fit(many, 1)
    fresh = generated_examples(customers=1500, seed=12)
    _, _, high = fitted.predict(fresh)
    assert 0.06 < (fresh.labels["spend"] > high).mean() < 0.15


def test_a_correction_follows_a_shop_that_grew(many: Examples):
    fitted = spend_quantiles.fit(many, 1)
    grown = generated_examples(customers=1500, seed=13)
    grown.labels["spend"][:] *= 3
    corrected = fitted.corrected(grown)
    before, after = fitted.predict(grown)[2], corrected.predict(grown)[2]
    assert (grown.labels["spend"] > before).mean() > 0.14
    repeat = grown.facts["purchase_days"] > 1
    assert (grown.labels["spend"] > after)[repeat].mean() < (grown.labels["spend"] > before)[repeat].mean() - 0.05


def test_what_is_stored_comes_back(many: Examples):
    fitted = spend_quantiles.fit(many, 1).corrected(many)
    again = restored_quantiles(fitted.state())
    for one, other in zip(fitted.predict(many), again.predict(many), strict=True):
        assert one.tobytes() == other.tobytes()


def test_the_same_seed_learns_the_same(many: Examples):
    assert spend_quantiles.fit(many, 4).texts == spend_quantiles.fit(many, 4).texts


def test_without_known_spend_it_is_refused(many: Examples):
    none = Examples(**{**many.__dict__, "labels": {"spend": np.full(len(many), np.nan)}})
    with pytest.raises(CannotFit, match="known outcome"):
        spend_quantiles.fit(none, 1)


def test_without_any_spend_the_interval_is_zero(many: Examples):
    free = Examples(**{**many.__dict__, "labels": {"spend": np.zeros(len(many))}})
    assert all((one == 0).all() for one in spend_quantiles.fit(free, 1).predict(free))
