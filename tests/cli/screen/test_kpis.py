"""The KPIs on the screen."""

from __future__ import annotations

import json

import pytest

from foretell.alerts.control_limits import ControlLimits, Signal
from foretell.answers.objectives import AskedObjective
from foretell.answers.published import PublishedRun
from foretell.cli.screen.kpis import kpi_lines, show_kpis
from foretell.outcomes.kpis.outlook import Outlook
from foretell.outcomes.kpis.standing import Course, KpiStanding
from foretell.pipeline.loop.kpis import KpiBoard
from foretell.project.parts.kpis import KpiPart


def told(*standings: KpiStanding, limits: ControlLimits | None = None) -> str:
    board = KpiBoard("2026-03-11", "EUR", standings, limits or ControlLimits(cannot="there are 3 weeks"))
    return "\n".join(kpi_lines(board))


def standing(name: str, outlook: Outlook | None, **given: str) -> KpiStanding:
    part = KpiPart.model_validate({"name": name, **given})
    course: Course = "out of reach" if part.aim else "no target"
    return KpiStanding(part, "2026-03-01", "2026-04-01", outlook, course, cannot="too short")


def test_a_target_out_of_reach_is_marked() -> None:
    lines = told(standing("repeat rate", Outlook(0.2, 0.21, 0.19, 0.23, 8), target="31 %", owner="crm@shop"))
    assert "! target at least 31.0" in lines
    assert "out of reach, owner crm@shop" in lines
    assert "by 2026-03-31: 21.0" in lines
    assert "Not watched for sudden changes: there are 3 weeks." in lines


def test_an_objective_tells_whether_its_aim_will_be_met() -> None:
    one = AskedObjective(
        "churn", 30, "who gets the mail", "crm@shop", "at most 20 %", "30 leave.", 0.3, 0.25, 0.36, "out of reach"
    )
    board = KpiBoard("2026-03-11", "EUR", (), ControlLimits(cannot="few"), (one,))
    lines = "\n".join(kpi_lines(board)).replace("\xa0", " ")
    assert "! Who leaves? It decides: who gets the mail · Owner: crm@shop · Aim: at most 20 %" in lines
    assert "  30 % expected [80 % 25 % to 36 %]; the aim is out of reach." in lines


def test_what_cannot_be_told_says_so() -> None:
    lines = told(standing("orders", None), standing("revenue", Outlook(5, None, None, None, 2)))
    assert "not told: too short" in lines
    assert "not told: log too short" in lines


def test_an_unusual_week_is_named() -> None:
    limits = ControlLimits((Signal("orders", 90.0, 10.0, 40.0, 5.0),), 3.0, 40, ("orders",))
    lines = told(standing("orders", Outlook(200, 300, 250, 350, 9)), limits=limits)
    assert "Unusual last week: orders 90, where 10 to 40 was usual." in lines


def test_json_has_every_kpi(shop_run: PublishedRun, capsys: pytest.CaptureFixture[str]) -> None:
    show_kpis(shop_run.request.place.state.parent, None, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert {"orders", "revenue", "repeat rate"} <= {one["name"] for one in found["kpis"]}
