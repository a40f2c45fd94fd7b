"""Where customers landed: segments at the end of the window, by the cut points of then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foretell.answers.published import PublishedRun
from foretell.examples.plan import surveyed
from foretell.outcomes.grading.graded import graded
from foretell.outcomes.grading.landed import Landed, landed
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST
from foretell.pipeline.intake.log import kept_engine
from foretell.project.intervals import days
from foretell.project.progress import Silent
from foretell.project.request import Asked
from outcomes.grading.kept_forecasts import forecast, happened
from small_plan import planned_orders


def test_at_its_own_day_everybody_is_in_the_segment_of_the_scores(shop_run: PublishedRun) -> None:
    kept, asked = shop_run.main.read(PUBLISHED_FORECAST), shop_run.request.asked
    now = replace(kept, as_of=kept.as_of - days(kept.horizon_days))
    found = landed(kept_engine(shop_run.request), now, asked, shop_run.main.plan.survey)
    assert found is not None
    assert found.of_keys(kept.keys) == kept.customers["segment"].to_pylist()


def test_without_cut_points_or_with_other_sets_by_now_nothing_is_told(shop_run: PublishedRun, tmp_path: Path) -> None:
    engine, plan = planned_orders(tmp_path, [("a", 1, 5)], 20)
    survey = surveyed(engine, plan.as_of, "UTC", Silent())
    kept = shop_run.main.read(PUBLISHED_FORECAST)
    assert landed(engine, replace(kept, cuts=None), Asked(), survey) is None
    assert landed(engine, replace(kept, declared="others"), Asked(), survey) is None
    assert landed(engine, replace(kept, segment_set="none"), Asked(), survey) is None


def test_hits_and_stays_are_shares_of_those_whose_segments_are_known() -> None:
    chances = {"a": 0.5, "b": 0.25, "c": 0.75, "d": 0.5}
    own = forecast(chances, segment=["New", "New", "Lost", "Lost"], next_segment=["Loyal", "New", "Lost", None])
    keys = dict(zip(own.customers["customer_id"].to_pylist(), own.keys.tolist(), strict=True))
    landing = Landed({keys["a"]: "Loyal", keys["b"]: "Loyal", keys["c"]: "Lost"})
    grade = graded(own, happened(dict.fromkeys(chances, 1.0)), "", landing)
    told = {one.metric: (one.value, one.customers) for one in grade.figures if one.objective == "next_segment: rfm"}
    assert told == {"hit_share": (2 / 3, 3), "stayed_share": (1 / 3, 3)}
