"""What is proposed can be pasted: the line into a declaration, the option behind a command."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.roles.doubts import Doubt, doubt_of, doubted, quoted
from foretell.customer_log.roles.named_columns import option_of, parse_columns, parts_of
from foretell.project.declaration import read_declaration

NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(lambda text: text == text.strip())
UGLY = ('Total, "net"', "it's", "a=b", "tab\there", "back\\slash", "Größe", "$HOME", "two\nlines", "\x7f", '"', "#1")
COLUMNS = NAMES | st.sampled_from(UGLY)


def declared(line: str) -> dict[str, str]:
    """The columns of a declaration with that line in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "foretell.toml"
        path.write_text(f'[[sources]]\npath = "orders.csv"\n{line}\n', encoding="utf-8")
        return read_declaration(path).sources[0].columns


@given(COLUMNS, st.lists(COLUMNS, min_size=1, max_size=3), COLUMNS)
def test_the_line_and_the_option_say_what_was_chosen(time: str, options: list[str], amount: str) -> None:
    doubt = doubt_of("customer", "Who?", tuple(options), {"time": time, "amount": amount, "unit_price": "x"})
    answer = {"customer": options[0], "time": time, "amount": amount}
    assert declared(doubt.line) == answer
    name, option = shlex.split(doubt.option)
    assert name == "--columns"
    assert parse_columns(option) == answer
    assert next(iter(parse_columns(option))) == "customer", "what was asked stands first"


@given(st.lists(COLUMNS, min_size=1, max_size=4))
def test_parts_survive_an_option(parts: list[str]) -> None:
    [written] = shlex.split(option_of(parts))
    assert parts_of(written) == parts


def test_a_doubt_that_nobody_answers_is_an_error_with_both_ways_out() -> None:
    doubt = doubt_of("amount", "Which?", ("net", "gross"), {"customer": "c", "time": "t"})
    error = doubted(doubt)
    assert (error.what, error.found, error.column) == ("Which?", "net, gross", None)
    assert doubt.line in (error.hint or "")
    assert doubt.option in (error.hint or "")


@pytest.mark.parametrize(("role", "column"), [("states", None), ("nobody", None), ("date_order", "Paid")])
def test_a_value_is_not_called_a_column(role: str, column: str | None) -> None:
    assert doubted(Doubt("?", (), "line", "option", role, "Paid")).column == column


def test_texts_as_toml_writes_them() -> None:
    assert [quoted(text) for text in ("a", 'a"b', "a\\b")] == ['"a"', '"a\\"b"', '"a\\\\b"']
