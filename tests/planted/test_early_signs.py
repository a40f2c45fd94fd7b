"""Who will be of high value reads and clicks content early in a generated shop, where that is planted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foretell.forecasts.early_value.proof import EarlyValue, early_value_of
from foretell.forecasts.early_value.words import indicator_line, note
from foretell.generated.parameters import Parameters
from foretell.generated.request import ShopRequest
from shops.planted_log import planted_log

PLANTED = Parameters()
UNPLANTED = replace(PLANTED, content_if_high_value=PLANTED.content_else, visits_follow=0.0)


def told(parameters: Parameters, folder: Path) -> EarlyValue:
    """The proof by age in a shop of these parameters."""
    log = planted_log(ShopRequest(1_500, 500, seed=3, parameters=parameters), folder, 60)
    return early_value_of(log.engine, log.plan, 0)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> EarlyValue:
    return told(PLANTED, tmp_path_factory.mktemp("planted"))


def test_interactions_with_content_are_named_at_each_age(planted: EarlyValue) -> None:
    assert [at.age_days for at in planted.ages] == [1, 7, 30]
    for at in planted.ages:
        content = next(one for one in at.indicators if one.theme == "content")
        assert content.ratio.low is not None
        assert content.ratio.low > 1
        assert content.model_says == 1
        assert "interactions with marketing content" in indicator_line(content)


def test_nothing_is_said_to_be_missing_that_the_log_has(planted: EarlyValue) -> None:
    assert planted.missing_tables == ()
    assert note(planted) == ""


def test_where_it_is_not_planted_it_is_not_named(tmp_path: Path) -> None:
    found = told(UNPLANTED, tmp_path)
    assert [at.age_days for at in found.ages] == [1, 7, 30]
    assert not [one.text for at in found.ages for one in at.indicators if one.theme in ("content", "marketing")]
