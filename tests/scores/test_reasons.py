"""Reasons: at most three, of what moved the forecast most, in whole sentences whatever is known."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_orders import Made, batch_of, made

from foretell.examples.assembly import Assembly
from foretell.examples.examples import FACTS, Examples
from foretell.features import FEATURES
from foretell.models.contract import Contributions
from foretell.models.themes import ORDER_HISTORY, themes_of
from foretell.scores.reasons import LEAD, LEAST_SHARE, MOST_REASONS, reasons
from foretell.scores.sentences import OF_FIRST_ORDER, SENTENCES, sentence
from foretell.timelines.survey import Survey

NAMES = [*FEATURES, *FACTS, "own_rhythm"]
DIRECTIONS = {"likelier": 1, "less likely": -1}


def examples_of(log: Made, names: tuple[str, ...]) -> Examples:
    batch = batch_of(log.lines, log.timezone)
    return Assembly((log.cutoff,), 30, names, Survey.of(batch), labelled=False)(batch)


def themes(contributions: Contributions) -> list[dict[str, float]]:
    """What each theme moved, for each row."""
    found: list[dict[str, float]] = [{} for _ in contributions.values]
    for name, column in zip(contributions.names, contributions.values.T, strict=True):
        [theme] = themes_of((name,))
        for row, moved in enumerate(column):
            found[row][theme] = found[row].get(theme, 0.0) + moved
    return found


@settings(max_examples=100)
@given(st.data(), made(), st.lists(st.sampled_from(NAMES), min_size=1, max_size=12, unique=True))
def test_reasons_are_few_strong_and_told_in_full(data: st.DataObject, log: Made, names: list[str]) -> None:
    kept = tuple(name for name in names if name in FEATURES)
    examples = examples_of(log, kept)
    moves = st.lists(st.floats(-3, 3), min_size=len(names), max_size=len(names))
    values = np.array([data.draw(moves) for _ in range(len(examples))]).reshape(len(examples), len(names))
    contributions = Contributions(-1.0, tuple(names), values)
    for told, moved in zip(reasons(contributions, examples, "GBP"), themes(contributions), strict=True):
        heard = {theme: abs(value) * (LEAD if theme == ORDER_HISTORY else 1.0) for theme, value in moved.items()}
        strongest = sorted(moved, key=lambda theme: -heard[theme])[:MOST_REASONS]
        least = max(LEAST_SHARE * sum(map(abs, moved.values())), 1e-12)
        worthy = [theme for theme in strongest if abs(moved[theme]) >= least]
        assert len(told) == len(worthy)
        directions = [DIRECTIONS[reason.split(":")[0]] for reason in told]
        if len(set(heard.values())) == len(heard):
            assert directions == [np.sign(moved[theme]) for theme in worthy]
        for reason in told:
            assert re.fullmatch(r"(likelier|less likely): \S.*\S", reason)
            assert not re.search(r"\bnan\b|\binf\b|None", reason)


@pytest.mark.parametrize("theme", SENTENCES)
@given(log=made())
@settings(max_examples=25)
def test_every_theme_can_be_told_of_everybody(theme: str, log: Made) -> None:
    names = tuple(FEATURES)
    examples = examples_of(log, names)
    for row in range(len(examples)):
        known = dict(zip(names, examples.features[row], strict=True))
        known |= {name: values[row] for name, values in examples.facts.items()}
        told = sentence(theme, lambda name, known=known: float(known.get(name, np.nan)), "GBP")
        assert told
        assert not re.search(r"\bnan\b|\binf\b|None", told)


def test_a_theme_without_a_sentence_is_its_name() -> None:
    assert sentence("club_membership", lambda name: 1.0, "GBP") == "club membership"


def test_themes_are_those_of_names_families_and_facts() -> None:
    assert set(themes_of(NAMES)) == {*SENTENCES, *OF_FIRST_ORDER}
    history = ("hiatus_in_mean_gaps", "orders_90d", "spend_life", "products_90d", "age_days", "own_rhythm")
    assert set(themes_of(history)) == {ORDER_HISTORY}
    assert themes_of(("order_value_last", "first_order_lines", "pieces_last_order")) == ["value"] * 3
    assert themes_of(("days_since_last_refund", "repeat_product_share")) == ["refunds", "products"]
    assert themes_of(("unheard_of",)) == ["unheard_of"]
    assert themes_of(("first_order_country: Germany", "first_order_discount_share")) == ["country", "discount"]


def one_customer() -> Examples:
    """One row of which every fact is 1 and no feature is known."""
    facts = dict.fromkeys(FACTS, np.ones(1))
    return Examples(30, np.zeros(1, np.uint64), np.zeros(1, np.int64), (), np.zeros((1, 0)), facts, {}, {})


def test_opposite_moves_of_one_theme_cancel() -> None:
    names = ("orders_90d", "orders_life", "order_value_last")
    told = reasons(Contributions(0.0, names, np.array([[2.0, -2.0, 0.5]])), one_customer(), "")
    assert told == [["likelier: 1.00 an order"]]


@pytest.mark.parametrize(("value", "first"), [(1.9, "one order so far"), (2.1, "1.00 an order")])
def test_the_order_history_is_told_first_unless_another_theme_moved_twice_as_much(value: float, first: str) -> None:
    told = reasons(Contributions(0.0, ("orders_90d", "order_value_last"), np.array([[1.0, value]])), one_customer(), "")
    assert told[0][0].startswith(f"likelier: {first}")
    assert len(told[0]) == 2
