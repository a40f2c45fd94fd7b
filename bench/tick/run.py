"""`python -m bench.tick`: the CPU of a day's tick beside a whole run, and ticks killed at spread-out moments."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from bench import tables
from bench.measure import Cost
from bench.tick.day import DayCost, day_cost
from bench.tick.kills import UNKILLED
from bench.tick.project import LOOP, PLAYBOOK, DailyProject
from foretell.answers.published import published
from foretell.delivery.ledger import FILE_NAME as DELIVERIES
from foretell.delivery.ledger import Ledger
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.loop.standing import approve_standing
from foretell.pipeline.run import run
from foretell.pipeline.score import score
from foretell.project.intervals import days, to_microseconds
from foretell.project.progress import Silent

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results"
KILLED_CUSTOMERS, KILLED_DAYS = 300, 200
DECLARED = """
[project]
timezone = "UTC"

[[sources]]
path = "orders.csv"
columns = { customer = "customer_id", time = "time", order = "order_id", product = "product", amount = "amount", \
state = "status" }
states = { paid = "sale", refunded = "refund", failed = "none" }

[[objectives]]
name = "purchase"
horizon = "30d"
"""


def main() -> None:
    """Measure, print and write the page."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="foretell-bench-", dir=asked.scratch) as scratch:
        told = killed_shop(Path(scratch) / "killed", asked.kills, asked.seed)
        print(told, file=sys.stderr)
        cost = day_cost(Path(scratch) / "shop", asked.customers, asked.days, asked.seed)
    text = _page(asked, cost, told)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "tick.md").write_text(text, encoding="utf-8")
    print(text)


def killed_shop(folder: Path, kills: int, seed: int) -> dict[str, Any]:
    """What came of a small generated shop of which every day's tick was killed once, and then finished."""
    whole = folder.with_name("whole")
    words = ["generate", "shop", "--customers", str(KILLED_CUSTOMERS), "--days", str(KILLED_DAYS + kills + UNKILLED),
             "--seed", str(seed), "--out", str(whole)]  # fmt: skip
    subprocess.run([sys.executable, "-m", "foretell", *words], check=True, capture_output=True)
    header, *rows = (whole / "orders.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    by_day: dict[str, list[str]] = {}
    for row in rows:
        by_day.setdefault(row.split(",")[2][:10], []).append(row)
    names = sorted(by_day)
    known, coming = names[: -(kills + UNKILLED)], names[-(kills + UNKILLED) :]
    folder.mkdir()
    orders = folder / "orders.csv"
    orders.write_text(header + "".join(row for day in known for row in by_day[day]), encoding="utf-8")
    long_ago = orders.stat().st_mtime_ns - 10**10
    os.utime(orders, ns=(long_ago, long_ago))
    declaration = folder / "foretell.toml"
    declaration.write_text(DECLARED + LOOP.replace("PORT", "1"), encoding="utf-8")
    moments = [to_microseconds(datetime.fromisoformat(f"{day}T00:00:00+00:00")) + days(1.25) for day in coming]
    project = DailyProject(
        folder, orders, [("".join(by_day[day]), at) for day, at in zip(coming, moments, strict=True)]
    )
    run(request_of_declaration(declaration, workers=1), Silent())
    approve_standing(project.place, PLAYBOOK, "crm@shop")
    declaration.write_text(DECLARED + LOOP, encoding="utf-8")
    (folder / "days.json").write_text(json.dumps(project.days), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bench.tick.kills", str(folder), "1"], check=True, capture_output=True, text=True
    )
    return _judged(project, json.loads(done.stdout))


def _judged(project: DailyProject, told: dict[str, Any]) -> dict[str, Any]:
    """What was lost, sent twice, half published, or other than without a kill."""
    entries = Ledger(project.place.state / DELIVERIES).entries()
    delivered = {entry.message_id for entry in entries if entry.outcome == "delivered"}
    arrived = Counter(told["arrived"])
    day_by_day = (project.place.out / "scores.parquet").read_bytes()
    facts = _facts(project)
    project.without_log()
    at_once = score(project.place, None, Silent()).files["scores.parquet"].read_bytes()
    left = [kill["left"] for kill in told["kills"]]
    return {
        "kills": len(told["kills"]),
        "still at work": sum(kill["hit"] for kill in told["kills"]),
        "different states left": len({json.dumps(one, sort_keys=True) for one in left}),
        "published, its files not all written": sum(not one["is_exported"] for one in left),
        "newest run could not be read": sum(not one["scores"] for one in left),
        "duties that failed in the tick after": len(told["failed"]),
        "duties due in the end": len(told["idle"]),
        "messages": len(entries),
        "messages that arrived twice": sum(times > 1 for times in arrived.values()),
        "messages written down as delivered that never arrived": len(delivered - set(arrived)),
        "messages of which nobody knows yet": len(entries) - len(delivered),
        "orders, customers or money other than in a log read at once": int(facts != _facts(project)),
        "scores other than those of a log read at once": int(day_by_day != at_once),
    }


def _facts(project: DailyProject) -> tuple[object, ...]:
    """How much the log of the newest run holds."""
    found = published(project.place).main.intake
    return found.orders, found.customers, found.spend, found.refunds


def _page(asked: argparse.Namespace, cost: DayCost, told: dict[str, Any]) -> str:
    costs = {
        "`foretell run`, from an empty state folder": cost.run,
        "`foretell score` after one more day": cost.score,
        "`foretell tick` after one more day": cost.tick,
        "`foretell tick` with nothing to do": cost.idle,
    }
    rows = [[name, *_figures(one, cost.run)] for name, one in costs.items()]
    header = ["command", "CPU-seconds", "share of the run", "seconds"]
    kills = tables.table(["what", "count"], [[name, f"{value}"] for name, value in told.items()])
    of_machine = "\n".join(f"- {name}: {value}" for name, value in tables.machine().items())
    same = "are the same to the byte" if cost.same else "DIFFER"
    return f"""# The tick

`python -m bench.tick`. What a day costs on a generated shop of {asked.customers:,} customers over {asked.days:,} days
with all its tables (seed {asked.seed}, one worker):

{tables.table(header, rows)}

The day's scores and those of the same models over a log that was read at once {same}.

## Killed

A generated shop of {KILLED_CUSTOMERS} customers (orders alone) goes on day by day, with a rule, a standing playbook and
a webhook. The tick of every day is killed (SIGKILL) once, at a moment drawn over the time that a whole tick takes; then
another one finishes.

{kills}

{of_machine}
"""


def _figures(cost: Cost, whole: Cost) -> list[str]:
    return [f"{cost.cpu_seconds:,.1f}", f"{cost.cpu_seconds / whole.cpu_seconds:.1%}", f"{cost.wall_seconds:,.0f}"]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.tick", description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=730)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scratch", default=None, help="a folder for what is written on the way")
    return parser.parse_args()


if __name__ == "__main__":
    main()
