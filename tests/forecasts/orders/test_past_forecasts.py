"""Past forecasts: taught by what was ripe, made for everybody who is asked, with what then happened beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.backtest.forecast import Forecast
from foretell.examples.examples import Examples
from foretell.examples.planned import EXAMPLES
from foretell.examples.slices import SLICES
from foretell.forecasts.orders.past_forecasts import Test as AtCutoff
from foretell.forecasts.orders.past_forecasts import past_forecasts
from foretell.models.registry import MODELS
from foretell.project.objectives import TARGETS

SIMPLE = frozenset(MODELS) - {"base_rate", "recency"}
Told = dict[tuple[str, str], Forecast]


@pytest.fixture(scope="module")
def shop_examples(shop_main: RunOverHorizon) -> Examples:
    found = shop_main.read(EXAMPLES).proving
    assert found is not None
    return found


@pytest.fixture(scope="module")
def newest_test(shop_main: RunOverHorizon) -> AtCutoff:
    plan = shop_main.plan
    assert plan.proving is not None
    newest = plan.proving.tests[0]
    return AtCutoff(newest, plan.proving.teaching(newest), left_out=SIMPLE)


def told(examples: Examples, test: AtCutoff, names: Sequence[str] = tuple(TARGETS)) -> Told:
    found = past_forecasts(examples, test, [TARGETS[name] for name in names if not TARGETS[name].told_by], 0)
    return {(one.objective, one.model): one for one in found.forecasts}


@pytest.fixture(scope="module")
def found(shop_examples: Examples, newest_test: AtCutoff) -> Told:
    return told(shop_examples, newest_test)


def test_every_question_is_answered_by_every_model_that_is_tested(found: Told, newest_test: AtCutoff) -> None:
    assert set(found) == {(name, model) for name in ("churn", *TARGETS) for model in ("base_rate", "recency")}
    assert {(one.cutoff, one.horizon_days) for one in found.values()} == {(newest_test.cutoff, 30)}


def test_the_run_kept_the_same_forecasts(found: Told, shop_main: RunOverHorizon, newest_test: AtCutoff) -> None:
    kept = {(f.objective, f.model): f for f in shop_main.proof.forecasts if f.cutoff == newest_test.cutoff}
    for key, one in found.items():
        np.testing.assert_array_equal(one.customer_key, kept[key].customer_key)
        np.testing.assert_allclose(one.predicted, kept[key].predicted)
        np.testing.assert_array_equal(one.actual, kept[key].actual)


def test_churn_is_purchase_told_from_the_other_side(found: Told) -> None:
    for model in ("base_rate", "recency"):
        purchase, churn = found["purchase", model], found["churn", model]
        active = purchase.slices["active"]
        np.testing.assert_allclose(churn.predicted, 1 - purchase.predicted[active])
        np.testing.assert_array_equal(churn.actual, 1 - purchase.actual[active])
        assert "all" not in churn.slices
        assert churn.slices["active"].all()


def test_a_question_of_fewer_is_told_of_those(found: Told) -> None:
    whole, fewer = found["high_value", "recency"], found["becomes_high_value", "recency"]
    rows = np.isin(whole.customer_key, fewer.customer_key)
    assert 0 < rows.sum() < len(rows)
    np.testing.assert_array_equal(fewer.predicted, whole.predicted[rows])
    np.testing.assert_array_equal(fewer.actual, whole.actual[rows])


def test_kinds_of_customers_part_everybody(found: Told) -> None:
    for one in found.values():
        rows = len(one.customer_key)
        assert set(SLICES) <= set(one.slices)
        assert {len(mask) for mask in one.slices.values()} == {rows}
        for names in (("one order", "2 to 4 orders", "5 orders and more"), ("new customers", "older customers")):
            np.testing.assert_array_equal(np.sum([one.slices[name] for name in names], axis=0), np.ones(rows))


def test_only_chances_have_a_threshold(found: Told) -> None:
    for (name, _), one in found.items():
        assert (one.threshold is None) == (name in ("orders", "spend"))


def test_what_came_at_the_cutoff_teaches_nothing(shop_examples: Examples, newest_test: AtCutoff, found: Told) -> None:
    at_it = shop_examples.cutoff == newest_test.cutoff
    labels = {name: np.where(at_it & np.isfinite(own), 0.0, own) for name, own in shop_examples.labels.items()}
    other = told(replace(shop_examples, labels=labels), newest_test, ["purchase", "spend"])
    for key, one in other.items():
        np.testing.assert_array_equal(one.predicted, found[key].predicted)
        assert set(one.actual.tolist()) <= {0.0, 1.0}


def test_what_cannot_be_fitted_is_told_and_the_others_go_on(shop_examples: Examples, newest_test: AtCutoff) -> None:
    nobody = {**shop_examples.labels, "declined": np.where(shop_examples.labels["declined"] >= 0, 0.0, np.nan)}
    test = replace(newest_test, left_out=frozenset(MODELS) - {"base_rate", "logistic"})
    made = past_forecasts(replace(shop_examples, labels=nobody), test, [TARGETS["decline"]], 0)
    assert [one.model for one in made.forecasts] == ["base_rate"]
    assert list(made.cannot) == ["decline · logistic"]
    unasked = {**shop_examples.labels, "declined": np.full(len(shop_examples), np.nan)}
    nothing = past_forecasts(replace(shop_examples, labels=unasked), test, [TARGETS["decline"]], 0)
    assert (nothing.forecasts, nothing.blends, nothing.cannot) == ((), (), {})


def test_the_blend_is_told_by_its_members_and_where_the_process_lies(
    shop_examples: Examples, newest_test: AtCutoff
) -> None:
    test = replace(newest_test, left_out=frozenset(MODELS) - {"blend"})
    made = past_forecasts(shop_examples, test, [TARGETS["orders"], TARGETS["decline"]], 0)
    orders, decline = made.blends
    assert made.forecasts == ()
    assert set(orders.links) == set(orders.learned) == set(orders.usual)
    assert sum(orders.usual.values()) == pytest.approx(1.0)
    assert {len(link) for link in orders.links.values()} == {len(orders.asked.judged.actual)}
    assert {len(link) for link in orders.learned.values()} == {len(orders.asked.learned.actual)}
    assert orders.process_mean is not None
    assert decline.process_mean is None
    assert made.scatter is None


def test_no_process_says_where_the_level_lies_where_histories_are_not_to_be_read(
    shop_examples: Examples, newest_test: AtCutoff
) -> None:
    test = replace(newest_test, left_out=frozenset(MODELS) - {"blend"}, by_history=False)
    made = past_forecasts(shop_examples, test, [TARGETS["orders"]], 0)
    assert [one.process_mean for one in made.blends] == [None]
