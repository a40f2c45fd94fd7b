"""Why a question is asked: what was declared stands in the report, beside how things stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from changed_runs import changed
from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.examples.plan import PLAN
from foretell.project.declaration import ObjectivePart
from foretell.project.objectives import TARGETS, objectives_of
from foretell.report.objectives import asked
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


def test_the_report_shows_it_escaped(shop_main: RunOverHorizon) -> None:
    page = report_html(declared(shop_main, "churn", "high_value").run)
    assert "Why it is asked" in page
    assert "who gets &lt;the&gt; mail" in page
    assert "<the>" not in page


def test_churn_counts_the_active_who_are_not_expected(shop_main: RunOverHorizon) -> None:
    [told] = asked(declared(shop_main, "churn"))
    churn = shop_main.scores["p_churn"].to_numpy()
    assert f"of {np.isfinite(churn).sum():,} active customers" in told.now
