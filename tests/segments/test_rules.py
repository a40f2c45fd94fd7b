"""Rules: what is written is understood, means what a slow reader makes of it, and nothing else gets in."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.features import FEATURES
from foretell.project.errors import InputError
from foretell.segments.conditions import Kind
from foretell.segments.rules import DEEPEST, EXAMPLE, LONGEST, parse_rule

KNOWN: dict[str, Kind] = {"x": "number", "spend_365d": "number", "größe": "number", "segment": "text", "city": "text"}
NUMBERS = [name for name, kind in KNOWN.items() if kind == "number"]
TEXTS = [name for name, kind in KNOWN.items() if kind == "text"]
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
}
Row = Mapping[str, float | str | None]
Told = tuple[str, Callable[[Row], bool]]
"""A rule as text, and what it says of one customer, made together with it."""

ROW = st.fixed_dictionaries(
    dict.fromkeys(NUMBERS, st.sampled_from([None, -1.0, 0.0, 0.3, 1.0, 2.5, 1000.0]))
    | dict.fromkeys(TEXTS, st.sampled_from([None, "", "Champions", "don't", "null"]))
)
ROWS = st.lists(ROW, min_size=1, max_size=12)
NUMBER = st.sampled_from(
    [("0", 0.0), ("1", 1.0), ("-1", -1.0), ("2.50", 2.5), (".3", 0.3), ("30 %", 0.3), ("30%", 0.3), ("1e3", 1e3)]
)
TEXT = st.sampled_from([("''", ""), ('"Champions"', "Champions"), ('"don\'t"', "don't"), ("'null'", "null")])


def constant(written: tuple[str, float | str]) -> tuple[str, Callable[[Row], Any]]:
    return written[0], lambda row: written[1]


def named(name: str) -> tuple[str, Callable[[Row], Any]]:
    return name, lambda row: row[name]


@st.composite
def comparisons(draw: st.DrawFn) -> Told:
    is_text = draw(st.booleans())
    names = st.sampled_from(TEXTS if is_text else NUMBERS).map(named)
    either = names | (TEXT if is_text else NUMBER).map(constant)
    values = [draw(names), draw(either)] if draw(st.booleans()) else [draw(either), draw(names), draw(either)]
    signs = [draw(st.sampled_from(["=", "==", "!="] if is_text else sorted(COMPARED))) for _ in values[1:]]
    space = draw(st.sampled_from([" ", "", "  ", "\n", "\u00a0"]))
    text = values[0][0] + "".join(f"{space}{s}{space}{v[0]}" for s, v in zip(signs, values[1:], strict=True))

    def holds(row: Row) -> bool:
        found = [value(row) for _, value in values]
        return all(
            a is not None and b is not None and COMPARED[s](a, b)
            for a, s, b in zip(found, signs, found[1:], strict=False)
        )

    return text, holds


@st.composite
def null_tests(draw: st.DrawFn) -> Told:
    name, negated = draw(st.sampled_from(list(KNOWN))), draw(st.booleans())
    word = draw(st.sampled_from(["is", "IS"]))
    return f"{name} {word} {'not ' if negated else ''}null", lambda row: (row[name] is None) != negated


def opposite(told: Told) -> Told:
    return f"not ({told[0]})", lambda row: not told[1](row)


@st.composite
def joined(draw: st.DrawFn, parts: st.SearchStrategy[Told]) -> Told:
    found = draw(st.lists(parts, min_size=2, max_size=3))
    word = draw(st.sampled_from(["and", "or", "AND", "Or"]))
    gate = all if word.lower() == "and" else any
    return f" {word} ".join(f"({text})" for text, _ in found), lambda row: gate(holds(row) for _, holds in found)


def flat(first: Told, second: Told, third: Told) -> Told:
    """Without brackets: and binds closer than or, not closer than and."""
    text = f"{first[0]} or not {second[0]} and {third[0]}"
    return text, lambda row: first[1](row) or (not second[1](row) and third[1](row))


LEAVES = comparisons() | null_tests()
RULES = st.recursive(
    LEAVES | st.builds(flat, LEAVES, LEAVES, LEAVES), lambda parts: joined(parts) | parts.map(opposite), max_leaves=8
).filter(lambda told: len(told[0]) < LONGEST // 2)


def columns_of(rows: list[Row]) -> dict[str, np.ndarray | pa.Array]:
    numbers = {name: np.array([row[name] for row in rows], dtype=np.float64) for name in NUMBERS}
    return numbers | {name: pa.array([row[name] for row in rows], pa.string()) for name in TEXTS}


@given(RULES, ROWS)
def test_a_rule_means_what_a_slow_reader_makes_of_it(told: Told, rows: list[Row]) -> None:
    found = parse_rule(told[0], KNOWN).holds(columns_of(rows))
    assert found.dtype == bool
    assert found.tolist() == [told[1](row) for row in rows]


@given(RULES)
def test_a_rule_written_again_is_the_same_rule(told: Told) -> None:
    rule = parse_rule(told[0], KNOWN)
    again = parse_rule(str(rule), KNOWN)
    assert again.condition == rule.condition
    assert str(again) == str(rule)
    assert again.names == rule.names


@given(RULES, ROWS, st.randoms(use_true_random=False))
def test_a_customer_is_told_by_their_own_values(told: Told, rows: list[Row], random: Any) -> None:
    rule = parse_rule(told[0], KNOWN)
    whole = rule.holds(columns_of(rows))
    assert [bool(rule.holds(columns_of([row]))[0]) for row in rows] == whole.tolist()
    order = list(range(len(rows)))
    random.shuffle(order)
    assert rule.holds(columns_of([rows[place] for place in order])).tolist() == whole[order].tolist()


PIECES = [
    *KNOWN,
    *COMPARED,
    "and",
    "or",
    "not",
    "is",
    "null",
    "(",
    ")",
    "%",
    "-",
    "5",
    "1,000",
    "'a'",
    '"',
    "x(1)",
    ".",
]


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join))
def test_any_text_is_a_rule_or_an_input_error(text: str) -> None:
    try:
        rule = parse_rule(text, KNOWN)
    except InputError as error:
        refused = error
    else:
        row: Row = {name: 1.0 if kind == "number" else "a" for name, kind in KNOWN.items()}
        assert rule.names
        assert len(rule.holds(columns_of([row] * 3))) == 3
        return
    assert refused.found
    assert refused.expected


@pytest.mark.parametrize(
    ("text", "what", "found"),
    [
        ("", "empty", "''"),
        (" \n ", "empty", "n "),
        ("x > 1,000", "cannot be read", ", at character 6"),
        ("x", "cannot be read", "the end"),
        ("x >", "cannot be read", "the end"),
        ("x > 1 2", "cannot be read", "2 at character 7"),
        ("(x > 1", "cannot be read", "the end"),
        ("x > 1)", "cannot be read", ") at character 6"),
        ("x = null", "cannot be read", "null at"),
        ("x is 5", "cannot be read", "5 at"),
        ("abs(x) > 1", "neither a feature nor a score", "abs"),
        ("x(1) > 1", "cannot be read", "( at character 2"),
        ("x.real > 1", "cannot be read", ". at character 2"),
        ("x > 1e999", "cannot be read", "1e999"),
        ("x + 1 > 2", "cannot be read", "+ at"),
        ("x = 'a", "cannot be read", "' at"),
        ("1 < 2", "two constants", "1 < 2"),
        ("x = 'a'", "text with a number", "x = 'a'"),
        ("segment = 5", "text with a number", "segment = 5"),
        ("segment > 'a'", "no order", "segment > 'a'"),
        ("not", "cannot be read", "the end"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_place(text: str, what: str, found: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_rule(text, KNOWN)
    assert what in refused.value.what
    assert found in str(refused.value.found)
    assert refused.value.expected


def test_thousands_apart_are_answered_with_how_to_write_them() -> None:
    with pytest.raises(InputError) as refused:
        parse_rule("x > 1,000", KNOWN)
    assert "without a separator" in str(refused.value.hint)


def test_an_unknown_name_is_told_with_the_nearest_ones_and_where_all_are() -> None:
    with pytest.raises(InputError) as refused:
        parse_rule("days_since_last > 60", dict.fromkeys(FEATURES, "number"))
    assert refused.value.found == "days_since_last"
    assert "days_since_last_order" in str(refused.value.expected)
    assert "FEATURES" in str(refused.value.hint)


def test_a_rule_has_a_longest_length_and_a_greatest_depth() -> None:
    at_most = f"{'(' * DEEPEST}x > 1{')' * DEEPEST}"
    assert parse_rule(at_most, KNOWN).names == ("x",)
    assert parse_rule("not " * DEEPEST + "x > 1", KNOWN).names == ("x",)
    assert parse_rule(" or ".join(["x > 1"] * 100), KNOWN).names == ("x",)
    for text in (f"({at_most})", "not " * DEEPEST + "(x > 1)", "x > 1" + " " * LONGEST, "(" * LONGEST):
        with pytest.raises(InputError):
            parse_rule(text, KNOWN)


def test_what_is_null_compares_as_false_and_not_turns_it_over() -> None:
    columns = {"x": np.array([np.nan, 0.0, 2.0])}
    told = {text: parse_rule(text, KNOWN).holds(columns).tolist() for text in ("x > 1", "not x > 1", "x != 1")}
    assert told == {"x > 1": [False, False, True], "not x > 1": [True, True, False], "x != 1": [False, True, True]}


def test_a_rule_says_what_it_reads() -> None:
    rule = parse_rule("x > 1 and (city = segment or x is null)", KNOWN)
    assert rule.names == ("x", "city", "segment")
    assert rule.uses({"segment"})
    assert not rule.uses({"p_purchase"})


def test_the_example_in_messages_is_a_rule() -> None:
    known: dict[str, Kind] = {**dict.fromkeys(FEATURES, "number"), "p_purchase": "number"}
    assert str(parse_rule(EXAMPLE, known)) == EXAMPLE
