"""Early facts: told where chance does not explain them, once where they mean alike, in numbers one can remember."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from foretell.customer_log.stable_keys import code_of
from foretell.examples.examples import FACTS, Examples
from foretell.forecasts.early_value.indicators import MOST_SHOWN, EarlyIndicator, facts_of, indicators
from foretell.forecasts.early_value.past_forecasts import tried
from foretell.forecasts.early_value.rows import FIRST_DAY, HIGH_VALUE, SPEND, acquisition_cohorts, in_top_tiers
from foretell.project.intervals import days

CUSTOMERS = 1_200
WORDS = {code_of(word): word for word in ("app", "web")}


def told(columns: Mapping[str, np.ndarray], spend: np.ndarray, age: int = 7) -> tuple[EarlyIndicator, ...]:
    """The indicators of customers with these features who then spent so much."""
    rows = len(spend)
    features = {"spend_life": np.ones(rows), "first_order_value": np.ones(rows), **columns}
    first_day = np.arange(rows) // 4
    facts = dict.fromkeys(FACTS, np.ones(rows)) | {FIRST_DAY: first_day.astype(np.float64)}
    examples = Examples(
        30, np.arange(rows, dtype=np.uint64), np.full(rows, days(age)), tuple(features),
        np.column_stack(list(features.values())), facts, {SPEND: spend}, {"all": np.ones(rows, bool)}, WORDS,
    )  # fmt: skip
    cohorts = acquisition_cohorts(first_day, 8, 50)
    labelled, _ = in_top_tiers(examples, cohorts)
    trial = tried(labelled, cohorts, 30, 0)
    assert trial is not None
    return indicators(labelled, trial.tested[-1], age)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(3)


def test_a_large_first_basket_is_told_with_its_size(random: np.random.Generator) -> None:
    lines = random.integers(1, 10, CUSTOMERS).astype(np.float64)
    spend = random.gamma(1, 10, CUSTOMERS) * np.where(lines >= 7, 3, 1)
    (found,) = told({"first_order_lines": lines}, spend)
    assert found.text == "first basket of 7 or more lines"
    tier = np.concatenate([np.isin(own, np.sort(own)[-15:]) for own in spend.reshape(8, 150)])
    has = lines >= 7
    assert found.share == has.mean()
    assert found.ratio.value == pytest.approx(tier[has].mean() / tier[~has].mean(), rel=0.05)
    assert found.model_says == 1


def test_a_fact_that_speaks_against_it_is_told_as_such(random: np.random.Generator) -> None:
    off = (random.random(CUSTOMERS) < 0.5).astype(np.float64)
    spend = random.gamma(1, 10, CUSTOMERS) * np.where(off > 0, 1, 3)
    (found,) = told({"first_order_discounted": off}, spend)
    assert found.text == "something taken off the first order"
    assert found.ratio.high is not None
    assert found.ratio.high < 1
    assert found.model_says == -1


def test_a_channel_is_named_once_and_by_the_better_one(random: np.random.Generator) -> None:
    by_app = random.random(CUSTOMERS) < 0.4
    codes = np.where(by_app, float(code_of("app")), float(code_of("web")))
    spend = random.gamma(1, 10, CUSTOMERS) * np.where(by_app, 3, 1)
    (found,) = told({"first_order_channel": codes}, spend)
    assert (found.text, found.theme) == ("first order through app", "channel")


def test_facts_of_the_same_customers_are_told_once(random: np.random.Generator) -> None:
    lines = random.integers(1, 10, CUSTOMERS).astype(np.float64)
    spend = random.gamma(1, 10, CUSTOMERS) * np.where(lines >= 7, 3, 1)
    columns = {"first_order_lines": lines, "first_order_pieces": 2 * lines, "products_life": lines}
    assert len(told(columns, spend)) == 1


def test_a_second_order_is_told_with_its_days(random: np.random.Generator) -> None:
    again = random.random(CUSTOMERS) < 0.3
    wait = np.where(again, random.uniform(0, 7, CUSTOMERS), np.nan)
    spend = random.gamma(1, 10, CUSTOMERS) * np.where(again, 3, 1)
    (found,) = told({"days_to_second_order": wait}, spend)
    assert (found.text, found.theme) == ("a second order within 7 days", "second order")


def test_what_does_not_matter_is_seldom_told() -> None:
    claimed = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        columns = {
            "first_order_lines": random.integers(1, 10, CUSTOMERS).astype(np.float64),
            "categories_life": random.integers(1, 6, CUSTOMERS).astype(np.float64),
            "evening_share": random.random(CUSTOMERS),
            "first_order_discounted": (random.random(CUSTOMERS) < 0.5).astype(np.float64),
        }
        found = told(columns, random.gamma(1, 10, CUSTOMERS))
        assert len(found) <= MOST_SHOWN
        claimed += bool(found)
    assert claimed <= 6


def test_who_has_much_is_said_without_looking_at_what_came(random: np.random.Generator) -> None:
    lines = random.integers(1, 10, 300).astype(np.float64)
    features = lines[:, None]
    nothing = {HIGH_VALUE: np.zeros(300)}
    rows = Examples(30, np.arange(300, dtype=np.uint64), np.full(300, days(1)), ("first_order_lines",), features, {},
                    nothing, {})  # fmt: skip
    (fact,) = facts_of(rows, 1)
    assert fact.text == "first basket of 7 or more lines"
    assert (fact.has == (lines >= 7)).all()
    constant = Examples(**{**vars(rows), "features": np.ones((300, 1))})
    assert list(facts_of(constant, 1)) == []
