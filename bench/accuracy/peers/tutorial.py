"""The recipe of the tutorials: five RFM columns, one cutoff a horizon before the as-of date, library defaults.

Where the log does not reach back twice the horizon, the labels are those of the last third of the history.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bench.accuracy.peers.history import Forecasts, History, rfm_columns
from foretell.examples.labels import top_tier

Learner = Callable[[], Any]


def logistic(history: History, horizon_days: int) -> Forecasts:
    """Logistic regression for what is yes or no, linear regression for orders and spend, on scaled columns."""
    return _forecast(
        history,
        horizon_days,
        lambda: make_pipeline(StandardScaler(), LogisticRegression()),
        lambda: make_pipeline(StandardScaler(), LinearRegression()),
    )


def random_forest(history: History, horizon_days: int) -> Forecasts:
    """Random forests of scikit-learn, as they come."""
    return _forecast(
        history,
        horizon_days,
        lambda: RandomForestClassifier(random_state=0, n_jobs=1),
        lambda: RandomForestRegressor(random_state=0, n_jobs=1),
    )


def lightgbm(history: History, horizon_days: int) -> Forecasts:
    """LightGBM, as it comes."""
    quiet: dict[str, Any] = {"random_state": 0, "n_jobs": 1, "verbosity": -1, "deterministic": True}
    return _forecast(history, horizon_days, lambda: LGBMClassifier(**quiet), lambda: LGBMRegressor(**quiet))


def learning_days(history: History, horizon_days: int) -> int:
    """Length of the window of the labels."""
    known = history.cutoff - history.first_day
    return horizon_days if known >= 2 * horizon_days else known // 3


def _forecast(history: History, horizon_days: int, classifier: Learner, regressor: Learner) -> Forecasts:
    cutoff = history.cutoff - learning_days(history, horizon_days)
    past, who = history.before(cutoff)
    orders, spend = history.orders(since=cutoff)[who], history.spend(since=cutoff)[who]
    learn, serve = rfm_columns(past), rfm_columns(history)
    tier = top_tier(spend, np.arange(len(spend)))
    return {
        "purchase": _probability(classifier(), learn, orders > 0, serve),
        "orders": np.maximum(regressor().fit(learn, orders).predict(serve), 0),
        "spend": np.maximum(regressor().fit(learn, spend).predict(serve), 0),
        "high_value": _probability(classifier(), learn, tier, serve),
    }


def _probability(classifier: Any, learn: np.ndarray, label: np.ndarray, serve: np.ndarray) -> np.ndarray:
    return np.asarray(classifier.fit(learn, label).predict_proba(serve)[:, 1])
