"""Candidates of a playbook."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from foretell.actions.candidates import REACHABLE, Candidates


def drawn(why_not: list[str]) -> Candidates:
    count = len(why_not)
    texts = np.array(why_not, dtype=object)
    ids = pa.array([str(at) for at in range(count)])
    return Candidates(
        "win back", 0, ids, texts, np.full(count, "all", object), np.zeros(count), np.arange(float(count))
    )


def test_reasons_are_counted_in_their_order() -> None:
    found = drawn(["contacted lately", REACHABLE, "left alone", "contacted lately"])
    assert found.left_out() == [("left alone", 1), ("contacted lately", 2)]
    assert found.may_be_reached.tolist() == [False, True, False, False]


def test_rows_are_taken_whole() -> None:
    found = drawn([REACHABLE, "left alone", REACHABLE]).taken([2, 1])
    assert (found.customer_id.to_pylist(), found.spend.tolist()) == (["2", "1"], [2.0, 1.0])
    assert found.why_not.tolist() == [REACHABLE, "left alone"]
