"""`python -m bench.beside`: memory and CPU of a run on a million orders, alone and with five million events beside."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench import tables
from bench.measure import Cost, cost_of, middle
from bench.speed.shop import SECONDS_PER_DAY, draw

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results"
NAMES = ("view", "view", "view", "add_to_cart", "checkout", "search")
DAYS_BEFORE_AN_ORDER = 30
ORDERS = """[[sources]]
table = "orders"
path = "orders.parquet"
columns = { customer = "customer_id", time = "ordered_at", amount = "amount", order = "order_id" }
"""
EVENTS = """
[[sources]]
table = "events"
path = "events.parquet"
columns = { customer = "customer_id", time = "happened_at", name = "event" }
"""

INTRODUCTION = """`foretell run` on {orders:,} orders of {customers:,} customers (Parquet, drawn with seed {seed}
from the gaps and amounts of Online Retail), alone and with {events:,} events beside ({each} in the {days} days before
each order, their names drawn): from an empty folder to the report, one worker, {repeats} of each in turns, medians.
Memory is the largest sum of proportional set sizes of the process and all that it starts."""


def main() -> None:
    """Measure in turns, print and write the table."""
    asked = _arguments()
    measured: dict[str, list[Cost]] = {"orders alone": [], "orders and events": []}
    with tempfile.TemporaryDirectory(prefix="foretell-bench-", dir=asked.scratch) as scratch:
        shop = draw(asked.orders, asked.orders // 10, asked.seed)
        events = events_beside(shop, asked.each, asked.seed)
        for turn in range(asked.repeats):
            for name, costs in measured.items():
                folder = Path(scratch) / f"{name}-{turn}"
                folder.mkdir()
                pq.write_table(shop, folder / "orders.parquet")
                declared = ORDERS
                if name != "orders alone":
                    pq.write_table(events, folder / "events.parquet")
                    declared += EVENTS
                (folder / "foretell.toml").write_text(declared, encoding="utf-8")
                costs.append(_run(folder))
                print(f"{name}: {costs[-1]}", file=sys.stderr)
    text = _page(asked, {name: middle(costs) for name, costs in measured.items()})
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "beside.md").write_text(text, encoding="utf-8")
    print(text)


def events_beside(shop: pa.Table, each: int, seed: int) -> pa.Table:
    """`customer_id`, `happened_at` (microseconds) and `event`, `each` before every order, in the order of time."""
    random = np.random.default_rng(seed)
    rows = np.repeat(np.arange(len(shop)), each)
    before = random.integers(0, DAYS_BEFORE_AN_ORDER * SECONDS_PER_DAY, len(rows)) * 1_000_000
    moment = shop["ordered_at"].cast(pa.int64()).to_numpy()[rows] - before
    order = np.argsort(moment, kind="stable")
    return pa.table(
        {
            "customer_id": shop["customer_id"].to_numpy()[rows][order],
            "happened_at": pa.array(moment[order]).cast(pa.timestamp("us")),
            "event": pa.array(NAMES).take(pa.array(random.integers(0, len(NAMES), len(rows)))),
        }
    )


def _run(folder: Path) -> Cost:
    there = f"import os; os.chdir({str(folder)!r}); from foretell.cli.main import main; main()"
    return cost_of([sys.executable, "-c", there, "run", "--workers", "1", "--yes"], {"OMP_NUM_THREADS": "1"})


def _page(asked: argparse.Namespace, costs: dict[str, Cost]) -> str:
    alone = costs["orders alone"]
    rows = [
        [
            name,
            f"{cost.cpu_seconds:,.0f} (x {cost.cpu_seconds / alone.cpu_seconds:.2f})",
            f"{cost.wall_seconds:,.0f}",
            f"{cost.peak_mb:,.0f} (x {cost.peak_mb / alone.peak_mb:.2f})",
        ]
        for name, cost in costs.items()
    ]
    text = INTRODUCTION.format(
        orders=asked.orders,
        customers=asked.orders // 10,
        events=asked.orders * asked.each,
        each=asked.each,
        days=DAYS_BEFORE_AN_ORDER,
        seed=asked.seed,
        repeats=asked.repeats,
    )
    header = ["what is read", "CPU-seconds", "seconds", "peak memory, MB"]
    of_machine = "\n".join(f"- {name}: {value}" for name, value in tables.machine().items())
    return f"# Events beside orders\n\n{text}\n\n{tables.table(header, rows)}\n\n{of_machine}\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.beside", description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--each", type=int, default=5, help="events before each order")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scratch", default=None, help="a folder for what is written on the way")
    return parser.parse_args()


if __name__ == "__main__":
    main()
