from __future__ import annotations

import math

from bench.accuracy.contenders import OURS
from bench.accuracy.judge import ALL_MARGINS, Cell, margin_of, with_verdicts
from bench.accuracy.margins import MARGINS, SIGNIFICANCE
from hypothesis import given
from hypothesis import strategies as st


def cell(metric: str, gain: float | None, p_value: float | None, best: float = 0.5) -> Cell:
    compared = gain is not None
    return Cell(
        "made", "2024-01-01, 30 days", "all", "purchase", metric, {OURS: best + (gain or 0.0), "recency": best},
        100, 0.4, "recency" if compared else None, gain, gain, gain, p_value,
    )  # fmt: skip


def slow_holm(p_values: list[float]) -> list[float]:
    """Each p-value times the number of hypotheses not smaller, never below a smaller one's."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    adjusted = [0.0] * len(p_values)
    so_far = 0.0
    for rank, at in enumerate(order):
        so_far = max(so_far, (len(p_values) - rank) * p_values[at])
        adjusted[at] = min(so_far, 1.0)
    return adjusted


made_cells = st.lists(
    st.tuples(
        st.sampled_from(sorted(ALL_MARGINS)),
        st.sampled_from([-0.1, -0.02, -0.003, 0.003, 0.02, 0.1]),
        st.floats(0, 0.1),
    ),
    min_size=1,
    max_size=30,
)


@given(made_cells)
def test_a_verdict_needs_the_margin_and_an_adjusted_p(made: list[tuple[str, float, float]]) -> None:
    judged = with_verdicts([cell(*one) for one in made])
    for (metric, gain, _), adjusted, found in zip(made, slow_holm([p for _, _, p in made]), judged, strict=True):
        assert found.adjusted_p is not None
        assert math.isclose(found.adjusted_p, adjusted, abs_tol=1e-12)
        margin = ALL_MARGINS[metric].size * (0.5 if ALL_MARGINS[metric].relative else 1.0)
        assert margin_of(found) == margin
        matters = abs(gain) > margin and found.adjusted_p < SIGNIFICANCE
        assert found.verdict == (("win" if gain > 0 else "loss") if matters else "tie")


@given(made_cells)
def test_cells_that_are_only_told_have_no_verdict_and_cost_none(made: list[tuple[str, float, float]]) -> None:
    told = cell("calibration_error", None, None)
    cells = [cell(*one) for one in made]
    mixed = with_verdicts([told, *cells, told])
    assert mixed[0] == mixed[-1] == told
    assert mixed[1:-1] == with_verdicts(cells)


def test_the_benchs_own_margins_leave_those_of_the_backtest_alone() -> None:
    assert {name: ALL_MARGINS[name] for name in MARGINS} == MARGINS
    assert all(ALL_MARGINS[name].lower_is_better for name in ("brier", "rmse"))
