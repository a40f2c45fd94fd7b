"""The plan of a run: which steps it would make, and why, before any of them is made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from foretell.pipeline.plan import PlannedStep, plan_of_run
from foretell.pipeline.steps import STEPS
from foretell.project.progress import Silent
from foretell.project.request import Request
from foretell.scores.customers import SCORES
from foretell.storage.artefacts import FOLDER
from kept import copied


@pytest.fixture
def request_again(shop_run: PublishedRun, tmp_path: Path) -> Request:
    """What the run was asked, where all that it kept is there."""
    return copied(shop_run, tmp_path / "out")


def told(request: Request) -> dict[str, PlannedStep]:
    return {one.step: one for one in plan_of_run(request, Silent())}


def test_a_run_that_was_made_has_nothing_left_to_make(request_again: Request) -> None:
    found = plan_of_run(request_again, Silent())
    assert [one.step for one in found] == [step.name for step in STEPS]
    assert {(one.horizon_days, one.runs, one.why) for one in found} == {(30, False, "")}


def test_what_was_asked_otherwise_is_named_and_the_rest_follows(request_again: Request) -> None:
    before = {path.name for path in (request_again.place.state / FOLDER).iterdir()}
    found = told(replace(request_again, settings=replace(request_again.settings, margin=0.5)))
    direct = {one.why for one in found.values() if one.runs and not one.why.startswith("after ")}
    assert "money changed" in direct
    assert direct <= {"money changed", "settings changed"}
    assert not found["proof"].runs
    assert {path.name for path in (request_again.place.state / FOLDER).iterdir()} == before


def test_another_seed_changes_what_is_proved(request_again: Request) -> None:
    found = told(replace(request_again, settings=replace(request_again.settings, seed=1)))
    assert "seed changed" in {one.why for one in found.values()}
    assert found["proof"].runs


def test_what_is_damaged_is_made_again_and_alone(request_again: Request, shop_run: PublishedRun) -> None:
    kept = shop_run.record.artefacts[30, SCORES.name]
    folder = request_again.place.state / FOLDER / kept.folder
    (folder / "manifest.json").unlink()
    found = told(request_again)
    assert found[SCORES.name].why.endswith("what was kept is damaged or gone")
    assert {name for name, one in found.items() if one.runs and not one.why.startswith("after ")} == {SCORES.name}


def test_files_that_changed_make_everything_anew(request_again: Request, tmp_path: Path) -> None:
    (source,) = request_again.orders.files
    other = tmp_path / "orders.csv"
    other.write_text(source.read_text() + "C9999,2024-08-20 10:00:00,A9,P01,5.00\n")
    sources = (replace(request_again.sources[0], files=(other,)),)
    known = plan_of_run(replace(request_again, sources=sources), Silent())
    assert {one.why for one in known} == {"files changed: orders.csv"}
    assert all(one.runs and one.horizon_days == 0 for one in known)
    nowhere = replace(request_again, place=type(request_again.place).of_results(tmp_path / "new"))
    assert {one.why for one in plan_of_run(nowhere, Silent())} == {"never made"}
    assert not (tmp_path / "new").exists()
