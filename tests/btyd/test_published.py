"""The numbers of the papers, and those of lifetimes, on the CDNOW sample."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from cdnow_fixtures import Cohort
from foretell.btyd import beta_geometric, gamma_gamma, pareto_nbd
from foretell.btyd.beta_geometric import BG_NBD, MBG_NBD
from foretell.btyd.summary import Summary, in_weeks, summarised

WEEKS_AHEAD = 39.0


@pytest.fixture(scope="module")
def summary(cdnow: Cohort) -> Summary:
    return summarised(cdnow.purchase_days, cdnow.first_to_last_days, cdnow.observed_days)


def test_the_cohort_has_its_2357_customers(summary: Summary) -> None:
    assert summary.customers.sum() == 2357
    assert summary.customers[summary.repeats == 0].sum() == 1411


def test_bg_nbd_reproduces_fader_hardie_and_lee(summary: Summary) -> None:
    found = BG_NBD.fit(summary)
    np.testing.assert_allclose([found.r, found.alpha, found.a, found.b], [0.243, 4.414, 0.793, 2.426], atol=6e-4)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_pareto_nbd_reproduces_fader_and_hardie(summary: Summary) -> None:
    found = pareto_nbd.fit(summary)
    np.testing.assert_allclose([found.r, found.alpha, found.s, found.beta], [0.553, 10.578, 0.606, 11.669], atol=1e-3)
    assert found.log_likelihood == pytest.approx(-9595.0, abs=0.05)


def test_gamma_gamma_reproduces_fader_and_hardie(cdnow: Cohort) -> None:
    pairs = gamma_gamma.summarised(cdnow.purchase_days - 1, cdnow.repeat_value_mean)
    assert pairs.customers.sum() == 946
    found = gamma_gamma.fit(pairs)
    np.testing.assert_allclose([found.p, found.q, found.gamma], [6.25, 3.74, 15.44], atol=0.01)


@pytest.mark.parametrize(
    ("ours", "theirs", "names"),
    [
        (BG_NBD, "BetaGeoFitter", ("r", "alpha", "a", "b")),
        (MBG_NBD, "ModifiedBetaGeoFitter", ("r", "alpha", "a", "b")),
        (pareto_nbd, "ParetoNBDFitter", ("r", "alpha", "s", "beta")),
    ],
)
def test_forecasts_equal_those_of_lifetimes(
    ours: Any, theirs: str, names: tuple[str, ...], cdnow: Cohort, summary: Summary
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes  # noqa: PLC0415
        import pandas  # noqa: PLC0415

        found = ours.fit(summary)
        fitter = getattr(lifetimes, theirs)()
        fitter.params_ = pandas.Series({name: getattr(found, name) for name in names})
        x, t_x, age = in_weeks(cdnow.purchase_days, cdnow.first_to_last_days, cdnow.observed_days)
        alive = np.asarray(fitter.conditional_probability_alive(x, t_x, age), dtype=float)
        orders = np.asarray(
            fitter.conditional_expected_number_of_purchases_up_to_time(WEEKS_AHEAD, x, t_x, age), dtype=float
        )
    np.testing.assert_allclose(ours.probability_alive(found, x, t_x, age), alive, rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(ours.expected_orders(found, x, t_x, age, WEEKS_AHEAD), orders, rtol=1e-5, atol=1e-9)


def test_mbg_nbd_fitted_by_lifetimes_is_no_better(cdnow: Cohort, summary: Summary) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes  # noqa: PLC0415

        x, t_x, age = in_weeks(cdnow.purchase_days, cdnow.first_to_last_days, cdnow.observed_days)
        theirs = lifetimes.ModifiedBetaGeoFitter().fit(x, t_x, age)
    ours = MBG_NBD.fit(summary)
    at_theirs = theirs.params_[["r", "alpha", "a", "b"]].to_numpy()
    reached, _ = beta_geometric.log_likelihood(at_theirs, x, t_x, age, x + 1.0)
    assert ours.log_likelihood >= reached.sum() - 1e-6
    np.testing.assert_allclose(
        [ours.r, ours.alpha, ours.a, ours.b], theirs.params_[["r", "alpha", "a", "b"]], rtol=2e-3
    )
