"""The model card: everything that went into the models of a run, kept beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foretell.answers.published import published
from foretell.models.registry import MODELS
from foretell.project.objectives import target_of
from foretell.project.place import Place
from foretell.storage.artefacts import Artefact
from foretell.words.wording import model_name


@dataclass(frozen=True)
class Service:
    """Who serves one question and why. `proved` is the model that the proof judged best, `members` the share of each
    member of a blend, `level_shift` what the level adds to each forecast (logit of a chance, log of a mean); None
    or empty where there is none."""

    meaning: str
    model: str | None
    proved: str | None
    reason: str
    best_baseline: str | None
    threshold: float | None
    members: Mapping[str, float]
    level_shift: float | None
    grade: Mapping[str, Any] | None


@dataclass(frozen=True)
class ModelCard:
    """What was read, taught, tested and decided; days are local dates, `loads` one entry a file, `season`
    what the level holds of it (see `models.season.SeasonShift`), `policy` what scores take as given about contact."""

    model_id: str
    foretell: str
    name: str
    as_of: str
    horizon_days: int
    horizon_reason: str
    timezone: str
    value: str
    currency: str
    seed: int
    columns: Mapping[str, str]
    data_fingerprint: str
    loads: tuple[Any, ...]
    trained_horizon_days: int
    training_cutoffs: tuple[str, ...]
    training_rows: int
    test_horizon_days: int | None
    test_cutoffs: tuple[str, ...]
    disjoint_tests: int
    unproved: str
    libraries: Mapping[str, str]
    features: tuple[str, ...]
    questions: Mapping[str, Service]
    season: Mapping[str, Any] | None = None
    policy: str = "as usual"
    policy_in_words: str = ""

    def service(self, objective: str) -> Service | None:
        """Who serves a question; churn is answered by the model of purchase."""
        return self.questions.get(target_of(objective))


MODEL_CARD: Artefact[ModelCard] = Artefact("model_card", ModelCard, version=2)


def model_cards(place: Place, run: str | None = None) -> tuple[ModelCard, ...]:
    """The cards of a run, one a horizon, that of the main one first."""
    found = published(place, run)
    return tuple(found.over(days).read(MODEL_CARD) for days in found.record.horizons)


def reason_in_words(reason: str) -> str:
    """A sentence with models as people say them.

    >>> reason_in_words("rfm_cells serves: it ties with bg_nbd.")
    'RFM cells serves: it ties with BG/NBD.'
    """
    for name in sorted(MODELS, key=len, reverse=True):
        if "_" in name:
            reason = reason.replace(name, model_name(name))
    return reason[:1].upper() + reason[1:]
