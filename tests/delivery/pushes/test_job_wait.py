"""Waiting for jobs: until the end, for so long, and not deaf to failures."""

from __future__ import annotations

import pytest

from foretell.delivery.pushes.contract import Unreadable
from foretell.delivery.pushes.job_wait import JobWait


def test_a_job_is_asked_until_it_has_ended() -> None:
    told = iter(["queued", "working", "ended", "never asked"])
    assert JobWait(0.001, 1).until(lambda: next(told), lambda one: one == "ended") == "ended"
    assert next(told) == "never asked"


def test_a_job_that_does_not_end_is_left() -> None:
    assert JobWait(0.001, 0.01).until(lambda: "working", lambda one: one == "ended") is None


def test_what_cannot_be_read_is_asked_again_and_told_in_the_end() -> None:
    def ask() -> str:
        answers.append(1)
        if len(answers) < 3 or is_deaf:
            raise Unreadable("down")
        return "ended"

    answers, is_deaf = list[int](), False
    assert JobWait(0.001, 1).until(ask, lambda one: one == "ended") == "ended"
    is_deaf = True
    with pytest.raises(Unreadable, match="down"):
        JobWait(0.001, 0.01).until(ask, lambda one: True)
