"""Age-aligned rows: what the plain oracle says of each customer at its own cutoff, and nothing from the age on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.examples.examples import Examples
from foretell.forecasts.early_value.own_clock import LONG_AGO, FirstDays
from foretell.forecasts.early_value.rows import (
    EARLY_FEATURES,
    FIRST_DAY,
    HIGH_VALUE,
    SPEND,
    EarlyAssembly,
    acquisition_cohorts,
    early_features,
    in_top_tiers,
    last_ripe_day,
    new_from_day,
)
from foretell.project.fingerprints import keys_of
from foretell.project.intervals import days, midnight
from foretell.timelines.survey import Survey
from made_orders import DAY, DELAYS, Line, Made, batch_of, made
from made_views import bought, fact
from plain_features import ORACLES
from plain_timelines import Customer, Population, customers_of, local, parts_of, seen, shows, split

EPOCH = date(1970, 1, 1)
AGES = st.sampled_from((1, 7, 30))
EVER = -(10**6)
NEW = Population(LONG_AGO, 0.0, None)
COARSE = {"order_value_log_spread": 1e-5}
OF_THE_CLOCK = (
    "_decayed_",
    "days_since",
    "hiatus",
    "age_days",
    "gap_days_last",
    "gap_lengthening",
    "_to_",
    "per_active_month",
)


def first_seen(lines: list[Line], timezone: str) -> date | None:
    """The local day on which the first order could be seen, be it one that ended; None without an order, or after a
    refund."""
    orders, adjustments = split(parts_of(lines, timezone))
    known = [local(max(order.happened, order.known), timezone).date() for order in orders]
    before = [local(max(one.happened, one.known), timezone).date() for one in adjustments]
    if not known or any(day < min(known) for day in before):
        return None
    return min(known)


def plain_customers(log: Made, age: int) -> dict[int, tuple[Customer, date]]:
    """Each new customer as known so many days after the first order, by key."""
    found = {}
    for name, own in customers_of(log.lines).items():
        day = first_seen(own, log.timezone)
        if day is not None:
            cutoff = midnight(day + timedelta(days=age), log.timezone)
            known = seen(own, log.timezone, cutoff, NEW)
            if name in known:
                found[int(keys_of([name])[0])] = (known[name], day)
    return found


@settings(max_examples=60)
@given(made(), AGES)
def test_features_are_those_of_the_oracle_at_each_customers_own_cutoff(log: Made, age: int) -> None:
    rows = EarlyAssembly((age,), 30, EVER)(batch_of(log.lines, log.timezone))
    expected = plain_customers(log, age)
    assert rows.customer_key.tolist() == sorted(expected)
    for name in EARLY_FEATURES:
        is_of_the_clock = any(character.isdigit() for character in name) or any(p in name for p in OF_THE_CLOCK)
        if log.timezone != "UTC" and is_of_the_clock:
            continue
        for row, key in enumerate(rows.customer_key.tolist()):
            found, told = rows.feature(name)[row], ORACLES[name].compute(expected[key][0])
            value = None if np.isnan(found) else float(found)
            if value is None or told is None:
                assert value == told, name
            else:
                assert value == pytest.approx(told, rel=1e-9, abs=COARSE.get(name, 1e-9)), name


@settings(max_examples=60)
@given(made(), AGES, st.sampled_from((1, 30, 90)))
def test_days_and_later_spend_are_those_of_plain_lists(log: Made, age: int, horizon: int) -> None:
    rows = EarlyAssembly((age,), horizon, EVER)(batch_of(log.lines, log.timezone))
    expected = plain_customers(log, age)
    for row, key in enumerate(rows.customer_key.tolist()):
        customer, day = expected[key]
        assert rows.facts[FIRST_DAY][row] == (day - EPOCH).days
        own = [line for line in log.lines if int(keys_of([line.customer_id])[0]) == key]
        begin = customer.cutoff
        end = midnight(local(begin, log.timezone).date() + timedelta(days=horizon), log.timezone)
        left = [line for line in own if line.gone_at is None]
        money = sum(part.amount for part in parts_of(left, log.timezone) if begin <= part.happened < end)
        assert rows.labels[SPEND][row] == max(money, 0) / 10_000


@st.composite
def later_lines(draw: st.DrawFn, customer: str, cutoff: int) -> list[Line]:
    """Lines of a customer that nobody knew at the cutoff: of later, or of before and told later."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        after = cutoff + draw(st.integers(0, 60 * DAY))
        before = cutoff - draw(st.integers(1, 60 * DAY))
        happened = draw(st.sampled_from((after, cutoff, before)))
        known = happened + draw(DELAYS) if happened >= cutoff else cutoff + draw(st.sampled_from((0, 1, 9 * DAY)))
        order = draw(st.sampled_from((None, "1", "2", "77")))
        amount = draw(st.sampled_from((0, 70_000, 10**10, -50_000)))
        found.append(
            Line(customer, happened, known, order, draw(st.sampled_from((None, "a", "new"))), "k", 2.0, amount)
        )
    return found


