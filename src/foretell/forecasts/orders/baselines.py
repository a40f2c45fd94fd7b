"""The baselines that could serve: for each question the best one of the proof, taught as the models that serve are.

They are what a model in service is held against, and what serves where that one is shown to be worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from foretell.backtest.grade import grade
from foretell.backtest.proof import Proof
from foretell.examples.examples import Examples
from foretell.examples.plan import Plan
from foretell.examples.planned import PlannedExamples
from foretell.forecasts.orders.candidates import BASELINES as BASELINE_NAMES
from foretell.forecasts.orders.serving import Serving, train
from foretell.forecasts.season.season import SeasonShift
from foretell.project.fingerprints import fingerprint
from foretell.project.objectives import TARGETS
from foretell.project.progress import Silent
from foretell.storage.artefacts import Artefact
from foretell.storage.work import Work

BASELINES: Artefact[Serving] = Artefact("baselines", Serving)


def train_baselines(
    planned: PlannedExamples, today: Examples, plan: Plan, proof: Proof, season: SeasonShift, work: Work
) -> Serving:
    """The best baseline of each question, fitted; without models where none was proved, or the log is too short for the
    horizon."""
    best = {
        target: replace(choice, model=choice.best_baseline)
        for target, choice in proof.choices.items()
        if choice.best_baseline
    }
    if plan.serving is None or plan.serving.shortened_from is not None or "purchase" not in best:
        plan = replace(plan, serving=None)
    apart = replace(planned, several=())
    found = train(
        apart, today, plan, replace(proof, choices=best, scatter=None), season, replace(work, progress=Silent())
    )
    return replace(found, model_id=fingerprint(["baselines", found.model_id]))


def proof_of_baselines(proof: Proof, reason: str, seed: int) -> Proof:
    """The same proof where the best baseline of each question serves; `reason` says why."""
    best = {name: choice.best_baseline for name, choice in proof.choices.items() if choice.best_baseline}
    return proof_served_by(proof, best, reason, seed)


def proof_served_by(proof: Proof, serves: Mapping[str, str], reason: str, seed: int) -> Proof:
    """The same proof where other models serve, by the question that they answer, with what those were worth; `reason`
    says why. Questions whose model was not judged stay as they are."""
    choices, grades = dict(proof.choices), dict(proof.grades)
    for target, choice in proof.choices.items():
        model = serves.get(TARGETS[target].model_of)
        if model is None or model == choice.model or model not in choice.scores:
            continue
        own = [one for one in proof.forecasts if one.objective == target]
        choices[target] = replace(choice, model=model, reason=reason)
        grades[target] = grade(own, model, BASELINE_NAMES, seed=seed)
    return replace(proof, choices=choices, grades=grades)
