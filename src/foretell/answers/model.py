"""The model card: everything that went into the models of a run, kept beside them."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from foretell import __version__
from foretell.pipeline.exports import all_written
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import from_microseconds
from foretell.project.objectives import TOLD_OTHERWISE, Target

if TYPE_CHECKING:
    from foretell.models.blend import FittedBlend
    from foretell.models.contract import Fitted
    from foretell.pipeline.run import Outcome

FILE_NAME = "model_cards.json"
LIBRARIES = ("numpy", "scikit-learn", "lightgbm", "pyarrow", "duckdb", "scipy")


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
    what the level holds of it (see `models.season.SeasonShift`)."""

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
    loads: Sequence[Mapping[str, Any]]
    trained_horizon_days: int
    training_cutoffs: Sequence[str]
    training_rows: int
    test_horizon_days: int | None
    test_cutoffs: Sequence[str]
    disjoint_tests: int
    unproved: str
    libraries: Mapping[str, str]
    features: Sequence[str]
    questions: Mapping[str, Service]
    season: Mapping[str, Any] | None = None

    def service(self, objective: str) -> Service | None:
        """Who serves a question; churn is answered by the model of purchase."""
        return self.questions.get(TOLD_OTHERWISE.get(objective, objective))


def card_of(outcome: Outcome) -> ModelCard:
    """The card of a run."""
    request, plan, proof, serving = outcome.request, outcome.plan, outcome.proof, outcome.serving
    loads = outcome.ingested.loads
    taught = plan.serving.training if plan.serving is not None and serving.models else ()
    tested = plan.proving.tests if plan.proving is not None and proof.forecasts else ()

    def local_days(cutoffs: Sequence[int]) -> list[str]:
        return [from_microseconds(cutoff, plan.timezone).date().isoformat() for cutoff in sorted(cutoffs)]

    return ModelCard(
        serving.model_id,
        __version__,
        request.name,
        plan.as_of_day(),
        plan.horizon_days,
        plan.horizon_reason,
        plan.timezone,
        request.value,
        request.currency,
        request.seed,
        dict(outcome.columns.used()),
        fingerprint(sorted(load.load for load in loads)),
        [
            {
                "file": PurePath(load.source).name,
                "rows": load.rows_read,
                "rejected": load.rejected,
                "lines": load.lines,
                "fingerprint": load.load,
            }
            for load in loads
        ],
        serving.trained_horizon_days,
        local_days(taught),
        serving.training_rows,
        plan.proving.horizon_days if plan.proving is not None and tested else None,
        local_days(tested),
        plan.proving.disjoint_tests if plan.proving is not None and tested else 0,
        proof.unproved,
        {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        list(serving.feature_names),
        {objective.target.name: _service(objective.target, outcome) for objective in plan.objectives},
        asdict(serving.season),
    )


def keep_cards(outcome: Outcome) -> None:
    """Write the card of each horizon of a run into the folder of its state, that of the main one first."""
    cards = [asdict(card_of(one)) for one in (outcome, *outcome.beside)]
    text = json.dumps(cards, indent=1, ensure_ascii=False)

    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    all_written(outcome.request.state, {FILE_NAME: write})


def kept_cards(state: Path) -> tuple[ModelCard, ...]:
    """The cards of the last run, one a horizon, that of the main one first; InputError where there is none."""
    path = state / FILE_NAME
    try:
        main, *beside = json.loads(path.read_text(encoding="utf-8"))
        return (_read(main), *(_read(card) for card in beside))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            "There is no model card here.",
            file=str(path),
            found=str(error),
            hint="foretell run orders.csv first: a run writes it; --out names the folder of its results",
        ) from None


def _read(kept: dict[str, Any]) -> ModelCard:
    services = {name: Service(**service) for name, service in kept.pop("questions").items()}
    return ModelCard(**kept, questions=services)


def _service(target: Target, outcome: Outcome) -> Service:
    proof, serving = outcome.proof, outcome.serving
    choice, grade = proof.choices.get(target.name), proof.grades.get(target.name)
    name = serving.names.get(target.model_of)
    blend = blend_in(serving.models.get(target.model_of))
    unproved = "not proved, so the simplest that could be taught" if name else "nothing could be learned"
    return Service(
        target.meaning,
        name,
        choice.model if choice else None,
        choice.reason if choice else unproved,
        choice.best_baseline if choice else None,
        serving.thresholds.get(target.name),
        {member.name: member.weight for member in blend.members} if blend else {},
        _level_shift(serving.models.get(target.model_of)),
        asdict(grade) if grade else None,
    )


def _level_shift(fitted: Fitted | None) -> float | None:
    """What the level adds to a blend, or a season to a process."""
    blend = blend_in(fitted)
    return blend.shift if blend else getattr(fitted, "shift", 0.0) or None


def blend_in(fitted: Fitted | None) -> FittedBlend | None:
    """The blend that a fitted model is, or holds."""
    from foretell.models.blend import FittedBlend  # noqa: PLC0415  it loads the learners' libraries
    from foretell.models.longer_horizon import FittedLongerHorizon  # noqa: PLC0415

    if isinstance(fitted, FittedLongerHorizon):
        fitted = fitted.fitted
    return fitted if isinstance(fitted, FittedBlend) else None
