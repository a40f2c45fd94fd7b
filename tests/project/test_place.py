"""A project keeps its state beside its declaration; without one everything lies with the results."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from foretell.project.errors import InputError
from foretell.project.place import Place, place_of, refuse_folder

DECLARED = '[project]\nout = "told"\n[[sources]]\ntable = "orders"\npath = "orders.csv"\ncolumns = { customer = "c" }\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the one worked in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_named_results_hold_their_own_state_even_beside_a_declaration(here: Path) -> None:
    (here / "foretell.toml").write_text(DECLARED)
    assert place_of(Path("out")) == Place(Path("out"), Path("out/.foretell")) == Place.of_results(Path("out"))


def test_nothing_named_and_nothing_declared_is_the_usual_folder(here: Path) -> None:
    assert place_of(None) == Place(Path("foretell-results"), Path("foretell-results/.foretell"))
    (here / "foretell.toml").mkdir()
    assert place_of(None) == Place.of_results(Path("foretell-results"))


def test_the_declaration_here_says_where_results_go(here: Path) -> None:
    (here / "foretell.toml").write_text(DECLARED)
    assert place_of(None) == Place(Path("told"), Path(".foretell"))


def test_results_outside_of_the_project_leave_the_state_in_it() -> None:
    place = Place.of_declaration(Path("/shop/foretell.toml"), "/elsewhere/out")
    assert place == Place(Path("/elsewhere/out"), Path("/shop/.foretell"))


def test_a_damaged_declaration_is_refused_and_not_passed_over(here: Path) -> None:
    (here / "foretell.toml").write_text("[project")
    with pytest.raises(InputError) as refused:
        place_of(None)
    assert refused.value.file == "foretell.toml"


def test_results_lie_in_a_folder_that_is_there_or_can_be_made(tmp_path: Path) -> None:
    refuse_folder(tmp_path)
    refuse_folder(tmp_path / "new")
    (tmp_path / "file").write_text("x")
    for out, found in (("-", "standard output"), (tmp_path / "file", "a file"), (tmp_path / ("x" * 300), "too long")):
        with pytest.raises(InputError, match=found):
            refuse_folder(Path(out))
    with pytest.raises(InputError, match="not UTF-8"):
        refuse_folder(tmp_path / os.fsdecode(b"\xff"))
