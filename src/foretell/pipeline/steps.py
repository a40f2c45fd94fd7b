"""The steps of a run, top-down: what each makes, and what goes into it.

`needs` are earlier results and facts; their fingerprints are the key under which a result is kept, their values what
`make` may ask for. Steps that are `daily` are made anew when the same models score everybody on another day.
"""

from __future__ import annotations

from typing import Any

from foretell.answers.model import MODEL_CARD
from foretell.backtest.proof import PROOF
from foretell.customer_log.intake import INTAKE
from foretell.examples.plan import PLAN
from foretell.examples.planned import EXAMPLES, planned_examples, todays_examples
from foretell.forecasts.contracts.proof import CONTRACT_PROOF, CONTRACTS, contracts_today, prove_contracts
from foretell.forecasts.early_value.proof import EARLY_VALUE, early_value_of
from foretell.forecasts.lifetime_value.projection import PROJECTIONS, projections
from foretell.forecasts.next_categories.proof import CATEGORY_PROOF, NEXT_CATEGORIES, next_categories, prove_categories
from foretell.forecasts.next_order.proof import NEXT_ORDER, NEXT_ORDER_MODEL, next_order_columns, next_order_model
from foretell.forecasts.orders.baselines import BASELINES, train_baselines
from foretell.forecasts.orders.proving import prove
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE, train
from foretell.forecasts.orders.tracking import TRACKING, tracking_of
from foretell.forecasts.season.windows import SEASON, season_of, shift_at
from foretell.health.checks import FINDINGS, findings
from foretell.health.data.checked import DATA_CHECK, data_checked
from foretell.health.data.picture import pictured
from foretell.health.gathered import evidence_of
from foretell.outcomes.estimates.rehearsal import REHEARSAL
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST
from foretell.pipeline.card import card_of
from foretell.pipeline.facts import (
    DRAWN,
    FEATURE_CODE,
    INTAKE_OF_RUN,
    KEPT_CUTS,
    MONEY,
    PLAN_OF_RUN,
    PLANNED,
    PROOF_ASKED,
    SEGMENTS_ASKED,
    SETTINGS,
    SHORTER_SCORES,
    Given,
)
from foretell.pipeline.first_look import FIRST_LOOK, first_look
from foretell.pipeline.loop.keeping import TO_KEEP_A_FORECAST, forecast_of_run
from foretell.pipeline.loop.rehearsing import rehearsal_of
from foretell.pipeline.step import Step
from foretell.scores.customers import CUSTOMERS, SCORES, ScoredBy, columns_in, scored, scores_of
from foretell.scores.table import at_least
from foretell.segments.movement.cut_points import CUTS
from foretell.segments.movement.proof import SEGMENT_PROOF, prove_sets
from foretell.segments.movement.segmentation import SEGMENTS, Scored, segmented
from foretell.segments.movement.sets import SetsOfRun, sets_of, settled_cuts


def _sets(of: Given) -> SetsOfRun:
    return sets_of(of(SEGMENTS_ASKED), of(CUTS), of(PLANNED).survey.begun)


def _first_look(of: Given) -> Any:
    sets = _sets(of)
    found = first_look(of.engine, of(PLANNED), of(EXAMPLES).serving, sets, of.work.seed)
    for line in found.lines():
        of.work.progress.note(line)
    return found


def _customers(of: Given) -> Any:
    season = shift_at(of(SEASON), of(PLANNED).as_of, of(PLANNED))
    by = ScoredBy(of(MODELS_THAT_SERVE), of(BASELINES))
    return scored(of.engine, of(PLANNED), by, season, of(MONEY), of.work.progress)


def _proof(of: Given) -> Any:
    examples, whole = of(EXAMPLES), of(PROOF_ASKED) == "full"
    return prove(examples.proving, of(PLANNED), of(SEASON), of.work, whole, examples.under)


