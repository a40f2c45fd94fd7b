"""Waits: the first order from a cutoff on, or the days that were watched, as plain lists tell them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.examples.examples import stacked
from foretell.forecasts.next_order.rows import CAME_BACK, WAIT_DAYS, WAIT_FEATURES, WaitAssembly, waits
from foretell.project.fingerprints import keys_of
from foretell.timelines.survey import Survey
from made_orders import DAY, Line, Made, batch_of, made
from plain_timelines import customers_of, local, parts_of, population_of, seen, shows, split

WATCHED = st.sampled_from((1, 2, 30, 200, 400))


def plain_wait(lines: list[Line], timezone: str, cutoff: int, until: int) -> tuple[int, bool]:
    """Days from the cutoff's to the first order that was known before `until` and had not ended, or to `until`."""
    orders, _ = split(parts_of([line for line in lines if shows(line, until)], timezone))
    days = [order.day for order in orders if order.happened >= cutoff]
    first: date = min(days, default=local(until, timezone).date())
    return (first - local(cutoff, timezone).date()).days, bool(days)


@settings(max_examples=150)
@given(made(customers=8), WATCHED)
def test_waits_are_what_the_oracle_says(log: Made, watched: int) -> None:
    until = log.cutoff + watched * DAY
    batch = batch_of(log.lines, log.timezone, until)
    if not batch.orders.customers:
        return
    assembly = WaitAssembly((log.cutoff,), until, 30, Survey.of(batch))
    examples = assembly(batch)
    customers = seen(log.lines, log.timezone, log.cutoff, population_of(log.lines, log.timezone, log.cutoff))
    keys = {int(key): name for name, key in zip(customers, keys_of(customers), strict=True)}
    assert examples.customer_key.tolist() == sorted(keys)
    assert examples.feature_names == WAIT_FEATURES
    own = customers_of(log.lines)
    for row, key in enumerate(examples.customer_key.tolist()):
        days, came = plain_wait(own[keys[key]], log.timezone, log.cutoff, until)
        assert (examples.labels[WAIT_DAYS][row], examples.labels[CAME_BACK][row]) == (days, float(came))


def test_what_comes_after_the_watermark_changes_nothing() -> None:
    cutoff, until = 15_000 * DAY, 15_010 * DAY
    first = Line("c1", cutoff - 5 * DAY, cutoff - 5 * DAY, "1", None, None, None, 100)
    for moment, expected in ((cutoff, (0, 1)), (cutoff + 3 * DAY - 1, (2, 1)), (until - 1, (9, 1)), (until, (10, 0))):
        lines = [first, Line("c1", moment, moment, "2", None, None, None, 100)]
        labels = waits(batch_of(lines, "UTC"), cutoff, until)
        assert (labels[WAIT_DAYS][0], labels[CAME_BACK][0]) == expected


def test_a_refund_is_no_return_and_refunds_alone_make_no_customer() -> None:
    cutoff, until = 15_000 * DAY, 15_010 * DAY
    lines = [
        Line("c1", cutoff - DAY, cutoff - DAY, "1", None, None, None, 100),
        Line("c1", cutoff + DAY, cutoff + DAY, "2", None, None, None, -100),
        Line("c2", cutoff - DAY, cutoff - DAY, "3", None, None, None, -100),
    ]
    batch = batch_of(lines, "UTC")
    examples = WaitAssembly((cutoff,), until, 30, Survey.of(batch))(batch)
    assert len(examples) == 1
    assert (examples.labels[WAIT_DAYS][0], examples.labels[CAME_BACK][0]) == (10, 0)


def test_many_cutoffs_are_each_one_stacked_and_a_forecast_has_no_labels() -> None:
    moments = [14_990 * DAY, 15_001 * DAY, 15_004 * DAY]
    lines = [Line(f"c{who}", at + who, at + who, None, None, None, None, 100) for who in range(5) for at in moments]
    batch = batch_of(lines, "UTC")
    survey, until = Survey.of(batch), 15_010 * DAY
    cutoffs = (15_000 * DAY, 15_003 * DAY)
    whole = WaitAssembly(cutoffs, until, 30, survey)(batch)
    parts = stacked([WaitAssembly((cutoff,), until, 30, survey)(batch) for cutoff in cutoffs])
    assert whole.labels[WAIT_DAYS].tolist() == parts.labels[WAIT_DAYS].tolist() == [1] * 5 + [1] * 5
    assert np.array_equal(whole.features, parts.features, equal_nan=True)
    assert WaitAssembly(cutoffs, None, 30, survey)(batch).labels == {}


def test_a_cutoff_at_the_watermark_is_refused() -> None:
    batch = batch_of([Line("c1", 0, 0, "1", None, None, None, 100)], "UTC")
    with pytest.raises(ValueError, match="nothing was watched"):
        waits(batch, 5 * DAY, 5 * DAY)
