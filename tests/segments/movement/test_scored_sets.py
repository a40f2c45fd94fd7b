"""A set whose rules read scores is told from the scored day on: by that day's scores, without a past or a forecast."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.pipeline.intake.log import kept_engine
from foretell.project.declaration import SegmentPart
from foretell.scores.table import SCORES
from foretell.segments.declared import declared_sets
from foretell.segments.movement.cut_points import CUTS, SCORE_KINDS
from foretell.segments.movement.scored_sets import (
    REASON,
    WHY,
    codes_of,
    columns_of,
    membership_rows,
    summary_of_scores,
)
from foretell.segments.movement.standings import standings_at
from foretell.segments.movement.summary import OfDay
from foretell.segments.profile import BEHAVIOUR
from foretell.segments.standing import Moment, Standing
from foretell.timelines.bucket import EVERY_KEY

PARTS = [
    SegmentPart(set="campaign", name="dear", when="p_purchase > 30 % and orders_365d >= 2"),
    SegmentPart(set="campaign", name="lost", when='segment = "Lost" or p_churn > 95 %'),
]
CAMPAIGN = declared_sets(PARTS, {**SCORE_KINDS, "orders_365d": "number"})[0]
CODES = np.array([1, 0, 1])


@pytest.fixture(scope="module")
def standing(shop_main: RunOverHorizon) -> Standing:
    """Everybody of the shop on the scored day, with what profiles read."""
    now = Moment.now(shop_main.plan.as_of)
    plan = shop_main.plan
    return standings_at(kept_engine(shop_main.request), [now], 365, plan, BEHAVIOUR, EVERY_KEY)[now]


@pytest.fixture(scope="module")
def codes(shop_main: RunOverHorizon, standing: Standing) -> np.ndarray:
    """Who is in which segment of the campaign."""
    more = {name: shop_main.scores[name] for name in SCORES if name not in shop_main.customers.column_names}
    return codes_of(CAMPAIGN, standing, shop_main.customers, more, shop_main.plan)


def test_rules_read_the_scores_and_the_features_of_the_day(
    shop_main: RunOverHorizon, standing: Standing, codes: np.ndarray
) -> None:
    orders = standing.facts["orders_365d"]
    for row, code, count in zip(shop_main.scores.to_pylist(), codes, orders, strict=True):
        if row["p_purchase"] > 0.3 and count >= 2:
            assert code == 0
        elif row["segment"] == "Lost" or (row["p_churn"] or 0) > 0.95:
            assert code == 1
        else:
            assert code == 2
    assert len(set(codes.tolist())) > 1


def test_everybody_is_there_from_the_scored_day_on(shop_main: RunOverHorizon) -> None:
    found = membership_rows(CAMPAIGN, CODES, pa.array(["a", "b", "c"]), shop_main.plan)
    assert found["customer_id"].to_pylist() == ["a", "b", "c"]
    assert found["segment"].to_pylist() == ["lost", "dear", "lost"]
    assert set(found["segment_set"].to_pylist()) == {"campaign"}
    assert set(found["why"].to_pylist()) == {WHY}
    assert found["valid_from"].cast(pa.int64()).to_pylist() == [shop_main.plan.as_of] * 3
    assert found["valid_to"].null_count == 3


def test_scores_tell_no_past_and_no_forecast(shop_main: RunOverHorizon) -> None:
    found = columns_of(CAMPAIGN, CODES, shop_main.plan)
    assert found["segment"].to_pylist() == ["lost", "dear", "lost"]
    assert found["segment_since"].cast(pa.int64()).to_pylist() == [shop_main.plan.as_of] * 3
    assert found["previous_segment"].null_count == found["next_segment"].null_count == 3


def test_the_summary_tells_sizes_and_why_nothing_is_forecast(
    shop_main: RunOverHorizon, standing: Standing, codes: np.ndarray
) -> None:
    purchase = shop_main.customers["p_purchase"].to_numpy()
    day = OfDay(shop_main.plan, standing, shop_main.read(CUTS), purchase, "EUR")
    found = summary_of_scores(CAMPAIGN, codes, day)
    assert (found.segment_set, found.served, found.reason, found.tests) == ("campaign", "", REASON, 0)
    assert [line.segment for line in found.segments] == ["dear", "lost", "other"]
    assert [line.customers for line in found.segments] == np.bincount(codes, minlength=3).tolist()
    assert [line.rule for line in found.segments] == [*(part.when for part in PARTS), "who fits none of these"]
    assert sum(line.share_of_customers for line in found.segments) == pytest.approx(1)
    for code, line in enumerate(found.segments):
        members = purchase[codes == code]
        assert line.p_purchase == (pytest.approx(members.mean()) if len(members) else None)
        assert (line.expected, line.customers_before, line.newcomers) == (None, None, None)
