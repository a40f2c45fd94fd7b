"""A blend of links, and the forecast beyond the learned horizon."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.blend import Blend
from foretell.models.contract import CannotFit
from foretell.models.learners.buy_till_you_die import OWN_RHYTHM, BgNbd
from foretell.models.learners.gradient_boosting import GradientBoosting
from foretell.models.learners.logistic import Logistic
from foretell.models.links import to_link
from foretell.models.several_horizons import SeveralHorizons
from foretell.project.objectives import TARGETS
from kept import stored


def test_a_blend_is_the_weighted_mean_of_its_members_logits(examples: Examples) -> None:
    target = TARGETS["purchase"]
    trees, linear, rhythm = (
        to_link(model.fit(examples, target, 9).predict(examples), "probability")
        for model in (GradientBoosting(), Logistic(), BgNbd())
    )
    learners = (trees + linear) / 2
    expected = 0.75 * learners + 0.25 * np.clip(rhythm, learners - 2, learners + 2)
    blended = Blend().fit(examples, target, 9).predict(examples)
    np.testing.assert_allclose(to_link(blended, "probability"), expected, atol=1e-9)


def test_the_own_rhythm_has_its_share(examples: Examples) -> None:
    fitted = Blend().fit(examples, TARGETS["purchase"], 9)
    parts = fitted.contributions(examples)
    rhythm = BgNbd().fit(examples, TARGETS["purchase"], 9).contributions(examples)
    whole = rhythm.base + rhythm.values[:, 0]
    near = np.abs(whole - to_link(fitted.predict(examples), "probability")) < 1.5
    assert near.mean() > 0.5
    share = parts.values[near, parts.names.index(OWN_RHYTHM)]
    np.testing.assert_allclose(share, 0.25 * rhythm.values[near, 0], atol=1e-6)


def test_a_process_that_is_certain_does_not_silence_the_learners(examples: Examples) -> None:
    facts = {name: values.copy() for name, values in examples.facts.items()}
    facts["purchase_days"][:], facts["first_to_last_days"][:], facts["observed_days"][:] = 60.0, 60.0, 600.0
    gone = replace(examples, facts=facts)
    learners = Blend({"probability": ((GradientBoosting(), 0.5), (Logistic(), 0.5))})
    steadied = Blend().fit(examples, TARGETS["purchase"], 9).predict(gone)
    alone = learners.fit(examples, TARGETS["purchase"], 9).predict(gone)
    assert BgNbd().fit(examples, TARGETS["purchase"], 9).predict(gone).max() < 1e-5
    apart = to_link(alone, "probability") - to_link(steadied, "probability")
    np.testing.assert_allclose(apart, 0.25 * 2.0, atol=1e-9)


def test_a_member_that_cannot_fit_is_left_out_and_the_others_share_its_weight(examples: Examples) -> None:
    once = examples.take(examples.facts["purchase_days"] == 1)
    fitted = Blend().fit(once, TARGETS["purchase"], 9)
    assert [(member.name, member.weight) for member in fitted.members] == [
        ("gradient_boosting", 0.5),
        ("logistic", 0.5),
    ]


def test_a_blend_of_nothing_gives_every_reason(examples: Examples) -> None:
    with pytest.raises(CannotFit, match=r"gradient_boosting: .*logistic: .*bg_nbd: "):
        Blend().fit(examples.take(np.arange(1)), TARGETS["purchase"], 9)


class TestSeveralHorizons:
    """What is learned at 60 days, asked at more."""

    @pytest.mark.parametrize("target", ["purchase", "orders", "spend", "high_value"])
    def test_at_the_learned_horizon_nothing_moves(self, target: str, examples: Examples) -> None:
        moved = SeveralHorizons().fit(examples, TARGETS[target], 9).predict(examples)
        np.testing.assert_allclose(moved, Blend().fit(examples, TARGETS[target], 9).predict(examples), rtol=1e-9)

    @pytest.mark.parametrize("target", ["purchase", "orders", "spend"])
    def test_a_longer_horizon_never_holds_less(self, target: str, examples: Examples) -> None:
        fitted = SeveralHorizons().fit(examples, TARGETS[target], 9)
        at = [fitted.predict(replace(examples, horizon_days=days)) for days in (60, 90, 365)]
        assert (at[0] <= at[1] * (1 + 1e-9)).all()
        assert (at[1] <= at[2] * (1 + 1e-9)).all()
        assert at[0].mean() * 1.05 < at[1].mean() < at[2].mean()

    def test_it_is_explained_and_stored(self, examples: Examples, tmp_path: Path) -> None:
        fitted = SeveralHorizons().fit_with_rhythm([examples], examples, TARGETS["purchase"], 9)
        year = replace(examples, horizon_days=365)
        parts = fitted.contributions(year)
        link = to_link(fitted.predict(year), "probability")
        np.testing.assert_allclose(parts.base + parts.values.sum(axis=1), link, atol=1e-6)
        again = stored(fitted, SeveralHorizons(), tmp_path)
        assert again.predict(year).tobytes() == fitted.predict(year).tobytes()
