"""A version in which the best baseline serves: what is left where a model is shown to be worse than that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from foretell.answers.model import MODEL_CARD
from foretell.backtest.proof import PROOF
from foretell.forecasts.orders.baselines import BASELINES, proof_of_baselines
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE
from foretell.outcomes.retraining.model_version import MODEL_VERSION
from foretell.pipeline.loop.versions import KEPT_PROOF, Listed, models_in, next_number
from foretell.storage.artefacts import Kept
from foretell.storage.catalogue import Catalogue

PROVED = "proved"


@dataclass(frozen=True)
class _Stands:
    """The parts of a version over one horizon, with the baselines in the place of its models."""

    parts: dict[str, Kept]
    is_there: bool


def with_baseline(catalogue: Catalogue, champion: Listed, reason: str) -> Listed | None:
    """The version where its best baselines serve, kept but not published yet; None where it has none. `reason` is the
    sentence that says why."""
    made = champion.made(catalogue.artefacts)
    stands = {days: _stands(catalogue, champion, made, days, reason) for days in champion.horizons}
    main = champion.horizons[0]
    if not stands[main].is_there:
        return None
    parts = {(days, name): kept for days, one in stands.items() for name, kept in one.parts.items()}
    models = catalogue.artefacts.read(MODELS_THAT_SERVE, stands[main].parts[MODELS_THAT_SERVE.name])
    version = replace(
        champion.version,
        number=next_number(catalogue),
        follows=champion.number,
        models=models_in(parts),
        recipe=replace(champion.version.recipe, serves=dict(models.names)),
        taught=replace(champion.version.taught, features=models.feature_names, weights={}),
        changes=(reason,),
        stands_for=champion.number,
    )
    went_in = {"baselines of": str(champion.number), "models": version.models, "number": str(version.number)}
    kept, _ = catalogue.artefacts.kept_or_made(MODEL_VERSION, went_in, lambda: version)
    return Listed(version, "", {**parts, (main, MODEL_VERSION.name): kept}, False, "")


def _stands(
    catalogue: Catalogue, champion: Listed, made: Mapping[tuple[int, str], Kept], horizon_days: int, reason: str
) -> _Stands:
    artefacts = catalogue.artefacts
    parts = {name: kept for (days, name), kept in made.items() if days == horizon_days}
    kept = parts.get(BASELINES.name)
    models = artefacts.read(BASELINES, kept) if kept else None
    if models is None or kept is None or "purchase" not in models.models:
        return _Stands(parts, False)
    went_in = {"baselines": kept.fingerprint, PROVED: parts[PROOF.name].fingerprint, "reason": reason}
    before = artefacts.read(PROOF, parts[PROOF.name])
    proof = proof_of_baselines(before, reason, champion.version.recipe.seed)
    card = artefacts.read(MODEL_CARD, parts[MODEL_CARD.name])
    questions = {
        name: replace(
            service,
            model=models.names.get(name, service.model),
            proved=proof.serving(name),
            reason=reason,
            threshold=models.thresholds.get(name),
            members={},
            level_shift=None,
            grade=asdict(proof.grades[name]) if name in proof.grades else None,
        )
        for name, service in card.questions.items()
    }
    card = replace(card, model_id=models.model_id, features=models.feature_names, questions=questions)
    parts[MODELS_THAT_SERVE.name], _ = artefacts.kept_or_made(MODELS_THAT_SERVE, went_in, lambda: models)
    parts[PROOF.name], _ = artefacts.kept_or_made(PROOF, went_in, lambda: proof)
    parts[KEPT_PROOF.name], _ = artefacts.kept_or_made(KEPT_PROOF, went_in, lambda: proof)
    parts[MODEL_CARD.name], _ = artefacts.kept_or_made(MODEL_CARD, went_in, lambda: card)
    return _Stands(parts, True)
