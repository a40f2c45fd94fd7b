"""The bench of steered plans draws what it says, and reads plans as they are."""

from __future__ import annotations

import numpy as np

from bench.steering.run import COST, GAIN, GUESS, PLACES, TRUTHS, experience_of, measured_on, planned
from foretell.actions.planning.steering import unsteered

ALIKE = TRUTHS["6 points on all"]


def test_a_campaign_measures_the_planted_effect() -> None:
    past = experience_of(ALIKE, 60_000, np.random.default_rng(0))
    found = measured_on(past)
    assert found.low < 0.06 < found.high < 0.06 + 0.02


def test_nobody_is_chosen_whom_it_does_not_pay_to_contact_and_the_places_are_kept_to() -> None:
    nobody = planned(GUESS, unsteered(["letter"], 2_000, "a guess"))
    assert (nobody.chosen.sum(), nobody.low, nobody.high) == (0, 0.0, 0.0)
    sure = measured_on(experience_of(lambda known: np.full(len(known), 0.3), 20_000, np.random.default_rng(1)))
    full = planned(sure, unsteered(["letter"], 2_000, "measured"))
    assert full.chosen.sum() == round(0.95 * PLACES)
    assert full.low < full.chosen.sum() * (0.3 * GAIN - COST) < full.high