@settings(max_examples=80)
@given(st.data(), made(), AGES)
def test_nothing_from_the_age_on_enters_the_features(data: st.DataObject, log: Made, age: int) -> None:
    customers = plain_customers(log, age)
    if not customers:
        return
    key = data.draw(st.sampled_from(sorted(customers)))
    cutoff = customers[key][0].cutoff
    own = [line for line in log.lines if int(keys_of([line.customer_id])[0]) == key]
    known = [line for line in own if max(line.happened_at, line.known_at) < cutoff]
    others = [line for line in log.lines if line not in own]
    ends = st.sampled_from((None, cutoff, cutoff + 9 * DAY))
    now = [replace(line, gone_at=data.draw(ends)) if shows(line, cutoff) else line for line in known]
    changed = [*now, *data.draw(later_lines(own[0].customer_id, cutoff)), *others]
    before, after = (EarlyAssembly((age,), 30, EVER)(batch_of(lines, log.timezone)) for lines in (log.lines, changed))
    assert row_of(before, key) == row_of(after, key)


def row_of(examples: Examples, key: int) -> tuple[bytes, dict[str, float]]:
    """Everything that is known of a customer at the age."""
    row = examples.take(examples.customer_key == np.uint64(key))
    assert len(row) == 1
    return row.features.tobytes(), {name: float(values[0]) for name, values in row.facts.items()}


def test_who_was_there_before_the_log_could_tell_is_not_new() -> None:
    lines = [Line(f"c{day}", day * DAY, day * DAY, None, "a", None, None, 100) for day in (100, 110, 120)]
    lines += [Line("c100", gap * DAY, gap * DAY, None, None, None, None, 100) for gap in (103, 106, 113)]
    lines += [Line("back", 115 * DAY, 115 * DAY, "1", None, None, None, -50)]
    lines += [Line("back", 116 * DAY, 116 * DAY, "2", None, None, None, 100)]
    batch = batch_of(lines, "UTC")
    new_from = new_from_day(Survey.of(batch), 200 * DAY)
    assert new_from == 107
    assert sorted(FirstDays(new_from)(batch).tolist()) == [110, 120]
    rows = EarlyAssembly((1, 7), 30, new_from)(batch)
    assert rows.cutoff.tolist() == [days(1)] * 2 + [days(7)] * 2
    nobody = batch_of(lines[:1], "UTC")
    assert new_from_day(Survey.of(nobody), 200 * DAY) is None
    assert not len(EarlyAssembly((1,), 30, 101)(nobody))


@given(st.lists(st.integers(0, 60), max_size=200), st.integers(1, 9), st.integers(1, 40))
def test_cohorts_are_stretches_of_whole_days(first: list[int], most: int, fewest: int) -> None:
    first_day = np.array(first, dtype=np.int64)
    cohorts = acquisition_cohorts(first_day, most, fewest)
    assert len(cohorts) <= min(most, len(first) // fewest)
    assert all(one.end == other.begin for one, other in pairwise(cohorts))
    if len(first) >= fewest:
        assert sum(int(one.holds(first_day).sum()) for one in cohorts) == len(first)
        assert all(one.holds(first_day).any() for one in cohorts)


def test_a_cohort_teaches_once_its_last_window_has_ended() -> None:
    first, second = acquisition_cohorts(np.array([0, 9, 40, 50]), 2, 2)
    assert (first.begin, first.end, second.begin) == (0, 40, 40)
    assert first.closed_before(second, 1)
    assert not first.closed_before(second, 2)
    assert last_ripe_day(100, (1, 30), 60) == 10


def test_the_cut_is_fixed_for_each_cohort() -> None:
    spend = np.array([*range(1, 21), *range(100, 120)], dtype=np.float64)
    first_day = np.repeat([0.0, 50.0], 20)
    nothing = np.zeros((40, 0))
    rows = Examples(30, np.arange(40, dtype=np.uint64), np.full(40, days(1)), (), nothing, {FIRST_DAY: first_day},
                    {SPEND: spend}, {})  # fmt: skip
    cohorts = acquisition_cohorts(first_day, 2, 20)
    labelled, cuts = in_top_tiers(rows, cohorts)
    assert cuts == {0: 19.0, 50: 118.0}
    assert np.flatnonzero(labelled.labels[HIGH_VALUE]).tolist() == [18, 19, 38, 39]
    outside, _ = in_top_tiers(rows, cohorts[:1])
    assert len(outside) == 20


def test_facts_of_other_tables_stand_on_the_customers_own_clock() -> None:
    lines = [bought(50.5), bought(80.25, customer="b")]
    facts = [fact("events", 45), fact("events", 52), fact("events", 58), fact("events", 81, "b", known=90)]
    batch = batch_of(lines, "UTC", told=facts)
    rows = EarlyAssembly((7,), 30, EVER, early_features({"events"}))(batch)
    ids = dict(zip(batch.customer_key.tolist(), batch.customer_id.to_pylist(), strict=True))
    told = dict(zip([ids[key] for key in rows.customer_key.tolist()], rows.feature("events_30d").tolist(), strict=True))
    assert told == {"a": 2.0, "b": 0.0}
    assert "events_30d" not in EARLY_FEATURES
