"""Ticks killed at spread-out moments: no fact lost, no message sent twice, no half-published run, the same scores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bench.tick.kills import UNKILLED
from bench.tick.project import LOOP, PLAYBOOK, DailyProject

from foretell.answers.published import PublishedRun, published
from foretell.delivery.ledger import FILE_NAME as DELIVERIES
from foretell.delivery.ledger import Ledger
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.loop.standing import approve_standing
from foretell.pipeline.run import run
from foretell.pipeline.score import score
from foretell.project.intervals import days
from foretell.project.progress import Silent
from kept import with_finished_steps
from shop import Rows, written

ROOT = Path(__file__).parents[3]
DAYS, PER_DAY = 6, 5
LATER = days(0.25)
DECLARED = """
[project]
timezone = "UTC"

[[sources]]
path = "orders.csv"
columns = { customer = "customer", time = "sold_at", order = "order_no", product = "sku", amount = "amount" }

[[objectives]]
name = "purchase"
horizon = "30d"
"""


@pytest.fixture(scope="module")
def project(shop: Rows, shop_run: PublishedRun, tmp_path_factory: pytest.TempPathFactory) -> DailyProject:
    """The shop's run in a folder of its own, with a standing playbook, and what the next days bring."""
    folder = tmp_path_factory.mktemp("daily")
    orders = written(shop, folder / "orders.csv")
    long_ago = orders.stat().st_mtime_ns - 10**10
    os.utime(orders, ns=(long_ago, long_ago))
    (folder / "foretell.toml").write_text(DECLARED + LOOP.replace("PORT", "1"), encoding="utf-8")
    made = DailyProject(folder, orders, _days(shop, shop_run.record.as_of))
    with_finished_steps(shop_run, made.place.state)
    run(request_of_declaration(folder / "foretell.toml"), Silent())
    approve_standing(made.place, PLAYBOOK, "crm@shop")
    (folder / "foretell.toml").write_text(DECLARED + LOOP, encoding="utf-8")
    (folder / "days.json").write_text(json.dumps(made.days), encoding="utf-8")
    return made


def _days(shop: Rows, as_of: int) -> list[tuple[str, int]]:
    """Each day three known customers and a new one order, the last of them late in the evening."""
    known, found = sorted({row["customer"] for row in shop}), []
    for day in range(DAYS):
        midnight = datetime(1970, 1, 1) + timedelta(microseconds=as_of, days=day)
        buyers = [*known[day * 3 : day * 3 + 3], f"N{day}"]
        moments = [midnight + timedelta(hours=5 * place + 8, minutes=59) for place in range(4)]
        rows = [
            f"{who},{moment:%Y-%m-%d %H:%M:%S},D{day}{place},P0{place},12.50\n"
            for place, (who, moment) in enumerate(zip(buyers, moments, strict=True))
        ]
        found.append(("".join(rows), as_of + days(day + 1) + LATER))
    return found


@pytest.fixture(scope="module")
def told(project: DailyProject) -> dict[str, Any]:
    paths = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-m", "bench.tick.kills", str(project.folder), str(PER_DAY)],
        env=os.environ | {"PYTHONPATH": paths, "PYTHONWARNINGS": "ignore"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_twenty_kills_leave_what_the_next_tick_finishes(told: dict[str, Any]) -> None:
    kills = told["kills"]
    assert len(kills) == (DAYS - UNKILLED) * PER_DAY == 20
    assert sum(kill["hit"] for kill in kills) >= 8
    assert told["failed"] == []
    assert told["idle"] == []
    assert told["end"]["is_exported"]
    assert len({json.dumps(kill["left"], sort_keys=True) for kill in kills}) > DAYS


def test_no_fact_is_lost_and_no_message_is_sent_twice(told: dict[str, Any], project: DailyProject, shop: Rows) -> None:
    orders = {row["order_no"] for row in shop} | {f"D{day}{place}" for day in range(DAYS) for place in range(4)}
    assert told["orders"] == len(orders)
    arrived = Counter(told["arrived"])
    assert set(arrived.values()) == {1}
    entries = Ledger(project.place.state / DELIVERIES).entries()
    delivered = {entry.message_id for entry in entries if entry.outcome == "delivered"}
    unclear = {entry.message_id for entry in entries} - delivered
    assert delivered <= set(arrived) <= delivered | unclear
    assert len([one for one in delivered if one.startswith("campaign_")]) >= DAYS - 1 - len(unclear)


def test_the_scores_are_those_of_a_log_read_at_once_by_the_same_models(
    told: dict[str, Any], project: DailyProject
) -> None:
    day_by_day = (project.place.out / "scores.parquet").read_bytes()
    assert published(project.place).record.as_of == told["end"]["as_of"] == project.days[-1][1] - LATER
    before = published(project.place).record
    project.without_log()
    at_once = score(project.place, None, Silent())
    assert at_once.files["scores.parquet"].read_bytes() == day_by_day
    models = [(30, name) for name in ("models", "proof") if (30, name) in before.artefacts]
    assert models
    assert [at_once.run.record.artefacts[one] for one in models] == [before.artefacts[one] for one in models]
