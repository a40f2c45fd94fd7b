"""A score's change is taken apart: each planted cause gets all of it, and the parts add up whatever happened."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as made_arrays

from foretell.examples.assembly import Assembly
from foretell.examples.examples import Examples
from foretell.models.contract import Fitted
from foretell.models.learners.buy_till_you_die import BgNbd
from foretell.models.learners.logistic import Logistic, TweedieRegression
from foretell.models.levelled import seasoned
from foretell.models.links import from_link, to_link
from foretell.project.intervals import parse_day
from foretell.project.objectives import TARGETS, Kind
from foretell.scores.score_change import PARTS, ScoreChange, rounded, score_change
from foretell.timelines.batch import Timelines
from foretell.timelines.survey import Survey
from made_orders import DAY, Line, Made, batch_of, made
from shop import made_shop

NAMES = ("orders_90d", "spend_90d", "gap_days_median", "age_days", "refunds_life")
KINDS: dict[str, Kind] = {"purchase": "probability", "spend": "amount"}


class Three(NamedTuple):
    """The facts of customers as they were, aged, and now."""

    then: Examples
    aged: Examples
    now: Examples


@cache
def models(target: str) -> tuple[Fitted, Fitted]:
    """Two models of one question, taught by the shop."""
    taught = shop_examples()
    learner = Logistic() if target == "purchase" else TweedieRegression()
    return BgNbd().fit(taught, TARGETS[target], 0), learner.fit(taught, TARGETS[target], 0)


@cache
def shop_examples() -> Examples:
    lines = tuple(
        Line(
            row["customer"],
            happened := int(np.datetime64(row["sold_at"].replace(" ", "T"), "us").astype(np.int64)),
            happened,
            row["order_no"],
            row["sku"],
            None,
            1.0,
            round(float(row["amount"]) * 10_000),
        )
        for row in made_shop()
    )
    batch = batch_of(lines, "UTC")
    cutoffs = [parse_day(day, "UTC") for day in ("2024-05-20", "2024-06-19")]
    return Assembly(cutoffs, 30, NAMES, Survey.of(batch))(batch)


def seen(log: Made, known_days_ago: int, silent: bool) -> Three | None:
    """Who had ordered so many days before the log's cutoff; a silent log has nothing since."""
    then = log.cutoff - known_days_ago * DAY
    before = batch_of(log.lines, log.timezone, then)
    after = before if silent else batch_of(log.lines, log.timezone, log.cutoff)
    if not len(before.customer_key):
        return None
    survey = Survey.of(before)

    def at(batch_seen: Timelines, cutoff: int) -> Examples:
        return Assembly((cutoff,), 30, NAMES, survey, labelled=False)(batch_seen)

    first = at(before, then)
    aged, now = at(before, log.cutoff), at(after, log.cutoff)
    kept = np.intersect1d(first.customer_key, np.intersect1d(aged.customer_key, now.customer_key))
    rows = [one.take(np.isin(one.customer_key, kept)) for one in (first, aged, now)]
    return Three(*rows) if len(kept) else None


def taken_apart(old: Fitted, new: Fitted, three: Three, target: str) -> ScoreChange:
    return score_change(old.predict, new.predict, three, KINDS[target])


@settings(max_examples=40)
@given(made(), st.sampled_from((1, 30, 200)), st.sampled_from(list(KINDS)), st.booleans())
def test_the_parts_add_up_on_the_link_and_in_the_forecast(log: Made, ago: int, target: str, silent: bool) -> None:
    three = seen(log, ago, silent)
    if three is None:
        return
    old, new = models(target)
    change = taken_apart(old, new, three, target)
    total = change.before + change.time + change.behaviour + change.model
    np.testing.assert_allclose(total, to_link(new.predict(three.now), KINDS[target]), atol=1e-12)
    np.testing.assert_allclose(change.before, to_link(old.predict(three.then), KINDS[target]), atol=1e-12)
    before, after = change.forecasts
    np.testing.assert_allclose(sum(change.shared().values()), after - before, rtol=1e-9, atol=1e-12)


@settings(max_examples=30)
@given(made(), st.sampled_from((1, 30, 200)), st.sampled_from(list(KINDS)))
def test_where_nothing_happened_and_the_model_is_the_same_all_is_time(log: Made, ago: int, target: str) -> None:
    three = seen(log, ago, silent=True)
    if three is None:
        return
    for model in models(target):
        change = taken_apart(model, model, three, target)
        assert not change.behaviour.any()
        assert not change.model.any()
        np.testing.assert_allclose(change.before + change.time, change.after, atol=1e-12)


