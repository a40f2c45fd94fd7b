"""`python -m bench.sources`: what each table beside orders adds to the forecasts, out of time."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from bench.ablation.run import METRICS, SEED, Worth, figures
from bench.accuracy.logs import Case
from bench.sources.page import page, summary
from bench.sources.projects import Project, complete_journey, generated_shop
from bench.tables import machine
from foretell.backtest.bootstrap import REPLICATES, CustomerWeights
from foretell.backtest.forecast import Forecast
from foretell.backtest.paired import difference, replicated
from foretell.examples.assembly import Assembly, completed, telling
from foretell.examples.examples import Examples, stacked
from foretell.examples.indicators import feature_behind
from foretell.examples.plan import Plan
from foretell.examples.planned import planned_examples
from foretell.features.registry import FEATURES, features_of
from foretell.models.blend import Blend
from foretell.models.level import Level
from foretell.models.levelled import levelled
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.run import planned
from foretell.project.intervals import days
from foretell.project.objectives import TARGETS
from foretell.project.progress import Silent
from foretell.timelines.engine import Engine

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "sources.md"
ORDERS_ALONE = "orders alone"


def main() -> None:
    """Fit with and without the features of each table; print and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.sources", description=__doc__)
    parser.add_argument("--complete-journey", type=Path, metavar="FOLDER", help="its published tables as Parquet files")
    options = parser.parse_args()
    projects = [generated_shop()]
    projects += [complete_journey(options.complete_journey)] if options.complete_journey else []
    found = [worth for project in projects for worth in measured(project)]
    PAGE.write_text(page(found, machine()), encoding="utf-8")
    print(summary(found))


def measured(project: Project) -> Iterator[Worth]:
    """What the tables of a project are worth in each of its cases."""
    with tempfile.TemporaryDirectory(prefix="foretell-bench-") as folder:
        project.fill(Path(folder))
        for case in project.cases:
            began = time.perf_counter()
            engine, plan = planned_in(Path(folder), case)
            yield from worths(project.name, case, engine, plan)
            print(f"{project.name}, {case}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def planned_in(folder: Path, case: Case) -> tuple[Engine, Plan]:
    """The engine over the whole log of a project, and the plan of a run as of the day of the case."""
    request = request_of_declaration(folder / "foretell.toml", workers=1)
    asked = replace(request.asked, as_of=case.as_of.isoformat(), horizons=(case.horizon_days,))
    request = replace(request, asked=asked)
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    log = brought_up_to_date(settled, files, columns, Silent())
    return log.engine, planned(log, Silent())[0]


def worths(name: str, case: Case, engine: Engine, plan: Plan) -> Iterator[Worth]:
    """What the whole blend gains over one without the features of a table, and over orders alone."""
    examples = planned_examples(engine, plan, Silent()).serving
    if examples is None or plan.serving is None:
        raise RuntimeError(f"{name}, {case}: nothing can be learned")
    taught = examples.take(np.isin(examples.cutoff, plan.serving.training))
    today = today_after(engine, plan, case)
    without = {table: {table} for table in sorted(engine.tables)} | {ORDERS_ALONE: set(engine.tables)}
    weights = CustomerWeights.drawn([today.customer_key], SEED, REPLICATES)
    whole = dict(_forecasts(taught, today, set(), case))
    for variant, tables in without.items():
        for target, forecast in _forecasts(taught, today, tables, case):
            for metric in METRICS[target]:
                ours, theirs = (replicated([one], metric, "all", weights) for one in (whole[target], forecast))
                if gained := difference(ours, theirs):
                    level = float(ours.values[0])
                    yield Worth(name, str(case), variant, target, metric, level, *figures(metric, level, gained))


def today_after(engine: Engine, plan: Plan, case: Case) -> Examples:
    """Everybody at the day of the case, with what came after."""
    after = Assembly((plan.as_of,), plan.horizon_days, features_of(engine.tables), plan.survey)
    return completed(stacked(list(engine.over(after, plan.as_of + days(case.horizon_days + 1)))))


def _forecasts(taught: Examples, today: Examples, tables: set[str], case: Case) -> Iterator[tuple[str, Forecast]]:
    """The blend's forecast of each target, without the features of some tables."""
    kept = [name for name in telling(taught) if _table(name) not in tables]
    rows, judged = taught.with_features(kept), today.with_features(kept)
    for name in METRICS:
        target = TARGETS[name]
        fitted = levelled(Blend().fit(rows, target, SEED), judged, target, Level())
        actual = today.labels[target.label]
        yield (
            name,
            Forecast(
                name, target.kind, case.horizon_days, int(today.cutoff[0]), "blend", today.customer_key,
                fitted.predict(judged), actual, {"all": np.ones(len(today), dtype=bool)},
            ),
        )  # fmt: skip


def _table(name: str) -> str:
    """The table that a feature, or the one behind an indicator, reads; empty for orders."""
    return FEATURES[feature_behind(name)].table
