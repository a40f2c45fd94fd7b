"""Windows that have passed in part, beside their rest."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.outcomes.estimates.passing import TOTALS, Passage, learned
from outcomes.estimates.past_windows import DAYS, HORIZON, PRICE, window


def test_a_window_of_another_pace_shows_it_in_its_first_part_and_in_its_rest() -> None:
    one = window(np.random.default_rng(2), 8000, pace=0.6)
    for what in TOTALS:
        own = Passage.of(one, what, 1)
        part = DAYS[1] / HORIZON
        assert (own.first / part, own.rest / (1 - part)) == pytest.approx((0.6, 0.6), abs=0.03)
        assert own.came < own.whole
    assert one.came("spend", 0) == PRICE * one.came("orders", 0)


def test_windows_that_kept_their_pace_teach_to_keep_it_and_those_that_did_not_do_not() -> None:
    draws = np.random.default_rng(3)
    lasting = [window(draws, 3000, pace) for pace in (0.6, 1.0, 1.6)]
    passing = [
        Passage(None, part * 100, part * 100 + 50, part, 0.5) for part in (0.3, 0.5, 0.8)
    ]  # the rest came as forecast, whatever the first half did
    kept, lost = learned([Passage.of(one, "orders", 1) for one in lasting]), learned(passing)
    assert kept.clock == pytest.approx(0.5, abs=0.03)
    assert kept.weight(0.25) > 0.95
    assert lost.weight(0.8) < 0.5
    alone = learned(passing[:1])
    assert alone.spread is None
    assert alone.weight(0.2) == 0.5


def test_what_a_window_heads_for_is_what_came_and_the_rest_at_a_pace() -> None:
    one = window(np.random.default_rng(5), 3000, pace=0.5)
    for what in TOTALS:
        in_full, not_at_all = (one.heading(what, 1, 0.5, weight) for weight in (1.0, 0.0))
        assert in_full == pytest.approx(one.came(what, -1), rel=0.06)
        assert not_at_all > 1.2 * in_full
