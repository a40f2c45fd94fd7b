"""A customer alone is the customer in a crowd; nothing is a function of the date alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from foretell.examples.assembly import Assembly, completed
from foretell.examples.examples import Examples
from foretell.features import FEATURES
from foretell.features.registry import Feature
from foretell.forecasts.lifetime_value import lifetime_value
from foretell.forecasts.lifetime_value.lifetime_value import ValueTerms
from foretell.forecasts.orders.serving import Serving
from foretell.models import spend_distribution
from foretell.models.contract import CannotFit, Fitted
from foretell.models.registry import MODELS, models_for
from foretell.models.spend_distribution import SpendDistribution
from foretell.models.typical import typical_of
from foretell.project.intervals import days, midnight
from foretell.project.objectives import TARGETS
from foretell.scores.reasons import told_features
from foretell.scores.scoring import Scoring
from foretell.timelines.as_of import AsOf
from foretell.timelines.batch import Timelines
from foretell.timelines.survey import Survey
from made_orders import Made, batch_of, made
from made_shop import OPENED, alone, as_lines, as_told, shop_rows

OPENING = midnight(OPENED.date(), "UTC")
CUTOFFS = [OPENING + days(day) for day in (400, 430, 470)]


@pytest.fixture(scope="module")
def crowd() -> Timelines:
    rows = shop_rows(customers=250, history_days=500, seed=3)
    return batch_of(as_lines(rows), "UTC", told=as_told(rows))


def views(batch: Timelines, survey: Survey) -> list[AsOf]:
    return batch.views(CUTOFFS, survey.population)


def test_every_feature_of_a_customer_alone_is_that_in_a_crowd(crowd: Timelines) -> None:
    survey = Survey.of(crowd)
    whole = [{name: feature(view) for name, feature in FEATURES.items()} for view in views(crowd, survey)]
    for row in range(0, len(crowd.customer_key), 7):
        for in_crowd, view in zip(whole, views(alone(crowd, row), survey), strict=True):
            for name, feature in FEATURES.items():
                assert feature(view).tobytes() == in_crowd[name][row : row + 1].tobytes(), name


@settings(max_examples=30)
@given(made(customers=6, ends=False))
def test_every_feature_of_any_customer_alone_is_that_in_a_crowd(log: Made) -> None:
    batch = batch_of(log.lines, log.timezone, told=log.told)
    population = Survey.of(batch).population(log.cutoff)
    whole = batch.views([log.cutoff], lambda _: population)[0]
    single = [alone(batch, row).views([log.cutoff], lambda _: population)[0] for row in range(whole.customers)]
    for name, feature in FEATURES.items():
        assert b"".join(feature(view).tobytes() for view in single) == feature(whole).tobytes(), name


LEARNERS = [name for name, model in MODELS.items() if "probability" in model.kinds]


@pytest.mark.parametrize("learner", LEARNERS)
def test_every_score_of_a_customer_alone_is_that_in_a_crowd(crowd: Timelines, learner: str) -> None:
    survey = Survey.of(crowd)
    assembly = Assembly(CUTOFFS[:2], 30, tuple(FEATURES), survey)
    taught = completed(assembly(crowd))
    models = {}
    for target in TARGETS.values():
        able = [model.name for model in models_for(target.kind)]
        try:
            models[target.name] = MODELS[learner if learner in able else "rfm_cells"].fit(taught, target, 0)
        except CannotFit:
            continue
    assert {"purchase", "orders", "spend"} <= set(models)
    newest = taught.take(taught.cutoff == taught.cutoff.max())
    lifetime = lifetime_value.fit(newest, 30)
    assert lifetime.process is not None
    typical = typical_of(newest, models["purchase"].contributions(newest), told_features())
    serving = Serving(
        model_id="",
        names={},
        models=models,
        scatter=_scatter(models, taught) if learner == "logistic" else None,
        feature_names=tuple(FEATURES),
        trained_horizon_days=30,
        thresholds={},
        lifetime=lifetime if learner != "rfm_cells" else replace(lifetime, process=None),
        typical=typical,
    )
    assembly = Assembly(CUTOFFS[2:], 30, tuple(FEATURES), survey, labelled=False)
    scoring = Scoring(assembly, serving, {}, ValueTerms(0.3, 0.1))
    table = scoring(crowd)
    ids = {key: row for row, key in enumerate(crowd.customer_key.tolist())}
    for position in range(0, len(table), 40):
        single = scoring(alone(crowd, ids[table["customer_key"][position].as_py()]))
        assert repr(single.to_pylist()) == repr(table.slice(position, 1).to_pylist())


def _scatter(models: dict[str, Fitted], taught: Examples) -> SpendDistribution:
    chance, mean = (models[target].predict(taught) for target in ("purchase", "spend"))
    return spend_distribution.fit(chance, mean, taught.labels["spend"])


def told_by_the_date(feature: Feature | Callable[[AsOf], np.ndarray], seen: list[AsOf]) -> bool:
    """Whether at some cutoff all customers with an order have one value."""
    values = [np.asarray(feature(view))[view.orders.count() > 0] for view in seen]
    return any(len(np.unique(own)) < 2 for own in values)


@pytest.mark.parametrize("name", FEATURES)
def test_no_feature_is_a_function_of_the_cutoff(crowd: Timelines, name: str) -> None:
    assert not told_by_the_date(FEATURES[name], views(crowd, Survey.of(crowd)))


def test_a_function_of_the_cutoff_would_be_found(crowd: Timelines) -> None:
    assert told_by_the_date(lambda view: np.full(view.customers, view.cutoff % 7), views(crowd, Survey.of(crowd)))
