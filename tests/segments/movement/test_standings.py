"""One pass tells where everybody stood at each moment: now, where silence leads, and what came."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foretell.segments.movement.standings import At, moments_of, moves_at, newcomers_at, standings_at, taught_by
from foretell.segments.segment_set import Cuts
from foretell.segments.standing import Moment
from foretell.segments.value import Value
from foretell.timelines.bucket import EVERY_KEY
from small_plan import moment, planned_orders

ORDERS = [("a", 0, 10.0), ("b", 5, 90.0), ("a", 40, 20.0), ("c", 50, 5.0), ("a", 60, 7.0)]
CUTS: Cuts = {"spend": [10.0, 50.0, 80.0]}
NOW, LANDING, LATER = moments_of(moment(45), 30)


def looked_at(root: Path, *moments: Moment, buckets: int = 1, largest_key: int = EVERY_KEY) -> At:
    engine, plan = planned_orders(root, ORDERS, 90, buckets=buckets)
    return standings_at(engine, moments, 365, plan, ("orders_90d",), largest_key)


@pytest.fixture
def at(tmp_path: Path) -> At:
    """The three moments of one cutoff, the first asked for twice."""
    return looked_at(tmp_path, NOW, LANDING, NOW, LATER)


def test_the_moments_of_a_cutoff_are_now_the_landing_and_what_came() -> None:
    assert Moment(moment(45), moment(45)) == NOW
    assert Moment(moment(75), moment(45)) == LANDING
    assert Moment(moment(75), moment(75)) == LATER


def test_each_moment_knows_what_it_may_know(at: At) -> None:
    assert list(at) == [NOW, LANDING, LATER]
    told = {
        found: sorted(zip(*(at[found].facts[name].tolist() for name in ("silent_days", "lifetime_spend")), strict=True))
        for found in at
    }
    assert told[NOW] == [(4.0, 30.0), (39.0, 90.0)]
    assert told[LANDING] == [(34.0, 30.0), (69.0, 90.0)]
    assert told[LATER] == [(14.0, 37.0), (24.0, 5.0), (69.0, 90.0)]
    assert sorted(at[NOW].facts["orders_90d"].tolist()) == [1.0, 2.0]


def test_how_the_log_is_parted_does_not_matter(at: At, tmp_path: Path) -> None:
    for found, other in looked_at(tmp_path / "other", NOW, LATER, buckets=4).items():
        assert other.customer_key.tolist() == at[found].customer_key.tolist() == sorted(other.customer_key.tolist())
        for name, values in other.facts.items():
            np.testing.assert_array_equal(values, at[found].facts[name])


def test_only_customers_up_to_the_largest_key_are_looked_at(at: At, tmp_path: Path) -> None:
    keys = at[LATER].customer_key
    few = looked_at(tmp_path / "few", LATER, largest_key=int(keys[1]))
    assert few[LATER].customer_key.tolist() == keys[:2].tolist()


def test_moves_lead_from_the_cutoff_to_what_came(at: At) -> None:
    found = moves_at(at, Value(), CUTS, moment(45), 30)
    assert sorted(found.start.tolist()) == [0, 2]
    end, ordered = found.came()
    assert found.spent is not None
    assert (ordered.sum(), found.spent.sum(), found.spent[~ordered].tolist()) == (1, 7.0, [0.0])
    assert end[~ordered].tolist() == found.landing[~ordered].tolist()


def test_what_was_not_looked_at_lies_ahead(tmp_path: Path) -> None:
    ahead = moves_at(looked_at(tmp_path, NOW, LANDING), Value(), CUTS, moment(45), 30)
    with pytest.raises(ValueError, match="not known yet"):
        ahead.came()


def test_moves_of_several_cutoffs_stand_one_after_the_other(tmp_path: Path) -> None:
    cutoffs = (moment(45), moment(55))
    at = looked_at(tmp_path, *(one for cutoff in cutoffs for one in moments_of(cutoff, 30)))
    found = taught_by(at, Value(), CUTS, cutoffs, 30)
    assert len(found) == 2 + 3
    alone = moves_at(at, Value(), CUTS, cutoffs[1], 30)
    assert found.start[2:].tolist() == alone.start.tolist()


def test_newcomers_are_those_who_first_ordered_after_the_cutoff(at: At) -> None:
    assert newcomers_at(at, Value(), CUTS, moment(45), 30).tolist() == [0, 0, 0, 1, 0]
