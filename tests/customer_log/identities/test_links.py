"""Links: each pair once, shared ids end, and the name of a customer does not wait for what comes later."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.identities.links import ALWAYS, DIVIDED, LINKS, ONE_WHOLE, SHARED, Links, each_once
from foretell.customer_log.schema import NEVER

PAIRS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["a", "x", "y"]), st.integers(1, 5)), max_size=12
)


def told(pairs: list[tuple[str, str, int]], most: int = 5) -> pa.Table:
    rows = [(*pair, "email", most, "links.csv", line, "mail") for line, pair in enumerate(pairs, 2)]
    return pa.table([[row[place] for row in rows] for place in range(len(LINKS))], schema=LINKS)


@given(PAIRS)
def test_a_pair_is_known_since_it_was_first_told(pairs: list[tuple[str, str, int]]) -> None:
    first = {pair: min(at for *other, at in pairs if tuple(other) == pair) for pair in {one[:2] for one in pairs}}
    found = each_once(told(pairs))
    rows = zip(*(found[name].to_pylist() for name in ("customer_id", "other_id", "known_at")), strict=True)
    assert list(rows) == sorted((*pair, at) for pair, at in first.items() if pair[0] != pair[1])


@pytest.mark.parametrize(
    ("pairs", "ends"),
    [
        ([("a", "x", 1), ("b", "x", 2)], [NEVER, NEVER]),
        ([("a", "x", 1), ("b", "x", 2), ("c", "x", 4)], [4, 4, 4]),
        ([("a", "x", 1), ("b", "x", 4), ("c", "x", 4)], [4, 4, 4]),
        ([("a", "x", ALWAYS), ("b", "x", ALWAYS), ("c", "x", ALWAYS)], [ALWAYS] * 3),
        ([("a", "x", 1), ("a", "y", 2), ("a", "z", 3)], [NEVER] * 3),
    ],
)
def test_an_id_beside_too_many_customers_joins_none_from_then_on(
    pairs: list[tuple[str, str, int]], ends: list[int]
) -> None:
    links = Links.of(told(pairs, most=2))
    assert links.ends.tolist() == ends
    assert set(links.refused["reason"].to_pylist()) == ({SHARED} if ends[0] != NEVER else set())
    assert len(links.refused) == int(links.is_shared.sum())


def test_a_part_goes_to_the_whole_told_last_and_to_none_where_two_are_told_at_once() -> None:
    links = Links.of(told([("acme", "ann", 1), ("beta", "ann", 4), ("acme", "bob", 2), ("beta", "bob", 2)], ONE_WHOLE))
    rows = zip(links.rows["other_id"].to_pylist(), links.begins.tolist(), links.ends.tolist(), strict=True)
    assert sorted(rows) == [("ann", 1, 4), ("ann", 4, NEVER), ("bob", 2, 2), ("bob", 2, 2)]
    assert links.refused["reason"].to_pylist() == [DIVIDED, DIVIDED]


def test_a_customer_is_called_by_the_id_that_stood_as_the_customer_then_by_the_shorter() -> None:
    pairs = [("C10", "a@x.example", 3), ("C9", "a@x.example", 3), ("a@x.example", "device", 4)]
    links = Links.of(told(pairs))
    names = dict(zip(links.ids.to_pylist(), links.rank().tolist(), strict=True))
    assert sorted(names, key=lambda one: names[one]) == ["C9", "C10", "device", "a@x.example"]
    early = Links.of(told(pairs[:2]))
    names = dict(zip(early.ids.to_pylist(), early.rank().tolist(), strict=True))
    assert sorted(names, key=lambda one: names[one]) == ["C9", "C10", "a@x.example"]


def test_a_whole_is_called_by_its_own_id_whatever_is_shorter_among_its_parts() -> None:
    parts, mails = told([("Acme Ltd", "ann", 3)], ONE_WHOLE), told([("ann", "a@x.example", ALWAYS)])
    links = Links.of(pa.concat_tables([parts, mails]))
    names = dict(zip(links.ids.to_pylist(), links.rank().tolist(), strict=True))
    assert sorted(names, key=lambda one: names[one]) == ["Acme Ltd", "ann", "a@x.example"]
