"""The baselines that could serve: the best of each question, and the proof of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foretell.answers.published import RunOverHorizon
from foretell.examples.planned import EXAMPLES, todays_examples
from foretell.forecasts.orders.baselines import BASELINES, proof_of_baselines, proof_served_by, train_baselines
from foretell.forecasts.orders.candidates import BASELINES as NAMES
from foretell.pipeline.intake.log import kept_engine
from foretell.project.objectives import TARGETS
from foretell.storage.work import Work


def test_the_best_baseline_of_each_question_is_taught(shop_main: RunOverHorizon) -> None:
    found = shop_main.read(BASELINES)
    for target, name in found.names.items():
        assert name == shop_main.proof.choices[target].best_baseline
        assert name in NAMES
    assert "purchase" in found.models
    assert found.model_id != shop_main.models.model_id


def test_a_log_too_short_for_the_horizon_has_none(shop_main: RunOverHorizon) -> None:
    plan, planned = shop_main.plan, shop_main.read(EXAMPLES)
    assert plan.serving is not None
    short = replace(plan, serving=replace(plan.serving, shortened_from=60))
    today = todays_examples(kept_engine(shop_main.request), plan)
    season = shop_main.scored.season
    assert train_baselines(planned, today, short, shop_main.proof, season, Work()).models == {}
    unproved = replace(shop_main.proof, choices={})
    assert train_baselines(planned, today, plan, unproved, season, Work()).models == {}


def test_their_proof_says_what_they_were_worth(shop_main: RunOverHorizon) -> None:
    proof = proof_of_baselines(shop_main.proof, "because", 0)
    for target, choice in proof.choices.items():
        if choice.model != shop_main.proof.choices[target].model:
            assert choice.reason == "because"
            assert proof.grades[target].model == choice.model
    assert proof.grades["purchase"].skill == pytest.approx(0)
    assert proof.forecasts == shop_main.proof.forecasts


def test_a_question_told_by_another_follows_its_model_and_who_was_not_judged_serves_nothing(
    shop_main: RunOverHorizon,
) -> None:
    (told,) = [name for name in shop_main.proof.choices if TARGETS[name].told_by]
    teller = TARGETS[told].told_by
    assert proof_served_by(shop_main.proof, {teller: "base_rate"}, "why", 0).choices[told].model == "base_rate"
    assert proof_served_by(shop_main.proof, {teller: "nobody"}, "why", 0) == shop_main.proof
