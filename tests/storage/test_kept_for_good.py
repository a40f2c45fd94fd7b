"""What outlives its run: written with it, there when it is gone, until somebody lets it go."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from foretell.storage.artefacts import Artefact, Artefacts, Kept
from foretell.storage.catalogue import FILE_NAME, KEPT_RUNS, Catalogue

FORECAST: Artefact[str] = Artefact("forecast", str)
OTHER: Artefact[str] = Artefact("other", str)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path)


def publish(catalogue: Catalogue, text: str, as_of: int = 7) -> str:
    artefacts = Artefacts(catalogue.state)
    made: dict[tuple[int, str], Kept] = {}
    for one in (FORECAST, OTHER):
        made[30, one.name], _ = artefacts.kept_or_made(one, {"text": text}, lambda: text)
    run = catalogue.publish(as_of, {"horizons": [30]}, made, {FORECAST.name})
    catalogue.tidy()
    return run.run


def said(catalogue: Catalogue) -> list[str]:
    return [catalogue.artefacts.read(FORECAST, one.kept) for one in catalogue.kept_for_good(FORECAST.name)]


def test_it_is_there_when_its_run_is_long_gone_and_nothing_else_of_that_run_is(catalogue: Catalogue) -> None:
    texts = "abcdefgh"
    for text in texts:
        publish(catalogue, text)
    assert said(catalogue) == [*reversed(texts)]
    assert len(catalogue.runs()) == KEPT_RUNS
    assert len(list(catalogue.artefacts.root.glob("other-*"))) == KEPT_RUNS
    assert catalogue.kept_for_good(OTHER.name) == []


def test_the_same_run_again_is_kept_once_as_the_newest(catalogue: Catalogue) -> None:
    first = publish(catalogue, "a", as_of=5)
    publish(catalogue, "b")
    assert publish(catalogue, "a", as_of=5) == first
    assert said(catalogue) == ["a", "b"]
    assert [(one.number, one.as_of) for one in catalogue.kept_for_good(FORECAST.name)] == [(3, 5), (2, 7)]


def test_it_outlives_a_forgetting_of_runs_may_be_replaced_and_dropped(catalogue: Catalogue) -> None:
    publish(catalogue, "a")
    assert catalogue.forget_runs() == 1
    (one,) = catalogue.kept_for_good(FORECAST.name)
    kept, _ = catalogue.artefacts.kept_or_made(FORECAST, {"text": "less"}, lambda: "less")
    catalogue.replace_kept(one, kept)
    catalogue.tidy()
    assert said(catalogue) == ["less"]
    assert [path.name for path in catalogue.artefacts.root.iterdir()] == [kept.folder]
    catalogue.drop_kept(one)
    catalogue.tidy()
    assert said(catalogue) == []
    assert list(catalogue.artefacts.root.iterdir()) == []


def test_a_catalogue_of_an_earlier_version_gets_its_table_with_the_next_run(catalogue: Catalogue) -> None:
    assert catalogue.kept_for_good(FORECAST.name) == []
    publish(catalogue, "a")
    with sqlite3.connect(catalogue.state / FILE_NAME) as connection:
        connection.execute("drop table kept_for_good")
    assert catalogue.kept_for_good(FORECAST.name) == []
    publish(catalogue, "b")
    assert said(catalogue) == ["b"]
