"""Why a question is asked: what was declared stands in the report, beside how things stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from changed_runs import changed
from foretell.answers.objectives import AskedObjective, asked
from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.examples.plan import PLAN
from foretell.project.declaration import ObjectivePart
from foretell.project.objectives import TARGETS, objectives_of
from foretell.report.page import report_html

WHY = {"decision": "who gets <the> mail", "owner": "crm@giftshop", "target": "repeat rate 31 % by June"}


def declared(one: RunOverHorizon, *names: str) -> RunOverHorizon:
    parts = [ObjectivePart.model_validate({"name": name, "horizon": "30d", **WHY}) for name in names]
    return changed(one, {PLAN.name: replace(one.plan, objectives=objectives_of(parts, 30))})


def test_without_a_reason_nothing_is_said(shop_run: PublishedRun) -> None:
    assert asked(shop_run.main) == []
    assert "Why it is asked" not in report_html(shop_run)


@pytest.mark.parametrize("name", ["churn", "value", *TARGETS])
def test_each_question_tells_why_and_how_things_stand(shop_main: RunOverHorizon, name: str) -> None:
    [told] = asked(declared(shop_main, name))
    for text in WHY.values():
        assert text in told.why
    assert any(character.isdigit() for character in told.now)
    assert "nan" not in told.now


def aimed(one: RunOverHorizon, name: str, aim: str) -> AskedObjective:
    part = ObjectivePart.model_validate({"name": name, "horizon": "30d", "target": aim})
    request = replace(one.request, asked=replace(one.request.asked, objectives=(part,)))
    [told] = asked(changed(one, {PLAN.name: replace(one.plan, objectives=objectives_of([part], 30))}, request))
    return told


@pytest.mark.parametrize("name", ["churn", "value", *TARGETS])
def test_each_question_has_an_outlook_for_its_aim(shop_main: RunOverHorizon, name: str) -> None:
    is_share = name in ("churn", "purchase")
    sure, never = ("at least 0 %", "at most 0 %") if is_share else ("0", "at most 0")
    met = aimed(shop_main, name, sure)
    assert (met.name, met.prospect) == (name, "on course")
    assert 0 <= met.low <= met.expected <= met.high
    assert met.high <= 1 or not is_share
    assert "80\xa0%" in met.outlook
    assert aimed(shop_main, name, never).prospect in ("out of reach", "open")


def test_churn_is_purchase_of_the_active_from_the_other_side(shop_main: RunOverHorizon) -> None:
    leaving = shop_main.scores["p_churn"].to_numpy()
    assert aimed(shop_main, "churn", "at most 50 %").expected == pytest.approx(np.nanmean(leaving))
    chance = shop_main.scores["p_purchase"].to_numpy()
    assert aimed(shop_main, "purchase", "at least 50 %").expected == pytest.approx(chance.mean())


@pytest.mark.parametrize(("name", "aim"), [("churn", "fewer"), ("spend", "31 %"), ("purchase", "200"), ("spend", "")])
def test_an_aim_that_is_no_figure_of_the_question_has_no_outlook(
    shop_main: RunOverHorizon, name: str, aim: str
) -> None:
    part = ObjectivePart.model_validate({"name": name, "horizon": "30d", "target": aim, "owner": "crm@shop"})
    plan = replace(shop_main.plan, objectives=objectives_of([part], 30))
    [told] = asked(changed(shop_main, {PLAN.name: plan}))
    assert told.outlook == ""
    assert told.as_json()["prospect"] == ("not known" if aim else "no target")


def test_the_report_shows_it_escaped(shop_main: RunOverHorizon) -> None:
    page = report_html(declared(shop_main, "churn", "high_value").run)
    assert "Why it is asked" in page
    assert "who gets &lt;the&gt; mail" in page
    assert "<the>" not in page


def test_churn_counts_the_active_who_are_not_expected(shop_main: RunOverHorizon) -> None:
    [told] = asked(declared(shop_main, "churn"))
    churn = shop_main.scores["p_churn"].to_numpy()
    assert f"of {np.isfinite(churn).sum():,} active customers" in told.now
