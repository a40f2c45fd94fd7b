"""What became of an earlier forecast, in the report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from foretell.answers.published import PublishedRun, published
from foretell.outcomes.estimates.estimate import Estimates
from foretell.outcomes.grading.grade_book import GradeBook
from foretell.outcomes.grading.graded import graded
from foretell.outcomes.grading.looked_up import ESTIMATES, LookedUp, name_of
from foretell.outcomes.grading.promise import Deciles, Promise
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST
from foretell.project.intervals import days
from foretell.report.outcomes import figure, told, told_before
from foretell.report.page import report_html
from foretell.storage.catalogue import KNOWN_UNTIL
from outcomes.grading.kept_forecasts import forecast, happened
from shops.private_shop import copied_run

CHANCES = {f"c{number}": (number + 0.5) / 20 for number in range(20)}
CAME = {name: float(number % 3 > 0) for number, name in enumerate(CHANCES)}
TENTHS = Deciles("purchase", (0.1, 0.5, 0.9), (0.2, 0.4, 0.8), (0.1, 0.3, 0.7), (0.3, 0.5, 0.9), (5, 5, 5))


def test_promise_is_dotted_beside_the_solid_outcome() -> None:
    drawn = figure(graded(forecast(CHANCES, promise=Promise(deciles=(TENTHS,))), happened(CAME), "2022-06-01"))
    assert drawn is not None
    assert [style for style, _ in drawn.legend] == ["ours", "other", "ideal"]
    assert drawn.drawing.count("<polyline") == 3
    bare = figure(graded(forecast(CHANCES), happened(CAME), "2022-06-01"))
    assert bare is not None
    assert bare.drawing.count("<polyline") == 2
    few = graded(forecast({"a": 0.5, "b": 0.5}), happened({"a": 1.0, "b": 0.0}), "2022-06-01")
    assert figure(few) is None


def test_a_report_shows_the_newest_grade_of_an_earlier_day_and_none_of_its_own(
    shop_run: PublishedRun, tmp_path: Path
) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path)
    run = published(place)
    assert told(run.main) is None
    assert "What became of an earlier forecast" not in report_html(run)
    earlier = replace(forecast(CHANCES), as_of=run.main.plan.as_of - days(40))
    kept, _ = run.catalogue.artefacts.kept_or_made(PUBLISHED_FORECAST, {"earlier": "1"}, lambda: earlier)
    asked = {**run.record.asked, KNOWN_UNTIL: earlier.as_of}
    record = run.catalogue.publish(earlier.as_of, asked, {(30, kept.name): kept}, {kept.name})
    book, grade = GradeBook(place.state), graded(earlier, happened(CAME), "2024-08-20")
    book.write(run.record.run, 30, grade)
    assert told(run.main) is None, "its own"
    book.write(record.run, 30, replace(grade, known_until="2024-09-20"))
    assert told(run.main) is None, "graded by what the run could not know"
    book.write(record.run, 30, grade)
    found = told(run.main)
    assert found is not None
    assert found.headline == "As of 2024-07-18, over 30 days, graded by the log up to 2024-08-20:"
    assert "What became of an earlier forecast" in report_html(published(place, run.record.run))


def test_a_report_shows_what_is_estimated_of_a_forecast_that_is_not_ripe(
    shop_run: PublishedRun, tmp_path: Path
) -> None:
    run = published(copied_run(shop_run.request.place.out, tmp_path))
    earlier = replace(forecast(CHANCES), as_of=run.main.plan.as_of - days(20))
    kept, _ = run.catalogue.artefacts.kept_or_made(PUBLISHED_FORECAST, {"earlier": "1"}, lambda: earlier)
    asked = {**run.record.asked, KNOWN_UNTIL: earlier.as_of}
    run.catalogue.publish(earlier.as_of, asked, {(30, kept.name): kept}, {kept.name})
    assert told_before(run.main) is None, "nothing was estimated"
    (one,) = [one for one in run.catalogue.kept_for_good(PUBLISHED_FORECAST.name) if one.as_of == earlier.as_of]
    looked_up = LookedUp(run.catalogue.state, "log")
    looked_up.tell(json.dumps(Estimates(23, missing="none").as_plain()), ESTIMATES, *name_of(one))
    assert told_before(run.main) is None, "by what the run could not know"
    looked_up.tell(json.dumps(Estimates(19, missing="a reason").as_plain()), ESTIMATES, *name_of(one))
    found = told_before(run.main)
    assert found is not None
    assert "ripe on 2024-09-06, estimated by its first 19 days:" in found.headline
    assert found.sentences == ("How good it will prove cannot be told before: a reason.",)
    assert "How an earlier forecast stands" in report_html(published(run.request.place, run.record.run))
