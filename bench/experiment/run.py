"""`python -m bench.experiment`: do the intervals of a read-out hold what they promise, and does an oracle agree?

Writes `bench/results/experiment.md` and `.json`. `--data FOLDER` names a folder with `hillstrom/experiment.parquet`;
`--parts` measures some parts anew and keeps the others as they were.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("OMP_NUM_THREADS", "1")

from bench.experiment import page
from bench.experiment.coverage import Covered, Looked, covered, looked
from bench.experiment.oracle import Beside, beside, environment
from bench.experiment.shapes import Shape, generated, hillstrom, without_effect
from bench.tables import machine

FIGURES = Path(__file__).parents[1] / "results" / "experiment.json"
REDRAWS, WAYS = 2_000, 500
LOOKED_AT = (
    "share of 20%, 5,000, 10% kept",
    "spend, 10% buy, 5,000, 10% kept",
    "panel spend, 5,000, 10% kept, with before",
    "hillstrom spend, 20,000, half kept",
)
"""Beside the shapes without an effect."""
SEED = 20
Row = TypeVar("Row")


def main() -> None:
    """Measure the parts that are asked for; write them, and the page with what was found of the others before."""
    parser = argparse.ArgumentParser(prog="python -m bench.experiment", description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with hillstrom/experiment.parquet")
    parser.add_argument("--parts", nargs="+", choices=tuple(PARTS), default=list(PARTS))
    parser.add_argument("--redraws", type=int, default=REDRAWS)
    parser.add_argument("--ways", type=int, default=WAYS, help="experiments that are looked at twenty times")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    real = hillstrom(options.data) if options.data else []
    found = earlier()
    for part in options.parts:
        found[part] = [asdict(row) for row in PARTS[part](real, options)]
        if not options.dry:
            FIGURES.write_text(json.dumps(machine() | found, indent=1) + "\n", encoding="utf-8")
    text = page_of(found)
    print(text)
    if not options.dry:
        FIGURES.with_suffix(".md").write_text(text, encoding="utf-8")


def earlier() -> dict[str, list[dict[str, Any]]]:
    """The parts as they were found before; empty where there are none."""
    found = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.is_file() else {}
    return {part: found.get(part, []) for part in PARTS}


def page_of(found: dict[str, list[dict[str, Any]]]) -> str:
    """The page of plain figures."""
    once, nothing = ([Covered(**row) for row in found[part]] for part in ("once", "without_effect"))
    ways = [Looked(**row) for row in found["twenty_looks"]]
    return page.page(once, nothing, ways, [Beside(**row) for row in found["tea_tasting"]], machine())


def at_once(real: list[Shape], options: argparse.Namespace) -> list[Covered]:
    """Every shape, looked at when it has ended."""
    shapes = [*generated(), *real]
    return [_told(covered(shape, options.redraws, SEED + at)) for at, shape in enumerate(shapes)]


def with_nothing(real: list[Shape], options: argparse.Namespace) -> list[Covered]:
    """Shapes without an effect."""
    return [_told(covered(shape, options.redraws, SEED + at)) for at, shape in enumerate(without_effect())]


def on_the_way(real: list[Shape], options: argparse.Namespace) -> list[Looked]:
    """Shapes that are looked at twenty times."""
    with_effect = [shape for shape in generated() if shape.name in LOOKED_AT]
    shapes = [*without_effect(), *with_effect, *[shape for shape in real if shape.name in LOOKED_AT]]
    return [_told(looked(shape, options.ways, SEED + at)) for at, shape in enumerate(shapes)]


def beside_the_oracle(real: list[Shape], options: argparse.Namespace) -> list[Beside]:
    """One experiment a shape, read out by both; none where the oracle cannot be installed."""
    try:
        python = environment()
    except subprocess.CalledProcessError as error:
        print(f"tea-tasting is left out: {error}")
        return []
    return [beside(shape, python, SEED + at) for at, shape in enumerate([*generated(), *real])]


PARTS: dict[str, Callable[[list[Shape], argparse.Namespace], Sequence[Any]]] = {
    "once": at_once,
    "without_effect": with_nothing,
    "twenty_looks": on_the_way,
    "tea_tasting": beside_the_oracle,
}


def _told(row: Row) -> Row:
    print(time.strftime("%H:%M:%S"), row, flush=True)
    return row
