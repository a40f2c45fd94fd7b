"""What alerts read of a published run: scores, forecasts at past cutoffs, facts, segments, weeks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.alerts.past.scores import PastFacts, days_to_loss
from foretell.alerts.past.segments import stays_in, weekly_sizes, with_segments
from foretell.alerts.raising import Raising, Run, raise_alerts
from foretell.alerts.rules import columns_of, declared, ids_of
from foretell.alerts.weekly_series import OF_THE_LOG
from foretell.answers.model import MODEL_CARD
from foretell.answers.published import PublishedRun, RunOverHorizon, as_published
from foretell.examples.examples import Examples
from foretell.examples.labels import ACTIVE_AT_MOST_DAYS
from foretell.examples.plan import MOST_PROVING_CUSTOMERS
from foretell.examples.planned import EXAMPLES
from foretell.features import FEATURES
from foretell.health.weeks import weeks_of
from foretell.pipeline.intake.log import kept_engine
from foretell.project.errors import InputError
from foretell.project.intervals import day_of
from foretell.project.objectives import target_of
from foretell.project.parts.alerts import AlertPart
from foretell.timelines.bucket import EVERY_KEY


def watch(run: PublishedRun) -> Raising:
    """Ask the declared rules of the scores of a run, and keep what is new."""
    parts, _ = declared(run.request.place)
    if not parts:
        return Raising.nothing()
    return raise_alerts(parts, run_of_alerts(run, parts), run.request.place.state, run.request.now)


def run_of_alerts(run: PublishedRun, parts: Sequence[AlertPart]) -> Run:
    """What the declared rules may ask of a run, over its main horizon."""
    main = run.main
    card, scores, customers = main.read(MODEL_CARD), main.scores, main.customers
    more = columns_of(customers, [name for name in customers.column_names if name in FEATURES])
    wanted = any(part.when for part in parts)
    spikes = {part.spike for part in parts if part.spike}
    stays = stays_in(main.segmentation.memberships, run.request.asked.segment_set)
    as_of = run.record.as_of
    sizes = weekly_sizes(stays, as_of) if spikes - set(OF_THE_LOG) else {}
    facts = _past_facts(main, tuple(more) if wanted else ())
    return Run(
        scores,
        as_of,
        main.horizon_days,
        run.request.settings.timezone,
        main.currency,
        [f for f in main.proof.forecasts if f.model == main.proof.serving(target_of(f.objective))],
        {name: service.proved for name, service in card.questions.items()},
        with_segments(facts, stays),
        max(1.0, len(scores) / MOST_PROVING_CUSTOMERS),
        more if wanted else {},
        _chances(main, run.request.asked.segment_set) if any(part.move for part in parts) else None,
        sizes | (_weekly_orders(run, as_of) if spikes & set(OF_THE_LOG) else {}),
        _scores_before(run),
        customers["reasons"],
    )


def _scores_before(run: PublishedRun) -> pa.Table | None:
    """The scores over the same horizon of the newest run of an earlier day whose scores are whole; None without one."""
    days = run.main.horizon_days
    for record in run.catalogue.runs():
        if record.as_of < run.record.as_of and days in record.horizons:
            with suppress(InputError):
                return as_published(run.catalogue, record, run.request.place).over(days).scores
    return None


def _past_facts(main: RunOverHorizon, names: Collection[str]) -> tuple[PastFacts, ...]:
    """Features of these names and the days until each customer counts as lost, at the cutoffs of the proof."""
    examples = main.read(EXAMPLES).proving
    tested = sorted({forecast.cutoff for forecast in main.proof.forecasts})
    return () if examples is None or not tested else tuple(_facts_at(tested, examples, names))


def _facts_at(tested: Sequence[int], examples: Examples, names: Collection[str]) -> Iterator[PastFacts]:
    silent, orders = examples.facts["days_since_last"], examples.facts["lifetime_orders"]
    active, gap = examples.eligible["active"], examples.feature("gap_days_median")
    for cutoff in tested:
        rows = np.flatnonzero(examples.cutoff == cutoff)
        loss = days_to_loss(
            silent[rows], orders[rows], gap[rows], active[rows], examples.horizon_days, ACTIVE_AT_MOST_DAYS
        )
        columns = {name: examples.feature(name)[rows] for name in names if name in examples.feature_names}
        yield PastFacts(int(cutoff), examples.customer_key[rows], columns, loss)


def _chances(main: RunOverHorizon, segment_set: str) -> dict[str, np.ndarray] | None:
    """The chance of each segment to come, on the rows of the scores, from the set of segments that the scores show."""
    forecast = main.segmentation.forecast.table()
    own = forecast.filter(pc.equal(forecast["segment_set"].cast(pa.string()), segment_set))
    if not len(own):
        return None
    names = own["segment"].cast(pa.string())
    return {
        segment: _placed(own.filter(pc.equal(names, segment)), main.scores) for segment in names.unique().to_pylist()
    }


def _placed(own: pa.Table, scores: pa.Table) -> np.ndarray:
    place = pc.index_in(ids_of(scores), value_set=ids_of(own))
    return np.asarray(np.nan_to_num(own["probability"].take(place).to_numpy()))


def _weekly_orders(run: PublishedRun, as_of: int) -> dict[str, np.ndarray]:
    """Orders and spend of each week before the as-of date."""
    day = day_of(as_of, run.request.settings.timezone)
    weeks = weeks_of(kept_engine(run.request), as_of, day, EVERY_KEY)
    return {"orders": weeks.orders, "spend": weeks.amount}
