"""Proving: every model taught, tested and judged at past cutoffs; the evidence decides who serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from joblib import Parallel, delayed

from foretell.backtest.forecast import Forecast, Measured
from foretell.backtest.grade import grade
from foretell.backtest.judge import judge
from foretell.backtest.proof import Proof
from foretell.backtest.selection import Choice, choose
from foretell.backtest.source_worth import SourceWorth, source_worth
from foretell.examples.examples import Examples
from foretell.examples.plan import Plan
from foretell.examples.policy import LEARNED_AS_USUAL, TaughtUnder
from foretell.examples.slices import EVERYBODY, measured_slices
from foretell.forecasts.orders.candidates import BASELINES, PROCESSES, SELDOM_SERVE, candidates
from foretell.forecasts.orders.past_forecasts import Test, Tested, past_forecasts
from foretell.forecasts.orders.settled import settled
from foretell.forecasts.orders.without_tables import WITH_ALL, tables_of
from foretell.forecasts.season.season import Season
from foretell.forecasts.season.windows import shift_at
from foretell.models.blend import Blend
from foretell.models.registry import MODELS
from foretell.project.objectives import Target, target_of
from foretell.project.one_thread import on_one_thread
from foretell.storage.artefacts import Artefact
from foretell.storage.work import Parts, Work

JUDGED_DRAWS = 100
DRAWS_APART = 60
ROWS_WORTH_A_SECOND_PROCESS = 5_000


TEST: Artefact[Tested] = Artefact("test", Tested, version=5)


def prove(
    examples: Examples | None,
    plan: Plan,
    season: Season | None,
    work: Work,
    whole: bool = False,
    under: TaughtUnder = LEARNED_AS_USUAL,
) -> Proof:
    """Test the candidates at every test cutoff, judge, and choose; with the season as it was known at each.

    Expensive learners that hardly ever serve are tested at the newest cutoff alone, and at the others where one of them
    is ahead there; at all of them where the `whole` proof is asked for. Where the policy lets uncontacted customers
    alone teach, buying processes take no part of their own: they would forecast from what contact did.
    """
    grid = plan.proving
    if examples is None or grid is None or not grid.tests:
        return Proof((), (), {}, {}, {}, "the log is too short for a test at a past cutoff")
    newest = max(grid.tests)
    never = frozenset(PROCESSES) if under.is_apart else frozenset()
    tests = [
        Test(test, grid.teaching(test), _season_at(season, test, plan), never, not under.is_apart)
        for test in grid.tests
    ]
    seldom = frozenset() if whole else frozenset(SELDOM_SERVE)
    asked = [replace(test, left_out=never if test.cutoff == newest else seldom | never) for test in tests]
    work.progress.step("Testing models at past cutoffs", len(asked))
    found = _tested(examples, asked, plan, work)
    if seldom and (ahead := _ahead(found, newest, plan, work.seed)):
        rest = frozenset(MODELS) - ahead
        later = _tested(examples, [replace(t, left_out=rest) for t in tests if t.cutoff != newest], plan, work)
        also = {one.cutoff: one for one in later}
        found = [one.and_also(also[one.cutoff]) if one.cutoff in also else one for one in found]
    workers = work.workers if len(examples) > ROWS_WORTH_A_SECOND_PROCESS else 1
    forecasts, told, scatter = settled(found, grid.horizon_days)
    cannot = {question: why for one in found for question, why in one.cannot.items()}
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
    apart = [f for f in forecasts if f.model in _proved_apart(choices.get(target_of(f.objective)))]
    kinds = measured_slices(name for forecast in apart for name in forecast.slices)
    measured += judging.rows(apart, kinds, DRAWS_APART)
    work.progress.advance()
    return Proof(
        tuple(forecasts),
        tuple(measured),
        choices,
        grades,
        cannot,
        mixes={name: one.weights for name, one in told.items()},
        levels={name: one.level for name, one in told.items() if one.level is not None},
        scatter=scatter,
        sources=_sources(found, tables_of(examples.feature_names), seed),
    )


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


def _sources(found: Sequence[Tested], tables: Sequence[str], seed: int) -> tuple[SourceWorth, ...]:
    """What each table adds, by the cutoffs at which something of it was known; who adds most first."""
    whole = [one.without[WITH_ALL] for one in found if WITH_ALL in one.without]
    worths = [
        source_worth(table, whole, [one.without[table] for one in found if table in one.without], seed)
        for table in tables
    ]
    return tuple(sorted(worths, key=lambda one: one.log_loss.value if one.log_loss else float("inf")))


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


def _tested(examples: Examples, tests: Sequence[Test], plan: Plan, work: Work) -> list[Tested]:
    """Every test, over the processes that are worth their start."""
    targets = [objective.target for objective in plan.objectives if not objective.target.told_by]
    workers = work.workers if len(examples) > ROWS_WORTH_A_SECOND_PROCESS else 1
    run = (delayed(_test)(work.parts, examples, test, targets, work.seed) for test in tests)
    found = []
    for one in Parallel(n_jobs=workers, return_as="generator")(run):
        found.append(one)
        work.progress.advance()
    return found


def _ahead(found: Sequence[Tested], newest: int, plan: Plan, seed: int) -> frozenset[str]:
    """The models that are seldom tested and were chosen by the newest test alone."""
    ahead = set()
    alone = [one for one in found if one.cutoff == newest]
    forecasts, _, _ = settled(alone, plan.horizon_days)
    for target in (objective.target for objective in plan.objectives if not objective.target.told_by):
        own = [one for one in forecasts if one.objective == target.name and one.model in candidates(target)]
        if own:
            ahead.add(choose(own, candidates(target), BASELINES, seed=seed, preferred=Blend.name).model)
    return frozenset(ahead & set(SELDOM_SERVE))


@on_one_thread
def _test(parts: Parts | None, examples: Examples, test: Test, targets: Sequence[Target], seed: int) -> Tested:
    def make() -> Tested:
        return past_forecasts(examples, test, targets, seed)

    if parts is None:
        return make()
    which = {"test": str(test.cutoff), "left out": " ".join(sorted(test.left_out)), "season": repr(test.season)}
    return parts.kept_or_made(TEST, which, make)


@on_one_thread
def _rows_of(
    forecasts: Sequence[Forecast], seed: int, draws: int, timezone: str, slices: Sequence[str]
) -> list[Measured]:
    return judge(forecasts, seed, draws, timezone, slices)
