"""What is told of joined ids has the figures of the links that count now."""

from __future__ import annotations

import pyarrow as pa

from foretell.customer_log.identities.holders import holders
from foretell.customer_log.identities.links import ALWAYS, LINKS, ONE_WHOLE, Links
from foretell.customer_log.identities.told import joined_in_words


def words_of(pairs: list[tuple[str, str, int, str]], most: int, ordered: list[str]) -> list[str]:
    rows = [(*pair, most, "links.csv", line, "mail") for line, pair in enumerate(pairs, 2)]
    links = Links.of(pa.table([[row[place] for row in rows] for place in range(len(LINKS))], schema=LINKS))
    return joined_in_words(links, holders(links), pa.array(ordered))


def test_ids_of_orders_are_fewer_customers() -> None:
    pairs = [("C1", "a@x.example", 5, "email"), ("C1", "D1", ALWAYS, "device"), ("C2", "b@x.example", 7, "email")]
    assert words_of(pairs, 5, ["C1", "C2", "C3", "a@x.example", "D1"]) == [
        "5 ids of orders are 3 customers: 3 links (email 2, device 1)",
        "1 link without a date: assumed to be known since the later of the two ids was first seen",
    ]


def test_shared_ids_are_told_with_how_many_they_would_join() -> None:
    pairs = [(f"C{n}", "info@x.example", ALWAYS, "email") for n in range(3)]
    assert words_of(pairs, 2, ["C0", "C1", "C2"]) == [
        "3 ids of orders are 3 customers: 0 links (none counts)",
        "1 shared id would join more than most_merged customers and joins none (links of each: info@x.example 3): they "
        "are among the rejected rows",
    ]


def test_parts_of_a_whole_are_called_parts() -> None:
    [told] = words_of([("acme", "ann", 1, "contact"), ("acme", "bob", 1, "contact")], ONE_WHOLE, ["ann", "bob", "eve"])
    assert told == "3 ids of orders are 2 customers: 2 parts"
