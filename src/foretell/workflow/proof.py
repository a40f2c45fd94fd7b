"""The proof: every model taught, tested and judged at past cutoffs; the evidence decides who serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from foretell.backtest.forecast import Forecast, Measured
from foretell.backtest.grade import Grade, grade
from foretell.backtest.judge import judge
from foretell.backtest.selection import Choice, choose
from foretell.backtest.thresholds import best_f1_threshold
from foretell.examples.assembly import telling
from foretell.examples.examples import Examples
from foretell.models import spend_distribution
from foretell.models.blend import Blend
from foretell.models.contract import CannotFit, Fitted
from foretell.models.level import levelled
from foretell.models.registry import MODELS, models_for
from foretell.project.objectives import TARGETS, Target
from foretell.project.progress import Progress
from foretell.workflow.checkpoints import Checkpoints
from foretell.workflow.kept_forecasts import read_forecasts, write_forecasts
from foretell.workflow.plan import Plan

BASELINES = tuple(model.name for model in MODELS.values() if model.is_baseline)
OF_TIERS = (
    "base_rate",
    "recency",
    "status_quo",
    "frequency_money",
    "rfm_cells",
    "bg_nbd",
    "logistic",
    "gradient_boosting",
    "blend",
)
SLOW = ("pareto_nbd",)
FOR_PURCHASE_ONLY = ("random_forest", "neural_network")
JUDGED_DRAWS = 100
MOST_PROVING_ROWS = 40_000
MOST_COMPLEX = ("decision_tree", "gradient_boosting", "random_forest", "neural_network", "blend")


@dataclass(frozen=True)
class Proof:
    """Forecasts at past cutoffs, their measures, who serves each target, and the grades; `unproved` says why
    there is nothing of it."""

    forecasts: tuple[Forecast, ...]
    measured: tuple[Measured, ...]
    choices: Mapping[str, Choice]
    grades: Mapping[str, Grade]
    cannot: Mapping[str, str]
    unproved: str = ""

    def serving(self, target: str) -> str | None:
        """The model that serves a target; None where nothing could be tested."""
        choice = self.choices.get(target)
        return choice.model if choice else None

    def pooled(self, chance: str, amount: str) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """What serves two questions, at all cutoffs one after the other: chance, mean and actual amount of each
        customer; None without forecasts of both."""
        found = []
        for mean in (f for f in self.forecasts if (f.objective, f.model) == (amount, self.serving(amount))):
            key = (chance, self.serving(chance), mean.cutoff)
            beside = next((f for f in self.forecasts if (f.objective, f.model, f.cutoff) == key), None)
            if beside is not None and np.array_equal(beside.customer_key, mean.customer_key):
                found.append((beside.predicted, mean.predicted, mean.actual))
        if not found:
            return None
        chances, means, actual = (np.concatenate(column) for column in zip(*found, strict=True))
        return chances, means, actual


def candidates(target: Target) -> list[str]:
    """The models compared for a target, simplest first."""
    names = sorted((model.name for model in models_for(target.kind)), key=_complexity)
    if target.name == "purchase":
        return [name for name in names if name not in SLOW]
    if target.name in ("orders", "spend"):
        return [name for name in names if name not in (*SLOW, *FOR_PURCHASE_ONLY)]
    return [name for name in names if name in OF_TIERS]


def _complexity(name: str) -> int:
    return MOST_COMPLEX.index(name) if name in MOST_COMPLEX else -1


def prove(
    examples: Examples | None,
    plan: Plan,
    seed: int,
    workers: int,
    checkpoints: Checkpoints,
    key: object,
    progress: Progress,
) -> Proof:
    """Test every candidate at every test cutoff, judge, and choose."""
    grid = plan.proving
    if examples is None or grid is None or not grid.tests:
        return Proof((), (), {}, {}, {}, "the log is too short for a test at a past cutoff")
    targets = [objective.target for objective in plan.objectives if not objective.target.told_by]
    jobs = [(test, target) for test in grid.tests for target in targets]
    progress.step("Testing models at past cutoffs", len(jobs))
    run = (
        delayed(_checkpointed)(
            checkpoints.root, [key, test, target.name], examples, grid.teaching(test), test, target, plan, seed
        )
        for test, target in jobs
    )
    forecasts: list[Forecast] = []
    cannot: dict[str, str] = {}
    for found, reasons in Parallel(n_jobs=workers, return_as="generator")(run):
        forecasts.extend(found)
        cannot.update(reasons)
        progress.advance()
    progress.step("Judging forecasts")
    asked = dict.fromkeys(forecast.objective for forecast in forecasts)
    judging = (
        delayed(judge)([f for f in forecasts if f.objective == objective], seed, JUDGED_DRAWS, plan.timezone)
        for objective in asked
    )
    measured = [row for rows in Parallel(n_jobs=workers, return_as="generator")(judging) for row in rows]
    choices: dict[str, Choice] = {}
    grades = {}
    for target in sorted((objective.target for objective in plan.objectives), key=lambda target: bool(target.told_by)):
        own = [f for f in forecasts if f.objective == target.name and f.model in candidates(target)]
        if own and not target.told_by:
            choices[target.name] = choose(own, candidates(target), BASELINES, seed=seed, preferred=Blend.name)
        elif own:
            choices[target.name] = _told(choices[target.told_by], own, candidates(target), seed)
        if own:
            grades[target.name] = grade(own, choices[target.name].model, BASELINES, seed=seed)
    progress.advance()
    return Proof(tuple(forecasts), tuple(measured), choices, grades, cannot)


def _told(teller: Choice, own: Sequence[Forecast], names: Sequence[str], seed: int) -> Choice:
    """The choice of another question, with the scores of this one."""
    free = choose(own, names, BASELINES, seed=seed, preferred=teller.model)
    reason = f"{teller.model} serves, as for {teller.objective}: the same event, asked of fewer customers."
    return replace(free, model=teller.model, reason=reason)


def _checkpointed(
    root: Path,
    key: object,
    examples: Examples,
    teaching: Sequence[int],
    test: int,
    target: Target,
    plan: Plan,
    seed: int,
) -> tuple[list[Forecast], dict[str, str]]:
    return Checkpoints(root).step(
        "test",
        key,
        lambda: _tested(examples, teaching, test, target, plan.history_days(test), seed),
        lambda made, folder: write_forecasts(made[0], made[1], folder),
        read_forecasts,
    )


def _tested(
    examples: Examples, teaching: Sequence[int], test: int, target: Target, history_days: float, seed: int
) -> tuple[list[Forecast], dict[str, str]]:
    taught = _fewer(examples.take(np.isin(examples.cutoff, teaching)))
    names = telling(taught)
    taught, examples = taught.with_features(names), examples.take(examples.cutoff == test).with_features(names)
    newest = taught.take(taught.cutoff == max(teaching))
    judged = _asked(examples, target)
    forecasts: list[Forecast] = []
    cannot: dict[str, str] = {}
    if not len(judged):
        return forecasts, cannot
    known: dict[str, Fitted] = {}
    for name in candidates(target):
        try:
            blended = {"known": known} if name == Blend.name else {}
            known[name] = MODELS[name].fit(taught, target, seed, **blended)
        except CannotFit as error:
            cannot[f"{target.name} · {name}"] = str(error)
            continue
        fitted = levelled(known[name], judged, target, history_days)
        own = _asked(newest, target)
        learned = fitted.predict(own)
        forecasts.extend(_forecasts(name, target, judged, fitted.predict(judged), learned, own))
    if target.name == "spend" and Blend.name in known:
        purchase = _purchase(taught, judged, history_days, seed)
        forecasts = _with_intervals(forecasts, purchase, known[Blend.name], taught, judged, cannot)
    return forecasts, cannot


def _fewer(examples: Examples) -> Examples:
    """Whole customers by stable key, so that at most `MOST_PROVING_ROWS` rows remain."""
    if len(examples) <= MOST_PROVING_ROWS:
        return examples
    largest = np.sort(examples.customer_key)[MOST_PROVING_ROWS]
    return examples.take(examples.customer_key < largest)


def _asked(examples: Examples, target: Target) -> Examples:
    label = examples.labels[target.label]
    return examples.take(examples.eligible[target.eligible] & np.isfinite(label))


def _forecasts(
    name: str, target: Target, judged: Examples, predicted: np.ndarray, learned: np.ndarray, own: Examples
) -> Iterator[Forecast]:
    """The forecast of the target, and those that it tells: churn, which is purchase told from the other side, of active
    customers; and entering the top tier, of those who are outside."""
    active = judged.eligible["active"]
    actual = judged.labels[target.label]
    is_probability = target.kind == "probability"
    threshold = best_f1_threshold(learned, own.labels[target.label]) if is_probability else None
    everybody = np.ones(len(judged), dtype=bool)
    cutoff = int(judged.cutoff[0])

    def forecast(objective: str, rows: np.ndarray, mean: np.ndarray, truth: np.ndarray, at: float | None) -> Forecast:
        slices = (
            {"active": everybody[rows]} if objective == "churn" else {"all": everybody[rows], "active": active[rows]}
        )
        keys = judged.customer_key[rows]
        return Forecast(
            objective, target.kind, judged.horizon_days, cutoff, name, keys, mean[rows], truth[rows], slices, at
        )

    yield forecast(target.name, everybody, predicted, actual, threshold)
    for told in (told for told in TARGETS.values() if told.told_by == target.name):
        asked, among = judged.eligible[told.eligible], own.eligible[told.eligible]
        if asked.any():
            at = best_f1_threshold(learned[among], own.labels[told.label][among])
            yield forecast(told.name, asked, predicted, actual, at)
    if target.name == "purchase" and active.any():
        stays = own.eligible["active"]
        at = best_f1_threshold(1 - learned[stays], 1 - own.labels[target.label][stays])
        yield forecast("churn", active, 1 - predicted, 1 - actual, at)


def _purchase(taught: Examples, judged: Examples, history_days: float, seed: int) -> Fitted | None:
    try:
        return levelled(
            MODELS[Blend.name].fit(taught, TARGETS["purchase"], seed), judged, TARGETS["purchase"], history_days
        )
    except CannotFit:
        return None


def _with_intervals(
    forecasts: list[Forecast],
    purchase: Fitted | None,
    spend: Fitted,
    taught: Examples,
    judged: Examples,
    cannot: dict[str, str],
) -> list[Forecast]:
    """Spend forecasts with median and 80 % interval: the scatter is that of the blend on the rows that taught it."""
    if purchase is None:
        return forecasts
    rows = _asked(taught, TARGETS["spend"])
    try:
        scatter = spend_distribution.fit(purchase.predict(rows), spend.predict(rows), rows.labels["spend"])
    except CannotFit as error:
        cannot["spend · interval"] = str(error)
        return forecasts
    chance = purchase.predict(judged)
    return [
        replace(
            forecast,
            low=scatter.quantile(chance, forecast.predicted, 0.1),
            median=scatter.quantile(chance, forecast.predicted, 0.5),
            high=scatter.quantile(chance, forecast.predicted, 0.9),
        )
        for forecast in forecasts
    ]


def measured_rows(proof: Proof) -> list[dict[str, object]]:
    """The rows of backtest.json."""
    return [asdict(row) for row in proof.measured]
