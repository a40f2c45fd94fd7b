"""`python -m bench.experiment`: do the intervals of a read-out hold what they promise, and does an oracle agree?

Writes `bench/results/experiment.md` and `.json`. `--data FOLDER` names a folder with `hillstrom/experiment.parquet`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("OMP_NUM_THREADS", "1")

from bench.experiment import page
from bench.experiment.coverage import covered, looked
from bench.experiment.oracle import Beside, beside, environment
from bench.experiment.shapes import Shape, generated, hillstrom, panel, rate, without_effect
from bench.tables import machine

RESULTS = Path(__file__).parents[1] / "results"
REDRAWS, WAYS = 2_000, 1_000
SEED = 20
Row = TypeVar("Row")


def main() -> None:
    """Measure every shape; print, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.experiment", description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with hillstrom/experiment.parquet")
    parser.add_argument("--redraws", type=int, default=REDRAWS)
    parser.add_argument("--ways", type=int, default=WAYS, help="experiments that are looked at twenty times")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    real = hillstrom(options.data) if options.data else []
    shapes = [*generated(), *real]
    once = [_told(covered(shape, options.redraws, SEED + at)) for at, shape in enumerate(shapes)]
    nothing = [_told(covered(shape, options.redraws, SEED + at)) for at, shape in enumerate(without_effect())]
    ways = [_told(looked(shape, options.ways, SEED + at)) for at, shape in enumerate(on_the_way(real))]
    oracle = beside_the_oracle(shapes)
    text = page.page(once, nothing, ways, oracle, machine())
    print(text)
    if not options.dry:
        found = {"once": once, "without_effect": nothing, "twenty_looks": ways, "tea_tasting": oracle}
        plain = machine() | {name: [asdict(one) for one in rows] for name, rows in found.items()}  # type: ignore[attr-defined]
        (RESULTS / "experiment.json").write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "experiment.md").write_text(text, encoding="utf-8")


def on_the_way(real: list[Shape]) -> list[Shape]:
    """The shapes that are looked at twenty times."""
    return [
        *without_effect(),
        next(shape for shape in generated() if shape.name.startswith("spend, 10%")),
        Shape("share of 5%, 10,000, half, effect 20%", rate(0.05, 0.2), 10_000, 0.5, 0.01, 0.2),
        Shape("panel spend, 5,000, a tenth kept", panel(0.0), 5_000, 0.1, 0.0, 0.0, before="before"),
        *[shape for shape in real if shape.control_share == 0.5],
    ]


def beside_the_oracle(shapes: list[Shape]) -> list[Beside]:
    """One experiment a shape, read out by both; none where the oracle cannot be installed."""
    try:
        python = environment()
    except subprocess.CalledProcessError as error:
        print(f"tea-tasting is left out: {error}")
        return []
    return [beside(shape, python, SEED + at) for at, shape in enumerate(shapes)]


def _told(row: Row) -> Row:
    print(time.strftime("%H:%M:%S"), row, flush=True)
    return row
