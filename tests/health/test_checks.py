"""The checks on whole runs: a fault in the file is found, the sound shop has none of it, all is kept and shown."""

from __future__ import annotations

import json
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from changed_runs import changed
from foretell.answers.published import RunOverHorizon
from foretell.answers.summary import summarised
from foretell.backtest.proof import Proof
from foretell.cli.screen.run import answered
from foretell.examples.planned import planned_examples, todays_examples
from foretell.forecasts.orders.serving import train
from foretell.forecasts.season.season import NO_SEASON
from foretell.health.checks import CHECKS, FINDINGS, findings
from foretell.health.evidence import Evidence, Finding, Share
from foretell.health.gathered import evidence_of
from foretell.project.progress import Silent
from foretell.report.page import report_html
from foretell.scores.customers import MoneyTerms, ScoredBy, scored
from foretell.storage.work import Work
from planned_logs import planned_log
from shop import Rows, written

PATHS = {name: Path(name) for name in ("report.html", "scores.parquet")}


def test_nothing_known_finds_nothing_but_the_season() -> None:
    assert [finding.name for finding in findings(Evidence())] == ["unknown season"]


def test_warnings_come_first_and_names_are_those_of_the_registry() -> None:
    evidence = Evidence(history_days=90, share=Share((0.4,), 0.2, 0.4, 5_000, "2024-06-01"))
    found = findings(replace(evidence, fewest={"decline": (3, "2024-06-01")}))
    assert [finding.severity for finding in found] == ["warning", "note", "note"]
    assert {finding.name for finding in found} <= set(CHECKS)
    assert all(finding.seen.endswith(".") and finding.advice for finding in found)


def test_a_sound_shop_is_only_small_and_young(shop_main: RunOverHorizon) -> None:
    assert {finding.name for finding in shop_main.read(FINDINGS)} == {"few positives", "unknown season"}


def test_a_fault_in_the_file_is_found_and_told(shop: Rows, tmp_path: Path) -> None:
    """Amounts in cents from one day on, and one customer who brings most of it."""
    rows = [
        row | {"amount": f"{float(row['amount']) * 100:.2f}"} if row["sold_at"] >= "2024-04-22" else row for row in shop
    ]
    rows += [rows[-1] | {"customer": "WHALE", "order_no": f"W{n}", "amount": "90000.00"} for n in range(40)]
    engine, plan = planned_log(
        written(rows, tmp_path / "orders.csv"), tmp_path / "out", horizons=(30,), as_of="2024-08-28"
    )
    examples, untested = planned_examples(engine, plan, Silent()), Proof((), (), {}, {}, {})
    serving = train(examples, todays_examples(engine, plan), plan, untested, NO_SEASON, Work())
    customers = scored(engine, plan, ScoredBy(serving), NO_SEASON, MoneyTerms("", 1.0, 0.1, True), Silent()).table
    evidence = evidence_of(engine, plan, examples, untested, serving, customers)
    found = {finding.name: finding for finding in findings(evidence)}
    assert "2024-04-" in found["changed definition"].seen
    assert found["one large customer"].severity == "warning"
    assert "WHALE" in found["one large customer"].seen


def many(main: RunOverHorizon, number: int) -> RunOverHorizon:
    planted = [
        Finding(f"check {n}", "warning" if n == 0 else "note", f"Seen {n}: {'x ' * 60}.", "Do.") for n in range(number)
    ]
    return changed(main, {FINDINGS.name: tuple(planted)})


@pytest.mark.parametrize("number", [0, 1, 3, 4, 9])
def test_the_screen_shows_three_remarks_at_most(shop_main: RunOverHorizon, number: int) -> None:
    main = many(shop_main, number)
    summary = summarised(main)
    told = [seen for seen, _ in summary.health_lines()]
    assert len(told) == min(number, 3)
    lines = answered(summary, PATHS).plain.splitlines()
    without = answered(summarised(many(shop_main, 0)), PATHS).plain.splitlines()
    assert len(lines) == len(without) + sum(len(textwrap.wrap(seen, 79)) for seen in told)
    assert all(seen.replace("\xa0", " ") in " ".join(lines) for seen in told)
    assert max(map(len, lines)) <= 79
    if number > 3:
        assert f"{number - 2} more remarks" in lines[-2]


def test_the_report_and_json_hold_them_all(shop_main: RunOverHorizon) -> None:
    main = many(shop_main, 9)
    told = json.loads(json.dumps(summarised(main).as_json(PATHS)))
    assert [finding["name"] for finding in told["findings"]] == [f"check {n}" for n in range(9)]
    page = report_html(main.run)
    for n in range(9):
        assert f"Seen {n}:" in page
