"""Model versions of the shop that were spoiled on purpose, and what its customers do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from foretell.answers.published import PublishedRun, published
from foretell.customer_log.roles.named_columns import columns_of
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE, Serving
from foretell.outcomes.retraining.model_version import MODEL_VERSION
from foretell.outcomes.retraining.shadow import SHADOW_SCORES
from foretell.pipeline.intake.log import Log, brought_up_to_date, source_of
from foretell.pipeline.loop.champion.new_version import Unpublished, versioned
from foretell.pipeline.loop.versions import KEPT_PROOF, Listed, serving
from foretell.pipeline.run import publish
from foretell.project.intervals import days, from_microseconds
from foretell.project.place import Place
from foretell.project.progress import Silent
from shop import written

OF_VERSIONS = {MODEL_VERSION.name, SHADOW_SCORES.name, KEPT_PROOF.name}


def log_of(place: Place, *files: Path) -> Log:
    """The log of the project, with these files beside those that it has."""
    request = published(place).request
    orders = replace(request.orders, files=(*request.orders.files, *files))
    more = replace(request, sources=(orders,), workers=1)
    return brought_up_to_date(more, source_of(more), columns_of(published(place).main.intake.columns), Silent())


def unpublished(place: Place, log: Log, **results: Any) -> Unpublished:
    """The newest run as if nobody had published it, with other results by name."""
    run = published(place)
    made = {which: kept for which, kept in run.record.artefacts.items() if which[1] not in OF_VERSIONS}
    for name, kept in results.items():
        made[run.record.horizons[0], name] = kept
    return Unpublished(run.catalogue, log, [run.main.plan], made)


def spoiled(serving_now: Serving, shift: float) -> Serving:
    """The same models with a chance of an order that is off by so much on the logit."""
    purchase: Any = serving_now.models["purchase"]
    models = {**serving_now.models, "purchase": replace(purchase, shift=purchase.shift + shift)}
    return replace(serving_now, models=models, model_id=f"off by {shift}")


def planted(place: Place, shift: float, older_days: int = 0, *files: Path) -> Listed:
    """Publish a version whose chances are off, which then serves; taught so many days before the run. These files are
    read beside those of the run from then on."""
    run = published(place)
    artefacts = run.catalogue.artefacts
    kept, _ = artefacts.kept_or_made(
        MODELS_THAT_SERVE, {"spoiled": f"{shift} {older_days}"}, lambda: spoiled(run.main.models, shift)
    )
    found = unpublished(place, log_of(place, *files), models=kept)
    one = versioned(found)
    made = dict(one.made)
    if older_days:
        version = replace(one.version, as_of=one.version.as_of - days(older_days))
        made[run.record.horizons[0], MODEL_VERSION.name], _ = artefacts.kept_or_made(
            MODEL_VERSION, {"older": str(older_days)}, lambda: version
        )
    publish(run.catalogue, found.log.request, found.plans, made, now=one.now)
    listed = serving(run.catalogue)
    assert listed is not None
    return listed


def summer(run: PublishedRun, customers: Sequence[str], path: Path, weeks: int = 6) -> Path:
    """A file with what follows a run: each of these orders once a week."""
    start = from_microseconds(run.record.as_of)
    return written(
        [
            {
                "customer": name,
                "sold_at": f"{start + timedelta(days=7 * week, hours=20):%Y-%m-%d %H:%M:%S}",
                "order_no": f"N{name}{week}",
                "sku": "P01",
                "amount": "10.00",
            }
            for week in range(weeks)
            for name in customers
        ],
        path,
    )
