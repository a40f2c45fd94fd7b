"""The card of the models on the screen: narrow, every question with who serves it, only what there is to tell."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from foretell.answers.model import MODEL_CARD, ModelCard, Service
from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.cli.screen.model import card_lines, show_model

BARE = Service("at least one order", None, None, "nothing could be learned", None, None, {}, None, None)


@pytest.fixture
def card(shop_main: RunOverHorizon) -> ModelCard:
    return shop_main.read(MODEL_CARD)


def told(card: ModelCard) -> str:
    """The lines as one, so that it does not matter where they break."""
    return " ".join(" ".join(card_lines(card)).replace("\xa0", " ").split())


def test_every_question_and_file_is_on_narrow_lines(card: ModelCard) -> None:
    lines = list(card_lines(card))
    assert max(map(len, lines)) <= 79
    assert lines[0] == f"Model {card.model_id}, made by Foretell {card.foretell}"
    heads = [line for line in lines if line and not line.startswith((" ", "Model"))]
    assert [head.rpartition("(")[2].rstrip(")") for head in heads] == list(card.questions)
    assert f"features {len(card.features)}: " in told(card)
    assert "orders.csv: 921 rows, 0 rejected" in told(card)


def test_what_was_not_learned_is_said(card: ModelCard) -> None:
    nothing = replace(
        card, training_cutoffs=(), test_cutoffs=(), unproved="the log is too short", features=(), season=None
    )
    text = told(replace(nothing, questions={"purchase": BARE}))
    assert "taught by nothing" in text
    assert "tested at the log is too short" in text
    assert "features none" in text
    assert "serves the overall chance of the past why Nothing could be learned" in text
    for absent in ("season", "members", "level", "threshold", "proved"):
        assert f" {absent} " not in text


def test_the_policy_of_the_scores_is_told_in_a_sentence(card: ModelCard) -> None:
    assert card.policy == "as usual"
    assert "policy Scores say what comes as usual: customers go on being contacted as they were" in told(card)


def test_a_shorter_horizon_is_told_where_models_are_carried_further(card: ModelCard) -> None:
    shorter = replace(card, trained_horizon_days=14, test_horizon_days=7)
    assert "over 14 days, carried to 30 days" in told(shorter)
    assert " over 7 days; " in told(shorter)
    assert "carried" not in told(card)


@pytest.mark.parametrize(("name", "link"), [("spend", "log"), ("orders", "log"), ("purchase", "logit")])
def test_members_level_and_threshold_are_told_where_there_are_any(card: ModelCard, name: str, link: str) -> None:
    service = replace(BARE, model="several_horizons_blend", proved="blend", members={"bg_nbd": 0.75, "logistic": 0.25})
    text = told(replace(card, questions={name: replace(service, level_shift=-0.5, threshold=0.25)}))
    assert "serves blend, learned over several horizons" in text
    assert "proved blend of models, over the shorter horizon" in text
    assert "members BG/NBD 75.0 %, logistic regression 25.0 %" in text
    assert f"level shifted by −.5000 ({link})" in text
    assert "threshold selected from .250 on" in text


def test_json_is_the_card(shop_run: PublishedRun, card: ModelCard, capsys: pytest.CaptureFixture[str]) -> None:
    show_model(shop_run.request.place.out, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["other_horizons"] == []
    assert found["questions"].keys() == card.questions.keys()
    show_model(shop_run.request.place.out, as_json=False)
    assert not [line for line in capsys.readouterr().out.splitlines() if line != line.rstrip()]
