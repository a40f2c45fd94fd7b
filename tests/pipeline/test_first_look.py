"""The first look says what the scores would say if the blend served; without labels it says nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foretell.answers.published import RunOverHorizon
from foretell.examples.planned import EXAMPLES, todays_examples
from foretell.forecasts.orders.serving import train
from foretell.forecasts.season.season import NO_SEASON
from foretell.pipeline.first_look import CUSTOMERS_SHOWN, FIRST_LOOK, FirstLook, Likely
from foretell.pipeline.intake.log import kept_engine
from foretell.project.progress import Silent
from foretell.storage.work import Work


def test_the_first_look_is_what_the_blend_would_serve(shop_main: RunOverHorizon) -> None:
    plan, proof, look = shop_main.plan, shop_main.proof, shop_main.read(FIRST_LOOK)
    choices = {"purchase": replace(proof.choices["purchase"], model="blend")}
    today = todays_examples(kept_engine(shop_main.request), plan)
    work = Work(shop_main.request.settings.seed, 1, Silent())
    examples = replace(shop_main.read(EXAMPLES), several=())
    untold = replace(proof, choices=choices, mixes={}, levels={})
    serving = train(examples, today, plan, untold, NO_SEASON, work)
    chance = serving.models["purchase"].predict(today.with_features(serving.feature_names))
    assert serving.names["purchase"] == "blend"
    assert [one.p_purchase for one in look.customers] == np.sort(chance)[::-1][:CUSTOMERS_SHOWN].tolist()


def test_the_segments_are_those_of_the_scores(shop_main: RunOverHorizon) -> None:
    segment = {row["customer_id"]: row["segment"] for row in shop_main.scores.to_pylist()}
    look = shop_main.read(FIRST_LOOK)
    assert len(look.customers) == CUSTOMERS_SHOWN
    assert all(segment[one.customer] == one.segment for one in look.customers)


def test_its_lines_say_that_the_proof_is_under_way() -> None:
    look = FirstLook((Likely("A", 0.994, "Loyal"), Likely("BCD", 0.5, "New")), 30)
    assert look.lines() == [
        "First look, proof under way: likeliest to order in the next 30 days",
        "  A    99 %  Loyal",
        "  BCD  50 %  New",
    ]
    assert FirstLook((), 30).lines() == []
