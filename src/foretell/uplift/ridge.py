"""Ridge regression averaged over penalties by how well each explains the data (MacKay 1992): where nothing is to be
learned, what is left is the mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SHARES = np.concatenate([[0.0], np.geomspace(1e-5, 0.5, 16)])
"""Shares of the variance that the terms may explain, a priori equally likely; 0 is the mean alone."""
FEWEST_ROWS = 10


@dataclass(frozen=True)
class FittedRidge:
    """A mean and one coefficient a term. `root` is float64 [terms, terms], whose product with its transpose is the
    posterior covariance of the coefficients; `mean_variance` that of the mean."""

    mean: float
    centre: np.ndarray
    coefficients: np.ndarray
    root: np.ndarray
    mean_variance: float

    def predict(self, terms: np.ndarray) -> np.ndarray:
        """float64 [rows]."""
        return np.asarray(self.mean + (terms - self.centre) @ self.coefficients)

    def deviation(self, terms: np.ndarray) -> np.ndarray:
        """float64 [rows]: the posterior standard deviation of what is predicted."""
        spread = ((terms - self.centre) @ self.root) ** 2
        return np.asarray(np.sqrt(self.mean_variance + spread.sum(axis=1)))


@dataclass(frozen=True)
class Basis:
    """Rows of terms, centred, and the eigenvectors of their products: shared by all targets of the same rows."""

    terms: np.ndarray
    centre: np.ndarray
    values: np.ndarray
    vectors: np.ndarray

    def fit(self, target: np.ndarray) -> FittedRidge:
        """Learn a target float64 [rows]; with too few rows, or terms that say nothing, the mean alone."""
        rows = len(target)
        mean = float(target.mean()) if rows else 0.0
        centred = target - mean
        whole = float(centred @ centred)
        none = np.zeros(len(self.centre))
        if rows < FEWEST_ROWS or whole <= 0 or not self.values.sum() > 0:
            root = np.zeros((len(none), len(none)))
            return FittedRidge(mean, self.centre, none, root, whole / max(rows - 1, 1) / max(rows, 1))
        projected = self.vectors.T @ (self.terms.T @ centred)
        scale = SHARES / (1 - SHARES) * rows / self.values.sum()
        shrunk = scale[:, None] / (1 + scale[:, None] * self.values)
        rest = np.maximum(whole - (projected**2 * shrunk).sum(axis=1), 1e-12 * whole)
        likelihood = -0.5 * (np.log1p(scale[:, None] * self.values).sum(axis=1) + (rows - 1) * np.log(rest))
        weight = np.exp(likelihood - likelihood.max())
        weight /= weight.sum()
        noise = rest / (rows - 1)
        each = shrunk * projected
        averaged = weight @ each
        apart = np.sqrt(weight)[:, None] * (each - averaged)
        covariance = np.diag((weight * noise) @ shrunk) + apart.T @ apart
        values, vectors = np.linalg.eigh(covariance)
        root = self.vectors @ (vectors * np.sqrt(np.maximum(values, 0)))
        return FittedRidge(mean, self.centre, self.vectors @ averaged, root, float(weight @ noise) / rows)


def basis_of(terms: np.ndarray) -> Basis:
    """The basis of rows, float64 [rows, terms]."""
    centre = terms.mean(axis=0) if len(terms) else np.zeros(terms.shape[1])
    centred = terms - centre
    values, vectors = np.linalg.eigh(centred.T @ centred)
    return Basis(centred, centre, np.maximum(values, 0.0), vectors)
