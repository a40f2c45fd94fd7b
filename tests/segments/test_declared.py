"""Declared sets: the first rule that holds decides, the rest is other, and a bad rule is told with its place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.features import FEATURES
from foretell.project.declaration import Declaration, SegmentPart
from foretell.project.errors import InputError
from foretell.scores.table import SCORES
from foretell.segments.conditions import Kind
from foretell.segments.declared import DeclaredSet, declared_sets

KNOWN: dict[str, Kind] = {"x": "number", "p_purchase": "number", "segment": "text"}
GUIDE = (Path(__file__).parents[2] / "docs" / "how-to" / "segments.md").read_text(encoding="utf-8")


def part(name: str, when: str, of: str = "campaign") -> SegmentPart:
    return SegmentPart(set=of, name=name, when=when)


def one_set(*rules: str) -> DeclaredSet:
    return declared_sets([part(f"s{number}", rule) for number, rule in enumerate(rules)], KNOWN)[0]


def test_the_first_rule_that_holds_decides() -> None:
    found = one_set("x > 10", "x > 5", "x is null")
    assert found.segments == ("s0", "s1", "s2", "other")
    assert found.assign({"x": np.array([20.0, 7.0, 1.0, np.nan])}).tolist() == [0, 1, 3, 2]
    assert len(found.rules) == len(found.segments)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.lists(st.integers(0, 9), max_size=20))
def test_everybody_is_in_the_first_segment_whose_rule_holds(least: list[int], values: list[int]) -> None:
    found = one_set(*(f"x >= {number}" for number in least)).assign({"x": np.array(values, dtype=np.float64)})
    assert found.dtype == np.int64
    assert found.tolist() == [next((n for n, low in enumerate(least) if v >= low), len(least)) for v in values]


def test_sets_come_in_the_order_of_the_file() -> None:
    parts = [part("a", "x > 1", "second"), part("b", "x > 1", "first"), part("c", "p_purchase > 5 %", "second")]
    sets = declared_sets(parts, KNOWN)
    assert [(found.name, found.segments) for found in sets] == [
        ("second", ("a", "c", "other")),
        ("first", ("b", "other")),
    ]
    assert [found.uses(SCORES) for found in sets] == [True, False]
    assert sets[0].names == ("x", "p_purchase")


def test_no_parts_no_sets() -> None:
    assert declared_sets([], KNOWN) == ()


def test_a_bad_rule_is_told_with_its_segment_and_place() -> None:
    with pytest.raises(InputError) as refused:
        declared_sets([part("Fine", "x > 1"), part("Sleepers", "y > 1")], KNOWN)
    text = str(refused.value)
    assert "Sleepers" in text
    assert "foretell.toml, column segments.1.when" in text
    assert "found: y" in text


def test_the_set_that_fills_the_score_segment_cannot_read_it() -> None:
    parts = [part("Best", "segment = 'Champions'")]
    assert declared_sets(parts, KNOWN, shown="rfm")[0].names == ("segment",)
    with pytest.raises(InputError, match="that it is to decide"):
        declared_sets(parts, KNOWN, shown="campaign")


def test_what_the_guide_declares_can_be_read() -> None:
    known: dict[str, Kind] = {**dict.fromkeys([*FEATURES, *SCORES], "number"), "segment": "text"}
    blocks = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert blocks
    for block in blocks:
        declared = Declaration.model_validate(
            {"sources": [{"path": "orders.csv", "columns": {}}]} | tomllib.loads(block)
        )
        assert declared_sets(declared.segments, known, shown=declared.scores.segment_set)


def test_the_guide_names_features_and_scores_that_exist() -> None:
    table = [line for line in GUIDE.splitlines() if line.startswith("| `")]
    names = [name for line in table for name in re.findall(r"`(\w+)`", line.split("|")[1])]
    assert names
    assert set(names) <= {*FEATURES, *SCORES}