def _models(of: Given) -> Any:
    plan = of(PLANNED)
    season, today = shift_at(of(SEASON), plan.as_of, plan), todays_examples(of.engine, plan)
    return train(of(EXAMPLES), today, plan, of(PROOF), season, of.work)


def _baselines(of: Given) -> Any:
    plan = of(PLANNED)
    season, today = shift_at(of(SEASON), plan.as_of, plan), todays_examples(of.engine, plan)
    return train_baselines(of(EXAMPLES), today, plan, of(PROOF), season, of.work)


def _coming(of: Given) -> dict[str, Any]:
    return {**columns_in(of(NEXT_ORDER)), **columns_in(of(NEXT_CATEGORIES).lists)}


def _segments(of: Given) -> Any:
    sets, day = _sets(of), Scored(of(CUSTOMERS).table, _coming(of))
    return segmented(of.engine, of(PLANNED), sets, of(SEGMENT_PROOF), day, of(MONEY).currency)


def _scores(of: Given) -> Any:
    customers, model_id = of(CUSTOMERS).table, of(MODELS_THAT_SERVE).model_id
    coming = {**_coming(of), **columns_in(of(CONTRACTS).columns)}
    own = scores_of(customers, of(SEGMENTS).scores, coming, of(PLANNED), model_id, of(MONEY).currency)
    return at_least(own, of(SHORTER_SCORES))


def _contracts(of: Given) -> Any:
    keys = of(CUSTOMERS).table["customer_key"].to_numpy()
    return contracts_today(of.engine, of(PLANNED), of(CONTRACT_PROOF), keys, of.work.progress)


def _findings(of: Given) -> Any:
    evidence = evidence_of(of.engine, of(PLANNED), of(EXAMPLES), of(PROOF), of(MODELS_THAT_SERVE), of(CUSTOMERS).table)
    return findings(evidence)


def _data_check(of: Given) -> Any:
    plan, intake = of(PLANNED), of(INTAKE_OF_RUN)
    return data_checked(pictured(of.engine, intake, plan.timezone, of(MONEY).currency), intake, plan, {})


