"""Coverage: one campaign drawn again, by the functions that draw it, beside the planted truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from foretell.actions.assignments import Assignments
from foretell.actions.candidates import REACHABLE, Candidates
from foretell.actions.drawing import ToAct
from foretell.generated.calendar import DAY
from foretell.generated.continued.planted import Planted
from foretell.generated.request import ShopRequest
from foretell.pipeline.simulation.asked import COST, MARGIN, WINDOW_DAYS
from foretell.pipeline.simulation.coverage import AS_ACTED, MONEY_FOR_ALL, covered, together
from foretell.project.parts.actions import OfferPart, PlaybookPart

REQUEST = ShopRequest(300, 200, 6, ahead=60)
NOW, REDRAWS = REQUEST.days * DAY, 40


def to_act(planted: Planted) -> ToAct:
    customers = planted.blocks[0].customers
    numbers = customers.number[customers.signed_up < NOW]
    ids = pa.array([f"C{number + 1:06d}" for number in numbers], pa.string())
    count, at = len(ids), 1_700_000_000_000_000
    stratum = np.array(["high risk" if at % 2 else "low risk" for at in range(count)], dtype=object)
    why_not = np.array([REACHABLE] * count, dtype=object)
    people = Candidates("p", at, ids, why_not, stratum, np.full(count, 0.2), np.full(count, 9.0))
    part = PlaybookPart.model_validate(
        {"name": "p", "when": "orders_life > 0", "offers": ("letter",), "budget": 60, "holdout": 0.2}
    )
    return ToAct(part, (OfferPart(name="letter", channel="post", cost=COST),), people, "run-1", 7, 0.1, at)


def test_intervals_are_those_of_the_campaign_and_the_truth_is_the_planted_one(tmp_path: Path) -> None:
    planted = Planted.of(REQUEST)
    asked = to_act(planted)
    found = covered(planted, asked, Assignments(tmp_path), NOW, REDRAWS)
    assert [(one.campaign, one.outcome) for one in found] == [
        (name, outcome) for name in (AS_ACTED, MONEY_FOR_ALL) for outcome in ("orders", "profit")
    ]
    everybody = len(asked.candidates.customer_id)
    extra = planted.extra(asked.candidates.customer_id, NOW, WINDOW_DAYS)
    for one in found:
        assert one.treated + one.aside == everybody
        assert one.treated == (60 if one.campaign == AS_ACTED else round(0.8 * everybody))
        assert one.within + one.under + one.over + one.untold == one.redraws == REDRAWS
        truth = extra.orders.mean() if one.outcome == "orders" else MARGIN * extra.spend.mean() - COST
        assert one.effect == pytest.approx(truth)
        assert one.mean is not None
        assert one.width is not None
        assert abs(one.mean - one.effect) < 4 * one.width / 3.92 / np.sqrt(REDRAWS) + 0.05 * abs(one.effect + COST)
        assert one.within >= 32, "with 95 % coverage a count under 32 of 40 comes once in ten thousand times"
    doubled = together([found[0], found[0]])
    assert (doubled.redraws, doubled.within, doubled.share) == (80, 2 * found[0].within, found[0].share)
