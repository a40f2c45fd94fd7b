"""The checks on whole runs: a fault in the file is found, the sound shop has none of it, all is kept and shown."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from foretell.answers.summary import summarised
from foretell.cli.run import answered
from foretell.health.checks import CHECKS, findings
from foretell.health.evidence import Evidence, Share
from foretell.health.finding import Finding
from foretell.pipeline.columns import outcome_of
from foretell.pipeline.requests import request_for_files
from foretell.pipeline.run import Outcome
from foretell.project.progress import Silent
from foretell.report.page import report_html
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


def test_a_sound_shop_is_only_small_and_young(shop_outcome: Outcome) -> None:
    assert {finding.name for finding in shop_outcome.findings} == {"few positives", "unknown season"}


def test_a_fault_in_the_file_is_found_and_told(shop: Rows, tmp_path: Path) -> None:
    """Amounts in cents from one day on, and one customer who brings most of it."""
    rows = [
        row | {"amount": f"{float(row['amount']) * 100:.2f}"} if row["sold_at"] >= "2024-04-22" else row for row in shop
    ]
    rows += [rows[-1] | {"customer": "WHALE", "order_no": f"W{n}", "amount": "90000.00"} for n in range(40)]
    request = request_for_files(
        [written(rows, tmp_path / "orders.csv")], tmp_path / "out", horizon_days=30, workers=1, as_of="2024-08-28"
    )
    outcome = outcome_of(request, Silent())
    found = {finding.name: finding for finding in outcome.findings}
    assert "2024-04-" in found["changed definition"].seen
    assert found["one large customer"].severity == "warning"
    assert "WHALE" in found["one large customer"].seen
    again = outcome_of(request, Silent())
    assert again.findings == outcome.findings


def many(outcome: Outcome, number: int) -> Outcome:
    planted = [
        Finding(f"check {n}", "warning" if n == 0 else "note", f"Seen {n}: {'x ' * 60}.", "Do.") for n in range(number)
    ]
    return replace(outcome, findings=tuple(planted))


@pytest.mark.parametrize("number", [0, 1, 3, 4, 9])
def test_the_screen_shows_three_lines_at_most(shop_outcome: Outcome, number: int) -> None:
    outcome = many(shop_outcome, number)
    summary = summarised(outcome)
    assert len(summary.health_lines()) == min(number, 3)
    lines = answered(summary, PATHS).plain.splitlines()
    without = answered(summarised(replace(outcome, findings=())), PATHS).plain.splitlines()
    assert len(lines) == len(without) + min(number, 3)
    assert max(map(len, lines)) <= 79
    if number > 3:
        assert f"{number - 2} more remarks" in lines[-2]


def test_the_report_and_json_hold_them_all(shop_outcome: Outcome) -> None:
    outcome = many(shop_outcome, 9)
    told = json.loads(json.dumps(summarised(outcome).as_json(PATHS)))
    assert [finding["name"] for finding in told["findings"]] == [f"check {n}" for n in range(9)]
    page = report_html(outcome)
    for n in range(9):
        assert f"Seen {n}:" in page
