"""The model card of a run: everything that went into its models, who serves each question, and why."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import PurePath

from foretell.answers.model import ModelCard, Service
from foretell.backtest.proof import Proof
from foretell.customer_log.intake import Intake
from foretell.examples.plan import Plan
from foretell.forecasts.orders.serving import Serving
from foretell.models.blend import FittedBlend
from foretell.models.contract import Fitted
from foretell.models.several_horizons import FittedSeveralHorizons
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import day_of
from foretell.project.objectives import Target
from foretell.project.request import Settings
from foretell.project.version import __version__

LIBRARIES = ("numpy", "scikit-learn", "lightgbm", "pyarrow", "duckdb", "scipy")


def card_of(plan: Plan, settings: Settings, intake: Intake, proof: Proof, serving: Serving) -> ModelCard:
    """The card of a run over one horizon."""
    taught = plan.serving.training if plan.serving is not None and serving.models else ()
    tested = plan.proving.tests if plan.proving is not None and proof.forecasts else ()

    def local_days(cutoffs: Sequence[int]) -> tuple[str, ...]:
        return tuple(day_of(cutoff, plan.timezone) for cutoff in sorted(cutoffs))

    return ModelCard(
        model_id=serving.model_id,
        foretell=__version__,
        name=settings.name,
        as_of=plan.as_of_day(),
        horizon_days=plan.horizon_days,
        horizon_reason=plan.horizon_reason,
        timezone=plan.timezone,
        value=settings.value,
        currency=settings.currency,
        seed=settings.seed,
        columns=dict(intake.columns),
        data_fingerprint=fingerprint(sorted(load.load for load in intake.loads)),
        loads=tuple(
            {
                "file": PurePath(load.source).name,
                "rows": load.rows_read,
                "rejected": load.rejected,
                "lines": load.lines,
                "fingerprint": load.load,
            }
            for load in intake.loads
        ),
        trained_horizon_days=serving.trained_horizon_days,
        training_cutoffs=local_days(taught),
        training_rows=serving.training_rows,
        test_horizon_days=plan.proving.horizon_days if plan.proving is not None and tested else None,
        test_cutoffs=local_days(tested),
        disjoint_tests=plan.proving.disjoint_tests if plan.proving is not None and tested else 0,
        unproved=proof.unproved,
        libraries={"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        features=serving.feature_names,
        questions={objective.target.name: _service(objective.target, proof, serving) for objective in plan.objectives},
        season=asdict(serving.season),
        policy=serving.under.policy,
        policy_in_words=serving.under.said,
    )


def _service(target: Target, proof: Proof, serving: Serving) -> Service:
    choice, grade = proof.choices.get(target.name), proof.grades.get(target.name)
    name = serving.names.get(target.model_of)
    blend = blend_in(serving.models.get(target.model_of))
    unproved = "not proved, so the simplest that could be taught" if name else "nothing could be learned"
    return Service(
        meaning=target.meaning,
        model=name,
        proved=choice.model if choice else None,
        reason=choice.reason if choice else unproved,
        best_baseline=choice.best_baseline if choice else None,
        threshold=serving.thresholds.get(target.name),
        members=blend.weights if blend else {},
        level_shift=_level_shift(serving.models.get(target.model_of)),
        grade=asdict(grade) if grade else None,
    )


def _level_shift(fitted: Fitted | None) -> float | None:
    """What the level adds to a blend, or a season to a process."""
    blend = blend_in(fitted)
    return blend.shift if blend else getattr(fitted, "shift", 0.0) or None


def blend_in(fitted: Fitted | None) -> FittedBlend | FittedSeveralHorizons | None:
    """The blend that a fitted model is, over one horizon or several."""
    return fitted if isinstance(fitted, FittedBlend | FittedSeveralHorizons) else None
