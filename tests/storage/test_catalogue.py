"""The catalogue: a run is published whole, the newest ones stay, and whatever no kept run names goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from foretell.project.errors import InputError
from foretell.storage.artefacts import Artefact, Artefacts, Kept
from foretell.storage.catalogue import FILE_NAME, KEPT_RUNS, Catalogue, RunRecord

SCORES: Artefact[str] = Artefact("scores_of_all", str)
PLAN: Artefact[str] = Artefact("plan", str)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path)


def made(catalogue: Catalogue, text: str, *horizons: int) -> dict[tuple[int, str], Kept]:
    """Kept scores that say `text`, and a plan that all runs share, over each horizon."""
    artefacts = Artefacts(catalogue.state)
    scores, _ = artefacts.kept_or_made(SCORES, {"text": text}, lambda: text)
    plan, _ = artefacts.kept_or_made(PLAN, {}, lambda: "shared")
    return {(days, kept.name): kept for days in horizons for kept in (scores, plan)}


def publish(catalogue: Catalogue, text: str, *horizons: int, as_of: int = 7, **asked: Any) -> RunRecord:
    found = catalogue.publish(as_of, {"horizons": list(horizons), **asked}, made(catalogue, text, *horizons))
    catalogue.tidy()
    return found


def told(catalogue: Catalogue) -> list[str]:
    """What the scores of each run say, newest first."""
    return [catalogue.read(run, SCORES, run.horizons[0]) for run in catalogue.runs()]


def folders(catalogue: Catalogue) -> set[str]:
    return {path.name for path in catalogue.artefacts.root.iterdir()}


def test_a_run_comes_back_as_it_was_published(catalogue: Catalogue) -> None:
    asked = {"seed": 3, "columns": {"time": "day"}, "of": None}
    run = publish(catalogue, "a", 90, 30, as_of=2**50, **asked)
    assert catalogue.run() == catalogue.run(run.run) == run
    assert (run.as_of, run.horizons, run.number) == (2**50, (90, 30), 1)
    assert run.asked == {"horizons": [90, 30], **asked}
    assert run.artefacts == made(catalogue, "a", 90, 30)
    assert catalogue.read(run, PLAN, 30) == "shared"
    assert catalogue.has(run, PLAN, 30)
    assert not catalogue.has(run, PLAN, 60)


def test_the_newest_run_is_first_and_each_has_its_own_id(catalogue: Catalogue) -> None:
    runs = [publish(catalogue, "a", 30), publish(catalogue, "b", 30), publish(catalogue, "b", 30, as_of=8)]
    runs.append(publish(catalogue, "b", 30, as_of=8, seed=1))
    assert [one.run for one in catalogue.runs()] == [one.run for one in reversed(runs)]
    assert len({one.run for one in runs}) == 4
    assert catalogue.run(runs[0].run).number == 1


def test_the_same_results_again_are_the_same_run_now_the_newest(catalogue: Catalogue) -> None:
    first = publish(catalogue, "a", 30)
    catalogue.exported(first.run)
    publish(catalogue, "b", 30)
    again = publish(catalogue, "a", 30)
    assert again.run == first.run
    assert told(catalogue) == ["a", "b"]
    assert not catalogue.run().is_exported


def test_files_are_written_down_as_written(catalogue: Catalogue) -> None:
    first, second = publish(catalogue, "a", 30), publish(catalogue, "b", 30)
    assert not first.is_exported
    catalogue.exported(second.run)
    assert [run.is_exported for run in catalogue.runs()] == [True, False]


def test_the_newest_runs_stay_with_what_they_name_and_nothing_else(catalogue: Catalogue) -> None:
    texts = "abcdefgh"
    for text in texts:
        publish(catalogue, text, 30)
    assert told(catalogue) == [*reversed(texts[-KEPT_RUNS:])]
    assert len(folders(catalogue)) == KEPT_RUNS + 1


def test_a_run_that_is_repeated_drives_no_other_out(catalogue: Catalogue) -> None:
    publish(catalogue, "a", 30)
    publish(catalogue, "b", 30)
    for _ in range(2 * KEPT_RUNS):
        publish(catalogue, "c", 30)
    assert told(catalogue) == ["c", "b", "a"]


def test_of_each_horizon_two_runs_stay(catalogue: Catalogue) -> None:
    for text in "abc":
        publish(catalogue, text, 14)
    for text in "vwxyz":
        publish(catalogue, text, 30, 90)
    assert told(catalogue) == ["z", "y", "x", "w", "c", "b"]


def test_tidying_leaves_what_is_named_besides(catalogue: Catalogue) -> None:
    other = made(catalogue, "other", 30)[30, SCORES.name]
    catalogue.publish(7, {"horizons": [30]}, made(catalogue, "a", 30))
    catalogue.tidy([other.folder])
    assert other.folder in folders(catalogue)
    catalogue.tidy()
    assert other.folder not in folders(catalogue)


def test_without_a_catalogue_there_are_no_runs_and_no_file(catalogue: Catalogue) -> None:
    assert catalogue.runs() == []
    assert catalogue.setting("refit") is None
    with pytest.raises(InputError, match="no finished run here") as caught:
        catalogue.run()
    assert "foretell run" in (caught.value.hint or "")
    assert list(catalogue.state.iterdir()) == []


def test_an_unknown_run_is_told_the_known_ones(catalogue: Catalogue) -> None:
    run = publish(catalogue, "a", 30)
    with pytest.raises(InputError, match="no such run") as caught:
        catalogue.run("another")
    assert run.run in (caught.value.expected or "")


@pytest.mark.parametrize("days", [30, 60])
def test_a_result_that_is_damaged_or_was_never_made_is_told(catalogue: Catalogue, days: int) -> None:
    run = publish(catalogue, "a", 30)
    kept = run.artefacts[30, SCORES.name]
    (catalogue.artefacts.root / kept.folder / "value.json").write_text('"b"')
    with pytest.raises(InputError, match="damaged: scores of all") as caught:
        catalogue.read(run, SCORES, days)
    assert caught.value.found == ("value.json is not as it was written" if days == 30 else "the run has none")


def test_a_setting_is_kept_until_it_is_taken_away(catalogue: Catalogue) -> None:
    for value in ("asked", "again", None, None):
        catalogue.set("refit", value)
        assert catalogue.setting("refit") == value
    assert catalogue.setting("other") is None


def test_a_publication_that_fails_leaves_the_catalogue_as_it_was(catalogue: Catalogue) -> None:
    publish(catalogue, "a", 30)
    broken: Mapping[tuple[int, str], Any] = {
        **made(catalogue, "b", 30),
        (90, "z"): Kept("z", "k", "f", {"x": object()}),  # type: ignore[dict-item]  # cannot be kept
    }
    with pytest.raises(TypeError):
        catalogue.publish(8, {"horizons": [30]}, broken)
    assert told(catalogue) == ["a"]


@pytest.mark.parametrize("content", [b"", b"no database"])
def test_a_damaged_catalogue_says_what_to_do(catalogue: Catalogue, content: bytes) -> None:
    publish(catalogue, "a", 30)
    (catalogue.state / FILE_NAME).write_bytes(content)
    with pytest.raises(InputError, match="The catalogue of runs is damaged") as caught:
        catalogue.runs()
    assert f"delete {FILE_NAME} and run again" in (caught.value.hint or "")


def test_all_runs_are_forgotten_at_once_but_for_what_is_named(catalogue: Catalogue) -> None:
    for text in ("a", "b"):
        publish(catalogue, text, 30)
    (kept, *_) = sorted(folders(catalogue))
    assert catalogue.forget_runs([kept]) == 2
    assert catalogue.runs() == []
    assert folders(catalogue) == {kept}
    assert catalogue.forget_runs() == 0
