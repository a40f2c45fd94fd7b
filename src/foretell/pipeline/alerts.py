"""What alerts read of the last run, from the files that it left: scores, forecasts at past cutoffs, facts, weeks."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.alerts.past_scores import PastFacts, days_to_loss
from foretell.alerts.past_segments import memberships_shown, weekly_sizes, with_segments
from foretell.alerts.raising import Run
from foretell.alerts.rules import columns_of
from foretell.alerts.weekly_series import OF_THE_LOG
from foretell.answers.model import ModelCard, kept_cards
from foretell.backtest.forecast import Forecast
from foretell.customer_log.manifest import Manifest
from foretell.customer_log.store import Store
from foretell.examples.labels import ACTIVE_AT_MOST_DAYS
from foretell.examples.plan import MOST_PROVING_CUSTOMERS
from foretell.features import FEATURES
from foretell.health.weeks import weeks_of
from foretell.pipeline.kept_forecasts import read_forecasts
from foretell.pipeline.previous_scores import ids_of
from foretell.project.alert_parts import AlertPart
from foretell.project.errors import InputError
from foretell.project.intervals import from_microseconds
from foretell.project.request import Request
from foretell.timelines.bucket import EVERY_KEY, buckets_of
from foretell.timelines.engine import Engine

FORECAST = "segment_forecast.parquet"


def last_run(request: Request, parts: Sequence[AlertPart]) -> Run:
    """The last run over its main horizon, with the scores that are there now; InputError where its files cannot be
    read. Segments by week and to come are those of the run: nothing of them where somebody scored again since."""
    card = kept_cards(request.state)[0]
    path = request.out / "scores.parquet"
    try:
        scores = pq.read_table(path)
    except (OSError, ValueError) as error:
        raise InputError("The scores cannot be read.", file=str(path), found=str(error), hint="foretell run") from None
    scores = scores.filter(pc.equal(scores["horizon_days"], card.horizon_days))
    as_of = int(scores["as_of"].cast(pa.int64())[0].as_py()) if len(scores) else 0
    more = _features_now(scores, request.state) if any(part.when for part in parts) else {}
    spikes = {part.spike for part in parts if part.spike}
    stays = memberships_shown(scores, request.out)
    is_of_the_run = len(scores) > 0 and _day(as_of, card) == card.as_of
    sizes = weekly_sizes(stays, as_of) if stays is not None and is_of_the_run and spikes - set(OF_THE_LOG) else {}
    facts = _past_facts(request.state, card, tuple(more))
    return Run(
        scores,
        as_of,
        card.horizon_days,
        request.timezone,
        card.currency,
        _forecasts(request.state, card),
        {name: service.proved for name, service in card.questions.items()},
        facts if stays is None else with_segments(facts, stays),
        max(1.0, len(scores) / MOST_PROVING_CUSTOMERS),
        more,
        _chances(scores, request.out / FORECAST) if is_of_the_run and any(part.move for part in parts) else None,
        sizes | (_weekly_orders(request, as_of) if spikes & set(OF_THE_LOG) else {}),
    )


def _forecasts(state: Path, card: ModelCard) -> list[Forecast]:
    """The forecasts of the models that serve, at the cutoffs of the last run's proof."""
    found: dict[tuple[str, int], Forecast] = {}
    for folder in _oldest_first(state, "test-*"):
        for forecast in read_forecasts(folder)[0]:
            service = card.service(forecast.objective)
            if (
                service is not None
                and forecast.model == service.proved
                and forecast.horizon_days == card.test_horizon_days
                and _day(forecast.cutoff, card) in card.test_cutoffs
            ):
                found[forecast.objective, forecast.cutoff] = forecast
    return list(found.values())


