"""What a test is judged by rests on tests that had ended; what serves rests on all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from foretell.backtest.forecast import Forecast
from foretell.forecasts.orders.asked import Asked, Rows
from foretell.forecasts.orders.past_forecasts import BlendAtTest
from foretell.forecasts.orders.past_forecasts import Tested as AtCutoff
from foretell.forecasts.orders.settled import settled
from foretell.models.blend import weighted
from foretell.models.level import PRIOR
from foretell.models.links import shift_to
from foretell.models.spend_distribution import fit
from foretell.project.intervals import days
from foretell.project.objectives import TARGETS

HORIZON = 30
USUAL = {"good": 0.5, "bad": 0.5}
SCATTER = fit(np.full(400, 0.5), np.full(400, 9.0), np.random.default_rng(1).gamma(2, 9, 400))


def blend_at(cutoff: int, target: str, seed: int, level: float = 0.0, said: float | None = 0.4) -> BlendAtTest:
    random = np.random.default_rng(seed)
    true = random.normal(-0.5, 1.2, 1_500)
    actual = (random.random(1_500) < expit(true)).astype(float)
    actual = actual if target in ("purchase", "high_value") else random.poisson(np.exp(true)) * 9.0
    links = {"good": true - level, "bad": random.normal(-0.5, 1.2, 1_500) - level}
    everybody = {"all": np.ones(1_500, dtype=bool), "active": true > 0, "outside_top_tier": true < 1}
    rows = Rows(np.arange(1_500, dtype=np.uint64), actual, everybody)
    return BlendAtTest(Asked(target, HORIZON, cutoff, rows, rows, {}), links, links, USUAL, said, 0.0)


def at_day(day: int, seed: int = 1, targets: tuple[str, ...] = ("purchase",), level: float = 0.0) -> AtCutoff:
    cutoff = days(day)
    return AtCutoff(cutoff, (), tuple(blend_at(cutoff, name, seed, level) for name in targets), SCATTER, {})


def by_question(forecasts: list[Forecast]) -> Mapping[tuple[str, int], Forecast]:
    return {(one.objective, one.cutoff): one for one in forecasts}


def test_a_test_is_told_by_those_whose_windows_had_ended_and_by_no_other() -> None:
    tests = [at_day(100, 1), at_day(115, 2), at_day(130, 3)]
    whole, _, _ = settled(tests, HORIZON)
    alone, _, _ = settled([tests[2]], HORIZON)
    with_first, _, _ = settled([tests[2], tests[0]], HORIZON)
    at = ("purchase", days(130))
    np.testing.assert_array_equal(by_question(whole)[at].predicted, by_question(with_first)[at].predicted)
    assert not np.array_equal(by_question(whole)[at].predicted, by_question(alone)[at].predicted)
    first = settled([tests[0]], HORIZON)[0]
    np.testing.assert_array_equal(
        by_question(whole)["purchase", days(100)].predicted, by_question(first)["purchase", days(100)].predicted
    )


def test_what_happened_in_a_window_does_not_move_its_own_forecast() -> None:
    [blend] = at_day(100).blends
    actual = 1 - blend.asked.judged.actual
    turned = replace(blend, asked=replace(blend.asked, judged=replace(blend.asked.judged, actual=actual)))
    before, told, _ = settled([AtCutoff(days(100), (), (blend,), None, {})], HORIZON)
    after, other, _ = settled([AtCutoff(days(100), (), (turned,), None, {})], HORIZON)
    np.testing.assert_array_equal(before[0].predicted, after[0].predicted)
    assert told["purchase"].weights != other["purchase"].weights


def test_all_tests_together_tell_the_mix_and_the_level() -> None:
    tests = [at_day(100 + 30 * n, n, ("purchase", "high_value"), level=0.3) for n in range(4)]
    _, told, _ = settled(tests, HORIZON)
    assert told["purchase"].weights["good"] > told["purchase"].weights["bad"] + 0.2
    level = told["purchase"].level
    assert level is not None
    assert level.offset > PRIOR[1]
    assert told["high_value"].level is None


def test_the_tier_sums_to_its_share_and_entering_it_is_told_of_those_outside() -> None:
    forecasts, _, _ = settled([at_day(100, targets=("high_value",))], HORIZON)
    found = by_question(forecasts)
    assert found["high_value", days(100)].predicted.mean() == pytest.approx(0.1)
    assert len(found["becomes_high_value", days(100)].actual) < 1_500


def test_spend_has_its_interval_around_the_chance_of_the_blend() -> None:
    forecasts, _, _ = settled([at_day(100, targets=("purchase", "spend"))], HORIZON)
    found = by_question(forecasts)
    spend, chance = found["spend", days(100)], found["purchase", days(100)]
    assert spend.high is not None
    np.testing.assert_array_equal(spend.high, SCATTER.quantile(chance.predicted, spend.predicted, 0.9))
    assert chance.high is None
    without, _, _ = settled([at_day(100, targets=("spend",))], HORIZON)
    assert without[0].high is None


def test_where_the_process_says_nothing_the_level_is_that_of_past_misses() -> None:
    blend = blend_at(days(100), "orders", 1, said=None)
    forecasts, told, _ = settled([AtCutoff(days(100), (), (blend,), None, {})], HORIZON)
    link = 0.5 * blend.links["good"] + 0.5 * blend.links["bad"]
    np.testing.assert_allclose(forecasts[0].predicted, np.exp(link))
    assert told["orders"].level is not None
    assert told["orders"].level.pull == pytest.approx(PRIOR[0])


def test_models_that_were_tested_later_join_their_cutoff() -> None:
    first = at_day(100)
    [other] = settled([first], HORIZON)[0][:1]
    later = AtCutoff(first.cutoff, (replace(other, model="forest"),), (), None, {"spend · forest": "why"})
    both = first.and_also(later)
    assert both.scatter is SCATTER
    assert both.cannot == {"spend · forest": "why"}
    assert {one.model for one in settled([both], HORIZON)[0]} == {"blend", "forest"}


def test_weights_that_sum_to_more_leave_the_mean_to_the_level() -> None:
    """Links twice as timid as what happened: the mix doubles them, and its mean stays that of the usual blend."""
    blends = [blend_at(days(100 + 30 * n), "purchase", n, said=None) for n in range(3)]
    timid = [replace(one, links={name: link / 2 for name, link in one.links.items()}) for one in blends]
    forecasts, told, _ = settled([AtCutoff(b.asked.cutoff, (), (b,), None, {}) for b in timid], HORIZON)
    assert sum(told["purchase"].weights.values()) > 1.05
    level = told["purchase"].level
    assert level is not None
    newest = forecasts[-1] if forecasts[-1].objective == "purchase" else forecasts[-2]
    links = timid[-1].links
    usual = expit(0.5 * links["good"] + 0.5 * links["bad"]).mean()
    assert newest.predicted.mean() == pytest.approx(usual, abs=0.03)


def test_spend_scatters_around_forecasts_with_the_mix_that_serves() -> None:
    """Links half as wide as they should be: around the forecasts of the usual mix, large ones would seem to be missed
    upwards and small ones downwards, and the mix that serves misses neither."""
    chance, spend = (blend_at(days(100), name, 1, said=None) for name in ("purchase", "spend"))
    chance, spend = (replace(one, links={k: v / 2 for k, v in one.links.items()}) for one in (chance, spend))
    forecasts, told, scatter = settled([AtCutoff(days(100), (), (chance, spend), SCATTER, {})], HORIZON)
    links = {"purchase": chance.links, "spend": spend.links}
    mixed = {name: weighted(own, told[name].weights, 0.0, TARGETS[name].kind) for name, own in links.items()}
    usual = by_question(forecasts)
    mean = usual["spend", days(100)].predicted.mean()
    p_purchase = expit(
        mixed["purchase"] + shift_to(usual["purchase", days(100)].predicted.mean(), mixed["purchase"], "probability")
    )
    expected = np.exp(mixed["spend"]) * mean / np.exp(mixed["spend"]).mean()
    assert scatter is not None
    np.testing.assert_allclose(scatter.errors, fit(p_purchase, expected, spend.asked.judged.actual).errors, rtol=1e-6)
    chances, means = (usual[name, days(100)].predicted for name in ("purchase", "spend"))
    told_by_usual = fit(chances, means, spend.asked.judged.actual)
    assert not np.allclose(scatter.errors, told_by_usual.errors, rtol=0.01)


def test_the_scatter_at_a_test_is_told_by_tests_that_had_ended() -> None:
    tests = [at_day(day, seed, ("purchase", "spend")) for seed, day in enumerate((100, 115, 130), 1)]
    found = by_question(settled(tests, HORIZON)[0])
    _, _, known = settled(tests[:1], HORIZON)
    assert known is not None
    for day, scatter in ((115, SCATTER), (130, None)):
        spend, chance = found["spend", days(day)], found["purchase", days(day)]
        told_in_training = SCATTER.quantile(chance.predicted, spend.predicted, 0.9)
        assert spend.high is not None
        assert np.array_equal(spend.high, told_in_training) == (scatter is SCATTER)


def test_too_few_buyers_tell_no_scatter() -> None:
    [chance, spend] = at_day(100, targets=("purchase", "spend")).blends
    nothing = replace(spend, asked=replace(spend.asked, judged=replace(spend.asked.judged, actual=np.zeros(1_500))))
    assert settled([AtCutoff(days(100), (), (chance, nothing), SCATTER, {})], HORIZON)[2] is None
    assert settled([AtCutoff(days(100), (), (chance,), SCATTER, {})], HORIZON)[2] is None
