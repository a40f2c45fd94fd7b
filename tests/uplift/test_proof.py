"""The proof: what policies earned on parts kept aside, and the evidence that effects differ."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from foretell.uplift.proof import POLICIES, evidence_of, proved
from foretell.uplift.trial import Trial, Worth

Drawn = Callable[..., Trial]
COSTLY = Worth(1.0, np.array([0.0, 0.02]))


def test_sleeping_dogs_are_proved_and_targeting_earns_most(drawn: Drawn) -> None:
    proof = proved(drawn(1600, 0.3, -0.3), COSTLY, 0)
    gain = {value.policy: value.gain for value in proof.values}
    assert list(gain) == list(POLICIES)
    assert proof.p_value < 0.001
    assert max(gain, key=lambda name: gain[name]) == "targeting"
    assert gain["treat_none"] == 0
    assert gain["best_single_arm"] == pytest.approx(gain["treat_all"])
    assert proof.ahead == pytest.approx(gain["targeting"] - max(0.0, gain["treat_all"]))
    assert proof.ahead > 2 * proof.ahead_error > 0
    for value in proof.values:
        assert value.low <= value.value <= value.high
        assert value.gain_low <= value.gain <= value.gain_high
        assert 0 <= value.contacted <= 1


def test_a_constant_effect_is_no_evidence(drawn: Drawn) -> None:
    proof = proved(drawn(900, 0.2, 0.2, seed=4), COSTLY, 0)
    assert proof.p_value > 0.05
    assert proof.judged_rows == pytest.approx(900 * 6 / 8, abs=4)


def test_evidence_is_the_product_of_what_was_foretold_and_seen_within_rivals() -> None:
    profits = np.array([[0.0, 1.0, 0.5], [0.0, 2.0, 0.5], [0.0, 1.0, 3.0], [0.0, 1.0, 3.0]])
    scores = np.array([[0.0, 4.0, 0.0], [0.0, 8.0, 0.0], [0.0, 0.0, 9.0], [0.0, 0.0, 1.0]])
    assert evidence_of(profits, scores, 0).tolist() == [0.5 * 2, 0.5 * 2, 0.0, 0.0]


def test_evidence_does_not_change_when_an_arm_does_the_same_more_for_everybody() -> None:
    random = np.random.default_rng(5)
    profits, scores = np.c_[np.zeros(40), random.standard_normal(40)], random.standard_normal((40, 2))
    lifted = scores + np.array([0.0, 7.0])
    np.testing.assert_allclose(evidence_of(profits, scores, 0), evidence_of(profits, lifted, 0), atol=1e-9)
