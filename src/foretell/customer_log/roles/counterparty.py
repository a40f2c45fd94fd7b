"""The counterparty: where money goes both ways, the seller stands in one column of a sale and in the other of a
refund."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from foretell.customer_log.roles.column_facts import ColumnFacts

MOST = 0.5
FEWEST_OTHERS = 12
ADDRESSES = 0.9


class OtherSide(NamedTuple):
    """The column of the other side of a payment, and the value in it that is the seller."""

    column: str
    seller: str


def other_side(facts: Mapping[str, ColumnFacts], buyers: Sequence[str]) -> OtherSide | None:
    """The other side of the columns that name the customer: a column of the same kind, of which most rows hold one
    value that stands among the customers too. That value is the seller: whoever pays it buys, and whom it pays is given
    money back. None where money goes one way, or the customers are hardly a dozen."""
    for buyer in (facts[name] for name in buyers if name in facts):
        if buyer.values < FEWEST_OTHERS:
            continue
        among = {text.lower() for text, _ in buyer.most_frequent}
        for name, fact in facts.items():
            seller = fact.most_frequent[0] if fact.most_frequent else ("", 0.0)
            alike = (fact.emails >= ADDRESSES) == (buyer.emails >= ADDRESSES) and fact.numbers < ADDRESSES
            several = fact.values >= FEWEST_OTHERS
            if fact is not buyer and alike and several and seller[1] > MOST and seller[0].lower() in among:
                return OtherSide(name, seller[0])
    return None
