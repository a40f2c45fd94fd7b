"""A holdout is as small as what is believed allows, and says so where nothing would show it."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from foretell.actions.holdout import SHARES, holdout_of, in_global_holdout, proposed_holdout
from foretell.experiments.power import seen_with
from foretell.words.wording import percent

PEOPLE = pa.array([f"{number}" for number in range(5_000)])


@pytest.mark.parametrize("effect", [0.08, 0.053, 0.042, 0.035, -0.06])
def test_the_smallest_share_that_sees_the_effect_is_proposed(effect: float) -> None:
    found = proposed_holdout(5_000, 0.2, effect)
    powers = {share: seen_with(0.2, effect, 5_000 * share, 5_000 * (1 - share)) for share in SHARES}
    assert found.sees
    assert found.share == min(share for share, power in powers.items() if power >= 0.8)
    assert f"{percent(found.share)} are kept aside" in found.words


def test_what_an_earlier_study_found_of_ten_percent_of_five_thousand() -> None:
    assert round(holdout_of(0.1, 5_000, 0.2, 0.1).detects, 3) == 0.053


def test_half_and_a_longer_run_where_the_effect_is_small() -> None:
    found = proposed_holdout(5_000, 0.2, 0.02, window_days=30)
    assert (found.share, found.sees) == (0.5, False)
    runs = round((found.weeks or 0) * 7 / 30)
    assert seen_with(0.2, 0.02, 2_500 * runs, 2_500 * runs) >= 0.8 > seen_with(0.2, 0.02, 2_500, 2_500)
    assert f"about {found.weeks} weeks" in found.words


@pytest.mark.parametrize(("eligible", "effect"), [(0, 0.05), (1, 0.05), (5_000, 0.0), (5_000, 0.9)])
def test_what_cannot_be_seen_is_said(eligible: int, effect: float) -> None:
    found = proposed_holdout(eligible, 0.2, effect)
    assert (found.share, found.sees, found.weeks) == (0.5, False, None)
    assert "no" in found.words


def test_without_a_control_nothing_is_seen() -> None:
    found = holdout_of(0.0, 5_000, 0.2, 0.05)
    assert (found.sees, math.isinf(found.detects)) == (False, True)
    assert "nobody to compare with" in found.words


def test_the_global_holdout_is_drawn_anew_each_year_and_grows_with_its_share() -> None:
    first, next_year = in_global_holdout(PEOPLE, 0, 2026, 0.1), in_global_holdout(PEOPLE, 0, 2027, 0.1)
    assert abs(first.mean() - 0.1) < 4 * np.sqrt(0.09 / len(PEOPLE))
    assert abs((first & next_year).mean() - 0.01) < 4 * np.sqrt(0.0099 / len(PEOPLE))
    assert (in_global_holdout(PEOPLE, 0, 2026, 0.2) | ~first).all()
    assert in_global_holdout(PEOPLE.slice(7, 3), 0, 2026, 0.5).tolist() == (
        in_global_holdout(PEOPLE, 0, 2026, 0.5)[7:10].tolist()
    )
    assert not in_global_holdout(PEOPLE, 0, 2026, 0.0).any()
