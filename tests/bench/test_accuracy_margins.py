from __future__ import annotations

import numpy as np
from bench.accuracy.margins import MARGINS, holm
from hypothesis import given
from hypothesis import strategies as st


def test_margins_are_those_of_the_protocol() -> None:
    sizes = {name: margin.size for name, margin in MARGINS.items()}
    assert sizes["auroc"] == 0.004
    assert sizes["average_precision"] == 0.006
    assert sizes["normalised_gini"] == 0.01
    assert sizes["log_loss"] == 0.01


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_rejects_what_stepping_down_rejects(p_values: list[float]) -> None:
    adjusted = holm(np.array(p_values))
    for level in (0.01, 0.05, 0.2):
        rejected = set()
        for rank, index in enumerate(np.argsort(p_values, kind="stable")):
            if p_values[index] * (len(p_values) - rank) > level:
                break
            rejected.add(int(index))
        assert rejected == set(np.flatnonzero(adjusted <= level).tolist())
