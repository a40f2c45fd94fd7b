"""Everything that went into the models is kept beside them, and read again as it was."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from foretell.answers.model import FILE_NAME, card_of, kept_cards
from foretell.models.blend import FittedBlend
from foretell.pipeline.run import Outcome
from foretell.project.errors import InputError


def test_the_card_comes_back_as_it_was(shop_outcome: Outcome) -> None:
    assert kept_cards(shop_outcome.request.state) == (card_of(shop_outcome),)


def test_it_tells_what_went_in(shop_outcome: Outcome) -> None:
    card, plan = kept_cards(shop_outcome.request.state)[0], shop_outcome.plan
    assert card.model_id == shop_outcome.scores["model_id"][0].as_py()
    assert (card.as_of, card.horizon_days, card.seed) == (plan.as_of_day(), 30, 0)
    assert [load["file"] for load in card.loads] == ["orders.csv"]
    assert sum(load["rows"] for load in card.loads) == shop_outcome.ingested.loads[0].rows_read
    assert plan.serving is not None
    assert len(card.training_cutoffs) == len(plan.serving.training)
    assert card.training_rows == sum(plan.survey.customers_before(cutoff) for cutoff in plan.serving.training)
    assert set(card.test_cutoffs) == {row.cutoff for row in shop_outcome.proof.measured}
    assert card.libraries["numpy"] == version("numpy") == np.__version__
    assert list(card.features) == list(shop_outcome.serving.feature_names)


def test_it_tells_who_serves_with_members_and_level(shop_outcome: Outcome) -> None:
    card, serving = kept_cards(shop_outcome.request.state)[0], shop_outcome.serving
    blends = 0
    for name, service in card.questions.items():
        told_by = "high_value" if name == "becomes_high_value" else name
        fitted = serving.models[told_by]
        assert service.model == serving.names[told_by]
        assert service.reason == shop_outcome.proof.choices[name].reason
        assert service.threshold == serving.thresholds.get(name)
        if isinstance(fitted, FittedBlend):
            blends += 1
            assert sum(service.members.values()) == pytest.approx(1)
            assert service.level_shift == fitted.shift
        else:
            assert (service.members, service.level_shift) == ({}, None)
    assert blends


def test_churn_is_served_by_the_model_of_purchase(shop_outcome: Outcome) -> None:
    card = card_of(shop_outcome)
    assert card.service("churn") == card.questions["purchase"]
    assert card.service("no such question") is None


@pytest.mark.parametrize("text", [None, "", "{}", "[1]", '[{"questions": {"purchase": {}}}]'])
def test_a_card_that_is_not_there_or_broken_is_an_error(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(InputError, match="no model card") as caught:
        kept_cards(tmp_path)
    assert "foretell run" in (caught.value.hint or "")
