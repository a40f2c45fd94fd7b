"""`python -m bench.speed`: features and labels against pandas and DuckDB, the whole run, the start, and
buy-till-you-die fits against lifetimes."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from bench import tables
from bench.btyd import run as btyd
from bench.measure import Cost, cost_of, middle
from bench.speed.contender import NAMES
from bench.speed.question import CUTOFFS, FEATURES, LABELS, disagreements, unequal_sums
from bench.speed.shop import draw, write

RESULTS = Path(__file__).parents[1] / "results"
PARTS = ("features", "run", "start", "btyd")
PEERS = ("pandas", "DuckDB")
OURS = ("layout and features", "features")
COMPARED_ORDERS = 200_000
STARTS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "python -c 'import foretell'": [sys.executable, "-c", "import foretell"],
    "foretell --help": [str(Path(sys.executable).parent / "foretell"), "--help"],
}

INTRODUCTION = """{features} features and {labels} labels at {cutoffs} cutoffs, on {orders:,} orders (one line each) of
{customers:,} customers, drawn with seed {seed} from the gaps and amounts of Online Retail. Every contender is a process
tree of its own that begins at one Parquet file in the order of time; CPU-seconds are user and system time of all its
processes, imports included; memory is the largest sum of their proportional set sizes. Medians, runs of ours:
{repeats}, of the peers: {peer_repeats}.

`layout` reads and checks every cell, hashes ids and writes the customer log (bucketed Parquet), as the first step of
`foretell run` does; `layout and features` goes on to the answers; `features` begins at that log. Before the timing, all
values of all contenders were compared on {compared:,} orders (counts and money equal, floats to one part in 100,000),
and in each timed run their sums and numbers of known values."""


def main() -> None:
    """Measure what was asked for; print and write the tables."""
    asked = _arguments()
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="foretell-bench-", dir=asked.scratch) as scratch:
        folder = Path(scratch)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        if {"features", "run"} & set(asked.only):
            _say(f"drawing {asked.orders:,} orders")
            write(draw(asked.orders, asked.customers, asked.seed), folder / "orders.parquet", folder / "orders.csv")
        if "features" in asked.only:
            _features(asked, folder)
        if "run" in asked.only:
            _whole_run(asked, folder)
        if "start" in asked.only:
            _start(asked)
        if "btyd" in asked.only:
            btyd.measure()


def _features(asked: argparse.Namespace, folder: Path) -> None:
    _compare(asked, folder)
    repeats = {name: asked.peer_repeats if name in PEERS else asked.repeats for name in NAMES}
    measured: dict[str, list[Cost]] = {name: [] for name in NAMES}
    for turn in range(max(repeats.values())):
        for name in NAMES:
            if turn < repeats[name]:
                measured[name].append(_contend(name, folder / "orders.parquet", folder))
                _say(f"{name}: {measured[name][-1].cpu_seconds:.1f} CPU-s, {measured[name][-1].peak_mb:,.0f} MB")
    for peer in PEERS:
        if unequal := unequal_sums(folder / "layout and features.json", folder / f"{peer}.json"):
            raise SystemExit(f"{peer} and Foretell disagree: {', '.join(unequal[:5])}")
    middles = {name: middle(costs) for name, costs in measured.items()}
    text = INTRODUCTION.format(
        features=len(FEATURES), labels=len(LABELS), cutoffs=len(CUTOFFS), compared=min(COMPARED_ORDERS, asked.orders),
        **vars(asked),
    )  # fmt: skip
    content = {name: [asdict(cost) for cost in costs] for name, costs in measured.items()}
    _write("features", "Features and labels at many cutoffs", text, tables.costs(middles, OURS), content, asked)


def _compare(asked: argparse.Namespace, folder: Path) -> None:
    small = folder / "compared"
    small.mkdir()
    orders = min(COMPARED_ORDERS, asked.orders)
    write(draw(orders, max(orders // 10, 1), asked.seed + 1), small / "orders.parquet", small / "orders.csv")
    for name in ("layout and features", *PEERS):
        (small / name).mkdir()
        _contend(name, small / "orders.parquet", small, small / name)
    for peer in PEERS:
        if found := disagreements(small / "layout and features", small / peer):
            raise SystemExit(f"{peer} and Foretell disagree:\n" + "\n".join(found[:20]))
    _say(f"all values of {orders:,} orders agree")
    shutil.rmtree(small)


def _contend(name: str, orders: Path, folder: Path, parts: Path | None = None) -> Cost:
    log = folder / "log"
    if name in ("layout", "layout and features"):
        shutil.rmtree(log, ignore_errors=True)
    arguments = [name, str(orders), str(log), str(folder / f"{name}.json"), *([str(parts)] if parts else [])]
    return cost_of([sys.executable, "-m", "bench.speed.contender", *arguments])


def _whole_run(asked: argparse.Namespace, folder: Path) -> None:
    sections, content = [], {}
    for kind in ("parquet", "csv"):
        out, steps = folder / f"run-{kind}", folder / f"{kind}.json"
        _say(f"foretell run on {kind}")
        command = [sys.executable, "-m", "bench.speed.whole_run", str(folder / f"orders.{kind}"), str(out), str(steps)]
        cost = cost_of(command)
        spent = json.loads(steps.read_text())
        content[kind] = {**asdict(cost), "steps": spent}
        sections.append(
            f"From {kind}: {cost.wall_seconds:.0f} seconds, {cost.cpu_seconds:.0f} CPU-seconds, "
            f"peak memory of all processes {cost.peak_mb:,.0f} MB.\n\n{tables.steps(spent)}"
        )
        shutil.rmtree(out, ignore_errors=True)
    text = (
        f"The whole of `foretell run` on {asked.orders:,} orders of {asked.customers:,} customers (seed {asked.seed})."
    )
    _write("run", "Where the time of a whole run goes", text, "\n\n".join(sections), content, asked)


def _start(asked: argparse.Namespace) -> None:
    for command in STARTS.values():
        cost_of(command)
    measured = {name: [cost_of(command) for _ in range(15)] for name, command in STARTS.items()}
    rows = [[name, f"{middle(costs).wall_seconds:.3f}"] for name, costs in measured.items()]
    content = {name: [cost.wall_seconds for cost in costs] for name, costs in measured.items()}
    _write("start", "The start", "Medians of 15 starts.", tables.table(["command", "seconds"], rows), content, asked)


def _write(name: str, title: str, text: str, figures: str, content: object, asked: argparse.Namespace) -> None:
    machine = tables.machine()
    facts = "\n".join(f"- {key}: {value}" for key, value in machine.items())
    page = f"# {title}\n\n{text}\n\n{figures}\n\n{facts}\n"
    (RESULTS / f"{name}.md").write_text(page)
    settings = {key: value for key, value in vars(asked).items() if isinstance(value, int)}
    (RESULTS / f"{name}.json").write_text(json.dumps({**machine, **settings, "measured": content}, indent=1) + "\n")
    print(page)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--repeats", type=int, default=3, help="runs of ours")
    parser.add_argument("--peer-repeats", type=int, default=1, help="runs of pandas and DuckDB")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=[*PARTS])
    parser.add_argument("--scratch", help="folder for what is written on the way (about 3 GB)")
    return parser.parse_args()
