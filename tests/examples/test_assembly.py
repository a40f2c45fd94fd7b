"""Examples: rows in order, what compares customers added once, columns that tell nothing or the date left out."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.examples.assembly import Assembly, completed, telling
from foretell.examples.examples import FACTS, Examples, stacked
from foretell.features import FEATURES
from foretell.project.intervals import midnight
from foretell.timelines.survey import Survey
from made_orders import DAY, EVERYTHING, batch_of
from made_shop import OPENED, as_lines, shop_rows

START = midnight(OPENED.date(), "UTC")
CUTOFFS = (START + 60 * DAY, START + 90 * DAY)
LINES = as_lines(shop_rows(customers=80))


@pytest.fixture(scope="module")
def examples() -> Examples:
    batch = batch_of(LINES, "UTC")
    return completed(Assembly(CUTOFFS, 30, tuple(FEATURES), Survey.of(batch))(batch))


def test_rows_come_by_cutoff_then_key(examples: Examples) -> None:
    order = np.lexsort((examples.customer_key, examples.cutoff))
    assert (order == np.arange(len(examples))).all()
    assert set(examples.cutoff) == set(CUTOFFS)
    assert (examples.facts["lifetime_orders"] > 0).all()
    assert set(examples.facts) == set(FACTS)
    assert set(examples.labels) == {"ordered", "orders", "spend", "declined", "high_value"}
    assert set(examples.eligible) == {"all", "active", "regular", "outside_top_tier"}


def test_batches_stack_to_the_whole(examples: Examples) -> None:
    survey = Survey.of(batch_of(LINES, "UTC"))
    halves = [
        batch_of([line for line in LINES if int(line.customer_id) % 2 == half], "UTC", EVERYTHING) for half in (1, 0)
    ]
    whole = completed(stacked([Assembly(CUTOFFS, 30, tuple(FEATURES), survey)(half) for half in halves]))
    assert whole.features.tobytes() == examples.features.tobytes()
    assert (whole.customer_key == examples.customer_key).all()
    for group in ("facts", "labels", "eligible"):
        left, right = getattr(whole, group), getattr(examples, group)
        assert {name: values.tobytes() for name, values in left.items()} == {n: v.tobytes() for n, v in right.items()}


def test_without_labels_nothing_is_said_of_the_time_after(examples: Examples) -> None:
    batch = batch_of(LINES, "UTC", CUTOFFS[1])
    alone = completed(Assembly(CUTOFFS[1:], 30, tuple(FEATURES), Survey.of(batch), labelled=False)(batch))
    assert alone.labels == {}
    newest = examples.take(examples.cutoff == CUTOFFS[1])
    assert (alone.customer_key == newest.customer_key).all()
    assert (alone.eligible["outside_top_tier"] == newest.eligible["outside_top_tier"]).all()


def with_columns(examples: Examples, **columns: np.ndarray) -> Examples:
    features = np.column_stack(list(columns.values()))
    return Examples(
        examples.horizon_days, examples.customer_key, examples.cutoff, tuple(columns), features,
        examples.facts, examples.labels, examples.eligible,
    )  # fmt: skip


def test_what_tells_nothing_or_the_date_is_left_out(examples: Examples) -> None:
    rows = np.arange(len(examples), dtype=np.float64)
    early = examples.cutoff == CUTOFFS[0]
    told = with_columns(
        examples,
        varied=rows,
        constant=np.ones(len(examples)),
        never_known=np.full(len(examples), np.nan),
        known_late_only=np.where(early, np.nan, rows),
        known_or_not=np.where(rows % 2 == 0, 1.0, np.nan),
    )
    assert telling(told) == ("varied", "known_or_not")


def test_features_are_chosen_by_name_in_that_order(examples: Examples) -> None:
    chosen = examples.with_features(["spend_life", "orders_life"])
    assert chosen.feature_names == ("spend_life", "orders_life")
    assert (chosen.feature("orders_life") == examples.feature("orders_life")).all()
    assert examples.with_features(examples.feature_names) is examples
