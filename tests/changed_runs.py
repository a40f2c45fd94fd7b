"""Published runs of which some results are others, or damaged, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.project.place import Place
from foretell.project.request import Request
from foretell.storage.artefacts import Artefacts, Kept


def changed(
    one: RunOverHorizon, results: Mapping[str, Any] | None = None, request: Request | None = None
) -> RunOverHorizon:
    """The same with other results by name, or another request; its own run holds it in place of the first."""
    run = PublishedRun(one.run.catalogue, one.run.record, request or one.request)
    run._over[one.horizon_days] = RunOverHorizon(run, one.horizon_days, {**one._read, **(results or {})})
    return run.over(one.horizon_days)


def damage(place: Place, kept: Kept) -> None:
    """Change a byte of a result that is kept there."""
    path = Artefacts(place.state).root / kept.folder / "value.json"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
