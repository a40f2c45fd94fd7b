"""A currency is guessed from a column's name where the name can mean nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.recognition.column_names import ROLE_NAMES, WEAK_NAMES, name_score, plain_name
from foretell.customer_log.recognition.currency_names import CODES, currency_in


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", ["amount_{}", "{} total", "Total ({})", "unit-price.{}"])
def test_a_code_is_found_and_leaves_the_role_alone(name: str, code: str) -> None:
    for written in (code, code.lower()):
        assert currency_in(name.format(written)) == code
    role = "unit_price" if "price" in name else "amount"
    assert name_score(role, name.format(code)) == name_score(role, plain_name(name.format("")))


@pytest.mark.parametrize("name", ["", "amount", "usd_to_eur", "amount_eur_gbp", "dollars", "eurythmics", "chfx", "€"])
def test_what_could_mean_another_thing_is_no_guess(name: str) -> None:
    assert currency_in(name) == ""


@given(st.text(max_size=20))
def test_no_name_breaks_it(name: str) -> None:
    assert currency_in(name) in ("", *CODES)


def test_no_usual_name_of_a_column_holds_a_code() -> None:
    names = [name for names in (*ROLE_NAMES.values(), *WEAK_NAMES.values()) for name in names]
    assert [name for name in names if currency_in(name)] == []
