from __future__ import annotations

import json

import pytest

from foretell.pipeline.simulation.alarms import Delay
from foretell.pipeline.simulation.policies import NOTHING, OURS, RANDOM
from pipeline.simulation.made_up.simulations import shop, simulated


def test_policies_are_told_in_the_mean_of_shops_with_their_spread() -> None:
    found = simulated(shop(1, ours=3.0, random=5.0), shop(2, ours=5.0, random=1.0))
    told = {one.policy: one for one in found.policies}
    assert (told[OURS].contacts, told[OURS].profit, told[OURS].ahead_of_ours) == (4, 8, 0)
    assert told[OURS].spread == pytest.approx(8**0.5)
    assert (told[RANDOM].contacts, told[RANDOM].profit, told[RANDOM].ahead_of_ours) == (6, 6, 1)
    assert told[NOTHING].ahead_of_ours == 0
    assert simulated(shop(1, 3.0)).policies[0].spread is None


def test_all_shops_together_are_their_sums() -> None:
    found = simulated(shop(1, 3.0, within=95), shop(2, 5.0, seen=None, within=85))
    assert (found.alarms.days, found.alarms.alarms) == (14, 2)
    assert found.delays == (Delay("orders fall by a third", 2, 1, 7),)
    (covered,) = found.coverage_of_all
    assert (covered.redraws, covered.within, covered.under, covered.share) == (200, 180, 20, 0.9)
    assert len(found.coverage) == 2
    assert found.calibration.graded == 2
    assert found.calibration.tenths[3].forecasts == 20
    assert found.decisions == {"promoted": 0, "kept": 2, "rolled back": 0}


def test_json_holds_every_week_and_says_that_it_is_generated() -> None:
    told = json.loads(json.dumps(simulated(shop(1, 3.0)).as_json(), allow_nan=False))
    assert told["generated"] is True
    assert [week["contacts"] for week in told["shops"][0]["weeks"]] == [2, 2]
    assert told["money"]["budget_a_week"] == 15
