"""Which cut points a run uses: kept ones where they were known by its date, its own where not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from foretell.examples.plan import Plan
from foretell.pipeline.log_engine import engine_of
from foretell.pipeline.run import Outcome
from foretell.project.errors import InputError
from foretell.project.intervals import from_microseconds, midnight
from foretell.segments.movement.cut_points import FILE_NAME, KeptCuts, forget_cuts, read_cuts, window_days
from foretell.segments.movement.sets import settled_sets
from foretell.segments.movement.standings import standings_at
from foretell.segments.standing import Moment
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.engine import Engine


def days_back(plan: Plan, count: int) -> Plan:
    """The plan, looked at so many days earlier."""
    day = from_microseconds(plan.as_of, plan.timezone).date() - timedelta(days=count)
    return replace(plan, as_of=midnight(day, plan.timezone))


@pytest.fixture
def engine(shop_outcome: Outcome) -> Engine:
    """The engine of the shop's run."""
    return engine_of(shop_outcome.ingested, shop_outcome.request)


def settled(engine: Engine, plan: Plan, outcome: Outcome, state: Path) -> KeptCuts:
    sets, cuts = settled_sets(engine, plan, replace(outcome.request, state=state))
    assert {group.name for group in sets} == set(cuts.cuts)
    return cuts


def fresh(engine: Engine, plan: Plan, outcome: Outcome) -> dict[str, object]:
    """The cut points that everybody of that day gives."""
    sets, _ = settled_sets(engine, plan, outcome.request)
    now, window = Moment.now(plan.as_of), window_days(plan.history_days(plan.as_of))
    today = standings_at(engine, [now], window, plan, (), EVERY_KEY)[now]
    return {group.name: group.fit(today) for group in sets}


def test_a_later_run_keeps_the_cuts_of_the_first(engine: Engine, shop_outcome: Outcome, tmp_path: Path) -> None:
    today, before = shop_outcome.plan, days_back(shop_outcome.plan, 60)
    first = settled(engine, before, shop_outcome, tmp_path)
    assert first.cuts == fresh(engine, before, shop_outcome) != fresh(engine, today, shop_outcome)
    text = (tmp_path / FILE_NAME).read_text()
    assert settled(engine, today, shop_outcome, tmp_path) == first
    assert (tmp_path / FILE_NAME).read_text() == text


def test_an_earlier_run_neither_uses_nor_overwrites_them(engine: Engine, shop_outcome: Outcome, tmp_path: Path) -> None:
    today, before = shop_outcome.plan, days_back(shop_outcome.plan, 60)
    kept = settled(engine, today, shop_outcome, tmp_path)
    text = (tmp_path / FILE_NAME).read_text()
    early = settled(engine, before, shop_outcome, tmp_path)
    assert early.cuts == fresh(engine, before, shop_outcome)
    assert early.fitted_at == before.as_of
    assert (tmp_path / FILE_NAME).read_text() == text
    assert settled(engine, today, shop_outcome, tmp_path) == kept


def test_deleted_cuts_are_fitted_anew_and_broken_ones_refused(
    engine: Engine, shop_outcome: Outcome, tmp_path: Path
) -> None:
    settled(engine, days_back(shop_outcome.plan, 60), shop_outcome, tmp_path)
    (tmp_path / FILE_NAME).unlink()
    assert settled(engine, shop_outcome.plan, shop_outcome, tmp_path).fitted_at == shop_outcome.plan.as_of
    (tmp_path / FILE_NAME).write_text('{"fitted_at": 1')
    with pytest.raises(InputError, match="delete the file"):
        settled(engine, shop_outcome.plan, shop_outcome, tmp_path)


def test_a_refit_cuts_anew(engine: Engine, shop_outcome: Outcome, tmp_path: Path) -> None:
    settled(engine, days_back(shop_outcome.plan, 60), shop_outcome, tmp_path)
    forget_cuts(tmp_path, "refit")
    anew = settled(engine, shop_outcome.plan, shop_outcome, tmp_path)
    assert anew.cuts == fresh(engine, shop_outcome.plan, shop_outcome)
    assert read_cuts(tmp_path) == anew
    assert len(anew.events) == 3
