"""Where the best baseline serves: it scores everybody, says what it was worth, and is a version like the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foretell.answers.model import MODEL_CARD
from foretell.answers.published import PublishedRun, published
from foretell.forecasts.orders.baselines import BASELINES
from foretell.pipeline.loop.champion.baseline import with_baseline
from foretell.pipeline.loop.versions import ServingNow, listed, serving
from foretell.pipeline.score import by_whom, scored_by
from foretell.project.progress import Silent
from foretell.storage.catalogue import Catalogue
from shops.private_shop import copied_run

WHY = "Version 1 is shown to be worse."


def test_the_baseline_serves_as_a_version_of_its_own(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path)
    catalogue = Catalogue(place.state)
    champion = serving(catalogue)
    assert champion is not None
    other = with_baseline(catalogue, champion, WHY)
    assert other is not None
    assert (other.number, other.version.follows, other.version.stands_for) == (2, 1, 1)
    now = ServingNow.of(catalogue).taken_over(other.number, same_line=False)
    scored_by(by_whom(published(place), other), None, now, Silent())
    found = published(place)
    best = {name: one.best_baseline for name, one in shop_run.main.proof.choices.items()}
    assert found.main.models.names["purchase"] == best["purchase"]
    assert found.main.proof.serving("purchase") == best["purchase"]
    card = found.main.read(MODEL_CARD)
    assert (card.questions["purchase"].model, card.questions["purchase"].reason) == (best["purchase"], WHY)
    assert [(one.number, one.serves, one.can_serve) for one in listed(catalogue)] == [(2, True, True), (1, False, True)]
    assert len(found.main.scores) == len(shop_run.main.scores)
    assert found.main.scores["p_purchase"].to_pylist() != shop_run.main.scores["p_purchase"].to_pylist()


def test_without_baselines_there_is_none(shop_run: PublishedRun, tmp_path: Path) -> None:
    catalogue = Catalogue(copied_run(shop_run.request.place.out, tmp_path).state)
    champion = listed(catalogue)[0]
    parts = {which: kept for which, kept in champion.parts.items() if which[1] != BASELINES.name}
    assert with_baseline(catalogue, replace(champion, parts=parts), WHY) is None
