"""Model versions and retraining on the screen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from foretell.cli.screen.folded import folded
from foretell.cli.screen.progress import Listener
from foretell.pipeline.loop.retraining import retrain, rollback_due
from foretell.pipeline.loop.versions import Listed, listed
from foretell.pipeline.score import serve
from foretell.project.place import place_of
from foretell.storage.catalogue import Catalogue
from foretell.words.wording import counted, days


def show_versions(out: Path | None, as_json: bool) -> None:
    """Print the versions, the newest first."""
    found = listed(Catalogue(place_of(out).state))
    if as_json:
        print(json.dumps([one.as_json() for one in found], ensure_ascii=False))
        return
    print(folded(version_lines(found)).replace("\xa0", " "))


def show_serving(version: int, out: Path | None, as_json: bool) -> None:
    """Let a version serve, and say where the scores are."""
    with Listener(quiet=as_json) as listener:
        done = serve(place_of(out), version, listener)
    plan, scores = done.run.main.plan, str(done.files["scores.parquet"])
    customers = sum(len(one.scores) for one in done.run.horizons)
    if as_json:
        told = {"version": version, "run": done.run.record.run, "as_of": plan.as_of_day(), "customers": customers}
        print(json.dumps({**told, "files": {name: str(path) for name, path in done.files.items()}}))
        return
    print(f"Version {version} serves from now on.")
    over = f"the next {days(plan.horizon_days)}".replace("\xa0", " ")
    print(f"{counted(customers, 'customer')} scored as of {plan.as_of_day()}, {over}".replace("\xa0", " "))
    print(f"Scores: {scores}")


def show_retrained(out: Path | None, check: bool, as_json: bool) -> None:
    """Train and decide, or check alone; print the decision."""
    with Listener(quiet=as_json) as listener:
        done = (rollback_due if check else retrain)(place_of(out), listener)
    if as_json:
        print(json.dumps(done.as_json(), ensure_ascii=False))
        return
    print(folded([done.said]).replace("\xa0", " "))


def version_lines(found: Sequence[Listed]) -> Iterator[str]:
    """A block a version: who serves, by what it was taught, and what changed."""
    if not found:
        yield "No model version yet: foretell run makes the first one."
    for place, one in enumerate(found):
        if place:
            yield ""
        version = one.version
        yield f"Version {one.number}, taught up to {version.taught.day}{_standing(one)}"
        for sentence in version.changes:
            yield f"  {sentence}"


def _standing(one: Listed) -> str:
    told = []
    if one.version.stands_for:
        told.append(f"the best baseline in place of version {one.version.stands_for}")
    if one.serves:
        told.append("serves")
    elif one.last_served:
        told.append(f"served last on {one.last_served}")
    if one.rolled_back:
        told.append(f"rolled back on {one.rolled_back}")
    if not one.can_serve:
        told.append("its models are not there any more")
    return "".join(f", {part}" for part in told)
