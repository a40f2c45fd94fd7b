"""Why rows were refused is told by the three most common reasons, the most common first."""

from __future__ import annotations

from collections import Counter
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.answers.intake import most_common_reasons


def refused(*reasons: str) -> pa.Table:
    return pa.table({"reason": pa.array(reasons, pa.string())})


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ([], ""),
        (["no date"], "no date"),
        (["no date"] * 3, "no date"),
        (["no date", "no amount", "no date"], "no date 2 and no amount 1"),
        (["b", "a", "c", "a"], "a 2, b 1 and c 1"),
        (["d", "c", "b", "a"], "a 1, b 1 and c 1"),
        (["a"] * 1_200 + ["b"], "a 1,200 and b 1"),
    ],
    ids=["none", "one", "one kind", "two", "three", "ties by name, the fourth left out", "thousands"],
)
def test_reasons_are_told_with_their_counts(reasons: list[str], told: str) -> None:
    assert most_common_reasons(refused(*reasons)) == told


@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=30), st.randoms())
def test_the_order_of_rows_changes_nothing_and_the_most_common_stands_first(reasons: list[str], random: Random) -> None:
    told = most_common_reasons(refused(*reasons))
    again = random.sample(reasons, len(reasons))
    assert most_common_reasons(refused(*again)) == told
    assert Counter(reasons)[told[0]] == max(Counter(reasons).values())
