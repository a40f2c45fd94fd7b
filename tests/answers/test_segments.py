"""The sets of a run: the one that the scores show first, or the one that is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from changed_runs import changed
from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.answers.segments import one_of, segment_named, summaries
from foretell.forecasts.season.season import NO_SEASON
from foretell.models.contract import Contributions
from foretell.project.errors import InputError
from foretell.scores.customers import CUSTOMERS, SCORES, ScoredCustomers
from foretell.scores.segment_reasons import theme_columns


def test_the_set_of_the_scores_comes_first(shop_run: PublishedRun) -> None:
    assert [one.segment_set for one in summaries(shop_run)] == ["rfm", "lifecycle", "value"]
    asked = replace(shop_run.request, asked=replace(shop_run.request.asked, segment_set="value"))
    other = changed(shop_run.main, request=asked).run
    assert [one.segment_set for one in summaries(other)] == ["value", "rfm", "lifecycle"]


def test_a_named_set_comes_alone_and_counts_everybody(shop_run: PublishedRun) -> None:
    for name in ("rfm", "lifecycle", "value"):
        (found,) = summaries(shop_run, name)
        assert found.segment_set == name
        assert sum(line.customers for line in found.segments) == len(shop_run.main.scores)


def test_an_unknown_set_is_told_the_known_ones(shop_run: PublishedRun) -> None:
    with pytest.raises(InputError, match="no such segment set") as caught:
        summaries(shop_run, "RFM")
    assert (caught.value.found, caught.value.expected) == ("RFM", "one of rfm, lifecycle, value")


def test_a_name_is_given_back_and_none_asks_for_none() -> None:
    assert one_of("a", ("a", "b")) == "a"
    assert one_of(None, ()) is None
    with pytest.raises(InputError):
        one_of("", ("a",))


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