STEPS: tuple[Step[Any], ...] = (
    Step(INTAKE, (INTAKE_OF_RUN,), lambda of: of(INTAKE_OF_RUN), daily=True),
    Step(PLAN, (PLAN_OF_RUN,), lambda of: of(PLAN_OF_RUN), daily=True),
    Step(SEASON, (PLANNED,), lambda of: season_of(of.engine, of(PLANNED)), "Looking for a season", daily=True),
    Step(
        EXAMPLES,
        (PLANNED, FEATURE_CODE, DRAWN),
        lambda of: planned_examples(of.engine, of(PLANNED), of.work.progress, of(DRAWN)),
    ),
    Step(
        CUTS,
        (PLANNED, FEATURE_CODE, SEGMENTS_ASKED, KEPT_CUTS),
        lambda of: settled_cuts(of.engine, of(PLANNED), of(SEGMENTS_ASKED), of(KEPT_CUTS), of.work.seed),
        daily=True,
    ),
    Step(
        FIRST_LOOK,
        (PLANNED, FEATURE_CODE, EXAMPLES, SEGMENTS_ASKED, CUTS),
        _first_look,
        "A first look at everybody",
    ),
    Step(PROOF, (PLANNED, EXAMPLES, SEASON, PROOF_ASKED), _proof),
    Step(MODELS_THAT_SERVE, (PLANNED, FEATURE_CODE, EXAMPLES, PROOF, SEASON), _models),
    Step(BASELINES, (PLANNED, FEATURE_CODE, EXAMPLES, PROOF, SEASON), _baselines),
    Step(CUSTOMERS, (PLANNED, FEATURE_CODE, MODELS_THAT_SERVE, BASELINES, SEASON, MONEY), _customers, daily=True),
    Step(
        NEXT_ORDER_MODEL,
        (PLANNED, FEATURE_CODE, PROOF),
        lambda of: next_order_model(of.engine, of(PLANNED), of(PROOF), of.work),
    ),
    Step(
        NEXT_ORDER,
        (PLANNED, FEATURE_CODE, NEXT_ORDER_MODEL, CUSTOMERS),
        lambda of: next_order_columns(of.engine, of(PLANNED), of(NEXT_ORDER_MODEL).fitted, of(CUSTOMERS).table),
        "Dating the next order of every customer",
        daily=True,
    ),
    Step(
        CATEGORY_PROOF,
        (PLANNED,),
        lambda of: prove_categories(of.engine, of(PLANNED), of.work.seed),
        "Proving what customers buy next",
    ),
    Step(
        NEXT_CATEGORIES,
        (PLANNED, CATEGORY_PROOF, CUSTOMERS),
        lambda of: next_categories(of.engine, of(PLANNED), len(of(CUSTOMERS).table), of(CATEGORY_PROOF)),
        "Naming what customers buy next",
        daily=True,
    ),
    Step(
        CONTRACT_PROOF,
        (PLANNED,),
        lambda of: prove_contracts(of.engine, of(PLANNED), of.work.seed, of.work.progress),
    ),
    Step(CONTRACTS, (PLANNED, CONTRACT_PROOF, CUSTOMERS), _contracts, daily=True),
    Step(
        SEGMENT_PROOF,
        (PLANNED, FEATURE_CODE, SEGMENTS_ASKED, CUTS, PROOF),
        lambda of: prove_sets(of.engine, of(PLANNED), of(PROOF), _sets(of).sets, of.work.seed),
        "Proving where customers go",
    ),
    Step(
        SEGMENTS,
        (PLANNED, FEATURE_CODE, SEGMENTS_ASKED, CUTS, SEGMENT_PROOF, CUSTOMERS, NEXT_ORDER, NEXT_CATEGORIES, MONEY),
        _segments,
        "Following customers through segments",
        daily=True,
    ),
    Step(
        SCORES,
        (
            PLANNED,
            CUSTOMERS,
            SEGMENTS,
            NEXT_ORDER,
            NEXT_CATEGORIES,
            CONTRACTS,
            MODELS_THAT_SERVE,
            MONEY,
            SHORTER_SCORES,
        ),
        _scores,
        daily=True,
    ),
    Step(REHEARSAL, (PLANNED, PROOF), lambda of: rehearsal_of(of.engine, of(PLANNED), of(PROOF)), "Trying estimates"),
    Step(PUBLISHED_FORECAST, TO_KEEP_A_FORECAST, forecast_of_run, daily=True),
    Step(
        TRACKING,
        (PLANNED, EXAMPLES, PROOF),
        lambda of: tracking_of(of.engine, of(PLANNED), of(EXAMPLES).proving, of(PROOF)),
        "Following orders through the tests",
    ),
    Step(DATA_CHECK, (PLANNED, INTAKE_OF_RUN, MONEY), _data_check, daily=True),
    Step(
        FINDINGS,
        (PLANNED, EXAMPLES, PROOF, MODELS_THAT_SERVE, CUSTOMERS),
        _findings,
        "Checking data and models",
    ),
    Step(
        PROJECTIONS,
        (PLANNED, FEATURE_CODE, PROOF),
        lambda of: projections(of.engine, of(PLANNED), of(PROOF)),
        "Checking lifetime value on the past",
    ),
    Step(
        EARLY_VALUE,
        (PLANNED, FEATURE_CODE),
        lambda of: early_value_of(of.engine, of(PLANNED), of.work.seed, of.work.progress),
    ),
    Step(
        MODEL_CARD,
        (PLAN_OF_RUN, SETTINGS, INTAKE_OF_RUN, PROOF, MODELS_THAT_SERVE),
        lambda of: card_of(of(PLAN_OF_RUN), of(SETTINGS), of(INTAKE_OF_RUN), of(PROOF), of(MODELS_THAT_SERVE)),
    ),
)