def _past_facts(state: Path, card: ModelCard, names: Collection[str]) -> tuple[PastFacts, ...]:
    """Features of these names and the days until each customer counts as lost, at the cutoffs of the proof."""
    for folder in reversed(_oldest_first(state, "examples-*")):
        told = json.loads((folder / "examples.json").read_text())
        if told["horizon_days"] != card.test_horizon_days:
            continue
        with np.load(folder / "examples.npz", allow_pickle=False) as stored:
            cutoffs = stored["cutoff"]
            tested = [cutoff for cutoff in np.unique(cutoffs) if _day(cutoff, card) in card.test_cutoffs]
            if len(tested) == len(card.test_cutoffs):
                return tuple(_facts_at(tested, cutoffs, stored, told["feature_names"], card, names))
    return ()


def _facts_at(
    tested: Sequence[int],
    cutoffs: np.ndarray,
    stored: Mapping[str, np.ndarray],
    feature_names: Sequence[str],
    card: ModelCard,
    names: Collection[str],
) -> Iterator[PastFacts]:
    key, silent, orders = (stored[n] for n in ("customer_key", "facts.days_since_last", "facts.lifetime_orders"))
    active, features = stored["eligible.active"], stored["features"]
    gap = features[:, feature_names.index("gap_days_median")]
    for cutoff in tested:
        rows = np.flatnonzero(cutoffs == cutoff)
        loss = days_to_loss(
            silent[rows], orders[rows], gap[rows], active[rows], card.test_horizon_days or 0, ACTIVE_AT_MOST_DAYS
        )
        columns = {name: features[rows, feature_names.index(name)] for name in names if name in feature_names}
        yield PastFacts(int(cutoff), key[rows], columns, loss)


def _features_now(scores: pa.Table, state: Path) -> dict[str, np.ndarray]:
    """The features that were kept with the scores, on their rows; nothing where other customers were scored since."""
    for folder in reversed(_oldest_first(state, "customers-*")):
        customers = pq.read_table(folder / "customers.parquet")
        place = pc.index_in(ids_of(scores), value_set=ids_of(customers))
        same = len(customers) == len(scores) and not place.null_count
        if same and customers.take(place)["expected_spend"].combine_chunks().equals(
            scores["expected_spend"].combine_chunks()
        ):
            return columns_of(customers.take(place), [name for name in customers.column_names if name in FEATURES])
    return {}


def _chances(scores: pa.Table, path: Path) -> dict[str, np.ndarray] | None:
    """The chance of each segment to come, on the rows of the scores, from the set of segments that the scores show."""
    if not path.is_file() or "segment" not in scores.column_names:
        return None
    forecast = pq.read_table(path)
    shown = set(scores["segment"].unique().to_pylist()) - {None}
    for name in forecast["segment_set"].unique().to_pylist():
        own = forecast.filter(pc.equal(forecast["segment_set"], name))
        if shown <= set(own["segment"].unique().to_pylist()):
            return {
                segment: _placed(own.filter(pc.equal(own["segment"], segment)), scores)
                for segment in own["segment"].unique().to_pylist()
            }
    return None


def _placed(own: pa.Table, scores: pa.Table) -> np.ndarray:
    place = pc.index_in(ids_of(scores), value_set=ids_of(own))
    chance: np.ndarray = np.nan_to_num(own["probability"].take(place).to_numpy())
    return chance


def _weekly_orders(request: Request, as_of: int) -> dict[str, np.ndarray]:
    """Orders and spend of each week before the as-of date."""
    identity = Manifest(request.state / "manifest.sqlite").setting("identity", request.identity)
    engine = Engine(buckets_of(Store(request.state, identity, request.timezone), request.value), 1)
    day = from_microseconds(as_of, request.timezone).date().isoformat()
    weeks = weeks_of(engine, as_of, day, EVERY_KEY)
    return {"orders": weeks.orders, "spend": weeks.amount}


def _oldest_first(state: Path, pattern: str) -> list[Path]:
    return sorted((state / "steps").glob(pattern), key=lambda folder: (folder.stat().st_mtime_ns, folder.name))


def _day(cutoff: int, card: ModelCard) -> str:
    return from_microseconds(cutoff, card.timezone).date().isoformat()
