"""One thread for linear algebra, for as long as a function runs."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from foretell.project.one_thread import on_one_thread


def threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info()}


@on_one_thread
def seen(fails: bool = False) -> set[int]:
    """The threads that are to be had."""
    if fails:
        raise ValueError("as asked")
    return threads()


def test_a_function_has_one_thread_and_gives_them_back() -> None:
    assert np.dot(np.ones(3), np.ones(3)) == 3
    with threadpool_limits(limits=2):
        before = threads()
        assert seen() == {1}
        assert threads() == before
        with pytest.raises(ValueError, match="as asked"):
            seen(fails=True)
        assert threads() == before


@on_one_thread
def seen_within() -> tuple[set[int], set[int]]:
    """The threads that are to be had in a function within, and after it."""
    return seen(), threads()


def test_a_function_within_leaves_the_one_thread_to_the_one_around_it() -> None:
    with threadpool_limits(limits=2):
        before = threads()
        assert seen_within() == ({1}, {1})
        assert threads() == before
        assert seen() == {1}


def test_it_keeps_its_name_so_that_a_worker_finds_it() -> None:
    assert (seen.__name__, seen.__module__, seen.__doc__) == ("seen", __name__, "The threads that are to be had.")
