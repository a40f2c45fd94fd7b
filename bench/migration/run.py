"""`python -m bench.migration`: forecasts of segments made at past cutoffs, beside five named baselines.

Ours is the landing mixture (`foretell.segments.migration.landing_mixture`) with the chance of an order that serves.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from bench.accuracy.logs import Log, cdnow_log, declared_log, online_retail_log
from bench.prepared import prepared
from bench.tables import machine, table
from foretell.examples.assembly import Assembly, completed
from foretell.examples.examples import stacked
from foretell.features import FEATURES
from foretell.forecasts.orders.proving import prove
from foretell.segments.migration import landing_mixture
from foretell.segments.migration.transition_tables import BASELINES
from foretell.segments.movement.cut_points import BUILT_IN
from foretell.segments.movement.proof import OURS, SetProof, prove_sets
from foretell.segments.nine_cells import NineCells
from foretell.storage.work import Work

RESULTS = Path(__file__).parents[2] / "bench" / "results" / "migration.json"
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "migration.md"
SEED = 0
HORIZONS_DAYS = (30, 60)
LOGS: dict[str, Callable[[], Log]] = {"online_retail": online_retail_log, "cdnow": cdnow_log}
SETS = (*BUILT_IN, NineCells())
METRICS = {
    "log_loss": ("log loss", ".4f"),
    "ranked_probability_score": ("ranked probability score", ".4f"),
    "average_precision_beyond_ageing": ("AP of moves beyond ageing", ".3f"),
    "macro_f1": ("macro F1", ".3f"),
    "flow_error": ("flow error", ".1%"),
}
LEGEND = """\
Who is in which segment at the end of the horizon, forecast at past cutoffs from what was known then, by the protocol of
a run: cut points are fitted at the test cutoff and frozen, labels that teach were ripe by then. Mean over cutoffs.

Log loss, ranked probability score (of sets whose segments have an order) and flow error (the share of customers who
would have to be moved to turn the expected matrix of flows into the real one): lower is better. Moves beyond ageing:
who ends elsewhere than silence alone leads. Behind: how much a baseline's log loss is above ours, with the 90 %
interval of a paired bootstrap over customers. Coverage: of past segment sizes, the share inside the 80 % interval that
the other cutoffs taught.
"""


def main() -> None:
    """Measure every log over every horizon; write what was found."""
    parser = argparse.ArgumentParser(prog="python -m bench.migration", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=tuple(LOGS), default=[], help="of the logs that come along")
    parser.add_argument("--log", action="append", default=[], metavar="NAME=PATH:ROLE=COLUMN,..",
                        help="as for bench.accuracy; beside the two logs that come along")  # fmt: skip
    parser.add_argument("--page", action="store_true", help="measure nothing: write the page of the last figures again")
    options = parser.parse_args()
    found: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if not options.page:
        logs = [make() for name, make in LOGS.items() if name in options.only or not options.only]
        for log in [*logs, *map(declared_log, options.log)]:
            for horizon in HORIZONS_DAYS:
                began = time.perf_counter()
                proofs = proved(log, horizon)
                found[f"{log.name}, {horizon} days"] = {
                    "source": log.source,
                    "sets": {name: as_plain(one) for name, one in proofs.items()},
                }
                print(f"{log.name}, {horizon} days: {time.perf_counter() - began:.0f} s", flush=True)
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(found), encoding="utf-8")
    print(pooled(found))


def proved(log: Log, horizon_days: int) -> dict[str, SetProof]:
    """The proof of every set, with the chance of an order proved as in a run."""
    with tempfile.TemporaryDirectory(prefix="foretell-bench-") as folder:
        engine, plan = prepared(log, Path(folder), horizon_days)
        assert plan.proving is not None
        asked = replace(plan, objectives=tuple(one for one in plan.objectives if one.target.name == "purchase"))
        assembly = Assembly(plan.proving.cutoffs, plan.proving.horizon_days, tuple(FEATURES), plan.survey)
        examples = completed(stacked(list(engine.over(assembly, plan.as_of, plan.proving_key))))
        proof = prove(examples, asked, None, Work(SEED))
        return prove_sets(engine, plan, proof, SETS, SEED)


def as_plain(one: SetProof) -> dict[str, Any]:
    """A proof in plain values: the mean of each metric by model, and what else is told."""
    means: dict[str, dict[str, float]] = {}
    for row in one.measured:
        means.setdefault(row.model, {}).setdefault(row.metric, 0.0)
    for model, values in means.items():
        for metric in values:
            seen = [r.value for r in one.measured if (r.model, r.metric) == (model, metric) and r.value is not None]
            values[metric] = float(np.mean(seen)) if seen else float("nan")
    kept = asdict(one)
    del kept["measured"]
    return {**kept, "means": means, "cutoffs": sorted({row.cutoff for row in one.measured})}


def page(found: dict[str, Any]) -> str:
    """The whole page."""
    formulas = [f"- {one.name}: {one.formula}" for one in BASELINES]
    parts = ["# Segments that move: how good the forecasts are", "", LEGEND, "Ours and the baselines:", ""]
    parts += [f"- {OURS}: {landing_mixture.FORMULA}", *formulas, "", pooled(found), ""]
    for case, log in found.items():
        parts += [f"## {case}", "", f"{log['source']}.", ""]
        for name, one in log["sets"].items():
            parts += [section(name, one), ""]
    facts = [f"- {name}: {value}" for name, value in machine().items()]
    return "\n".join([*parts, "## Measured with", "", *facts, ""])


def section(name: str, one: dict[str, Any]) -> str:
    """One set on one log."""
    metrics = [metric for metric in METRICS if any(metric in values for values in one["means"].values())]
    header = ["forecast", *(METRICS[metric][0] for metric in metrics), "behind"]
    rows = []
    for model, values in one["means"].items():
        behind = one["behind"].get(model)
        told = "" if behind is None else f"{behind[0]:+.4f} [{behind[1]:+.4f}, {behind[2]:+.4f}]"
        rows.append([model, *(format(values[metric], METRICS[metric][1]) for metric in metrics), told])
    covered = "" if one["coverage"] is None else f" Coverage {one['coverage']:.0%}."
    return f"### {name}\n\nCutoffs {', '.join(one['cutoffs'])}. {one['reason']}{covered}\n\n{table(header, rows)}"


def pooled(found: dict[str, Any]) -> str:
    """What holds over all logs and sets, losses first."""
    cells = [(case, name, one) for case, log in found.items() for name, one in log["sets"].items()]
    compared = [(f"{case}, {name}", one["behind"]) for case, name, one in cells if one["behind"]]
    least = [(where, min(behind.values(), key=lambda b: b[0])) for where, behind in compared]
    losses = [where for where, behind in least if behind[0] < 0]
    sure = [where for where, behind in least if behind[1] > 0]
    covered = [one["coverage"] for _, _, one in cells if one["coverage"] is not None]
    told = ", ".join(losses) or "none"
    coverage = f"{float(np.mean(covered)):.0%} ({_range(covered)})" if covered else "not measured"
    return (
        f"Behind the best baseline in log loss: {told}. Ahead of every baseline with an interval that excludes zero: "
        f"{len(sure)} of {len(least)}. Coverage of the 80 % intervals of sizes: {coverage}."
    )


def _range(values: Sequence[float]) -> str:
    return f"{min(values):.0%} to {max(values):.0%}"
