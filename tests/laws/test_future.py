"""Future changes nothing: what is not known at the cutoff may be there, be shuffled or be gone; no feature moves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.recognition.conventions import Reading, conventions
from foretell.customer_log.schema import Columns
from foretell.examples.assembly import facts
from foretell.examples.labels import active, regular
from foretell.features import FEATURES
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day
from foretell.timelines.as_of import AsOf, Population
from foretell.timelines.batch import Timelines
from foretell.timelines.survey import Survey
from made_orders import DAY, DELAYS, EVERYTHING, Line, Made, batch_of, made, moments
from made_told import Told, told_facts

HORIZON_DAYS = 30


def seen(batch: Timelines, cutoff: int, population: Population, keys: np.ndarray) -> dict[str, bytes]:
    """The bytes of everything that is computed of these customers at the cutoff."""
    view: AsOf = batch.views([cutoff], lambda _: population)[0]
    rows = np.searchsorted(batch.customer_key, keys)
    assert (batch.customer_key[rows] == keys).all()
    always, rate = regular(view, HORIZON_DAYS)
    values = {name: feature(view) for name, feature in FEATURES.items()}
    values |= facts(view, HORIZON_DAYS, batch.timezone)
    values |= {"is active": active(view, HORIZON_DAYS), "is regular": always, "own rate": rate}
    return {name: value[rows].tobytes() for name, value in values.items()}


@st.composite
def unknown_lines(draw: st.DrawFn, log: Made) -> tuple[Line, ...]:
    """Lines that nobody knew at the cutoff: of later, or of before and told later; new orders, refunds, late lines
    of orders that are there; of customers who are there, and of others."""
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
        product = draw(st.sampled_from((like.product, None, "new")))
        found.append(
            Line(customer, happened, known, order, product, draw(st.sampled_from((None, "k", "n"))), 2.0, amount)
        )
    return tuple(found)


@st.composite
def unknown_facts(draw: st.DrawFn, log: Made) -> tuple[Told, ...]:
    """Facts of other tables that nobody knew at the cutoff: of later, or of before and told later."""

    def moment(draw: st.DrawFn) -> tuple[int, int]:
        if draw(st.booleans()):
            happened = log.cutoff + abs(draw(moments(log.cutoff)) - log.cutoff)
            return happened, happened + max(draw(DELAYS), 0)
        return draw(moments(log.cutoff, latest_day=-1)), log.cutoff + draw(st.sampled_from((0, 1, DAY, 300 * DAY)))

    return draw(told_facts(moment, sorted({line.customer_id for line in log.lines}), most=8))


@settings(max_examples=45)
@given(st.data(), made(), st.sampled_from(("net", "gross")))
def test_what_is_not_known_yet_changes_nothing(data: st.DataObject, log: Made, value: str) -> None:
    future, other_future = data.draw(unknown_lines(log)), data.draw(unknown_lines(log))
    told, other_told = ((*log.told, *data.draw(unknown_facts(log))) for _ in range(2))
    shuffled = tuple(data.draw(st.permutations([*log.lines, *future])))
    known = batch_of(log.lines, log.timezone, log.cutoff, value, log.told)
    population = Survey.of(known).population(log.cutoff)
    expected = seen(known, log.cutoff, population, known.customer_key)
    everything = ((*log.lines, *future), told), (shuffled, told[::-1]), ((*log.lines, *other_future), other_told)
    for lines, facts_told in ((log.lines, log.told), *everything):
        for before in (log.cutoff, EVERYTHING):
            batch = batch_of(lines, log.timezone, before, value, facts_told)
            found = seen(batch, log.cutoff, population, known.customer_key)
            assert {name for name in expected if found[name] != expected[name]} == set()


@settings(max_examples=40)
@given(st.data(), made(ends=False))
def test_what_happens_later_does_not_change_what_is_known_of_everybody(data: st.DataObject, log: Made) -> None:
    known = Survey.of(batch_of(log.lines, log.timezone, log.cutoff))
    later = [line for line in data.draw(unknown_lines(log)) if line.happened_at >= log.cutoff]
    happened = [line for line in log.lines if max(line.happened_at, line.known_at) < log.cutoff]
    everything = Survey.of(batch_of([*happened, *later], log.timezone))
    found, expected = everything.population(log.cutoff), known.population(log.cutoff)
    assert repr((found.gap_days_p95, found.gap_days_median)) == repr((expected.gap_days_p95, expected.gap_days_median))
    if known.customers:
        assert found.log_start == expected.log_start


@settings(max_examples=40)
@given(st.data(), made())
def test_the_order_of_rows_changes_nothing(data: st.DataObject, log: Made) -> None:
    first = batch_of(log.lines, log.timezone, told=log.told)
    second = batch_of(data.draw(st.permutations(log.lines)), log.timezone, told=data.draw(st.permutations(log.told)))
    population = Survey.of(first).population(log.cutoff)
    assert population == Survey.of(second).population(log.cutoff) or np.isnan(population.gap_days_p95)
    found = (seen(batch, log.cutoff, population, first.customer_key) for batch in (first, second))
    assert next(found) == next(found)


KNOWN = [f"c{day};2011-03-{day:02d};{day},{100 + day}" for day in range(1, 29)]
FUTURES = {"a decimal comma": ["c1;2011-09-01;1,5"] * 30, "a decimal point": ["c1;2011-09-01;1.5"] * 30}


def sign_of(path: Path, rows: list[str]) -> str:
    """How numbers are written, as rows that were known at the cutoff tell it."""
    path.write_text("\n".join(["customer;date;amount", *rows, ""]))
    columns = Columns(customer="customer", time="date", amount="amount")
    try:
        as_of = parse_day("2011-06-12", "UTC")
        return conventions(source_files([str(path)]), columns, Reading("UTC", 2 * 10**15, as_of)).decimal
    except InputError as error:
        return error.what


@pytest.mark.parametrize("future", FUTURES)
def test_the_future_does_not_tell_the_decimal_sign(future: str, tmp_path: Path) -> None:
    assert sign_of(tmp_path / "with.csv", KNOWN + FUTURES[future]) == sign_of(tmp_path / "without.csv", KNOWN)
