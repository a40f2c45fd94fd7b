"""The card of the models: what was read, taught and tested, and for each question who serves and why."""

from __future__ import annotations

from dataclasses import replace

from foretell.answers.model import MODEL_CARD, ModelCard
from foretell.answers.published import RunOverHorizon
from foretell.backtest.proof import Proof
from foretell.forecasts.orders.serving import Serving
from foretell.models.blend import FittedBlend, Member
from foretell.models.several_horizons import FittedSeveralHorizons, Part
from foretell.pipeline.card import LIBRARIES, blend_in, card_of
from foretell.project.objectives import TARGETS

UNPROVED = Proof((), (), {}, {}, {}, "the log is too short")


def card(one: RunOverHorizon, proof: Proof | None = None, serving: Serving | None = None) -> ModelCard:
    return card_of(one.plan, one.request.settings, one.intake, proof or one.proof, serving or one.models)


def test_the_run_keeps_the_card_of_what_it_found(shop_main: RunOverHorizon) -> None:
    assert card(shop_main) == shop_main.read(MODEL_CARD)
    assert set(card(shop_main).libraries) == {"python", *LIBRARIES}
    assert set(card(shop_main).questions) == set(TARGETS)


def test_what_was_not_proved_says_so(shop_main: RunOverHorizon) -> None:
    found = card(shop_main, UNPROVED)
    assert (found.test_cutoffs, found.test_horizon_days, found.disjoint_tests) == ((), None, 0)
    assert found.unproved == "the log is too short"
    for service in found.questions.values():
        assert service.reason == "not proved, so the simplest that could be taught"
        assert (service.proved, service.best_baseline, service.grade) == (None, None, None)
        assert service.model is not None


def test_where_nothing_was_learned_nobody_serves(shop_main: RunOverHorizon) -> None:
    nothing = replace(shop_main.models, models={}, names={}, thresholds={})
    found = card(shop_main, UNPROVED, nothing)
    assert found.training_cutoffs == ()
    for service in found.questions.values():
        assert (service.model, service.reason) == (None, "nothing could be learned")
        assert (service.members, service.level_shift, service.threshold) == ({}, None, None)


def test_the_same_data_have_the_same_fingerprint_in_any_order(shop_main: RunOverHorizon) -> None:
    load = shop_main.intake.loads[0]
    one, other = replace(load, load="a"), replace(load, load="b")
    prints = [
        card_of(
            shop_main.plan,
            shop_main.request.settings,
            replace(shop_main.intake, loads=loads),
            shop_main.proof,
            shop_main.models,
        ).data_fingerprint
        for loads in ((one, other), (other, one), (one,))
    ]
    assert prints[0] == prints[1] != prints[2]


def test_a_blend_tells_its_members_and_level(shop_main: RunOverHorizon) -> None:
    fitted = shop_main.models.models["purchase"]
    weights = {"bg_nbd": 0.3, "frequency_money": 0.6}
    members = tuple(Member(name, weight, fitted, name == "bg_nbd") for name, weight in weights.items())
    blend = FittedBlend("probability", members, 0.25)
    over_several = FittedSeveralHorizons("probability", (Part(30, blend),), None, -0.5)
    for own in (blend, over_several):
        assert blend_in(own) is own
        serving = replace(shop_main.models, models={**shop_main.models.models, "purchase": own})
        service = card(shop_main, serving=serving).questions["purchase"]
        assert service.members == weights
        assert service.level_shift == own.shift
    assert blend_in(None) is None
    assert blend_in(fitted.members[0].fitted if isinstance(fitted, FittedBlend) else fitted) is None
