"""What a duty may look at: the declaration beside the state, the newest run, what was answered before."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from foretell.pipeline.loop.duties.duty import Loop
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.project.progress import Silent
from shops.acting_shop import acting_shop


def test_what_was_answered_is_kept_from_tick_to_tick(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = acting_shop(shop_run, tmp_path, '[loop]\nact = false\nretrain = "2w"\n')
    loop = Loop.of(place, Silent(), 5)
    assert (loop.at, loop.part.act, loop.part.retrain_days) == (5, False, 14)
    assert loop.newest is not None
    assert loop.newest.run == shop_run.record.run
    assert loop.answered("grade") == ""
    loop.answer("grade", "this")
    assert Loop.of(place, Silent(), 6).answered("grade") == "this"
    assert loop.answered("alerts") == ""


def test_without_a_declaration_the_usual_holds(tmp_path: Path) -> None:
    loop = Loop.of(Place.of_results(tmp_path), Silent(), 0)
    assert (loop.declared, loop.newest, loop.part.act, loop.part.retrain_days) == (None, None, True, 28)


def test_a_declaration_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "foretell.toml").write_text('[loop]\nretrain = "often"\n')
    with pytest.raises(InputError):
        Loop.of(Place(tmp_path / "out", tmp_path / ".foretell"), Silent(), 0)
