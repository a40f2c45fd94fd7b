"""The champion's recipe on newer data: nothing where it is no other, or where what served was not judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foretell.answers.published import PublishedRun
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE
from foretell.pipeline.loop.champion.same_recipe import served_as
from foretell.pipeline.loop.versions import Listed, listed
from foretell.project.progress import Silent
from pipeline.loop.champion.planted import log_of, unpublished
from shops.private_shop import copied_run


def with_decline_by(champion: Listed, model: str) -> Listed:
    recipe = replace(champion.version.recipe, serves={**champion.version.recipe.serves, "decline": model})
    return replace(champion, version=replace(champion.version, recipe=recipe))


def test_the_champions_models_are_taught_by_the_newest_data(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path)
    challenger, champion = unpublished(place, log_of(place)), listed(shop_run.catalogue)[0]
    assert served_as(challenger, champion, Silent()) is None
    assert served_as(challenger, with_decline_by(champion, "nobody"), Silent()) is None
    other = "base_rate"
    assert shop_run.main.models.names["decline"] != other
    found = served_as(challenger, with_decline_by(champion, other), Silent())
    assert found is not None
    names = found.catalogue.artefacts.read(MODELS_THAT_SERVE, found.main["models"]).names
    assert names == {**shop_run.main.models.names, "decline": other}
