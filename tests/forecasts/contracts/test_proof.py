"""From files to forecasts of contracts: proved at past cutoffs, and null where there is nothing to say."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drawn_contracts import FIRST, LAST, PLANS, drawn_contracts
from foretell.examples.plan import Plan
from foretell.forecasts.contracts.baselines import KAPLAN_MEIER
from foretell.forecasts.contracts.contracts import NEVER
from foretell.forecasts.contracts.customers import CONTRACT_COLUMNS
from foretell.forecasts.contracts.hazard import OURS
from foretell.forecasts.contracts.past_forecasts import AT_RENEWAL, IN_HORIZON, METRICS
from foretell.forecasts.contracts.proof import ContractProof, contracts_today, gathered, prove_contracts
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.run import planned
from foretell.project.intervals import days, from_microseconds
from foretell.project.progress import Silent
from foretell.timelines.engine import Engine

DRAWN = drawn_contracts(1_200)
DECLARED = """
[[sources]]
table = "orders"
path = "orders.csv"
columns = { customer = "who", time = "at", amount = "paid" }
"""
WITH_CONTRACTS = """
[[sources]]
table = "subscriptions"
path = "subscriptions.csv"
columns = { customer = "who", subscription = "id", plan = "plan", amount = "price", interval = "every", started_at = \
"began", asked_to_cancel_at = "asked", ended_at = "ended", reason = "why" }
"""
NAMES = {int(PLANS[0]): "small", int(PLANS[1]): "large"}


def text(moment: int) -> str:
    return "" if moment == NEVER else from_microseconds(moment).isoformat()


def planned_contracts(folder: Path, declared: str) -> tuple[Engine, Plan]:
    """The engine and the plan over the drawn contracts; a customer orders on the first day of the contract, and every
    tenth day of the log has an order of somebody who holds none."""
    starts = [(f"C{place}", text(int(at)), 10) for place, at in enumerate(DRAWN.started_at)]
    others = [("D0", text(FIRST + days(day)), 5) for day in range(0, 900, 10)]
    moments = zip(DRAWN.started_at.tolist(), DRAWN.asked_at.tolist(), DRAWN.ended_at.tolist(), strict=True)
    told = zip(DRAWN.plan.tolist(), DRAWN.is_failed.tolist(), moments, strict=True)
    rows = [
        (f"C{place}", f"S{place}", NAMES[plan], 10, "month", *map(text, when), "payment_failed" if failed else "")
        for place, (plan, failed, when) in enumerate(told)
    ]
    for name, header, lines in (
        ("orders", ("who", "at", "paid"), [*starts, *others]),
        ("subscriptions", ("who", "id", "plan", "price", "every", "began", "asked", "ended", "why"), rows),
    ):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *lines])
    (folder / "foretell.toml").write_text(declared, encoding="utf-8")
    request = request_of_declaration(folder / "foretell.toml", workers=1, horizon="60d")
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    log = brought_up_to_date(settled, files, columns, Silent())
    return log.engine, replace(planned(log, Silent())[0], as_of=LAST)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Plan]:
    return planned_contracts(tmp_path_factory.mktemp("contracts"), DECLARED + WITH_CONTRACTS)


@pytest.fixture(scope="module")
def proof(log: tuple[Engine, Plan]) -> ContractProof:
    return prove_contracts(*log, 1, Silent())


def test_contracts_come_through_files_as_they_were_drawn(log: tuple[Engine, Plan]) -> None:
    found, words = gathered(log[0], LAST)
    assert len(found) == len(DRAWN)
    second = 1_000_000
    for name in ("started_at", "ended_at", "asked_at"):
        drawn, read = (np.sort(getattr(one, name)) // second for one in (DRAWN, found))
        assert read.tolist() == drawn.tolist()
    assert found.is_failed.sum() == DRAWN.is_failed.sum() > 50
    assert set(words.values()) == set(NAMES.values())


def test_ours_serves_where_it_is_measurably_better(proof: ContractProof) -> None:
    assert proof.serving == OURS
    assert len(proof.days) > 1
    assert proof.horizon_days == 60
    for question in METRICS:
        for metric in METRICS[question]:
            assert proof.figure(question, KAPLAN_MEIER, metric) is not None
    ours, theirs = (proof.figure(AT_RENEWAL, name, "log_loss") for name in (OURS, KAPLAN_MEIER))
    assert ours is not None
    assert theirs is not None
    assert ours.figure.value < theirs.figure.value


def test_every_customer_has_a_row_and_who_holds_none_has_nulls(log: tuple[Engine, Plan], proof: ContractProof) -> None:
    engine, plan = log
    keys = np.unique(np.concatenate([bucket.read(LAST).customer_key for bucket in engine.buckets]))
    today = contracts_today(engine, plan, proof, keys, Silent())
    columns = today.columns.to_pydict()
    assert tuple(columns) == CONTRACT_COLUMNS
    assert len(keys) == len(columns["p_contract_ends"]) == len(DRAWN) + 1
    holds = np.array(columns["contracts_running"]) > 0
    assert holds.sum() == DRAWN.is_running.sum()
    assert [value is not None for value in columns["p_contract_ends"]] == holds.tolist()
    expected = sum(value for value in columns["p_contract_ends"] if value is not None)
    assert sum(one.expected_ends or 0 for one in today.plans) == pytest.approx(expected)
    assert today.retention[0].renewal == 1


def test_without_a_test_the_baseline_serves_and_says_so(log: tuple[Engine, Plan]) -> None:
    found = prove_contracts(log[0], replace(log[1], proving=None), 1, Silent())
    assert (found.serving, found.measured) == (KAPLAN_MEIER, ())
    assert found.reason == "the log is too short for a test at a past cutoff"
    early = replace(log[1], as_of=FIRST + days(20), proving=None)
    today = contracts_today(log[0], early, found, np.array([1], np.uint64), Silent())
    assert today.cannot.startswith("0 contracts ended")
    assert today.columns["p_contract_ends"].null_count == 1


def test_a_log_without_subscriptions_has_no_columns(tmp_path: Path) -> None:
    engine, plan = planned_contracts(tmp_path, DECLARED)
    found = prove_contracts(engine, plan, 1, Silent())
    assert (found.serving, found.figure(IN_HORIZON, OURS, "brier")) == ("", None)
    today = contracts_today(engine, plan, found, np.array([1, 2], np.uint64), Silent())
    assert (today.columns.num_columns, today.plans) == (0, ())


def test_contracts_that_came_into_the_log_since_the_proof_wait_for_the_next(log: tuple[Engine, Plan]) -> None:
    today = contracts_today(*log, ContractProof("", "", 60), np.array([1], np.uint64), Silent())
    assert (today.columns.num_columns, today.plans) == (0, ())
