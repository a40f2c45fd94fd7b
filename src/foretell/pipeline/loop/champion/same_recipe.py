"""The champion's recipe on newer data, where the proof of these would let other models serve."""

from __future__ import annotations

from foretell.backtest.proof import PROOF
from foretell.forecasts.orders.baselines import proof_served_by
from foretell.pipeline.loop.champion.new_version import Unpublished, recipe_of
from foretell.pipeline.loop.versions import Listed
from foretell.pipeline.run import made_over
from foretell.project.progress import Progress
from foretell.storage.artefacts import Kept


def served_as(challenger: Unpublished, champion: Listed, progress: Progress) -> Unpublished | None:
    """The same data and tests, with the models that the champion's proof chose; None where that is no other recipe, or
    where more than that is different."""
    artefacts, serves = challenger.catalogue.artefacts, champion.version.recipe.serves
    settled = dict[tuple[int, str], Kept]()
    for (days, name), kept in challenger.made.items():
        if name == PROOF.name:
            proof = artefacts.read(PROOF, kept)
            reason = f"As in version {champion.number}: what the newest tests put first has not proved to be better."
            other = proof_served_by(proof, serves, reason, challenger.request.settings.seed)
            if other.choices != proof.choices:
                went_in = {"proof": kept.fingerprint, "served as in": champion.version.models, "reason": reason}
                settled[days, name], _ = artefacts.kept_or_made(PROOF, went_in, lambda other=other: other)  # type: ignore[misc]
    if not settled:
        return None
    found = made_over(challenger.log, challenger.plans, settled, progress)
    return None if recipe_of(found).differences(champion.version.recipe) else found
