"""A published run is read as it was kept: each result once, the main horizon first, by its id or as the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun, as_published, published
from foretell.examples.plan import PLAN
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.scores.customers import SCORES
from foretell.storage.catalogue import Catalogue
from kept import copied


def test_the_newest_run_is_found_and_any_by_its_id(shop_run: PublishedRun) -> None:
    place, own = shop_run.request.place, shop_run.record.run
    assert published(place).record == published(place, own).record
    assert published(place).main.scores.equals(shop_run.main.scores)
    with pytest.raises(InputError, match="no such run") as caught:
        published(place, "another")
    assert (caught.value.found, own in (caught.value.expected or "")) == ("another", True)


def test_without_a_run_it_says_where_it_looked(tmp_path: Path) -> None:
    place = Place.of_results(tmp_path / "nowhere")
    with pytest.raises(InputError, match="no finished run") as caught:
        published(place)
    assert caught.value.file == str(place.state)
    assert not place.out.exists()


def test_the_main_horizon_is_the_first_asked_and_all_come_shortest_first(
    shop_run: PublishedRun, tmp_path: Path
) -> None:
    place, record = copied(shop_run, tmp_path / "out").place, shop_run.record
    catalogue = Catalogue(place.state)
    catalogue.publish(record.as_of, {**record.asked, "horizons": [60, 14, 30]}, record.artefacts)
    found = as_published(catalogue, catalogue.run(), place)
    assert found.main.horizon_days == 60
    assert [one.horizon_days for one in found.horizons] == [14, 30, 60]
    assert found.over(30).read(PLAN).as_of_day() == shop_run.main.plan.as_of_day()
    with pytest.raises(InputError, match="damaged: scores") as caught:
        found.over(14).read(SCORES)
    assert caught.value.found == "the run has none"


def test_a_result_is_read_once(shop_run: PublishedRun) -> None:
    one = published(shop_run.request.place).main
    assert one.scores is one.read(SCORES)
    assert one.customers is one.scored.table
    assert len(one.customers) == len(one.scores)
    assert one is one.run.main is one.run.over(30)


def test_another_day_changes_nothing_else_of_what_was_asked(shop_run: PublishedRun) -> None:
    asked = shop_run.request_as_of("2024-08-01")
    assert asked.asked.as_of == "2024-08-01"
    assert (asked.settings, asked.sources, asked.asked.horizons) == (
        shop_run.request.settings,
        shop_run.request.sources,
        (30,),
    )
    assert shop_run.request_as_of(None) == shop_run.request


def test_what_was_asked_comes_back_from_the_catalogue(shop_run: PublishedRun) -> None:
    again = published(shop_run.request.place)
    assert again.request.as_plain() == shop_run.request.as_plain()
    assert (again.main.request, again.main.currency) == (again.request, again.request.settings.currency)
