"""What a size can teach, by the figures that the documentation gives."""

from __future__ import annotations

import pytest

from foretell.actions.planning.teaching import teaching_of


def test_a_tenth_of_five_thousand_sees_five_points_and_that_is_said() -> None:
    found = teaching_of(0.2, 2_500, 2_500, 0.02, 20)
    assert found.with_tenth == pytest.approx(0.053, abs=0.001)
    assert found.detects < found.with_tenth
    assert not found.sees
    told = " ".join(found.words(is_auto=True))
    assert "10 % kept aside would see 5.3 points at the least: therefore more are." in told
    assert "about 20 weeks" in told
    assert "therefore" not in " ".join(found.words(is_auto=False))


def test_an_effect_that_is_seen_needs_no_warning() -> None:
    found = teaching_of(0.2, 4_500, 500, 0.06, None)
    assert found.sees
    assert len(found.words(is_auto=True)) == 1


def test_nobody_kept_aside_teaches_nothing() -> None:
    assert teaching_of(0.2, 100, 0, 0.1, None).words(True) == [
        "With 100 treated and 0 kept aside no rise of any size would be seen."
    ]


def test_what_takes_too_long_is_not_counted_in_weeks() -> None:
    assert "take more customers" in teaching_of(0.2, 50, 50, 0.01, 3_000).words(True)[-1]
