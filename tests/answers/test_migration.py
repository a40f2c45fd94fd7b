"""Flows between segments, of the run or between two days of its log, and what cannot be asked."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from foretell.answers.migration import Migration, migrations
from foretell.answers.published import PublishedRun
from foretell.project.errors import InputError
from foretell.project.intervals import from_microseconds
from foretell.segments.movement.tables import NEWCOMERS


def test_the_matrix_has_who_came_in_its_last_row() -> None:
    rows = pa.table(
        {
            "from_date": [date(2024, 1, 1)] * 3,
            "to_date": [date(2024, 1, 31)] * 3,
            "from_segment": ["Best", "Gone", NEWCOMERS],
            "to_segment": ["Gone", "Gone", "Best"],
            "customers": [3.0, 5.0, 2.0],
        }
    )
    found = Migration("rfm", "2024-01-01", "2024-01-31", "actual", ("Best", "Gone"), "EUR", rows)
    np.testing.assert_array_equal(found.matrix(), [[0, 3], [0, 5], [2, 0]])
    told = found.as_json()
    assert (told["from"], told["to"], told["kind"]) == ("2024-01-01", "2024-01-31", "actual")
    assert isinstance(told["flows"], list)
    assert told["flows"][0]["from_date"] == "2024-01-01"
    none = Migration("rfm", "2024-01-01", "2024-01-31", "actual", ("Best", "Gone"), "EUR", rows.slice(0, 0))
    np.testing.assert_array_equal(none.matrix(), np.zeros((3, 2)))


def test_the_run_tells_its_past_and_what_it_expects(shop_run: PublishedRun) -> None:
    past, ahead = migrations(shop_run.request.place)
    today = shop_run.main.plan.as_of_day()
    assert [(one.segment_set, one.kind) for one in (past, ahead)] == [("rfm", "actual"), ("rfm", "forecast")]
    assert past.end == ahead.begin == today
    assert (date.fromisoformat(ahead.end) - date.fromisoformat(today)).days == 30
    assert past.matrix().sum() == len(shop_run.main.scores)
    by_name = migrations(shop_run.request.place, "value")
    assert {one.segment_set for one in by_name} == {"value"}


@pytest.mark.parametrize("segment_set", ["rfm", "lifecycle"])
def test_between_the_days_of_the_run_are_the_flows_of_the_run(shop_run: PublishedRun, segment_set: str) -> None:
    past = migrations(shop_run.request.place, segment_set)[0]
    (found,) = migrations(shop_run.request.place, segment_set, past.begin, past.end)
    assert (found.kind, found.segments) == ("actual", past.segments)
    np.testing.assert_allclose(found.matrix(), past.matrix())


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [
        ("2024-05-01", None, "needs two days"),
        (None, "2024-05-01", "needs two days"),
        ("2024-06-01", "2024-06-01", "not in order"),
        ("2024-06-02", "2024-06-01", "not in order"),
        ("2024-06-01", "2031-01-01", "does not reach that far"),
        ("2023-12-31", "2024-06-01", "begins later"),
    ],
)
def test_days_that_cannot_be_told_are_refused(
    shop_run: PublishedRun, begin: str | None, end: str | None, said: str
) -> None:
    with pytest.raises(InputError, match=said) as caught:
        migrations(shop_run.request.place, None, begin, end)
    assert caught.value.expected


def test_the_first_day_of_the_log_has_nobody_yet(shop_run: PublishedRun) -> None:
    first = from_microseconds(shop_run.main.plan.survey.log_start).date().isoformat()
    with pytest.raises(InputError, match="begins later") as caught:
        migrations(shop_run.request.place, None, first, "2024-06-01")
    assert caught.value.found == f"--from {first}"
    assert migrations(shop_run.request.place, None, "2024-06-01", shop_run.main.plan.as_of_day())


def test_an_unknown_set_is_told_the_known_ones(shop_run: PublishedRun) -> None:
    for days in ((None, None), ("2024-05-01", "2024-06-01")):
        with pytest.raises(InputError, match="no such segment set") as caught:
            migrations(shop_run.request.place, "nobody", *days)
        assert caught.value.expected == "one of rfm, lifecycle, value"
