"""Ridge regression averaged over penalties, beside slow ones."""

from __future__ import annotations

import numpy as np

from foretell.uplift.ridge import SHARES, basis_of


def test_it_is_the_average_of_ridge_regressions_weighted_by_their_likelihood() -> None:
    random = np.random.default_rng(1)
    terms = random.standard_normal((60, 3))
    target = terms @ [0.5, 0.0, -0.2] + random.standard_normal(60)
    x, y = terms - terms.mean(axis=0), target - target.mean()
    found, log_weight, noises, covariances = [], [], [], []
    for share in SHARES:
        prior = share / (1 - share) * 60 / np.trace(x.T @ x)
        whole = np.eye(60) + prior * x @ x.T
        rest = float(y @ np.linalg.solve(whole, y))
        log_weight.append(-0.5 * np.linalg.slogdet(whole)[1] - 59 / 2 * np.log(rest))
        coefficients = prior * x.T @ np.linalg.solve(whole, y)
        found.append(coefficients)
        noises.append(rest / 59)
        covariances.append(rest / 59 * (prior * np.eye(3) - prior**2 * x.T @ np.linalg.solve(whole, x)))
    weight = np.exp(np.array(log_weight) - max(log_weight))
    weight /= weight.sum()
    mean = weight @ np.array(found)
    fitted = basis_of(terms).fit(target)
    np.testing.assert_allclose(fitted.coefficients, mean, atol=1e-9)
    apart = np.array(found) - mean
    covariance = np.einsum("k,kij->ij", weight, np.array(covariances)) + np.einsum("k,ki,kj->ij", weight, apart, apart)
    np.testing.assert_allclose(fitted.root @ fitted.root.T, covariance, atol=1e-9)
    expected = np.sqrt(weight @ noises / 60 + ((x @ covariance) * x).sum(axis=1))
    np.testing.assert_allclose(fitted.deviation(terms), expected, atol=1e-9)


def test_of_noise_little_is_left_but_the_mean() -> None:
    random = np.random.default_rng(2)
    terms, target = random.standard_normal((500, 8)), 3 + random.standard_normal(500)
    predicted = basis_of(terms).fit(target).predict(terms)
    assert abs(predicted - target.mean()).max() < 0.15


def test_what_is_plain_is_found() -> None:
    terms = np.random.default_rng(3).standard_normal((400, 2))
    fitted = basis_of(terms).fit(1 + terms[:, 0])
    np.testing.assert_allclose(fitted.coefficients, [1, 0], atol=0.02)


def test_few_rows_and_constant_terms_give_the_mean() -> None:
    assert basis_of(np.ones((3, 2))).fit(np.array([1.0, 2.0, 3.0])).predict(np.zeros((1, 2))) == 2.0
    assert basis_of(np.ones((40, 2))).fit(np.arange(40.0)).predict(np.zeros((1, 2))) == 19.5
    assert basis_of(np.zeros((0, 2))).fit(np.zeros(0)).predict(np.zeros((1, 2))) == 0.0
