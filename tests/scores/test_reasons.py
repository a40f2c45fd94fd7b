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
from foretell.scores.reasons import LEAST_SHARE, MOST_REASONS, SENTENCES, reasons, sentence, themes_of
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
        strongest = sorted((abs(value) for value in moved.values()), reverse=True)
        whole = sum(strongest)
        worthy = [value for value in strongest if value >= max(LEAST_SHARE * whole, 1e-12)]
        assert len(told) == min(MOST_REASONS, len(worthy))
        directions = [DIRECTIONS[reason.split(":")[0]] for reason in told]
        signs = {abs(value): np.sign(value) for value in moved.values()}
        if len(signs) == len(moved):
            assert directions == [signs[value] for value in strongest[: len(told)]]
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


def test_themes_are_those_of_families_and_facts() -> None:
    assert set(themes_of(tuple(NAMES))) <= set(SENTENCES)
    assert themes_of(("hiatus_in_mean_gaps", "gap_days_mean", "days_since_last")) == ["timing"] * 3
    assert themes_of(("unheard_of",)) == ["unheard_of"]


def test_opposite_moves_of_one_theme_cancel() -> None:
    examples = Examples(30, np.zeros(1, np.uint64), np.zeros(1, np.int64), (), np.zeros((1, 0)),
                        dict.fromkeys(FACTS, np.ones(1)), {}, {})  # fmt: skip
    names = ("orders_90d", "orders_life", "spend_life")
    told = reasons(Contributions(0.0, names, np.array([[2.0, -2.0, 0.5]])), examples, "")
    assert told == [["likelier: spent 1.00 in all"]]
