"""Everything that went into the models is kept beside them, and read again as it was."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from changed_runs import damage
from foretell.answers.model import MODEL_CARD, model_cards, reason_in_words
from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.models.blend import FittedBlend
from foretell.models.registry import MODELS
from foretell.pipeline.card import card_of
from foretell.project.errors import InputError
from foretell.project.place import Place
from kept import copied


def test_the_card_comes_back_as_it_was(shop_main: RunOverHorizon) -> None:
    one = shop_main
    made = card_of(one.plan, one.request.settings, one.intake, one.proof, one.models)
    assert model_cards(one.request.place) == (made,)


def test_it_tells_what_went_in(shop_main: RunOverHorizon) -> None:
    card, plan = model_cards(shop_main.request.place)[0], shop_main.plan
    assert card.model_id == shop_main.scores["model_id"][0].as_py()
    assert (card.as_of, card.horizon_days, card.seed) == (plan.as_of_day(), 30, 0)
    assert [load["file"] for load in card.loads] == ["orders.csv"]
    assert sum(load["rows"] for load in card.loads) == shop_main.intake.loads[0].rows_read
    assert plan.serving is not None
    assert len(card.training_cutoffs) == len(plan.serving.training)
    assert card.training_rows == sum(plan.survey.customers_before(cutoff) for cutoff in plan.serving.training)
    assert set(card.test_cutoffs) == {row.cutoff for row in shop_main.proof.measured}
    assert card.libraries["numpy"] == version("numpy") == np.__version__
    assert list(card.features) == list(shop_main.models.feature_names)


def test_it_tells_who_serves_with_members_and_level(shop_main: RunOverHorizon) -> None:
    card, serving = model_cards(shop_main.request.place)[0], shop_main.models
    for name, service in card.questions.items():
        told_by = "high_value" if name == "becomes_high_value" else name
        fitted = serving.models[told_by]
        assert service.model == serving.names[told_by]
        assert service.reason == shop_main.proof.choices[name].reason
        assert service.threshold == serving.thresholds.get(name)
        if isinstance(fitted, FittedBlend):
            assert service.members == pytest.approx(fitted.weights)
            assert service.level_shift == fitted.shift
        else:
            assert (service.members, service.level_shift) == ({}, None)


def test_churn_is_served_by_the_model_of_purchase(shop_main: RunOverHorizon) -> None:
    card = model_cards(shop_main.request.place)[0]
    assert card.service("churn") == card.questions["purchase"]
    assert card.service("no such question") is None


def test_without_a_run_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run") as caught:
        model_cards(Place.of_results(tmp_path))
    assert "foretell run" in (caught.value.hint or "")


def test_a_broken_card_is_an_error(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = copied(shop_run, tmp_path / "out").place
    damage(place, shop_run.record.artefacts[30, MODEL_CARD.name])
    with pytest.raises(InputError, match="damaged: model card") as caught:
        model_cards(place)
    assert "foretell run" in (caught.value.hint or "")


@pytest.mark.parametrize("name", [name for name in MODELS if "_" in name])
def test_a_reason_has_models_as_people_say_them(name: str) -> None:
    said = reason_in_words(f"{name} serves: it ties with {name}.")
    assert "_" not in said
    assert said[0].isupper()
    assert reason_in_words("") == ""
