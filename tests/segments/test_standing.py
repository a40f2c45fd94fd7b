"""Standings: equal to a slow plain count, and blind to whatever was not known by the moment's knowledge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.features import FEATURES
from foretell.project.intervals import days, from_microseconds, midnight
from foretell.segments.standing import FACTS, Moment, Standing, Standings, joined
from foretell.timelines.survey import Survey
from made_orders import DAY, DELAYS, EVERYTHING, Line, Made, batch_of, made, moments
from plain_standings import plain_standings

READ = ("days_since_last_order", "orders_life", "gap_days_median", "products_life")
WINDOWS = st.sampled_from((1, 30, 90, 365, 365))
HORIZONS = st.sampled_from((1, 7, 30, 90, 365))


def standings_of(
    lines: Sequence[Line], log: Made, wanted: Sequence[Moment], window_days: float, before: int = EVERYTHING
) -> list[Standing]:
    """The standings at each moment, from a batch of what was visible before `before`."""
    batch = batch_of(lines, log.timezone, before)
    survey = Survey.of(batch_of(log.lines, log.timezone, log.cutoff))
    return Standings(tuple(wanted), window_days, survey, READ)(batch)


def by_customer(standing: Standing) -> dict[int, tuple[bytes, ...]]:
    """The bytes of all facts of each customer."""
    columns = [np.asarray(values, dtype=np.float64) for values in standing.facts.values()]
    return {
        int(key): tuple(column[row].tobytes() for column in columns) for row, key in enumerate(standing.customer_key)
    }


@settings(max_examples=50)
@given(made(), WINDOWS, HORIZONS)
def test_facts_are_those_of_a_plain_count(log: Made, window_days: int, horizon_days: int) -> None:
    later = log.cutoff + days(horizon_days)
    wanted = (Moment.now(log.cutoff), Moment(later, log.cutoff), Moment.now(later), Moment.now(log.cutoff - 40 * DAY))
    batch = batch_of(log.lines, log.timezone)
    ids = dict(zip(batch.customer_key.tolist(), batch.customer_id.to_pylist(), strict=True))
    for moment, found in zip(wanted, standings_of(log.lines, log, wanted, window_days), strict=True):
        expected = plain_standings(log.lines, log.timezone, moment.at, moment.known_by, window_days)
        assert [ids[key] for key in found.customer_key.tolist()] == [name for name in ids.values() if name in expected]
        assert (found.moment, found.known_by, found.window_days) == (moment.at, moment.known_by, window_days)
        assert set(found.facts) == {*FACTS, *READ}
        for row, key in enumerate(found.customer_key.tolist()):
            own = {name: float(found.facts[name][row]) for name in FACTS}
            assert own == pytest.approx(expected[ids[key]], nan_ok=True)


@settings(max_examples=30)
@given(made(), HORIZONS)
def test_features_are_those_of_the_facts_known_by_then(log: Made, horizon_days: int) -> None:
    moment = Moment(log.cutoff + days(horizon_days), log.cutoff)
    found = standings_of(log.lines, log, [moment], 365)[0]
    known = batch_of(log.lines, log.timezone, log.cutoff)
    survey = Survey.of(known)
    view = known.views([moment.at], lambda _: survey.population(log.cutoff))[0]
    rows = np.isin(known.customer_key, found.customer_key)
    assert rows.sum() == len(found)
    for name in READ:
        np.testing.assert_array_equal(found.facts[name], FEATURES[name](view)[rows], name)


@st.composite
def unknown_lines(draw: st.DrawFn, log: Made) -> tuple[Line, ...]:
    """Lines that nobody knew at the cutoff: of later, or of before and told later; of customers who are there, parts
    of orders that are there, refunds."""
    found = []
    for _ in range(draw(st.integers(1, 8))):
        if draw(st.booleans()):
            happened = log.cutoff + abs(draw(moments(log.cutoff)) - log.cutoff)
            known = happened + draw(DELAYS)
        else:
            happened = draw(moments(log.cutoff, latest_day=-1))
            known = log.cutoff + draw(st.sampled_from((0, 1, DAY, 300 * DAY)))
        like = draw(st.sampled_from(log.lines))
        customer = draw(st.sampled_from((like.customer_id, "c1", "c9")))
        order = draw(st.sampled_from((like.order_id, like.order_id, None, "77")))
        amount = draw(st.sampled_from((0, 70_000, 10**10, -like.amount, -40_000)))
        found.append(Line(customer, happened, known, order, "new", None, 2.0, amount))
    return tuple(found)


@settings(max_examples=25)
@given(st.data(), made(), WINDOWS, HORIZONS)
def test_what_is_not_known_yet_changes_nothing(data: st.DataObject, log: Made, window: int, horizon: int) -> None:
    wanted = [Moment.now(log.cutoff), Moment(log.cutoff + days(horizon), log.cutoff)]
    known = [line for line in log.lines if max(line.happened_at, line.known_at) < log.cutoff]
    expected = [by_customer(one) for one in standings_of(known, log, wanted, window)] if known else [{}, {}]
    for _ in range(2):
        future = data.draw(unknown_lines(log))
        shuffled = data.draw(st.permutations([*log.lines, *future]))
        for lines in ([*known, *future], shuffled):
            for before in (log.cutoff, EVERYTHING):
                found = standings_of(lines, log, wanted, window, before)
                assert [by_customer(one) for one in found] == expected


@settings(max_examples=30)
@given(made(), HORIZONS)
def test_without_orders_only_silence_and_windows_move(log: Made, horizon_days: int) -> None:
    later = log.cutoff + days(horizon_days)
    now, aged = standings_of(log.lines, log, [Moment.now(log.cutoff), Moment(later, log.cutoff)], 365)
    assert now.customer_key.tolist() == aged.customer_key.tolist()
    passed = (from_microseconds(later, log.timezone).date() - from_microseconds(log.cutoff, log.timezone).date()).days
    assert (aged.facts["silent_days"] - now.facts["silent_days"]).tolist() == [passed] * len(now)
    assert (aged.facts["orders"] <= now.facts["orders"]).all()
    for name in ("lifetime_orders", "lifetime_spend", "purchase_days", "gap_days", "last_gap_days"):
        np.testing.assert_array_equal(aged.facts[name], now.facts[name], name)


@settings(max_examples=30)
@given(made(), st.integers(0, 4))
def test_batches_are_joined_by_customer(log: Made, split: int) -> None:
    parts = [[line for line in log.lines if (line.customer_id <= f"c{split}") == side] for side in (True, False)]
    moment = [Moment.now(log.cutoff)]
    whole = standings_of(log.lines, log, moment, 365)[0]
    halves = [standings_of(part, log, moment, 365)[0] for part in parts if part]
    assert by_customer(joined(halves[::-1])) == by_customer(whole)
    assert joined(halves).customer_key.tolist() == whole.customer_key.tolist()


def test_several_orders_of_one_day_are_one_purchase_day() -> None:
    at = [midnight(from_microseconds(n * DAY).date(), "UTC") for n in (100, 100, 110, 110, 140, 150)]
    lines = [Line("c1", moment + hour, moment + hour, str(hour), None, None, 1.0, 50_000)
             for hour, moment in zip((1, 2, 3, 4, 5), at, strict=False)]  # fmt: skip
    log = Made(tuple(lines), "UTC", at[-1])
    facts = {
        name: values.tolist() for name, values in standings_of(lines, log, [Moment.now(at[-1])], 30)[0].facts.items()
    }
    assert [facts[name] for name in FACTS] == [[9.0], [1.0], [5.0], [5.0], [25.0], [3.0], [10.0], [30.0], [50.0]]


def test_taking_customers_takes_their_facts() -> None:
    standing = Standing(0, 0, 1.0, np.arange(3), {"orders": np.array([1.0, 2.0, 3.0])})
    for rows in (np.array([False, True, True]), np.array([1, 2])):
        taken = standing.take(rows)
        assert (taken.customer_key.tolist(), taken.facts["orders"].tolist()) == ([1, 2], [2.0, 3.0])
        assert len(taken) == 2
