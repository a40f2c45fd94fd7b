"""`python -m bench.btyd`: buy-till-you-die fits beside those of lifetimes on the same customers, and their optima."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.btyd.customers import cdnow, drawn
from bench.btyd.fit import FITS, PARAMETERS, Customers
from bench.tables import machine, table
from foretell.btyd import beta_geometric, gamma_gamma, pareto_nbd
from foretell.btyd.summary import in_weeks

RESULTS = Path(__file__).parents[1] / "results"
CUSTOMERS = 100_000
REPEATS = {"Foretell": 9, "lifetimes": 5}
SMALL = 10_000
THREE_DIGITS = 5e-4
BARS = {"cdnow": 15.0, "1,000,000 generated": 30.0}
"""How many times the CPU-seconds of ours a fit of lifetimes should take at least, all models together."""

INTRODUCTION = """Every fit is a process of its own that is given the same customers (purchase days, first
to last day, days observed; mean value of repeat purchases), one entry each; timed are the CPU-seconds of the fit, from
those entries to parameters, Foretell's merging of equal customers included. Medians of {ours} and {theirs} fits after
one that is not timed; on more than {small:,} customers one fit of lifetimes, three of Foretell. lifetimes as its
documentation shows it, without a penalty; OMP_NUM_THREADS=1. A fit of lifetimes that had not ended after {minutes:g}
minutes was stopped and counts as that long.

`cdnow`: the CDNOW sample after 39 weeks. `generated`: drawn from a BG/NBD with the parameters published for CDNOW,
joining evenly over 78 weeks, amounts from the published Gamma-Gamma (seed {seed}). Both optima are put into the same
log-likelihood; `agree` says that log-likelihood and all parameters are the same to three digits.
`distinct`: the rows that Foretell's fit has once equal customers are merged."""


