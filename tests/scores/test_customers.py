"""Everybody with an order is scored once, and the scores are made of that table and of what is known beside it."""

from __future__ import annotations

import math
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.answers.published import RunOverHorizon
from foretell.examples.plan import LastDay, plan_of
from foretell.forecasts.orders.baselines import BASELINES
from foretell.pipeline.intake.log import kept_engine
from foretell.project.progress import Silent
from foretell.project.request import Asked
from foretell.scores.customers import MoneyTerms, ScoredBy, columns_in, prior_of, scored, scores_of
from foretell.scores.scoring import OF_BASELINES
from foretell.scores.table import SCORES
from foretell.timelines.survey import Survey, Tally


def test_scoring_again_gives_what_was_kept(shop_main: RunOverHorizon) -> None:
    kept, settings = shop_main.scored, shop_main.request.settings
    money = MoneyTerms(settings.currency, settings.margin, settings.discount_rate, ids_may_be_integers=True)
    engine = kept_engine(shop_main.request)
    by = ScoredBy(shop_main.models, shop_main.read(BASELINES))
    again = scored(engine, shop_main.plan, by, kept.season, money, Silent())
    assert repr(again.table.to_pylist()) == repr(kept.table.to_pylist())
    assert again.prior == kept.prior == prior_of(shop_main.plan)
    keys = again.table["customer_key"].to_pylist()
    assert keys == sorted(set(keys))
    assert len(keys) == shop_main.plan.survey.customers
    alone = scored(engine, shop_main.plan, ScoredBy(shop_main.models), kept.season, money, Silent()).table
    assert repr(alone.to_pylist()) == repr(again.table.drop_columns(list(OF_BASELINES)).to_pylist())
    half = scored(engine, shop_main.plan, by, kept.season, replace(money, margin=0.5), Silent())
    assert half.table["expected_spend"].equals(again.table["expected_spend"])
    for told, whole in zip(half.table["clv_12m"].to_pylist(), again.table["clv_12m"].to_pylist(), strict=True):
        assert told == pytest.approx(whole / 2)


@given(st.integers(0, 99), st.integers(0, 300))
def test_the_prior_is_the_share_who_came_back_with_one_customer_of_each_kind(customers: int, gaps: int) -> None:
    tally = Tally.of(pa.array(range(gaps), pa.int64()).to_numpy())
    survey = Survey("UTC", 0, customers, gaps=tally)
    prior = prior_of(plan_of(survey, 10**15, Asked(as_of="2001-09-09"), 30, LastDay(0, 0, 0)))
    assert prior["purchase"] == (min(gaps, customers) + 1) / (customers + 2)
    assert 1 - math.exp(-prior["orders"]) == pytest.approx(prior["purchase"])
    assert prior["high_value"] == 0.1


def test_scores_have_the_declared_columns_and_reasons_in_words(shop_main: RunOverHorizon) -> None:
    customers, plan = shop_main.customers, shop_main.plan
    kept = shop_main.scores
    coming = {name: kept[name] for name in SCORES if name.startswith(("next_order", "next_categories"))}
    coming |= {name: kept[name] for name in ("p_no_repeat", "overdue")}
    found = scores_of(customers, shop_main.segmentation.scores, coming, plan, shop_main.models.model_id, "")
    assert found.column_names[: len(SCORES)] == list(SCORES)
    assert found.select(list(SCORES)).equals(kept.select(list(SCORES)))
    assert all(isinstance(words, str) for one in found["reasons"].to_pylist() for words in one)


def test_columns_are_told_by_their_names() -> None:
    table = pa.table({"a": [1, 2], "b": ["x", None]})
    assert {name: column.to_pylist() for name, column in columns_in(table).items()} == table.to_pydict()
