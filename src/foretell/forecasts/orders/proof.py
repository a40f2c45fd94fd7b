"""The proof: every model taught, tested and judged at past cutoffs; the evidence decides who serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from joblib import Parallel, delayed

from foretell.backtest.forecast import Forecast, Measured
from foretell.backtest.grade import Grade, grade
from foretell.backtest.judge import judge
from foretell.backtest.selection import Choice, choose
from foretell.examples.examples import Examples
from foretell.examples.plan import Plan
from foretell.examples.slices import EVERYBODY, measured_slices
from foretell.forecasts.orders.candidates import BASELINES, candidates
from foretell.forecasts.orders.past_forecasts import Question, past_forecasts
from foretell.forecasts.season.season import Season
from foretell.forecasts.season.windows import shift_at
from foretell.models.blend import Blend
from foretell.project.objectives import TOLD_OTHERWISE
from foretell.project.one_thread import on_one_thread
from foretell.storage.artefacts import Artefact
from foretell.storage.work import Parts, Work

JUDGED_DRAWS = 100
DRAWS_APART = 60
ROWS_WORTH_A_SECOND_PROCESS = 5_000


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

    @cached_property
    def values(self) -> Mapping[tuple[str, str | None, str, str], list[float]]:
        """What was measured, by objective, model, metric and slice: the values at the cutoffs that have one."""
        found: dict[tuple[str, str | None, str, str], list[float]] = {}
        for row in self.measured:
            if row.value is not None:
                found.setdefault((row.objective, row.model, row.metric, row.slice), []).append(row.value)
        return found

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


PROOF: Artefact[Proof] = Artefact("proof", Proof)


@dataclass(frozen=True)
class _Test:
    """The forecasts of every candidate for one question at one past cutoff, and why others could not be made."""

    forecasts: tuple[Forecast, ...]
    cannot: Mapping[str, str]


TEST: Artefact[_Test] = Artefact("test", _Test)


def prove(examples: Examples | None, plan: Plan, season: Season | None, work: Work) -> Proof:
    """Test every candidate at every test cutoff, judge, and choose; with the season as it was known at each."""
    grid = plan.proving
    if examples is None or grid is None or not grid.tests:
        return Proof((), (), {}, {}, {}, "the log is too short for a test at a past cutoff")
    targets = [objective.target for objective in plan.objectives if not objective.target.told_by]
    asked = [
        Question(test, grid.teaching(test), target, plan.history_days(test), _season_at(season, test, plan))
        for test in grid.tests
        for target in targets
    ]
    work.progress.step("Testing models at past cutoffs", len(asked))
    workers = work.workers if len(examples) > ROWS_WORTH_A_SECOND_PROCESS else 1
    run = (delayed(_tested)(work.parts, examples, question, work.seed) for question in asked)
    forecasts: list[Forecast] = []
    cannot: dict[str, str] = {}
    for found in Parallel(n_jobs=workers, return_as="generator")(run):
        forecasts.extend(found.forecasts)
        cannot.update(found.cannot)
        work.progress.advance()
    work.progress.step("Judging forecasts")
    seed, judging = work.seed, _Judging(work.seed, plan.timezone, workers)
    measured = judging.rows(forecasts, EVERYBODY, JUDGED_DRAWS)
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
    apart = [f for f in forecasts if f.model in _proved_apart(choices.get(_teller(f.objective)))]
    kinds = measured_slices(name for forecast in apart for name in forecast.slices)
    measured += judging.rows(apart, kinds, DRAWS_APART)
    work.progress.advance()
    return Proof(tuple(forecasts), tuple(measured), choices, grades, cannot)


@dataclass(frozen=True)
class _Judging:
    """How forecasts are judged."""

    seed: int
    timezone: str
    workers: int

    def rows(self, forecasts: Sequence[Forecast], slices: Sequence[str], draws: int) -> list[Measured]:
        """Every forecast measured on the slices, question by question."""
        asked = dict.fromkeys(forecast.objective for forecast in forecasts)
        judging = (
            delayed(_rows_of)([f for f in forecasts if f.objective == one], self.seed, draws, self.timezone, slices)
            for one in asked
        )
        return [row for rows in Parallel(n_jobs=self.workers, return_as="generator")(judging) for row in rows]


def _teller(objective: str) -> str:
    """The question whose choice says who serves this one: churn is purchase told from the other side."""
    return TOLD_OTHERWISE.get(objective, objective)


def _proved_apart(choice: Choice | None) -> set[str | None]:
    """The models that are measured on each kind of customers: the one that serves, and the best baseline."""
    return {choice.model, choice.best_baseline} if choice else set()


def _told(teller: Choice, own: Sequence[Forecast], names: Sequence[str], seed: int) -> Choice:
    """The choice of another question, with the scores of this one."""
    free = choose(own, names, BASELINES, seed=seed, preferred=teller.model)
    reason = f"{teller.model} serves, as for {teller.objective}: the same event, asked of fewer customers."
    return replace(free, model=teller.model, reason=reason)


def _season_at(season: Season | None, test: int, plan: Plan) -> float:
    return shift_at(season, test, plan).value if season else 0.0


@on_one_thread
def _tested(parts: Parts | None, examples: Examples, question: Question, seed: int) -> _Test:
    def make() -> _Test:
        forecasts, cannot = past_forecasts(examples, question, seed)
        return _Test(tuple(forecasts), cannot)

    if parts is None:
        return make()
    which = {"test": str(question.test), "target": question.target.name, "season": repr(question.season)}
    return parts.kept_or_made(TEST, which, make)


@on_one_thread
def _rows_of(
    forecasts: Sequence[Forecast], seed: int, draws: int, timezone: str, slices: Sequence[str]
) -> list[Measured]:
    return judge(forecasts, seed, draws, timezone, slices)
