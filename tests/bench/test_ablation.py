from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from bench.ablation.page import page, summary
from bench.ablation.parts import (
    ASKED,
    SEED,
    VARIANTS,
    WHOLE,
    Taught,
    Variant,
    blended,
    fitted_members,
    forecasts,
    taught_by,
)
from bench.ablation.run import Worth
from bench.accuracy.logs import Case, cdnow_log

from foretell.examples.assembly import telling
from foretell.models.blend import Blend
from foretell.models.contract import Fitted
from foretell.project.objectives import TARGETS

WORTH = Worth("made", "2024-01-01, 30 days", "without the trees", "purchase", "auroc", 0.8, 0.01, 0.002, 0.02, 0.004)


@pytest.fixture(scope="module")
def with_all_features() -> Taught:
    log = cdnow_log()
    found = taught_by(log, next(case for case in log.cases if case.horizon_days == 90))
    assert found is not None
    few = np.unique(found.today.customer_key)[:700]
    return replace(found, examples=found.examples.take(np.isin(found.examples.customer_key, few)))


@pytest.fixture(scope="module")
def taught(with_all_features: Taught) -> Taught:
    names = telling(with_all_features.examples)
    examples, today = (one.with_features(names) for one in (with_all_features.examples, with_all_features.today))
    return replace(with_all_features, examples=examples, today=today)


@pytest.fixture(scope="module")
def members(taught: Taught) -> dict[str, dict[str, Fitted]]:
    return {target: fitted_members(taught.examples, target) for target in ASKED}


@pytest.mark.parametrize("target", ASKED)
def test_the_whole_is_the_blend_that_serves(taught: Taught, members: dict[str, dict[str, Fitted]], target: str) -> None:
    whole = blended(taught.examples, target, VARIANTS[WHOLE], members)
    assert whole is not None
    serving = Blend().fit(taught.examples, TARGETS[target], SEED)
    assert np.array_equal(whole.predict(taught.today), serving.predict(taught.today))


def test_a_part_that_is_taken_away_is_nowhere_in_the_blend(
    taught: Taught, members: dict[str, dict[str, Fitted]]
) -> None:
    for variant in VARIANTS.values():
        for target in variant.targets:
            left = blended(taught.examples, target, variant, members)
            assert left is not None
            names = {member.name for member in left.members}
            kept_apart = left.state()["members"].get("orders_times_value", {}).get("counts/members", {})
            assert not variant.without & {*names, *kept_apart}
            assert sum(member.weight for member in left.members) == pytest.approx(1.0)


def test_nobody_left_is_no_blend(taught: Taught, members: dict[str, dict[str, Fitted]]) -> None:
    assert blended(taught.examples, "orders", Variant(frozenset(members["orders"])), members) is None


def test_a_short_log_is_taught_over_several_horizons_and_nothing_is_left_out_in_silence() -> None:
    log = cdnow_log()
    short = taught_by(log, Case(log.cases[0].as_of, 273))
    assert short is not None
    assert len(short.several) > 1
    assert max(one.horizon_days for one in short.several) < 273
    few = replace(short, several=short.several[-2:])
    found = {(variant, target) for variant, target, _ in forecasts(few)}
    assert {variant for variant, _ in found} == {
        WHOLE,
        "without the mix",
        "without a level",
        "level half way to BG/NBD",
        "level all the way to BG/NBD",
        "one horizon instead of several",
    }
    assert taught_by(log, Case(date(1997, 1, 2), 90)) is None


def test_a_level_apart_moves_the_totals_and_nobodys_place(with_all_features: Taught) -> None:
    made = {(variant, target): predicted for variant, target, predicted in forecasts(with_all_features)}
    without, whole_way = (made[name, "orders"] for name in ("without a level", "level all the way to BG/NBD"))
    assert without.mean() != pytest.approx(whole_way.mean(), rel=1e-3)
    np.testing.assert_array_equal(np.argsort(without), np.argsort(whole_way))
    assert not np.array_equal(made[WHOLE, "orders"], made["without the mix", "orders"])


def test_helping_and_hurting_need_the_margin() -> None:
    assert [replace(WORTH, worth=worth).verdict for worth in (0.01, 0.004, -0.004, -0.01)] == [
        "helps", "tie", "tie", "hurts"
    ]  # fmt: skip
    assert replace(WORTH, low=-0.001).is_beyond_chance is False
    assert WORTH.is_beyond_chance


def test_the_page_begins_with_what_hurts() -> None:
    hurts = replace(WORTH, case="2024-02-01, 30 days", worth=-0.03, low=-0.04, high=-0.02)
    assert "-1.0 (1, 1)" in summary([WORTH, hurts])
    text = page([WORTH, hurts], ["made, 2024-03-01, 30 days"], {"date": "2024-04-01"})
    assert text.index("-0.03 [-0.04, -0.02]") < text.index("## What is lost")
    assert "In 1 of 2 comparisons" in text
    assert "left out" in text.lower()
