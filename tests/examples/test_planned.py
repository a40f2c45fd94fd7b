"""The rows that a plan asks for are computed once where they serve two ends, and apart where they must be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretell.examples.grid import cutoff_grid
from foretell.examples.plan import Plan
from foretell.examples.planned import PlannedExamples, planned_examples, todays_examples
from foretell.features import features_of
from foretell.project.intervals import days
from foretell.project.objectives import objectives_of
from foretell.project.progress import Silent
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.engine import Engine, engine_over
from foretell.timelines.survey import Survey, combined
from made_store import loaded
from made_views import bought

AS_OF = days(120)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Six customers, each with a rhythm of their own over 120 days."""
    lines = [bought(day, 10, f"c{gap}") for gap in range(3, 9) for day in range(gap, 130, gap)]
    root: Path = tmp_path_factory.mktemp("planned")
    return engine_over(loaded(root, lines, buckets=3), "net")


@pytest.fixture(scope="module")
def plan(engine: Engine) -> Plan:
    survey = combined(list(engine.over(Survey.of, AS_OF)))
    grid = cutoff_grid(AS_OF, 20, survey.log_start, "UTC")
    return Plan(AS_OF, 20, "as asked", "UTC", survey, objectives_of([], 20), grid, grid, EVERY_KEY, EVERY_KEY)


def test_one_set_of_rows_proves_and_serves(engine: Engine, plan: Plan) -> None:
    found = planned_examples(engine, plan, Silent())
    assert plan.proving is not None
    assert (found.is_shared, found.apart) == (True, None)
    assert found.serving is found.proving
    assert found.proving is not None
    assert np.unique(found.proving.cutoff).tolist() == sorted(plan.proving.cutoffs)
    assert found.proving.feature_names == features_of(())
    assert len(found.proving) == 6 * len(plan.proving.cutoffs)
    assert np.isfinite(found.proving.labels["high_value"]).all()


def test_other_customers_or_cutoffs_are_computed_apart(engine: Engine, plan: Plan) -> None:
    assert plan.serving is not None
    keys = np.unique(todays_examples(engine, plan).customer_key)
    few = planned_examples(engine, replace(plan, proving_key=int(keys[2])), Silent())
    assert (few.is_shared, few.serving is few.apart) == (False, True)
    assert few.proving is not None
    assert few.apart is not None
    assert np.unique(few.proving.customer_key).tolist() == keys[:3].tolist()
    assert np.unique(few.apart.customer_key).tolist() == keys.tolist()
    assert np.unique(few.apart.cutoff).tolist() == sorted(plan.serving.training)


@pytest.mark.parametrize("missing", ["proving", "serving"])
def test_a_log_that_is_too_short_for_one_gives_the_other(engine: Engine, plan: Plan, missing: str) -> None:
    found = planned_examples(engine, replace(plan, **{missing: None}), Silent())  # type: ignore[arg-type]
    assert (found.proving is None, found.apart is None) == (missing == "proving", missing == "serving")


def test_today_has_facts_and_no_outcome(engine: Engine, plan: Plan) -> None:
    today = todays_examples(engine, plan)
    assert set(today.cutoff.tolist()) == {AS_OF}
    assert today.labels == {}
    assert sorted(today.facts["lifetime_orders"]) == sorted(len(range(gap, 120, gap)) for gap in range(3, 9))
    assert PlannedExamples(None, None, False).serving is None
