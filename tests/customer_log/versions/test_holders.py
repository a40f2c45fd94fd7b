from __future__ import annotations

import numpy as np

from foretell.customer_log.manifest import Load
from foretell.customer_log.versions.holders import Holders, chain, ends_of_growth, newest_of_each


def load(number: int, source: str, follows: int = 0, newest_at: int = 0) -> Load:
    return Load(f"load{number}", source, "as it is", 9, number=number, follows=follows, newest_at=newest_at)


LOADS = [load(1, "/a.csv", newest_at=5), load(2, "/a.csv", 1, 9), load(3, "/b.csv", newest_at=9), load(4, "/gone.csv")]


def test_a_file_is_the_newest_state_of_itself_and_of_files_that_are_gone() -> None:
    holders = Holders.of(load(5, "/a.csv"), LOADS, {"/a.csv", "/b.csv"}, 100)
    assert [one.number for one in holders.own] == [1, 2, 4]
    assert [one.number for one in holders.others] == [3]
    assert holders.is_own(np.array([1, 3, -3, 4])).tolist() == [True, False, True, True]


def test_a_newer_file_has_the_greater_rank_and_of_two_as_new_the_later_name() -> None:
    holders = Holders.of(load(5, "/aa.csv"), LOADS, {"/a.csv", "/aa.csv", "/b.csv"}, 100)
    for newest_at, below, above in ((9, [1, 2], [3]), (10, [1, 2, 3], []), (4, [], [1, 2, 3])):
        ranks, own = holders.ranks(newest_at)
        assert all(ranks[number] < own for number in below)
        assert all(ranks[number] > own for number in above)


def test_growth_goes_on_from_the_end_of_a_chain() -> None:
    assert [one.number for one in chain(LOADS[1], LOADS)] == [2, 1]
    assert {name: one.number for name, one in newest_of_each(LOADS).items()} == {
        "/a.csv": 2,
        "/b.csv": 3,
        "/gone.csv": 4,
    }
    found = ends_of_growth([*LOADS, load(5, "/c.csv", 4)], "/a.csv", {"/a.csv", "/b.csv"})
    assert sorted(one.number for one in found) == [2, 5]
