"""A step is made once and found again, an unchanged result stops the cascade, and no step reads what it hides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from foretell.pipeline.facts import Given, RunFact, RunFacts
from foretell.pipeline.passage import passed
from foretell.pipeline.step import Step
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from foretell.storage.artefacts import Artefact, Artefacts, Kept
from foretell.storage.work import Work

NUMBER: RunFact[int] = RunFact("a number", lambda facts, _: cast(int, facts.plan), lambda facts: {"number": facts.plan})
REST: Artefact[int] = Artefact("rest", int)
WORD: Artefact[str] = Artefact("word", str)
LINE: Artefact[tuple[str, ...]] = Artefact("line", tuple[str, ...])


class Told(Silent):
    """Listens to the titles of steps and to notes."""

    def __init__(self) -> None:
        self.titles, self.notes = list[str](), list[str]()

    def step(self, title: str, total: int = 0) -> None:
        self.titles.append(title)

    def note(self, text: str) -> None:
        self.notes.append(text)


class Passages:
    """Passes through three steps in one folder; `made` names those that were made, in their order."""

    def __init__(self, state: Path) -> None:
        self.state, self.made, self.told = state, list[str](), Told()
        self.steps: tuple[Step[Any], ...] = (
            Step(REST, (NUMBER,), self.noted("rest", lambda of: of(NUMBER) % 2)),
            Step(WORD, (REST,), self.noted("word", lambda of: ("even", "odd")[of(REST)]), "Saying it"),
            Step(LINE, (WORD, NUMBER), self.noted("line", lambda of: (of(WORD), str(of(NUMBER))))),
        )

    @property
    def artefacts(self) -> Artefacts:
        return Artefacts(self.state, self.told.note)

    def noted(self, name: str, make: Callable[[Given], Any]) -> Callable[[Given], Any]:
        def noting(of: Given) -> Any:
            self.made.append(name)
            return make(of)

        return noting

    def through(self, number: int, *steps: Step[Any], given: dict[str, Kept] | None = None) -> dict[str, Kept]:
        """Pass, with `made` and what was told of this passage alone."""
        self.made.clear()
        self.told = Told()
        return passed(steps or self.steps, facts(number), self.artefacts, Work(progress=self.told), given)

    def line(self, kept: dict[str, Kept]) -> tuple[str, ...]:
        return self.artefacts.read(LINE, kept["line"])


def facts(number: int) -> RunFacts:
    nothing = cast(Any, None)
    return RunFacts(nothing, nothing, nothing, cast(Any, number), None)


@pytest.fixture
def passages(tmp_path: Path) -> Passages:
    return Passages(tmp_path)


def test_a_step_is_made_once_and_taken_from_disk_the_next_time(passages: Passages) -> None:
    first = passages.through(3)
    assert passages.made == ["rest", "word", "line"]
    assert passages.told.titles == ["Saying it"]
    assert list(first) == ["rest", "word", "line"]
    assert passages.line(first) == ("odd", "3")
    assert passages.through(3) == first
    assert passages.made == passages.told.titles == []


def test_an_unchanged_result_stops_the_cascade(passages: Passages) -> None:
    first, other = passages.through(3), passages.through(5)
    assert passages.made == ["rest", "line"]
    assert (first["rest"].key, first["rest"].fingerprint) != (other["rest"].key, other["rest"].fingerprint)
    assert first["rest"].fingerprint == other["rest"].fingerprint
    assert first["word"] == other["word"]
    assert passages.line(other) == ("odd", "5")


def test_a_changed_result_goes_on(passages: Passages) -> None:
    passages.through(3)
    assert passages.line(passages.through(4)) == ("even", "4")
    assert passages.made == ["rest", "word", "line"]


def test_a_step_of_another_version_is_made_again_and_stops_there(passages: Passages) -> None:
    passages.through(3)
    rest, *others = passages.steps
    passages.through(3, replace(rest, artefact=replace(REST, version=2)), *others)
    assert passages.made == ["rest"]


def test_what_a_step_does_not_declare_it_cannot_have(passages: Passages) -> None:
    rest, word, line = passages.steps
    for bare in (replace(line, needs=(WORD,)), replace(line, needs=(NUMBER,))):
        with pytest.raises(KeyError, match="does not declare that it needs"):
            passages.through(3, rest, word, bare)
        assert "line" not in {path.name.split("-")[0] for path in passages.artefacts.root.iterdir()}


def test_what_went_in_is_written_beside_what_came_out(passages: Passages) -> None:
    found = passages.through(3)
    assert {name: sorted(kept.ingredients) for name, kept in found.items()} == {
        "rest": ["number"],
        "word": ["rest"],
        "line": ["number", "word"],
    }
    assert found["line"].ingredients["word"] == found["word"].fingerprint
    assert found["line"].ingredients["number"] == found["rest"].ingredients["number"]


@pytest.mark.parametrize("name", ["rest", "word", "line"])
def test_a_damaged_folder_is_made_again_and_noted(passages: Passages, name: str) -> None:
    first = passages.through(3)
    (passages.artefacts.root / first[name].folder / "value.json").write_text("?")
    assert passages.through(3) == first
    assert passages.made == [name]
    assert passages.told.notes == [
        f"The kept step {name} is damaged (value.json is not as it was written) and is made again."
    ]
    assert passages.line(first) == ("odd", "3")


def test_an_interrupted_passage_goes_on_where_it_stopped(passages: Passages) -> None:
    def interrupted(of: Given) -> tuple[str, ...]:
        raise KeyboardInterrupt

    *whole, line = passages.steps
    with pytest.raises(KeyboardInterrupt):
        passages.through(3, *whole, replace(line, make=interrupted))
    passages.through(3)
    assert passages.made == ["line"]


def test_finished_parts_of_an_interrupted_step_are_found_again(passages: Passages) -> None:
    part, parts_made = Artefact[str]("part", str), list[str]()

    def made() -> str:
        parts_made.append("")
        return "made"

    def parted(of: Given, until: int) -> tuple[str, ...]:
        assert of.work.parts is not None
        found = [of.work.parts.kept_or_made(part, {"number": str(number)}, made) for number in range(until)]
        if until < 3:
            raise KeyboardInterrupt
        return tuple(found)

    *whole, line = passages.steps
    with pytest.raises(KeyboardInterrupt):
        passages.through(3, *whole, replace(line, make=lambda of: parted(of, 2)))
    assert len(parts_made) == 2
    assert passages.line(passages.through(3, *whole, replace(line, make=lambda of: parted(of, 3)))) == ("made",) * 3
    assert len(parts_made) == 3


def test_results_that_are_there_already_are_taken_as_they_are(passages: Passages) -> None:
    before, line = passages.through(3), passages.steps[-1]
    found = passages.through(4, line, given=before)
    assert passages.made == ["line"]
    assert passages.line(found) == ("odd", "4")
    assert found["word"] == before["word"]


def test_what_the_project_has_settled_is_not_made(passages: Passages) -> None:
    before = passages.through(3)
    passages.made.clear()
    settled = replace(facts(4), settled={"rest": before["rest"]})
    found = passed(passages.steps, settled, passages.artefacts, Work())
    assert passages.made == ["line"]
    assert passages.line(found) == ("odd", "4")


def test_a_need_that_is_damaged_and_that_nobody_makes_is_an_error(passages: Passages) -> None:
    before, line = passages.through(3), passages.steps[-1]
    (passages.artefacts.root / before["word"].folder / "value.json").unlink()
    with pytest.raises(InputError, match="What the step line needs is damaged") as caught:
        passages.through(4, line, given=before)
    assert caught.value.hint


def test_a_value_is_held_only_as_long_as_a_step_to_come_needs_it(passages: Passages) -> None:
    held: list[set[str]] = []

    def looking(make: Callable[[Given], Any]) -> Callable[[Given], Any]:
        def look(of: Given) -> Any:
            held.append(set(of.values))
            return make(of)

        return look

    passages.through(3, *(replace(step, make=looking(step.make)) for step in passages.steps))
    assert held == [set(), {"rest"}, {"word"}]
