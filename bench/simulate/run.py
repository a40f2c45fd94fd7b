"""The whole loop at its full size; what it came to is written down after each shop.

Writes `bench/results/simulate.md` and `.json`, the picture `docs/explanation/loop.svg`, and the tables of
`docs/explanation/loop.md`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from bench.simulate.page import page, tables
from bench.simulate.picture import picture
from bench.tables import machine
from foretell.pipeline.simulation.asked import SimulationAsked
from foretell.pipeline.simulation.loop import simulated_shops
from foretell.pipeline.simulation.simulated import Simulated, SimulatedShop
from foretell.project.progress import Silent

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results" / "simulate.md"
EXPLAINED = ROOT / "docs" / "explanation" / "loop.md"
BETWEEN = re.compile(r"(<!-- written by `make bench-simulate` -->\n).*?(\n<!-- end -->)", re.DOTALL)


def main() -> None:
    """Simulate shop after shop; write each time what is known by then."""
    parser = argparse.ArgumentParser(prog="python -m bench.simulate", description=__doc__)
    usual = SimulationAsked()
    for name in ("weeks", "seeds", "customers", "redraws"):
        parser.add_argument(f"--{name}", type=int, default=getattr(usual, name))
    options = parser.parse_args()
    asked = SimulationAsked(options.weeks, options.seeds, options.customers, options.redraws)
    shops, began = list[SimulatedShop](), time.process_time()
    for shop in simulated_shops(asked, Silent()):
        shops.append(shop)
        spent = time.process_time() - began
        write(Simulated(asked, tuple(shops)), spent)
        print(time.strftime("%H:%M:%S"), f"{len(shops)} of {asked.seeds} shops, {spent:,.0f} CPU-seconds", flush=True)


def write(found: Simulated, spent: float) -> None:
    """Write the results, the picture, and the tables of the page that explains them."""
    facts = machine() | {"CPU-seconds": f"{spent:,.0f}"}
    RESULTS.write_text(page(found, facts), encoding="utf-8")
    told = found.as_json() | {"made with": facts}
    RESULTS.with_suffix(".json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    EXPLAINED.with_suffix(".svg").write_text(
        picture(found.policies, found.asked.weeks, len(found.shops)), encoding="utf-8"
    )
    text = EXPLAINED.read_text(encoding="utf-8")
    EXPLAINED.write_text(BETWEEN.sub(lambda hit: hit[1] + "\n" + tables(found) + hit[2], text), encoding="utf-8")
