"""A column's name speaks for the roles that people call by it, in any way of writing, and for no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.roles.column_names import (
    CODES,
    NEVER,
    ROLE_NAMES,
    WEAK_NAMES,
    currency_in,
    name_score,
    plain_name,
)

STRONG = [(role, name) for role, names in ROLE_NAMES.items() for name in names]
WEAK = [(role, name) for role, names in WEAK_NAMES.items() for name in names]


@given(st.text(max_size=20))
def test_a_plain_name_is_plain_and_scores_lie_between_none_and_full(name: str) -> None:
    plain = plain_name(name)
    assert plain_name(plain) == plain
    assert plain.replace(" ", "").isalnum() or plain == ""
    assert all(0 <= name_score(role, name) <= 1 for role in ROLE_NAMES)


@pytest.mark.parametrize(
    ("name", "plain"),
    [("InvoiceNo", "invoice no"), ("Kunden-Nr.", "kunden nr"), ("N° commande", "n commande"), ("order#", "order no"),
     ("Prix (€)", "prix"), ("EUR", "eur"), ("amount_usd", "amount"),
     ("Número de cliente", "numero de cliente"), ("", "")],
)  # fmt: skip
def test_names_lose_accents_signs_and_currencies(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@given(st.sampled_from(STRONG), st.sampled_from(("_", " ", "-", ".")), st.booleans())
def test_every_known_name_is_known_however_it_is_written(known: tuple[str, str], mark: str, is_loud: bool) -> None:
    role, name = known
    written = name.replace(" ", mark)
    assert name_score(role, written.upper() if is_loud else written) > 0.7
    assert name_score(role, name.title().replace(" ", "")) == name_score(role, name)


def test_a_name_is_strongest_for_one_role() -> None:
    for role, name in STRONG:
        mine = name_score(role, name)
        assert mine > max((name_score(role, other) for own, other in WEAK if own == role), default=0.0)
    firsts = [(role, names[0]) for role, names in ROLE_NAMES.items()]
    for role, name in firsts:
        assert name_score(role, name) == 1.0
        assert all(name_score(other, name) < 1.0 for other in ROLE_NAMES if other != role)


def test_words_that_mean_something_else_speak_against_a_role() -> None:
    assert name_score("time", "birth date") == 0.0
    assert name_score("amount", "discount amount") == 0.0
    assert name_score("customer", "customer since") == 0.0
    assert set(NEVER) == set(ROLE_NAMES)


def test_a_known_name_inside_a_longer_one_says_less() -> None:
    whole, two_words, one_word = (
        name_score("customer", name) for name in ("customer id", "my customer id", "my kunde")
    )
    weak, nothing = name_score("customer", "my email"), name_score("customer", "colour")
    assert whole > two_words > one_word > weak > nothing == 0.0


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
