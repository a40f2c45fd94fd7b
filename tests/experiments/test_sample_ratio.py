"""The sizes of arms against what was meant."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, chi2_contingency

from foretell.experiments.sample_ratio import sample_ratio, uneven


def test_a_tenth_kept_aside_agrees_and_a_loss_in_one_arm_stops() -> None:
    fine = sample_ratio({"control": 503, "mail": 4_497}, {"control": 1, "mail": 9})
    assert (fine.standing, fine.stops) == ("agrees", False)
    assert fine.shares == {"control": pytest.approx(0.1), "mail": pytest.approx(0.9)}
    lost = sample_ratio({"control": 5_000, "mail": 4_600}, {"control": 0.5, "mail": 0.5})
    assert (lost.standing, lost.stops) == ("stopped", True)


def test_few_units_are_judged_exactly() -> None:
    found = sample_ratio({"control": 0, "mail": 30}, {"control": 0.1, "mail": 0.9})
    assert found.p_value == pytest.approx(binomtest(0, 30, 0.1).pvalue)
    several = sample_ratio({"a": 0, "b": 4, "c": 5}, {"a": 1, "b": 1, "c": 1})
    assert several.p_value is not None
    assert 0.05 < several.p_value <= 1


def test_false_alarms_are_one_in_a_thousand() -> None:
    random = np.random.default_rng(0)
    shares = {"a": 0.2, "b": 0.3, "c": 0.5}
    stopped = [
        sample_ratio(dict(zip(shares, drawn.tolist(), strict=True)), shares).stops
        for drawn in random.multinomial(2_000, list(shares.values()), 1_500)
    ]
    assert np.mean(stopped) < 0.006


def test_without_shares_equal_ones_are_assumed_only_where_they_fit() -> None:
    assert sample_ratio({"a": 1_000, "b": 1_020}).standing == "assumed equal"
    assert sample_ratio({"a": 5_200, "b": 4_800}).standing == "suspect"
    unequal = sample_ratio({"a": 500, "b": 4_500})
    assert (unequal.standing, unequal.shares, unequal.p_value) == ("not checked", {}, None)


def test_shares_must_fit_the_arms() -> None:
    with pytest.raises(ValueError, match="each of a, b"):
        sample_ratio({"a": 1, "b": 2}, {"a": 1, "c": 1})
    assert sample_ratio({"a": 0, "b": 0}).p_value == 1


def test_lacking_outcomes_are_compared_as_a_table() -> None:
    table = chi2_contingency([[30, 60], [970, 940]], correction=False)
    assert uneven({"a": 30, "b": 60}, {"a": 1_000, "b": 1_000}) == pytest.approx(table.pvalue)
    assert uneven({"a": 0, "b": 0}, {"a": 10, "b": 10}) == 1