@pytest.mark.parametrize("target", list(KINDS))
def test_silence_takes_away_from_a_chance(target: str) -> None:
    first = shop_examples()
    then = first.take(first.cutoff == first.cutoff.min())
    days = then.facts["days_since_last"], then.facts["observed_days"]
    aged = replace(then, facts={**then.facts, "days_since_last": days[0] + 60, "observed_days": days[1] + 60})
    rhythm, _ = models(target)
    change = taken_apart(rhythm, rhythm, Three(then, aged, aged), target)
    assert change.time.max() < 0
    assert not change.behaviour.any()


@pytest.mark.parametrize("target", list(KINDS))
def test_where_only_the_model_is_new_all_is_the_model(target: str) -> None:
    then = shop_examples()
    old, new = models(target)
    change = taken_apart(old, new, Three(then, then, then), target)
    assert not change.time.any()
    assert not change.behaviour.any()
    np.testing.assert_allclose(change.model, change.after - change.before, atol=1e-12)
    assert np.abs(change.model).max() > 0.1


def test_a_season_is_of_the_model() -> None:
    then = shop_examples()
    old, _ = models("purchase")
    change = taken_apart(old, seasoned(old, "purchase", 0.3), Three(then, then, then), "purchase")
    np.testing.assert_allclose(change.model, 0.3, atol=1e-9)


@pytest.mark.parametrize("target", list(KINDS))
def test_on_the_same_day_by_the_same_model_all_is_behaviour(target: str) -> None:
    """Two cutoffs of the shop as if both were of one day: only the facts differ."""
    both = shop_examples()
    first, last = (both.take(both.cutoff == cutoff) for cutoff in np.unique(both.cutoff))
    last = last.take(np.isin(last.customer_key, first.customer_key))
    for model in models(target):
        change = taken_apart(model, model, Three(first, first, last), target)
        assert not change.time.any()
        assert not change.model.any()
        np.testing.assert_allclose(change.behaviour, change.after - change.before, atol=1e-12)
        assert np.abs(change.behaviour).max() > 0.1


def test_what_became_known_late_of_the_time_before_is_behaviour() -> None:
    old, _ = models("purchase")
    then = shop_examples().take(old.predict(shop_examples()) > 0.001)
    known = old.predict(then)
    served = from_link(to_link(known, "probability") - 0.5, "probability")
    change = score_change(old.predict, old.predict, (then, then, then), "probability", served)
    np.testing.assert_allclose(change.late, 0.5, atol=1e-9)
    np.testing.assert_allclose(change.behaviour, change.late, atol=1e-12)
    np.testing.assert_allclose(change.forecasts[0], served, atol=1e-12)
    assert not change.time.any()
    assert not change.model.any()


LINKS = made_arrays.arrays(np.float64, (2, 3, 4), elements=st.floats(-12.9, 12.9))


@given(LINKS, st.sampled_from(("probability", "amount", "count")))
def test_backwards_the_same_parts_have_the_opposite_sign(links: np.ndarray, kind: Kind) -> None:
    old, new = from_link(links, kind)
    forwards = score_change(lambda place: old[place], lambda place: new[place], (0, 1, 2), kind)
    backwards = score_change(lambda place: new[place], lambda place: old[place], (2, 1, 0), kind)
    np.testing.assert_allclose(forwards.model, -backwards.model, atol=1e-6)
    np.testing.assert_allclose(forwards.time, -backwards.behaviour, atol=1e-6)
    before, after = forwards.forecasts
    np.testing.assert_allclose(sum(forwards.shared().values()), after - before, rtol=1e-6, atol=1e-9 * after.max())
    for name in PARTS:
        assert (np.sign(forwards.shared()[name]) == np.sign(getattr(forwards, name))).all()


@given(
    made_arrays.arrays(np.float64, 3, elements=st.floats(-200, 200)),
    st.sampled_from((-1, 0, 1)),
)
@example(np.full(3, -0.0625), 1)
def test_rounded_parts_add_up_and_stay_close(parts: np.ndarray, off: int) -> None:
    whole = round(float(parts.sum())) + (off if abs(parts.sum() - round(float(parts.sum()))) < 0.2 else 0)
    found = rounded(parts, whole)
    assert found.sum() == whole
    assert (np.abs(found - parts) < 2).all()
