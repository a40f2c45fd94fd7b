"""Finished parts of an interrupted step are there for the next try, and only for the same step."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.project.progress import Silent
from foretell.storage.artefacts import Artefact, Artefacts
from foretell.storage.work import Parts, Work

PART: Artefact[tuple[int, ...]] = Artefact("part", tuple[int, ...])


def never() -> tuple[int, ...]:
    raise AssertionError("a finished part was made again")


def squares(parts: Parts, until: int, stop: int | None = None) -> list[tuple[int, ...]]:
    """Parts one after another, interrupted before `stop`."""

    def square(number: int) -> tuple[int, ...]:
        if number == stop:
            raise KeyboardInterrupt
        return (number, number**2)

    return [
        parts.kept_or_made(PART, {"number": str(number)}, lambda number=number: square(number))  # type: ignore[misc]
        for number in range(until)
    ]


def test_an_interrupted_step_goes_on_where_it_stopped(tmp_path: Path) -> None:
    parts = Parts(tmp_path, {"log": "a"})
    with pytest.raises(KeyboardInterrupt):
        squares(parts, 4, stop=2)
    assert len(list(Artefacts(tmp_path).root.iterdir())) == 2
    assert [parts.kept_or_made(PART, {"number": str(number)}, never) for number in range(2)] == [(0, 0), (1, 1)]
    assert squares(parts, 4) == [(0, 0), (1, 1), (2, 4), (3, 9)]


def test_a_part_of_another_step_is_another_part(tmp_path: Path) -> None:
    for log, made in (("a", 1), ("b", 2)):
        assert Parts(tmp_path, {"log": log}).kept_or_made(PART, {"number": "0"}, lambda made=made: (made,)) == (made,)  # type: ignore[misc]
    assert Parts(tmp_path, {"log": "a"}).kept_or_made(PART, {"number": "0"}, never) == (1,)


def test_a_damaged_part_is_made_again(tmp_path: Path) -> None:
    parts = Parts(tmp_path, {"log": "a"})
    squares(parts, 1)
    [value] = Artefacts(tmp_path).root.glob("*/value.json")
    value.write_text("[5]")
    assert squares(parts, 1) == [(0, 0)]


def test_nobody_listens_and_nothing_is_kept_unless_asked_for() -> None:
    work = Work()
    assert (work.seed, work.workers, work.parts) == (0, 1, None)
    assert isinstance(work.progress, Silent)
