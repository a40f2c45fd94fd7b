"""What sets a segment apart, told by its name."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from changed_runs import changed
from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.answers.segment import segment_named
from foretell.forecasts.season.season import NO_SEASON
from foretell.models.contract import Contributions
from foretell.project.errors import InputError
from foretell.scores.customers import CUSTOMERS, SCORES, ScoredCustomers
from foretell.scores.segment_reasons import theme_columns


def with_segments(one: RunOverHorizon, moved: float) -> PublishedRun:
    """A run of four customers: two of a segment whose odds are higher, two without a segment."""
    contributions = Contributions(0.0, ("own_rhythm",), np.array([[moved], [moved], [-moved], [-moved]]))
    customers = pa.table({**theme_columns(contributions), "days_since_last_order": [3.0, 5.0, 90.0, 110.0]})
    scores = pa.table({"segment": ["Céline's", "Céline's", None, None]})
    return changed(one, {CUSTOMERS.name: ScoredCustomers(customers, NO_SEASON, {}), SCORES.name: scores}).run


@pytest.mark.parametrize(("moved", "odds"), [(1.0, "2.7"), (0.2, "1.2")])
def test_a_segment_is_told_by_its_name_however_it_is_written(
    shop_main: RunOverHorizon, moved: float, odds: str
) -> None:
    found = segment_named(" CÉLINE'S ", with_segments(shop_main, moved))
    said = "silent for 4 days, where half of the customers are silent for 48 days or more"
    assert found.reasons == (f"odds {odds} times those of everybody: {said}",)
    assert (found.customers, found.as_of, found.horizon_days) == (2, shop_main.plan.as_of_day(), 30)
    assert found == segment_named("céline's", with_segments(shop_main, moved))


def test_every_segment_of_the_scores_can_be_told(shop_run: PublishedRun) -> None:
    segments = shop_run.main.scores["segment"].to_pylist()
    told = [segment_named(name, shop_run) for name in sorted(set(segments))]
    assert [one.customers for one in told] == [segments.count(one.segment) for one in told]


def test_an_unknown_segment_is_told_the_known_ones(shop_main: RunOverHorizon) -> None:
    with pytest.raises(InputError, match="No customer is in that segment") as caught:
        segment_named("Lost", with_segments(shop_main, 1.0))
    assert caught.value.expected == "one of Céline's"
