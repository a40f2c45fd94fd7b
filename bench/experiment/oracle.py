"""tea-tasting as oracle, in an environment of its own under `bench/cache`: nothing of it is installed beside Foretell.

Each experiment is read out by both; what should be the same test (Welch's interval, the delta method, the sample ratio)
must agree to rounding, what is another test on purpose (score intervals of shares, adjustment fitted in each arm) is
shown beside it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.experiment.coverage import read
from bench.experiment.shapes import Shape
from foretell.experiments.comparison import Comparison

CACHE = Path(__file__).parents[1] / "cache"
PACKAGES = ("tea-tasting", "pyarrow")
ASKED = """
import json, sys
import pyarrow.parquet as pq
import tea_tasting as tt

options = json.loads(sys.argv[2])
before = options["before"] or None
if options["is_share"] and not before:
    metric = tt.Proportion("value", method="norm", correction=False)
else:
    metric = tt.RatioOfMeans("value", options["per"] or None, before)
shares = tt.SampleRatio(options["ratio"])
found = tt.Experiment(outcome=metric, ratio=shares).analyze(pq.read_table(sys.argv[1]), control="control")
one = found["outcome"]
told = {name: getattr(one, name) for name in (
    "effect_size", "effect_size_ci_lower", "effect_size_ci_upper", "rel_effect_size", "rel_effect_size_ci_lower",
    "rel_effect_size_ci_upper", "pvalue")}
print(json.dumps(told | {"ratio_pvalue": found["ratio"].pvalue, "version": tt.__version__}))
"""


@dataclass(frozen=True)
class Beside:
    """One experiment read by both; figures in standard errors of the oracle's, so that shapes can be compared:
    differences of effect, low and high, the ratio of widths, and the absolute difference of the p-values."""

    shape: str
    method: str
    effect: float
    low: float
    high: float
    width: float
    p_value: float
    relative_low: float
    relative_high: float
    version: str


def environment() -> Path:
    """The Python of the oracle's environment, made where it is not there yet."""
    folder = CACHE / "tea_tasting"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [
            str(python),
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--no-input",
            "install",
            "--quiet",
            *PACKAGES,
        ]
        subprocess.run(install, check=True)
        (folder / "ready").touch()
    return python


def beside(shape: Shape, python: Path, seed: int) -> Beside:
    """One experiment of a shape, read out by both."""
    arms, outcome = shape.experiment(np.random.default_rng(seed))
    ours = read(shape, arms, outcome)
    columns = {"variant": arms, "value": outcome.values}
    columns |= {} if outcome.per is None else {"per": outcome.per}
    columns |= dict(zip(["before"], outcome.before.values(), strict=False))
    asked = {
        "is_share": ours.is_share,
        "per": "per" if outcome.per is not None else "",
        "before": "before" if outcome.before else "",
        "ratio": (1 - shape.control_share) / shape.control_share,
    }
    with tempfile.TemporaryDirectory(prefix="foretell-bench-") as folder:
        path = Path(folder) / "experiment.parquet"
        pq.write_table(pa.table(columns), path)
        run = subprocess.run(
            [str(python), "-c", ASKED, str(path), json.dumps(asked)], capture_output=True, text=True, check=True
        )
    return _compared(shape.name, ours, json.loads(run.stdout))


def _compared(shape: str, ours: Comparison, theirs: Mapping[str, float]) -> Beside:
    low, high = theirs["effect_size_ci_lower"], theirs["effect_size_ci_upper"]
    error = (high - low) / 2 / 1.96
    relative_error = (theirs["rel_effect_size_ci_upper"] - theirs["rel_effect_size_ci_lower"]) / 2 / 1.96
    mine = [ours.effect, ours.low, ours.high, ours.p_value, ours.relative_low, ours.relative_high]
    effect, my_low, my_high, p, relative_low, relative_high = (np.nan if one is None else one for one in mine)
    return Beside(
        shape,
        ours.method.split(" (CUPED")[0],
        (effect - theirs["effect_size"]) / error,
        (my_low - low) / error,
        (my_high - high) / error,
        (my_high - my_low) / (high - low),
        abs(p - theirs["pvalue"]),
        (relative_low - theirs["rel_effect_size_ci_lower"]) / relative_error,
        (relative_high - theirs["rel_effect_size_ci_upper"]) / relative_error,
        str(theirs["version"]),
    )
