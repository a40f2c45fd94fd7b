"""A blend of links, and the forecast beyond the learned horizon."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.blend import Blend, weighted
from foretell.models.contract import CannotFit
from foretell.models.learners.buy_till_you_die import OWN_RHYTHM, BgNbd
from foretell.models.learners.gradient_boosting import GradientBoosting
from foretell.models.learners.logistic import Logistic
from foretell.models.learners.rfm_regression import RfmRegression
from foretell.models.links import to_link
from foretell.models.several_horizons import SeveralHorizons
from foretell.project.objectives import TARGETS
from kept import stored

FEW = 400
"""Customers at which trees have half of their weight."""


def trees_of(examples: Examples, weight: float) -> float:
    """What trees weigh beside others, where so many customers teach."""
    customers = len(np.unique(examples.customer_key))
    return weight * customers / (customers + FEW)


def test_a_blend_is_the_weighted_mean_of_its_members_logits(examples: Examples) -> None:
    target = TARGETS["purchase"]
    trees, linear, few, rhythm = (
        to_link(model.fit(examples, target, 9).predict(examples), "probability")
        for model in (GradientBoosting(), Logistic(), RfmRegression(), BgNbd())
    )
    learners = (trees + linear + few) / 3
    heard = trees_of(examples, 0.375)
    total = heard + 2 * 0.1875 + 0.25
    expected = heard * trees + 0.1875 * (linear + few) + 0.25 * np.clip(rhythm, learners - 2, learners + 2)
    blended = Blend().fit(examples, target, 9).predict(examples)
    np.testing.assert_allclose(to_link(blended, "probability"), expected / total, atol=1e-9)


def test_trees_are_heard_less_the_fewer_customers_teach_chances_and_amounts(examples: Examples) -> None:
    few = examples.take(examples.customer_key <= np.quantile(np.unique(examples.customer_key), 0.4))
    for target, is_held_back in {"purchase": True, "spend": True, "orders": False, "high_value": False}.items():
        many_heard, few_heard = (
            Blend().fit(rows, TARGETS[target], 9).weights["gradient_boosting"] for rows in (examples, few)
        )
        assert (few_heard < 0.8 * many_heard) is is_held_back, target
        alike = Blend(customers_for_trees=0.0).fit(few, TARGETS[target], 9).weights["gradient_boosting"]
        assert alike == pytest.approx(
            Blend(customers_for_trees=0.0).fit(examples, TARGETS[target], 9).weights["gradient_boosting"]
        )


def test_the_own_rhythm_has_its_share(examples: Examples) -> None:
    fitted = Blend().fit(examples, TARGETS["purchase"], 9)
    parts = fitted.contributions(examples)
    rhythm = BgNbd().fit(examples, TARGETS["purchase"], 9).contributions(examples)
    whole = rhythm.base + rhythm.values[:, 0]
    links = fitted.member_links(examples)
    learners = np.mean([links[name] for name in links if name != "bg_nbd"], axis=0)
    near = np.abs(whole - learners) < 2 - 1e-9
    assert near.mean() > 0.5
    share = parts.values[near, parts.names.index(OWN_RHYTHM)]
    np.testing.assert_allclose(share, fitted.weights["bg_nbd"] * rhythm.values[near, 0], atol=1e-6)


def test_a_process_that_is_certain_does_not_silence_the_learners(examples: Examples) -> None:
    facts = {name: values.copy() for name, values in examples.facts.items()}
    facts["purchase_days"][:], facts["first_to_last_days"][:], facts["observed_days"][:] = 60.0, 60.0, 600.0
    gone = replace(examples, facts=facts)
    steadied = Blend().fit(examples, TARGETS["purchase"], 9)
    learned = [
        to_link(member.fitted.predict(gone), "probability") for member in steadied.members if member.name != "bg_nbd"
    ]
    assert BgNbd().fit(examples, TARGETS["purchase"], 9).predict(gone).max() < 1e-5
    own = sum(member.weight * link for member, link in zip(steadied.members, learned, strict=False))
    heard = to_link(steadied.predict(gone), "probability") - own
    np.testing.assert_allclose(heard, steadied.weights["bg_nbd"] * (np.mean(learned, axis=0) - 2.0), atol=1e-9)


def test_a_member_that_cannot_fit_is_left_out_and_the_others_share_its_weight(examples: Examples) -> None:
    once = examples.take(examples.facts["purchase_days"] == 1)
    fitted = Blend().fit(once, TARGETS["purchase"], 9)
    trees = trees_of(once, 0.375)
    assert fitted.weights == pytest.approx(
        {
            "gradient_boosting": trees / (trees + 0.375),
            "logistic": 0.1875 / (trees + 0.375),
            "rfm_regression": 0.1875 / (trees + 0.375),
        }
    )


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


def test_a_member_that_the_weights_do_not_name_is_not_heard() -> None:
    links = {"known": np.array([0.5, 1.0]), "of_an_earlier_test": np.array([9.0, 9.0])}
    assert weighted(links, {"known": 1.0}, 0.25, "count").tolist() == [0.75, 1.25]
