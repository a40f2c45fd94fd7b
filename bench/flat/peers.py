"""The peers on flat tables, with the settings that their libraries come with: each learns and scores logits.

Each gets the columns that Foretell's audit kept, numbers as they are and categories as its library wants them.
CatBoost is no dependency; it takes part where it can be imported (`pip install --target DIR catboost`, PYTHONPATH=DIR).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from scipy.special import logit
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from foretell.examples.flat.table import FlatTable

Peer = Callable[[FlatTable, np.ndarray, FlatTable, int], np.ndarray]
MOST_LEVELS_OF_HISTOGRAMS = 255
SURE = 1e-6
"""A forest is certain where all its trees agree; its log loss would be infinite."""


def frame(table: FlatTable) -> pd.DataFrame:
    """The table as pandas has it, categories as such, null as a missing value."""
    columns = {}
    for at, name in enumerate(table.names):
        values = table.values[:, at]
        if table.kinds[at] == "category":
            codes = np.where(np.isnan(values), -1, values).astype(np.int64)
            columns[name] = pd.Categorical.from_codes(codes, list(table.levels[at]))
        else:
            columns[name] = values
    return pd.DataFrame(columns)


def _prepared(table: FlatTable, scaled: bool) -> object:
    categories = [name for name, kind in zip(table.names, table.kinds, strict=True) if kind == "category"]
    numbers = [name for name in table.names if name not in categories]
    steps = [SimpleImputer(strategy="median"), *([StandardScaler()] if scaled else [])]
    one_hot = OneHotEncoder(handle_unknown="ignore")
    return make_column_transformer((make_pipeline(*steps), numbers), (one_hot, categories))


def default_logistic(taught: FlatTable, outcome: np.ndarray, judged: FlatTable, seed: int) -> np.ndarray:
    """scikit-learn's logistic regression, standardised numbers and one-hot categories."""
    learner = make_pipeline(_prepared(taught, scaled=True), LogisticRegression(max_iter=2000))
    return np.asarray(learner.fit(frame(taught), outcome).decision_function(frame(judged)))


def random_forest(taught: FlatTable, outcome: np.ndarray, judged: FlatTable, seed: int) -> np.ndarray:
    """scikit-learn's random forest."""
    learner = make_pipeline(_prepared(taught, scaled=False), RandomForestClassifier(random_state=seed))
    chance = learner.fit(frame(taught), outcome).predict_proba(frame(judged))[:, 1]
    return np.asarray(logit(np.clip(chance, SURE, 1 - SURE)))


def default_lightgbm(taught: FlatTable, outcome: np.ndarray, judged: FlatTable, seed: int) -> np.ndarray:
    """LightGBM with its own categories."""
    learner = LGBMClassifier(random_state=seed, n_jobs=1, verbosity=-1).fit(frame(taught), outcome)
    return np.asarray(learner.predict(frame(judged), raw_score=True))


def hist_gradient_boosting(taught: FlatTable, outcome: np.ndarray, judged: FlatTable, seed: int) -> np.ndarray:
    """scikit-learn's histogram gradient boosting; categories with more levels than it allows are numbers."""
    few = [
        k == "category" and len(v) < MOST_LEVELS_OF_HISTOGRAMS for k, v in zip(taught.kinds, taught.levels, strict=True)
    ]
    learner = HistGradientBoostingClassifier(
        random_state=seed, categorical_features=np.array(few) if any(few) else None
    )
    return np.asarray(learner.fit(taught.values, outcome).decision_function(judged.values))


def catboost(taught: FlatTable, outcome: np.ndarray, judged: FlatTable, seed: int) -> np.ndarray:
    """CatBoost with its own categories."""
    from catboost import CatBoostClassifier  # noqa: PLC0415

    def text(table: FlatTable) -> pd.DataFrame:
        given = frame(table)
        for name in categories:
            given[name] = given[name].astype(object).where(given[name].notna(), "").astype(str)
        return given

    categories = [name for name, kind in zip(taught.names, taught.kinds, strict=True) if kind == "category"]
    learner = CatBoostClassifier(
        verbose=0, thread_count=1, random_seed=seed, allow_writing_files=False, cat_features=categories
    )
    learner.fit(text(taught), outcome)
    return np.asarray(learner.predict(text(judged), prediction_type="RawFormulaVal"))


PEERS: dict[str, Peer] = {
    "default logistic": default_logistic,
    "random forest": random_forest,
    "default LightGBM": default_lightgbm,
    "HistGradientBoosting": hist_gradient_boosting,
    **({"CatBoost": catboost} if find_spec("catboost") else {}),
}
