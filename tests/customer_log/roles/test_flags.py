"""Yes and no answer the question that a column's name asks of a sale, and no other one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.roles.flags import NO, YES, asked_by, likeliest_standing, says_yes_or_no


@pytest.mark.parametrize(
    ("column", "standing"),
    [
        ("IsWon", "sale"), ("is_paid", "sale"), ("Cancelled", "none"), ("order_canceled", "none"), ("voided", "none"),
        ("storniert", "none"), ("refunded", "refund"),
        ("payé", "sale"), ("amount_paid", None), ("cancelled_by", None), ("gift", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_name_asks_one_thing_of_the_sale(column: str, standing: str | None) -> None:
    assert asked_by(column) == standing


@given(st.sampled_from(YES), st.sampled_from(NO))
def test_yes_and_no_are_opposite(yes: str, no: str) -> None:
    for column, meant in (("paid", "sale"), ("cancelled", "none"), ("refunded", "refund")):
        assert says_yes_or_no(column, [yes.upper(), no])
        assert not says_yes_or_no(column, [yes])
        assert not says_yes_or_no(column, [yes, no, "perhaps"])
        assert likeliest_standing(column, f" {yes.upper()}") == meant
        assert {likeliest_standing(column, yes), likeliest_standing(column, no)} == {"sale", meant, "none"} - (
            {"none"} if meant == "refund" else set()
        )
    assert not says_yes_or_no("taxable", [yes, no])


def test_a_deal_beside_won_ones_is_most_likely_still_open() -> None:
    assert likeliest_standing("Stage", "Prospecting", ["Closed Won", "Prospecting"]) == "none"
    assert likeliest_standing("Status", "Packing", ["Paid", "Packing"]) == "sale"
