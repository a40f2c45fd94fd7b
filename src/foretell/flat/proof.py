"""The proof of a flat table: every labelled row scored by models that did not see its fold, and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from foretell.backtest.forecast import Forecast, Measured
from foretell.backtest.grade import Grade, grade
from foretell.backtest.judge import judge
from foretell.examples.flat.folds import FOLDS, folds_of
from foretell.examples.flat.table import FlatTable
from foretell.models.flat.blend import FittedFlatBlend, FlatBlend
from foretell.project.progress import Progress
from foretell.scores.flat_reasons import FlatReason, flat_reasons, likes, usual_values

BASE_RATE, PLAIN, DEFAULT = "base_rate", "plain_logistic", "default_boosting"
BASELINES = (BASE_RATE, PLAIN, DEFAULT)
DRAWS = 200
THREADS = 2
MOST_EXPLAINED = 20_000


@dataclass(frozen=True)
class FlatProof:
    """One entry a labelled row, in the order of the table that was proved: `fold`, the blend's logit and reasons.

    `links` is float64 [rows, members], each member's own logit out of fold. `serving` is the blend, or the base rate
    where the blend does not beat it; `forecasts` are the blend's and the baselines', `p` what serves."""

    fold: np.ndarray
    p: np.ndarray
    links: np.ndarray
    reasons: list[list[FlatReason]]
    weights: np.ndarray
    serving: str
    forecasts: tuple[Forecast, ...]
    measured: tuple[Measured, ...]
    grade: Grade


@dataclass(frozen=True)
class _Fold:
    rows: np.ndarray
    links: np.ndarray
    link: np.ndarray
    rate: float
    reasons: list[list[FlatReason]]


@dataclass(frozen=True)
class _Question:
    """What all folds share; `usual` and `theme` are what reasons compare a row with, `seed` that of every model."""

    blend: FlatBlend
    table: FlatTable
    outcome: np.ndarray
    usual: np.ndarray
    theme: np.ndarray
    seed: int


def prove_flat(
    table: FlatTable, outcome: np.ndarray, *, customer: np.ndarray, objective: str, seed: int, progress: Progress
) -> FlatProof:
    """Five folds, each scored by a blend whose weights and members come from the other four; identical rows, and rows
    of one customer, stay together."""
    blend = FlatBlend()
    question = _Question(
        blend=blend, table=table, outcome=outcome, usual=usual_values(table), theme=likes(table), seed=seed
    )
    fold = folds_of(table.key, outcome, seed, FOLDS, customer)
    progress.step("Testing on rows kept aside", len(np.unique(fold)))
    rows = len(table)
    links, link, rate = np.full((rows, len(blend.all_members)), np.nan), np.zeros(rows), np.zeros(rows)
    reasons: list[list[FlatReason]] = [[] for _ in range(rows)]
    with ThreadPoolExecutor(THREADS) as pool:
        work = [pool.submit(_tested, question, fold == k) for k in np.unique(fold)]
        for done in as_completed(work):
            tested = done.result()
            links[tested.rows], link[tested.rows], rate[tested.rows] = tested.links, tested.link, tested.rate
            for row, told in zip(tested.rows.tolist(), tested.reasons, strict=True):
                reasons[row] = told
            progress.advance()
    progress.step("Judging the scores")
    names = {member.name: place for place, member in enumerate(blend.all_members)}
    given = {blend.name: expit(link), BASE_RATE: rate}
    given |= {name: expit(np.where(np.isnan(links[:, at]), logit(rate), links[:, at])) for name, at in names.items()}
    forecasts = tuple(_forecast(objective, name, p, outcome) for name, p in given.items())
    losses = {f.model: _log_loss(f.predicted, outcome) for f in forecasts}
    serving = blend.name if losses[blend.name] < losses[BASE_RATE] else BASE_RATE
    judged = [replace(row, cutoff="") for row in judge(forecasts, seed, DRAWS)]
    return FlatProof(
        fold,
        given[serving],
        links,
        reasons if serving == blend.name else [[] for _ in range(rows)],
        blend.weights_from(links, outcome),
        serving,
        forecasts,
        tuple(judged),
        grade(forecasts, serving, BASELINES, seed=seed),
    )


def _tested(question: _Question, aside: np.ndarray) -> _Fold:
    blend, seed = question.blend, question.seed
    taught, judged = question.table.take(~aside), question.table.take(aside)
    known = question.outcome[~aside]
    rate = (float(known.sum()) + 1) / (len(known) + 2)
    fitted: FittedFlatBlend = blend.fit(taught, known, seed)
    links = blend.member_links(fitted, taught, known, judged, seed)
    told = explained(fitted, judged, question.usual, question.theme, MOST_EXPLAINED // FOLDS)
    return _Fold(np.flatnonzero(aside), links, fitted.link(judged), rate, told)


def explained(
    fitted: FittedFlatBlend, table: FlatTable, usual: np.ndarray, theme: np.ndarray, most: int = MOST_EXPLAINED
) -> list[list[FlatReason]]:
    """The reasons of each row; of more than `most` rows only of those with the highest chances, since to explain a
    row costs as much as to score a hundred."""
    rows = np.arange(len(table))
    if len(rows) > most:
        rows = np.lexsort((table.key, -fitted.link(table)))[:most]
    part = table.take(rows)
    reasons: list[list[FlatReason]] = [[] for _ in range(len(table))]
    for row, told in zip(rows.tolist(), flat_reasons(fitted.contributions(part), part, usual, theme), strict=True):
        reasons[row] = told
    return reasons


def _forecast(objective: str, model: str, p: np.ndarray, outcome: np.ndarray) -> Forecast:
    rows = len(outcome)
    everybody: Mapping[str, np.ndarray] = {"all": np.ones(rows, dtype=bool)}
    return Forecast(objective, "probability", 0, 0, model, np.arange(rows, dtype=np.uint64), p, outcome, everybody)


def _log_loss(p: np.ndarray, outcome: np.ndarray) -> float:
    return float(-np.mean(np.log(np.where(outcome > 0.5, p, 1 - p))))


def metric_of(measured: Sequence[Measured], model: str, metric: str) -> Measured | None:
    """The row of one model and metric."""
    return next((row for row in measured if (row.model, row.metric) == (model, metric)), None)
