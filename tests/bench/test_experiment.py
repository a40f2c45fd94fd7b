"""The bench of experiments: its truths, its judgement of intervals, its page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.experiment.coverage import Covered, Looked, covered, looked
from bench.experiment.oracle import Beside
from bench.experiment.page import page
from bench.experiment.shapes import Draw, Shape, hillstrom, panel, rare_spend, rate

SHARES = Shape("shares", rate(0.2, 0.5), 400, 0.5, 0.1, 0.5)


@pytest.mark.parametrize(
    ("draw", "control", "ratio"),
    [(rate(0.2, 0.5), 0.2, 1.5), (rare_spend(0.1, 0.2), 0.1 * np.exp(4.0), 1.2), (panel(0.1), None, 1.1)],
)
def test_shapes_have_the_effect_that_they_say(draw: Draw, control: float | None, ratio: float) -> None:
    random = np.random.default_rng(0)
    means = [draw(random, np.full(200_000, side))["value"].mean() for side in (False, True)]
    assert means[1] / means[0] == pytest.approx(ratio, rel=0.05)
    assert control is None or means[0] == pytest.approx(control, rel=0.05)


def test_redraws_of_a_real_experiment_keep_its_difference(tmp_path: Path) -> None:
    (tmp_path / "hillstrom").mkdir()
    visit = [0, 1, 0, 0, 1, 1, 1, 1]
    segment = ["No E-Mail"] * 4 + ["Mens E-Mail"] * 3 + ["Womens E-Mail"]
    table = pa.table({"segment": segment, "visit": visit, "spend": [0.0, 8, 0, 0, 4, 4, 4, 99]})
    pq.write_table(table, tmp_path / "hillstrom" / "experiment.parquet")
    by_name = {shape.name: shape for shape in hillstrom(tmp_path)}
    spend, ratio = by_name["hillstrom spend, 20,000, half kept"], by_name["hillstrom spend/visit, 20,000, half kept"]
    assert (spend.effect, spend.relative) == (2.0, 1.0)
    assert (ratio.effect, ratio.relative) == (-4.0, -0.5)
    arms, outcome = spend.experiment(np.random.default_rng(0))
    assert outcome.values[arms == "control"].mean() == pytest.approx(2, abs=0.15)
    assert set(outcome.values[arms == "treated"]) == {4.0}


def test_intervals_are_held_against_the_truth() -> None:
    right = covered(SHARES, 60, 1)
    assert right.covers > 0.85
    assert right.covers + right.under + right.over == pytest.approx(1)
    wrong = covered(replace(SHARES, effect=0.5), 20, 1)
    assert (wrong.covers, wrong.over) == (0, 1)


def test_twenty_looks_fool_the_fixed_interval_only() -> None:
    found = looked(replace(SHARES, draw=rate(0.2, 0.0), effect=0.0), 12, 2)
    assert found.covers >= 0.95
    assert found.fixed_covers <= found.covers
    assert found.claims == pytest.approx(1 - found.covers)
    assert found.width > 1.4


def test_losses_stand_first() -> None:
    good = Covered("good shape", 2_000, 0.951, 0.95, 0.999, 0.02, 0.029, 1.0, 80)
    bad = replace(good, shape="bad shape", covers=0.91)
    ways = Looked("look", 500, 0.93, 0.7, 0.07, 0.3, 1.6)
    oracle = Beside("one", "difference of means, Welch", 0, 0, 0, 1, 0, 0, 0, "9.9")
    told = page([good, bad], [good], [ways], [oracle], {"date": "today"})
    losses = told.split("## How it was measured")[0]
    assert "bad shape" in losses
    assert "good shape" not in losses
    assert "| look " in losses
    assert "tea-tasting 9.9" in told
    fine = page([good], [good], [replace(ways, covers=0.99)], [], {})
    assert "Nowhere." in fine.split("## How it was measured")[0]
    assert "could not be installed" in fine
