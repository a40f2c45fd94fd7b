"""A request on a flat table holds what was given, and refuses what only a log of orders can answer."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from foretell.flat.request import OPTIONS, FlatRequest, flat_request
from foretell.project.errors import InputError


def test_what_was_not_given_is_the_default() -> None:
    before = time.time_ns() // 1_000
    found = flat_request(["a/customers.csv", "b.csv"], None, "churned", keep=None, seed=None, horizon=None)
    assert (found.files, found.name) == ((Path("a/customers.csv"), Path("b.csv")), "customers")
    assert (found.out, found.label) == (Path("foretell-results"), "churned")
    assert found == FlatRequest(found.files, found.out, "churned", found.now, name="customers")
    assert before <= found.now <= time.time_ns() // 1_000


def test_each_option_sets_its_field() -> None:
    given = {
        "customer": "client",
        "keep": ["a"],
        "drop": ["b", "c"],
        "decimal": ",",
        "date_order": "dmy",
        "seed": 7,
        "sheet": "May",
    }
    assert set(given) == set(OPTIONS)
    found = flat_request([Path("x.csv")], "out", "y", **given)
    assert (found.customer, found.keep, found.drop) == ("client", ("a",), ("b", "c"))
    assert (found.decimal, found.date_order, found.seed, found.out) == (",", "dmy", 7, Path("out"))
    assert found.sheet == "May"


@pytest.mark.parametrize("option", ["horizon", "as_of", "columns", "value", "timezone", "currency", "margin"])
def test_what_a_table_without_dates_cannot_answer_is_refused(option: str) -> None:
    with pytest.raises(InputError, match="has no dates") as caught:
        flat_request(["x.csv"], None, "y", **{option: "90d", "seed": 1})
    assert caught.value.found == f"--{option.replace('_', '-')}"
    assert "--date-order" in (caught.value.expected or "")


def test_without_a_file_it_says_how_to_give_one() -> None:
    with pytest.raises(InputError, match="No file was given") as caught:
        flat_request([], None, "churned")
    assert caught.value.hint == "foretell run FILE --label churned"


@pytest.mark.parametrize("sign", ["", "x", ".,", 5])
def test_a_decimal_sign_that_is_none_is_refused(sign: object) -> None:
    with pytest.raises(InputError, match="decimal sign") as caught:
        flat_request(["x.csv"], None, "y", decimal=sign)
    assert (caught.value.found, caught.value.expected) == (repr(sign), ". or ,")
