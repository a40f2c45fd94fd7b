"""`python -m bench.intake`: CPU and memory of reading ten million lines, in turns with an earlier commit's code."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench import tables
from bench.measure import Cost, cost_of
from bench.speed.shop import draw

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results"
BEFORE = "0e3abdc"
"""The last commit before states, refunds beside the sale and exports that come back were read."""
LINES_PER_ORDER = 4
PRODUCTS = 2_000

INTRODUCTION = """{rows:,} lines of {orders:,} orders in Parquet (customer, order, time, product, amount; the orders
drawn with seed {seed} from the gaps and amounts of Online Retail), read into the customer log by one worker: `before`
is the code at {before}, which knew no states, no refunds beside the sale and no exports that come back. In turns,
{repeats} times each; CPU-seconds of the reading without the imports, medians and the lowest; memory is the largest
proportional set size of the process."""


def main() -> None:
    """Measure in pairs, print and write the table."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="foretell-bench-", dir=asked.scratch) as scratch:
        folder = Path(scratch)
        sources = {"before": _source_at(asked.before, folder / "before"), "now": ROOT / "src"}
        file = folder / "lines.parquet"
        pq.write_table(lines := _lines(asked.rows, asked.seed), file)
        file_rows = len(lines)
        measured: dict[str, list[tuple[float, Cost]]] = {name: [] for name in sources}
        for _ in range(asked.repeats):
            for name, source in sources.items():
                measured[name].append(_read(file, file_rows, source))
                print(f"{name}: {measured[name][-1][0]:.2f} CPU-s", file=sys.stderr)
    text = _page(asked, measured)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "intake.md").write_text(text)
    print(text)


def _page(asked: argparse.Namespace, measured: dict[str, list[tuple[float, Cost]]]) -> str:
    def figures(name: str) -> tuple[float, float, float]:
        cpu = [seconds for seconds, _ in measured[name]]
        return median(cpu), min(cpu), median(cost.peak_mb for _, cost in measured[name])

    before = figures("before")
    rows = []
    for name in measured:
        own = figures(name)
        shares = [f"{mine / theirs - 1:+.0%}" for mine, theirs in zip(own, before, strict=True)]
        rows.append(
            [name, f"{own[0]:.1f} ({shares[0]})", f"{own[1]:.1f} ({shares[1]})", f"{own[2]:,.0f} ({shares[2]})"]
        )
    text = INTRODUCTION.format(
        rows=asked.rows,
        orders=asked.rows // LINES_PER_ORDER,
        seed=asked.seed,
        before=asked.before,
        repeats=asked.repeats,
    )
    header = ["code", "CPU-seconds, median", "lowest", "peak memory, MB"]
    of_machine = "\n".join(f"- {name}: {value}" for name, value in tables.machine().items())
    return f"# Intake\n\n{text}\n\n{tables.table(header, rows)}\n\n{of_machine}\n"


def _lines(rows: int, seed: int) -> pa.Table:
    orders = draw(rows // LINES_PER_ORDER, rows // (10 * LINES_PER_ORDER), seed)
    random = np.random.default_rng(seed)
    each = np.repeat(np.arange(len(orders)), LINES_PER_ORDER)
    lines = orders.take(pa.array(each))
    products = pa.array([f"P{code}" for code in range(PRODUCTS)]).take(
        pa.array(random.integers(0, PRODUCTS, len(each)))
    )
    amount = np.round(lines["amount"].to_numpy() * random.dirichlet(np.ones(LINES_PER_ORDER), len(orders)).ravel(), 2)
    lines = lines.drop_columns("amount").append_column("product", products).append_column("amount", pa.array(amount))
    return lines.rename_columns(["order_id", "customer_id", "order_date", "product", "amount"])


def _source_at(commit: str, folder: Path) -> Path:
    """The package as it stood at a commit."""
    packed = subprocess.run(["git", "archive", commit, "src"], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "src"


def _read(file: Path, rows: int, source: Path) -> tuple[float, Cost]:
    out, answer = file.with_name("out"), file.with_name("answer.json")
    command = [sys.executable, "-m", "bench.intake.reading", str(file), str(out)]
    path = os.pathsep.join([str(source), str(ROOT)])
    cost = cost_of(command, {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}, answer)
    shutil.rmtree(out)
    found = json.loads(answer.read_text())
    if found["rows"] != rows:
        raise SystemExit(f"{source}: {found['rows']:,} of {rows:,} rows were read")
    return float(found["cpu_seconds"]), cost


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.intake", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--before", default=BEFORE, help="the commit that is compared with")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scratch", default=None, help="a folder for what is written on the way")
    return parser.parse_args()
