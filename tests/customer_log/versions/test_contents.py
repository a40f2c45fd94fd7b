from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.keyed_lines import keyed
from foretell.customer_log.versions.contents import contents, placed
from made_lines import LINES, table

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(-(2**62), 2**62) | st.integers(0, 2)), max_size=9)


def of(rows: list[dict[str, object]]) -> dict[tuple[int, int], tuple[int, int]]:
    found = contents(keyed(table(rows), "UTC").lines)
    pairs = zip(found.customer_key.tolist(), found.order_key.tolist(), strict=True)
    return dict(zip(pairs, zip(found.digest.tolist(), found.happened_at.tolist(), strict=True), strict=True))


@given(st.data(), LINES)
def test_the_order_of_lines_says_nothing(data: st.DataObject, rows: list[dict[str, object]]) -> None:
    assert of(rows) == of(data.draw(st.permutations(rows)))


@given(LINES.filter(bool), st.sampled_from(("amount", "known_at", "happened_at")))
def test_whatever_a_line_says_is_told_apart(rows: list[dict[str, object]], name: str) -> None:
    changed = [{**rows[0], name: int(str(rows[0][name])) + 1}, *rows[1:]]
    assert set(of(changed).values()) != set(of(rows).values())


@given(LINES.filter(bool))
def test_a_line_more_is_told_apart_even_an_equal_one(rows: list[dict[str, object]]) -> None:
    assert of([*rows, rows[0]]) != of(rows)


@given(LINES)
def test_each_line_knows_its_order(rows: list[dict[str, object]]) -> None:
    lines = keyed(table(rows), "UTC").lines
    found = contents(lines)
    assert found.order_key[found.order_of_line].tolist() == lines["order_key"].to_pylist()
    assert found.customer_key[found.order_of_line].tolist() == lines["customer_key"].to_pylist()


def test_that_a_line_ends_is_told_and_not_when() -> None:
    row: dict[str, object] = {"customer_id": "a", "happened_at": 0, "known_at": 0, "order_id": "7", "amount": 5}

    def digest(gone_at: int | None) -> int:
        lines = table([row]).append_column("gone_at", pa.array([gone_at], pa.int64()))
        return int(contents(keyed(lines, "UTC").lines).digest[0])

    assert digest(None) != digest(5) == digest(9)


@given(PAIRS, PAIRS)
def test_pairs_are_found_as_in_a_dictionary(asked: list[tuple[int, int]], among: list[tuple[int, int]]) -> None:
    among = list(dict.fromkeys(among))
    sides = [
        (np.array([one[0] for one in side], dtype=np.uint64), np.array([one[1] for one in side], dtype=np.int64))
        for side in (asked, among)
    ]
    place = {pair: at for at, pair in enumerate(among)}
    assert placed(*sides).tolist() == [place.get(pair, -1) for pair in asked]
