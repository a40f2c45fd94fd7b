"""Results that were kept: read again, or copied to where another run finds them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from foretell.answers.published import PublishedRun
from foretell.models.contract import Fitted, Model
from foretell.project.fingerprints import fingerprint
from foretell.project.place import Place
from foretell.project.request import Request
from foretell.storage.artefacts import FOLDER, Artefact, Artefacts, Made

STATE: Artefact[Any] = Artefact("state", Any)


def read_again(artefact: Artefact[Made], value: Made, state: Path) -> Made:
    """The value, kept below a state folder and read from there."""
    artefacts = Artefacts(state)
    number = len(list(artefacts.root.iterdir())) if artefacts.root.is_dir() else 0
    kept, _ = artefacts.kept_or_made(artefact, {"number": fingerprint(number)}, lambda: value)
    return artefacts.read(artefact, kept)


def stored(fitted: Fitted, model: Model, state: Path) -> Fitted:
    """The fitted model as it comes back from disk."""
    return model.restore(read_again(STATE, dict(fitted.state()), state))


def copied(run: PublishedRun, out: Path) -> Request:
    """The request of a run whose results are to be in another folder, where all that the run kept is already."""
    place = Place.of_results(out)
    shutil.copytree(run.request.place.state, place.state)
    return replace(run.request, place=place)


def with_finished_steps(run: PublishedRun, state: Path) -> None:
    """Lay the finished steps of a run into the state folder of a project to come, which finds those that it shares."""
    shutil.copytree(run.request.place.state / FOLDER, state / FOLDER)
