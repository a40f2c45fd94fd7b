"""Every word for a state says one thing; a column of few known words holds states, one of other words does not."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.roles.states import (
    AMBIGUOUS,
    MOST_STATES,
    SENT,
    STANDINGS,
    WAITING,
    WORDS,
    is_of_parcels,
    parse_states,
    plain_word,
    settled_states,
    standing_of,
    states_in,
    tells_parcels_alone,
    tells_states,
)
from foretell.project.errors import InputError

EVERY = [(word, standing) for standing in STANDINGS for word in WORDS[standing]]


def test_every_word_says_one_thing_and_can_be_reached() -> None:
    assert len({word for word, _ in EVERY}) == len(set(EVERY))
    for word, standing in EVERY:
        assert plain_word(word) == word
        assert standing_of(word) == standing
    assert all(standing_of(word) is None for word in AMBIGUOUS)
    assert {standing_of(word) for word in WAITING} == {"none"}
    assert {standing_of(word) for word in SENT} == {"sale"}


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("Completed", "sale"), ("wc-failed", "none"), ("Partially_Refunded", "sale"), ("CLOSED - WON", "sale"),
        ("closedlost", "none"), ("Remboursée ", "refund"), ("Zurückerstattet", "refund"), ("Bestätigt", "sale"),
        ("En attente…", "none"), ("Annullato", "none"), ("Terugbetaald", "refund"), ("Não pago", "none"),
        ("status: paid", "sale"), ("status", None), ("wc", None), ("open", None), ("blue", None), ("", None),
    ],
)  # fmt: skip
def test_prefixes_accents_and_punctuation_change_nothing(text: str, standing: str | None) -> None:
    assert standing_of(text) == standing


def counted(*words: str, rows: int = 10) -> dict[str, int]:
    return dict.fromkeys(words, rows)


def test_states_are_told_by_few_known_words_one_of_which_is_no_sale() -> None:
    assert tells_states(counted("paid", "cancelled"))
    assert tells_states(counted("bezahlt", "storniert", "sonstiges"))
    assert tells_states({"Closed Won": 20, "Closed Lost": 15, "Prospecting": 90, "Qualification": 80})
    assert tells_states(counted("open", "closed"))
    assert not tells_states({})
    assert not tells_states(counted("paid", "shipped"))
    assert not tells_states({"cancelled": 1, "blue": 9})
    assert not tells_states(counted("paid", "failed", *(f"word {n}" for n in range(MOST_STATES))))


@pytest.mark.parametrize(
    "words",
    [
        ("OK", "IN", "OR", "ME", "CA", "NY", "PA", "VA"),
        ("Mug", "Cup", "Sale", "Plate"),
        ("web", "shop", "phone"),
        ("Visa", "PayPal", "cash"),
        ("north", "south"),
    ],
)
def test_other_words_are_no_states(words: tuple[str, ...]) -> None:
    assert not tells_states(counted(*words))


def test_how_far_a_parcel_is_says_nothing_of_the_sale() -> None:
    assert tells_parcels_alone("Fulfillment Status", ["fulfilled", "pending", "open"])
    assert not tells_parcels_alone("Fulfillment Status", ["fulfilled", "pending", "cancelled"])
    assert not tells_parcels_alone("Status", ["fulfilled", "pending"])
    assert is_of_parcels("wie weit", ["Shipped", "Pending"])
    assert is_of_parcels("delivery_state", ["paid", "pending"])
    assert not is_of_parcels("status", ["paid", "shipped", "pending"])


def test_what_waits_is_asked_where_states_are_those_of_parcels() -> None:
    assert settled_states({}, ["Shipped", "Pending", "Cancelled"], "status")[1] == ["Pending"]
    assert settled_states({"pending": "sale"}, ["Shipped", "Pending"], "status") == (
        {"Shipped": "sale", "Pending": "sale"},
        [],
    )
    assert settled_states({}, ["Paid", "Pending"], "status") == ({"Paid": "sale", "Pending": "none"}, [])


TEXTS = st.sampled_from([word for word, _ in EVERY]) | st.text(max_size=12)


@given(st.dictionaries(TEXTS, st.sampled_from(STANDINGS), max_size=4), st.lists(TEXTS, max_size=8))
def test_declared_states_win_and_unknown_ones_are_returned(declared: dict[str, str], found: list[str]) -> None:
    settled, unknown = settled_states(declared, found)
    assert {*settled, *unknown} == set(found)
    assert not set(settled) & set(unknown)
    last = {plain_word(text): standing for text, standing in declared.items()}
    for text, standing in settled.items():
        assert standing == last.get(plain_word(text), standing_of(text))
    for text in unknown:
        assert plain_word(text) not in last
        assert standing_of(text) is None or plain_word(text) in WAITING


@given(st.lists(st.sampled_from(["paid", "failed", "", None]), max_size=30))
def test_states_are_counted_the_most_frequent_first(values: list[str | None]) -> None:
    found = states_in(pa.chunked_array([pa.array(values, pa.string())]))
    assert found == {word: values.count(word) for word in ("paid", "failed") if word in values}
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_states_as_an_option() -> None:
    assert parse_states('Paid=sale,"Sent, not paid=none"') == {"Paid": "sale", "Sent, not paid": "none"}
    for text in ("Paid=gone", "Paid"):
        with pytest.raises(InputError, match="state"):
            parse_states(text)
