"""The model versions of a project: what training runs left, kept for good as long as they are listed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from foretell.backtest.proof import PROOF, Proof
from foretell.examples.planned import EXAMPLES
from foretell.outcomes.retraining.model_version import MODEL_VERSION, ModelVersion
from foretell.pipeline.first_look import FIRST_LOOK
from foretell.pipeline.steps import STEPS
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import label_window
from foretell.storage.artefacts import Artefact, Artefacts, Damaged, Kept
from foretell.storage.catalogue import Catalogue
from foretell.storage.kept_for_good import KeptForGood

SERVING = "model version that serves"
"""The setting of the catalogue that names it, with the last day on which each one served."""
PARTS = tuple(step.name for step in STEPS if not step.daily and step.name not in (EXAMPLES.name, FIRST_LOOK.name))
"""What a training run leaves for those that score by it."""
KEPT_PROOF: Artefact[Proof] = Artefact("kept_proof", Proof)
"""The proof as a version keeps it: with the forecasts of the models that serve and of the best baselines alone."""
VERSIONS_KEEP = (*(name for name in PARTS if name != PROOF.name), KEPT_PROOF.name, MODEL_VERSION.name)
DECIDE_SCORES = tuple(sorted({need.name for step in STEPS if step.daily for need in step.needs if need.name in PARTS}))
"""The parts that decide what a later run says."""
LISTED = 10
LISTED_DAYS = 90


@dataclass(frozen=True)
class ServingNow:
    """Which version serves (0: none); `line` counts up whenever something else than the same recipe on newer data takes
    over: shadow scores of one line are judged together. `served` is the last day (ISO) that each version scored, by its
    number, `rolled_back` the day on which it was shown to be worse."""

    version: int = 0
    line: int = 0
    served: Mapping[str, str] = field(default_factory=dict)
    rolled_back: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue) -> ServingNow:
        """As the catalogue has it."""
        return cls(**json.loads(catalogue.setting(SERVING) or "{}"))

    def scored(self, day: str) -> ServingNow:
        """The same after a run as of that day."""
        number = str(self.version)
        return replace(self, served={**self.served, number: max(day, self.served.get(number, ""))})

    def taken_over(self, version: int, same_line: bool) -> ServingNow:
        """Another version serves from now on."""
        if version == self.version:
            return self
        return replace(self, version=version, line=self.line if same_line and self.line else self.line + 1)

    def settings(self) -> dict[str, str]:
        """As settings of the catalogue."""
        return {SERVING: json.dumps(asdict(self))}


@dataclass(frozen=True)
class Listed:
    """A version with the results that it is made of, by horizon and name; `last_served` is the day (ISO) of the newest
    run that it scored, `rolled_back` the day on which it was shown to be worse; empty without one."""

    version: ModelVersion
    run: str
    parts: Mapping[tuple[int, str], Kept]
    serves: bool
    last_served: str
    rolled_back: str = ""

    @property
    def number(self) -> int:
        """The number of the version."""
        return self.version.number

    @property
    def horizons(self) -> tuple[int, ...]:
        """The horizons in days, the main one first."""
        return self.version.recipe.horizons

    @property
    def can_serve(self) -> bool:
        """Whether its models are there: they are deleted when a customer is forgotten."""
        needed = {*DECIDE_SCORES, KEPT_PROOF.name} - {PROOF.name}
        return all((days, name) in self.parts for days in self.horizons for name in needed)

    def over(self, horizon_days: int) -> dict[str, Kept]:
        """Its parts over one horizon, by name."""
        return {name: kept for (days, name), kept in self.parts.items() if days == horizon_days}

    def made(self, artefacts: Artefacts) -> dict[tuple[int, str], Kept]:
        """Its parts as results of a run; InputError where the proof that it kept is damaged."""
        found = dict(self.parts)
        for days in self.horizons:
            kept = found[days, KEPT_PROOF.name]
            try:
                proof = artefacts.read(KEPT_PROOF, kept)
            except Damaged as why:
                raise _gone(self.number, str(why)) from None
            went_in = {KEPT_PROOF.name: kept.fingerprint}
            found[days, PROOF.name], _ = artefacts.kept_or_made(PROOF, went_in, lambda proof=proof: proof)  # type: ignore[misc]
        return found

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        days = {"last_served": self.last_served or None, "rolled_back": self.rolled_back or None}
        return {**self.version.as_json(), "serves": self.serves, "can_serve": self.can_serve, **days}


def listed(catalogue: Catalogue) -> list[Listed]:
    """The versions, the newest number first; those whose record is damaged are left out."""
    now = ServingNow.of(catalogue)
    found = []
    for record in catalogue.kept_for_good(MODEL_VERSION.name):
        try:
            version = catalogue.artefacts.read(MODEL_VERSION, record.kept)
        except Damaged:
            continue
        own = {(one.horizon_days, one.kept.name): one.kept for one in catalogue.kept_of_run(record.run)}
        parts = {which: kept for which, kept in own.items() if which[1] in VERSIONS_KEEP}
        number = version.number
        told = (now.served.get(str(number), ""), now.rolled_back.get(str(number), ""))
        found.append(Listed(version, record.run, parts, number == now.version, *told))
    best: dict[int, Listed] = {}
    for one in found:
        if one.number not in best or (one.can_serve and not best[one.number].can_serve):
            best[one.number] = one
    return sorted(best.values(), key=lambda one: -one.number)


def serving(catalogue: Catalogue) -> Listed | None:
    """The version that serves; None where there is none yet, or its models are gone."""
    return next((one for one in listed(catalogue) if one.serves and one.can_serve), None)


def version_of(catalogue: Catalogue, number: int) -> Listed:
    """The version of that number; InputError where it is not listed, or cannot serve any more."""
    known = listed(catalogue)
    found = next((one for one in known if one.number == number), None)
    if found is None:
        told = ", ".join(str(one.number) for one in known)
        raise InputError(
            "There is no such model version.",
            found=str(number),
            expected=f"one of {told}" if told else "a version: foretell run makes the first one",
            hint="foretell model versions lists them",
        )
    if not found.can_serve:
        raise _gone(number, "a customer was forgotten since")
    return found


def models_in(made: Mapping[tuple[int, str], Kept]) -> str:
    """A fingerprint of all that decides the scores of runs to come."""
    return fingerprint(
        [[days, name, kept.fingerprint] for (days, name), kept in sorted(made.items()) if name in DECIDE_SCORES]
    )


def proofs_to_keep(artefacts: Artefacts, made: Mapping[tuple[int, str], Kept]) -> dict[tuple[int, str], Kept]:
    """The proofs of a training run as its version keeps them, by horizon: the rest is most of what there is."""
    found = {}
    for (days, name), kept in made.items():
        if name == PROOF.name:
            went_in = {PROOF.name: kept.fingerprint}
            found[days, KEPT_PROOF.name], _ = artefacts.kept_or_made(
                KEPT_PROOF,
                went_in,
                lambda kept=kept: _of_those_who_could_serve(artefacts.read(PROOF, kept)),  # type: ignore[misc]
            )
    return found


def is_new(catalogue: Catalogue, made: Mapping[tuple[int, str], Kept]) -> bool:
    """Whether results are of a version that is not kept yet."""
    known = {one.kept.key for one in catalogue.kept_for_good(MODEL_VERSION.name)}
    return any(name == MODEL_VERSION.name and kept.key not in known for (_, name), kept in made.items())


def next_number(catalogue: Catalogue) -> int:
    """The number of a version to come; numbers of versions that are not listed any more are not given again."""
    now = ServingNow.of(catalogue)
    return max([now.version, *map(int, now.served), *(one.number for one in listed(catalogue))]) + 1


def predecessor_of(catalogue: Catalogue, as_of: int, horizon_days: int) -> Listed | None:
    """The version that a new one is held against, and rolled back to: the newest whose whole horizon had passed, else
    the oldest; none that was rolled back itself. With retraining every week the one of the week before has met no
    outcome yet, and may be as spoiled."""
    there = [
        one
        for one in sorted(listed(catalogue), key=lambda one: (-one.version.as_of, -one.number))
        if one.can_serve and not one.rolled_back and one.version.as_of <= as_of and horizon_days in one.horizons
    ]
    ripe = [one for one in there if label_window(one.version.as_of, horizon_days).end <= as_of]
    return ripe[0] if ripe else there[-1] if there else None


def drop_unlisted(catalogue: Catalogue) -> None:
    """Keep no longer what belongs to versions that are not listed any more: all but the newest ten, what serves, and
    what served within the last 90 days of the newest run. The next tidying removes it."""
    known = listed(catalogue)
    newest = max((one.last_served for one in known), default="")
    since = (date.fromisoformat(newest) - timedelta(days=LISTED_DAYS)).isoformat() if newest else ""
    stays = {
        one.run for place, one in enumerate(known) if place < LISTED or one.serves or one.last_served >= since > ""
    }
    for name in VERSIONS_KEEP:
        for record in catalogue.kept_for_good(name):
            if record.run not in stays:
                catalogue.drop_kept(record)


def models_dropped(catalogue: Catalogue) -> int:
    """Keep no models any longer, as where a customer is forgotten; the records of the versions stay, which name nobody.
    So many results were kept."""
    names = [name for name in VERSIONS_KEEP if name != MODEL_VERSION.name]
    gone: list[KeptForGood] = [record for name in names for record in catalogue.kept_for_good(name)]
    for record in gone:
        catalogue.drop_kept(record)
    return len(gone)


def _of_those_who_could_serve(proof: Proof) -> Proof:
    named = {name for choice in proof.choices.values() for name in (choice.model, choice.best_baseline)}
    return replace(proof, forecasts=tuple(one for one in proof.forecasts if one.model in named))


def _gone(number: int, why: str) -> InputError:
    return InputError(
        "The models of that version are not there any more.",
        found=f"version {number}: {why}",
        expected="a version with its models",
        hint="foretell run trains a new one",
    )