def main() -> None:
    """Measure on CDNOW and on generated customers; print and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.btyd", description=__doc__)
    parser.add_argument("--customers", type=int, default=CUSTOMERS, help="to generate; 0 for CDNOW only")
    parser.add_argument("--models", nargs="+", choices=tuple(PARAMETERS), default=tuple(PARAMETERS))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--minutes", type=float, default=10.0, help="after which a fit is stopped")
    asked = parser.parse_args()
    measure(asked.customers, asked.models, asked.seed, asked.minutes)


def measure(
    customers: int = CUSTOMERS, models: tuple[str, ...] = tuple(PARAMETERS), seed: int = 7, minutes: float = 10.0
) -> None:
    """Fit everything; what an earlier call measured on other customers stays in the results."""
    RESULTS.mkdir(exist_ok=True)
    sources = {"cdnow": cdnow()}
    if customers:
        sources[f"{customers:,} generated"] = drawn(customers, seed)
    measured = _earlier()
    for name, given in sources.items():
        for model in models:
            found = {"distinct": _distinct(model, given), **_measured(model, given, minutes)}
            measured.setdefault(name, {})[model] = found
            print(f"{name}, {model}: {found['ratio']:.1f} x", file=sys.stderr, flush=True)
    facts = machine()
    facts["libraries"] += "".join(f", {name} {version(name)}" for name in ("scipy", "lifetimes"))
    (RESULTS / "btyd.json").write_text(json.dumps({**facts, "seed": seed, "measured": measured}, indent=1) + "\n")
    text = INTRODUCTION.format(
        ours=REPEATS["Foretell"], theirs=REPEATS["lifetimes"], small=SMALL, seed=seed,
        minutes=minutes,
    )  # fmt: skip
    lines = "\n".join(f"- {key}: {value}" for key, value in facts.items())
    page = f"# Buy-till-you-die fits\n\n{text}\n\n{_table(measured)}\n\n{_bars(measured)}\n\n{lines}\n"
    (RESULTS / "btyd.md").write_text(page)
    print(page)


def _measured(model: str, given: Customers, minutes: float) -> dict[str, Any]:
    found: dict[str, Any] = {library: _fitted(library, model, given, minutes) for library in FITS}
    seconds = {library: median(found[library]["cpu_seconds"]) for library in FITS}
    optima = {library: found[library]["parameters"] for library in FITS if found[library]["parameters"]}
    for library, parameters in optima.items():
        found[library]["log_likelihood"] = log_likelihood(model, parameters, given)
    return {**found, "ratio": seconds["lifetimes"] / seconds["Foretell"], **agreement(model, found)}


def _distinct(model: str, given: Customers) -> int:
    """Rows that are left once equal customers are merged."""
    read: tuple[str, ...] = ("purchase_days", "first_to_last_days", "observed_days")
    if model == "Gamma-Gamma":
        read = ("purchase_days", "mean_value")
        given = {name: given[name][(given["purchase_days"] > 1) & (given["mean_value"] > 0)] for name in read}
    return len(np.unique(np.column_stack([given[name] for name in read]), axis=0))


def agreement(model: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """How far the two optima are apart, relative: the log-likelihood, and the parameter furthest apart; None where a
    fit did not end."""
    ours, theirs = found["Foretell"], found["lifetimes"]
    if not (ours["parameters"] and theirs["parameters"]):
        return {"agree": None}
    apart = {name: abs(theirs["parameters"][name] / ours["parameters"][name] - 1.0) for name in PARAMETERS[model]}
    gap = ours["log_likelihood"] - theirs["log_likelihood"]
    furthest = max(apart, key=lambda name: apart[name])
    agree = abs(gap / ours["log_likelihood"]) < THREE_DIGITS and apart[furthest] < THREE_DIGITS
    return {"agree": bool(agree), "furthest": furthest, "apart": apart[furthest], "log_likelihood_gap": gap}


def log_likelihood(model: str, parameters: Mapping[str, float], given: Customers) -> float:
    """Of all customers at given parameters, by one formula for both libraries."""
    at = np.array([parameters[name] for name in PARAMETERS[model]])
    if model == "Gamma-Gamma":
        kept = (given["purchase_days"] > 1) & (given["mean_value"] > 0)
        rows, _ = gamma_gamma._log_likelihood(at, given["purchase_days"][kept] - 1, given["mean_value"][kept])
        return float(rows.sum())
    x, t_x, age = in_weeks(given["purchase_days"], given["first_to_last_days"], given["observed_days"])
    if model == "Pareto/NBD":
        parts = np.array_split(np.arange(len(x)), len(x) // 20_000 + 1)
        return float(sum(pareto_nbd._log_likelihood(at, x[i], t_x[i], age[i])[0].sum() for i in parts))
    survived = x + 1.0 if model == "MBG/NBD" else x
    return float(beta_geometric.log_likelihood(at, x, t_x, age, survived)[0].sum())


def _fitted(library: str, model: str, given: Customers, minutes: float) -> dict[str, Any]:
    small = len(given["purchase_days"]) <= SMALL
    repeats = REPEATS[library] if small else 3 if library == "Foretell" else 1
    with tempfile.TemporaryDirectory(prefix="foretell-bench-") as folder:
        path = Path(folder) / "customers.npz"
        np.savez(path, **given)  # type: ignore[arg-type]
        command = [sys.executable, "-m", "bench.btyd.fit", library, model, str(path), str(repeats)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        try:
            ended = subprocess.run(
                command, capture_output=True, text=True, timeout=60 * minutes, env=environment, check=False
            )
        except subprocess.TimeoutExpired:
            return {"cpu_seconds": [60 * minutes], "parameters": None, "why": f"stopped after {minutes:g} minutes"}
    if ended.returncode:
        if library == "Foretell":
            raise RuntimeError(ended.stderr[-2000:])
        return {"cpu_seconds": [float("nan")], "parameters": None, "why": ended.stderr.strip().splitlines()[-1]}
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def _table(measured: Mapping[str, Mapping[str, Any]]) -> str:
    rows = []
    for name, models in measured.items():
        for model, found in models.items():
            stopped = "" if found["lifetimes"]["parameters"] else "over "
            seconds = [median(found[library]["cpu_seconds"]) for library in FITS]
            rows.append(
                [
                    name,
                    model,
                    f"{found['distinct']:,}",
                    f"{seconds[0]:.3f}",
                    f"{stopped}{seconds[1]:.2f}",
                    f"{stopped}{found['ratio']:.0f}",
                    *_agreement_words(found),
                ]
            )
    header = ["customers", "model", "distinct", "Foretell, CPU-s", "lifetimes, CPU-s", "ratio", "agree"]
    header += ["log-likelihood, gain", "parameter furthest apart"]
    return table(header, rows)


def _agreement_words(found: Mapping[str, Any]) -> list[str]:
    if found["agree"] is None:
        return ["unknown", found["lifetimes"].get("why", ""), ""]
    return [
        "yes" if found["agree"] else "no",
        f"{found['log_likelihood_gap']:+.4f} of {found['Foretell']['log_likelihood']:,.1f}",
        f"{found['furthest']}: {found['apart']:.2%}",
    ]


def _bars(measured: Mapping[str, Mapping[str, Any]]) -> str:
    lines = []
    for name, bar in BARS.items():
        models = measured.get(name, {})
        if not models:
            lines.append(f"- {name}: bar {bar:.0f} x; not measured")
            continue
        missed = [f"{model} ({found['ratio']:.0f} x)" for model, found in models.items() if not found["ratio"] >= bar]
        said = f"missed by {', '.join(missed)}" if missed else "reached by every model"
        unmeasured = [model for model in PARAMETERS if model not in models]
        beside = f"; not measured: {', '.join(unmeasured)}" if unmeasured else ""
        lines.append(f"- {name}: bar {bar:.0f} x, {said}{beside}")
    return "\n".join(lines)


def _earlier() -> dict[str, Any]:
    path = RESULTS / "btyd.json"
    return dict(json.loads(path.read_text())["measured"]) if path.exists() else {}
