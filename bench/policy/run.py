"""`python -m bench.policy`: what our own campaigns do to forecasts, with and without a policy that knows of them."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pyarrow as pa

from bench.accuracy.logs import Case
from bench.policy.page import page, summary
from bench.policy.shop import Futures, Habit, begun, campaigned, chosen, futures
from bench.sources.run import planned_in
from bench.tables import machine
from foretell.examples.assembly import telling
from foretell.examples.examples import Examples
from foretell.examples.planned import planned_examples, todays_examples
from foretell.examples.policy import TaughtUnder
from foretell.generated.request import ShopRequest
from foretell.models.blend import Blend
from foretell.models.contract import Model
from foretell.models.fitted_once import FittedOnce
from foretell.models.learners.gradient_boosting import GradientBoosting
from foretell.models.level import Level
from foretell.models.levelled import levelled
from foretell.pipeline.loop.drawn_contacts import ledger_before
from foretell.project.objectives import TARGETS
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.project.request import IF_NOBODY, Policy
from foretell.timelines.engine import Engine

RESULTS = Path(__file__).parents[1] / "results" / "policy.md"
CUSTOMERS, SEEDS, SEED = 4_000, (1, 2, 3, 4), 0
LEARNERS: tuple[Model, ...] = (Blend(), GradientBoosting())
POLICIES: tuple[Policy, ...] = ("as usual", IF_NOBODY)
CHOSEN, EVERYBODY = "chosen by the score", "everybody"


@dataclass(frozen=True)
class Found:
    """One shop, one policy, one learner, one group of customers: the mean forecast of an order, and the share who
    ordered in each future of the same shop (see `Futures`)."""

    seed: int
    policy: Policy
    learner: str
    group: str
    customers: int
    forecast: float
    as_usual: float
    held_back: float
    alone: float
    under: TaughtUnder


def main() -> None:
    """Measure every seed; write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.policy", description=__doc__)
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    options = parser.parse_args()
    found, habit = list[Found](), Habit()
    for seed in options.seeds:
        began = time.perf_counter()
        found += measured(ShopRequest(options.customers, habit.days_before, seed, ahead=habit.ahead), habit)
        print(f"seed {seed}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        RESULTS.write_text(page(found, habit, options.customers, machine()), encoding="utf-8")
    print(summary(found))


def measured(request: ShopRequest, habit: Habit, learners: Sequence[Model] = LEARNERS) -> Iterator[Found]:
    """Forecasts of a shop after its campaigns under both policies, beside what then comes; the first of the learners
    says who is contacted."""
    may_leave = partial(_may_leave, learners[0], habit)
    with tempfile.TemporaryDirectory(prefix="foretell-bench-") as root:
        folder = Path(root) / "shop"
        day = campaigned(folder, begun(request, folder), habit, may_leave)
        own, came = set(chosen(folder, day, habit, may_leave)), futures(folder, day, habit, may_leave)
        for policy in POLICIES:
            forecast = forecast_of(folder, day, habit.horizon_days, policy, learners)
            for group, rows in ((CHOSEN, own), (EVERYBODY, set(forecast.ids))):
                yield from beside(forecast, policy, request.seed, (group, rows), came)


@dataclass(frozen=True)
class Forecast:
    """Everybody's chance of an order by learner, and who of them is asked whether they leave."""

    ids: Sequence[str]
    chance: Mapping[str, np.ndarray]
    active: np.ndarray
    under: TaughtUnder


def forecast_of(folder: Path, day: date, horizon_days: int, policy: Policy, learners: Sequence[Model]) -> Forecast:
    """The forecasts of a project as of a day, a blend at its usual level, as a run would teach them."""
    engine, plan = planned_in(folder, Case(day, horizon_days))
    ledger = ledger_before(Place.of_declaration(folder / "foretell.toml", ""), plan.as_of, policy)
    engine = engine.knowing(ledger.campaigns)
    planned = planned_examples(engine, plan, Silent(), ledger.drawn)
    if planned.serving is None or plan.serving is None:
        raise RuntimeError(f"{folder}, {day}: nothing can be learned")
    taught = planned.serving.take(np.isin(planned.serving.cutoff, plan.serving.training))
    names = telling(taught)
    today = todays_examples(engine, plan).with_features(names)
    purchase = TARGETS["purchase"]
    level = Level().without_process if planned.under.is_apart else Level()
    once = FittedOnce(taught.with_features(names), SEED)
    chance = {
        model.name: levelled(once.fit(model, purchase), today, purchase, level).predict(today) for model in learners
    }
    return Forecast(_ids(engine, plan.as_of, today), chance, today.eligible["active"], planned.under)


def _may_leave(model: Model, habit: Habit, folder: Path, day: date) -> tuple[Sequence[str], np.ndarray]:
    found = forecast_of(folder, day, habit.horizon_days, "as usual", [model])
    rows = np.flatnonzero(found.active)
    return [found.ids[row] for row in rows.tolist()], found.chance[model.name][rows]


def _ids(engine: Engine, as_of: int, rows: Examples) -> list[str]:
    known = dict[int, str]()
    for keys, ids in engine.over(lambda batch: (batch.customer_key, batch.customer_id), as_of):
        known |= dict(zip(keys.tolist(), ids.cast(pa.string()).to_pylist(), strict=True))
    return [known[key] for key in rows.customer_key.tolist()]


def beside(
    forecast: Forecast, policy: Policy, seed: int, group: tuple[str, set[str]], came: Futures
) -> Iterator[Found]:
    """The mean forecast of a named group of customers by each learner, beside what comes."""
    name, own = group
    rows = np.array([one in own for one in forecast.ids], dtype=bool)
    truths = [np.array([one in truth for one in forecast.ids]) for truth in (came.as_usual, came.held_back, came.alone)]
    usual, held_back, alone = (float(truth[rows].mean()) for truth in truths)
    for learner, chance in forecast.chance.items():
        mean, size = float(chance[rows].mean()), int(rows.sum())
        yield Found(seed, policy, learner, name, size, mean, usual, held_back, alone, forecast.under)
