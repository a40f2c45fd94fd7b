"""Holders: who is one customer at a moment, against a slow search, in whatever order links come."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.identities.holders import components, holders, under_holders
from foretell.customer_log.identities.links import ALWAYS, LINKS, ONE_WHOLE, Links
from foretell.customer_log.schema import NEVER
from foretell.customer_log.stable_keys import stable_keys


class Told(NamedTuple):
    """A link as a source tells it."""

    customer: str
    other: str
    known_at: int


IDS = st.sampled_from([f"C{n}" for n in range(6)])
ADDRESSES = st.sampled_from([f"{n}@x.example" for n in range(4)])
TOLD = st.lists(st.builds(Told, IDS, st.one_of(ADDRESSES, IDS), st.sampled_from([ALWAYS, 1, 2, 3, 4])), max_size=14)


def links_of(told: list[Told], most: int) -> Links:
    columns = [[one[place] for one in told] for place in range(3)]
    rows = len(told)
    return Links.of(
        pa.table([*columns, ["email"] * rows, [most] * rows, ["f"] * rows, range(rows), ["c"] * rows], schema=LINKS)
    )


def known_before(told: list[Told], cutoff: int, most: int) -> dict[str, set[str]]:
    """The customers at a cutoff by a search from id to id over the links that were known then."""
    known = {(one.customer, one.other) for one in told if one.known_at < cutoff and one.customer != one.other}
    beside = defaultdict(set)
    for customer, other in known:
        beside[other].add(customer)
    near = defaultdict(set)
    for customer, other in known:
        if len(beside[other]) <= most:
            near[customer].add(other)
            near[other].add(customer)
    found = {}
    for start in {one for link in told for one in link[:2]}:
        reached, waiting = set(), [start]
        while waiting:
            one = waiting.pop()
            if one not in reached:
                reached.add(one)
                waiting += near[one]
        found[start] = reached
    return found


def held_at(held: pa.Table, ids: list[str], cutoff: int) -> dict[str, str]:
    """Of each id the one that holds it at a cutoff; itself where it is not linked."""
    now = [row for row in held.to_pylist() if row["begins"] < cutoff and not row["ends"] < cutoff]
    by_key = {row["customer_key"]: row["holder_id"] for row in now}
    assert len(by_key) == len(now)
    return {one: by_key.get(int(key), one) for one, key in zip(ids, stable_keys(pa.array(ids)), strict=True)}


@given(TOLD, st.integers(1, 3))
def test_at_every_cutoff_the_holders_are_those_of_a_slow_search(told: list[Told], most: int) -> None:
    held, ids = holders(links_of(told, most)), sorted({one for link in told if link[0] != link[1] for one in link[:2]})
    for cutoff in range(0, 6) if ids else ():
        found = held_at(held, ids, cutoff)
        alike = {one: {other for other in ids if found[other] == found[one]} for one in ids}
        assert alike == {one: known_before(told, cutoff, most)[one] for one in ids}
        assert all(found[holder] == holder for holder in found.values())


@given(TOLD, st.permutations(range(14)), st.integers(1, 3))
def test_the_order_of_links_and_what_is_known_later_change_no_earlier_cutoff(
    told: list[Told], order: list[int], most: int
) -> None:
    ids = sorted({one for link in told if link[0] != link[1] for one in link[:2]})
    shuffled = [told[place] for place in order if place < len(told)]
    whole = holders(links_of(told, most))
    assert holders(links_of(shuffled, most)).equals(whole)
    for cutoff in range(0, 6) if ids else ():
        then = holders(links_of([one for one in told if one.known_at < cutoff], most))
        assert held_at(then, ids, cutoff) == held_at(whole, ids, cutoff)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
def test_components_are_those_of_a_slow_search(pairs: list[tuple[int, int]]) -> None:
    one, other = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    told = [Told(f"{a:02}", f"{b:02}", 1) for a, b in pairs]
    reached = known_before(told, 2, 99)
    assert components(12, one, other).tolist() == [int(min(reached.get(f"{n:02}", {f"{n:02}"}))) for n in range(12)]


def test_a_part_belongs_to_the_whole_that_was_told_last() -> None:
    held = holders(links_of([Told("acme", "ann", 1), Told("beta", "ann", 3), Told("acme", "bob", 1)], ONE_WHOLE))
    assert [held_at(held, ["ann", "bob"], cutoff) for cutoff in (1, 2, 4)] == [
        {"ann": "ann", "bob": "bob"},
        {"ann": "acme", "bob": "acme"},
        {"ann": "beta", "bob": "acme"},
    ]
    both = links_of([Told("acme", "ann", 1), Told("beta", "ann", 1)], ONE_WHOLE)
    assert len(both.refused) == 2
    assert held_at(holders(both), ["ann"], 9) == {"ann": "ann"}


def test_facts_lie_under_each_holder_for_as_long_as_it_holds_them() -> None:
    held = holders(links_of([Told("C1", "a@x.example", 10)], 5))
    keys = dict(zip(("C1", "a@x.example", "C9"), stable_keys(pa.array(["C1", "a@x.example", "C9"])), strict=True))
    facts = pa.table(
        {
            "customer_key": pa.array([keys["a@x.example"], keys["a@x.example"], keys["C1"], keys["C9"]], pa.uint64()),
            "happened_at": [5, 15, 6, 7],
            "known_after": [1, 0, 0, 0],
            "gone_at": [NEVER, NEVER, NEVER, 8],
        }
    )
    found, was = under_holders(facts, held)
    rows = {(row["customer_key"], *list(row.values())[1:], at) for row, at in zip(found.to_pylist(), was, strict=True)}
    assert rows == {
        (keys["a@x.example"], 5, 1, 10, 0),
        (keys["C1"], 5, 5, NEVER, 0),
        (keys["C1"], 15, 0, NEVER, 1),
        (keys["C1"], 6, 0, NEVER, 2),
        (keys["C9"], 7, 0, 8, 3),
    }
