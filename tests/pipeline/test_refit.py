"""Cutting anew is asked of the next run, and of a project that has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from foretell.pipeline.refit import refit
from foretell.pipeline.run import REFIT, cuts_of_project, keep_cuts
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.segments.movement.cut_points import CUTS
from foretell.storage.artefacts import Artefacts
from foretell.storage.catalogue import Catalogue
from kept import copied


def test_the_next_run_is_asked_once(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = copied(shop_run, tmp_path / "out").place
    catalogue, artefacts = Catalogue(place.state), Artefacts(place.state)
    before = cuts_of_project(catalogue, artefacts, Silent())
    assert "cuts all segments anew" in refit(place)
    asked = cuts_of_project(catalogue, artefacts, Silent())
    assert before is not None
    assert asked is not None
    assert asked.cuts != before.cuts
    keep_cuts(catalogue, shop_run.record.artefacts[30, CUTS.name])
    assert catalogue.setting(REFIT) is None
    assert cuts_of_project(catalogue, artefacts, Silent()) == before


def test_without_a_run_there_is_nothing_to_cut(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run"):
        refit(Place.of_results(tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()
