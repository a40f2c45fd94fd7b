"""What is said of contracts: the figures of the artefacts, and nothing where a log has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from changed_runs import changed
from drawn_contracts import CONTRACTS as DRAWN
from drawn_contracts import LAST
from foretell.answers.backtest import backtests
from foretell.answers.proofs.contracts import METRIC_NAMES, contract_answer, contract_tables
from foretell.answers.published import RunOverHorizon
from foretell.answers.summary import summarised
from foretell.backtest.bootstrap import Figure
from foretell.forecasts.contracts.hazard import OURS
from foretell.forecasts.contracts.past_forecasts import CONTENDERS, IN_HORIZON, METRICS, MeasuredContracts
from foretell.forecasts.contracts.plans import PlanOutlook, retention
from foretell.forecasts.contracts.proof import CONTRACT_PROOF, CONTRACTS, ContractProof, ContractsToday
from foretell.report.page import report_html

PLANS = (PlanOutlook("<b>Pro</b>", 40, 3, 4.25, 0.5, 400.0), PlanOutlook("Free", 9, 0, 1.0, 0.25, None))
MEASURED = tuple(
    MeasuredContracts(question, name, metric, Figure(0.1 + place / 10, None, None), 200, 30, None)
    for question, metrics in METRICS.items()
    for place, name in enumerate(CONTENDERS)
    for metric in metrics
)
PROOF = ContractProof(OURS, "renewal hazard serves", 30, ("2024-01-01", "2024-02-01"), MEASURED)


@pytest.fixture
def told(shop_main: RunOverHorizon) -> RunOverHorizon:
    columns = shop_main.read(CONTRACTS).columns
    today = ContractsToday(columns, PLANS, retention(DRAWN, LAST))
    return changed(shop_main, {CONTRACT_PROOF.name: PROOF, CONTRACTS.name: today})


def test_a_shop_without_contracts_says_nothing_of_them(shop_main: RunOverHorizon) -> None:
    assert contract_answer(shop_main) is None
    assert summarised(shop_main).contract_line() == ""
    assert not {"contracts_running", "p_contract_ends"} & set(shop_main.scores.column_names)
    assert "contracts-title" not in report_html(shop_main.run)
    assert all("contract" not in table.question for table in backtests(shop_main.request.place)[0].further)


def test_the_line_adds_up_the_plans(told: RunOverHorizon) -> None:
    line = summarised(told).contract_line().replace("\xa0", " ")
    assert line.startswith("49 contracts run: 5.2 are expected to end in 30 days, 0.8 of them as a payment fails;")
    assert "renewals are expected to bring 400" in line
    assert line.endswith("2 past cutoffs (200 forecasts of contracts, 30 of which ended): renewal hazard serves.")
    answer = contract_answer(told)
    assert answer is not None
    assert answer.as_json()["running"] == 49


def test_what_cannot_be_forecast_or_proved_is_said(told: RunOverHorizon) -> None:
    answer = contract_answer(told)
    assert answer is not None
    unproved = replace(answer, proof=ContractProof("Kaplan-Meier", "the log is too short", 30))
    assert unproved.proved() == "Not proved: the log is too short."
    assert contract_tables(unproved) == []
    silent = replace(answer, today=replace(answer.today, cannot="2 contracts ended"))
    assert silent.headline() == "49 contracts run; when they end is not forecast: 2 contracts ended."


def test_every_question_has_a_table_of_all_contenders(told: RunOverHorizon) -> None:
    answer = contract_answer(told)
    assert answer is not None
    first, *others = contract_tables(answer)
    assert len(others) == len(METRICS) - 1
    assert first.columns == ("", *(METRIC_NAMES[metric] for metric in METRICS[IN_HORIZON]))
    assert [row[0] for row in first.rows] == ["renewal hazard", "Kaplan-Meier", "shifted-beta-geometric"]
    assert first.rows[1][1:] == (".200",) * 3


def test_the_report_has_a_row_a_plan_with_foreign_text_made_harmless(told: RunOverHorizon) -> None:
    page = report_html(told.run)
    part = page[page.index("contracts-title") :]
    assert "&lt;b&gt;Pro" in part
    assert "<b>Pro" not in part
    assert "How many contracts outlive their renewals" in part
