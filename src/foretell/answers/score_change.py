"""What moved the scores of one customer since the run before, gathered from what both runs left.

Only the customer's own facts are read, out of the one bucket that holds them. What everybody together did since (when
a customer counts as new, what gaps are usual) belongs to time passing, so that behaviour is the customer's own; on the
same day, where no time passed, it is told with behaviour. A season, and a level, belong to the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow.compute as pc

from foretell.answers.customer import Customer
from foretell.answers.model import MODEL_CARD
from foretell.answers.published import PublishedRun, RunOverHorizon, as_published
from foretell.customer_log.store import Store
from foretell.examples.assembly import Assembly
from foretell.examples.indicators import feature_behind
from foretell.forecasts.orders.serving import at_another_season
from foretell.project.errors import InputError
from foretell.project.fingerprints import keys_of
from foretell.project.objectives import Kind
from foretell.project.version import __version__
from foretell.scores.score_change import score_change
from foretell.scores.scoring import Scoring
from foretell.storage.catalogue import RunRecord
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import bucket_with
from foretell.timelines.survey import Survey
from foretell.words.wording import happened_since

COUNTS = ("lifetime_orders", "lifetime_spend", "refunds_life", "refunded_life")
KINDS: Mapping[str, Kind] = {"p_purchase": "probability", "expected_spend": "amount"}
SAME_SHARE = 1e-6
ModelWord = Literal["new model", "season", ""]


class CannotTell(Exception):
    """Why a change cannot be taken apart."""


@dataclass(frozen=True)
class Moved:
    """A forecast before and after, and its parts by their names in `scores.score_change.PARTS`: in the unit of the
    forecast, and on the link; both empty where the change cannot be taken apart."""

    before: float
    after: float
    parts: Mapping[str, float]
    on_the_link: Mapping[str, float]


@dataclass(frozen=True)
class CustomerChange:
    """What moved the scores of a customer since `since` (a local date). `moved` has an entry a forecast, none for a
    customer without scores then; `happened` tells the customer's own facts since; `model` says what is new about the
    model, "" where nothing; `note` says why something is not told."""

    since: str
    same_day: bool
    moved: Mapping[str, Moved]
    happened: str
    model: ModelWord
    note: str

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        forecasts = {
            name: {"before": one.before, "after": one.after, **one.parts, "on_the_link": dict(one.on_the_link)}
            for name, one in self.moved.items()
        }
        return {"since": self.since, **forecasts, "happened": self.happened, "new": self.model, "note": self.note}


def score_change_of(customer: Customer, run: PublishedRun) -> CustomerChange | None:
    """What moved the customer's scores since the run before; None where no earlier run is kept."""
    row = customer.values
    days, customer_id = row["horizon_days"], str(row["customer_id"])
    earlier = [record for record in run.catalogue.runs() if record.number < run.record.number]
    then = next(_readable(run, [record for record in earlier if days in record.horizons], days), None)
    if then is None:
        other = next(_readable(run, [record for record in earlier if days not in record.horizons], None), None)
        if other is None:
            return None
        spans = " and ".join(f"{days} days" for days in sorted(other.record.horizons))
        return _untold(other, run, f"those scores looked {spans} ahead, not {days} days")
    kept = _facts_of(customer_id, then.over(days))
    if kept is None:
        return _untold(then, run, "a new customer since then: there was no score to change")
    same_money = then.request.settings.value == run.request.settings.value
    happened = _happened(kept, _facts_of(customer_id, run.over(days)) or kept, customer.currency, same_money)
    served = {name: float(kept[name]) for name in KINDS}
    try:
        moved = _taken_apart(customer_id, days, then, run, served, row)
        note = ""
    except CannotTell as reason:
        moved = {name: Moved(served[name], float(row[name]), {}, {}) for name in KINDS}
        note = str(reason)
    word = _model_word(then.over(days), run.over(days))
    return CustomerChange(_day(then), then.record.as_of == run.record.as_of, moved, happened, word, note)


def _readable(now: PublishedRun, records: Sequence[RunRecord], days: int | None) -> Iterator[PublishedRun]:
    """The runs whose plan, and scores over so many days, are still whole; another is as if it had never been."""
    for record in records:
        then = as_published(now.catalogue, record, now.request.place)
        try:
            _ = then.main.plan if days is None else (then.main.plan, then.over(days).scores, then.over(days).customers)
        except InputError:
            continue
        yield then


class Look(NamedTuple):
    """A customer's facts, and the moment from which they are seen."""

    batch: Timelines
    at: int
    survey: Survey


def _facts_of(customer_id: str, one: RunOverHorizon) -> dict[str, float] | None:
    """Forecasts and counts of one customer in a run; None where the customer had no scores."""
    ids = pc.cast(one.scores["customer_id"], "string")
    place = pc.index(ids, customer_id).as_py()
    if place < 0:
        return None
    customers, scores = one.customers, one.scores
    return {name: scores[name][place].as_py() for name in KINDS} | {
        name: float(customers[name][place].as_py()) for name in COUNTS
    }


def _taken_apart(
    customer_id: str,
    days: int,
    then: PublishedRun,
    now: PublishedRun,
    served: Mapping[str, float],
    row: Mapping[str, Any],
) -> dict[str, Moved]:
    _check_models(then, days)
    made_by = {one.over(days).read(MODEL_CARD).foretell for one in (then, now)}
    if made_by != {__version__}:
        raise CannotTell(f"another version of Foretell made the scores of then ({min(made_by - {__version__})})")
    values = [one.request.settings.value for one in (then, now)]
    if values[0] != values[1]:
        raise CannotTell(f"spend was {values[0]} then and is {values[1]} now")
    if then.record.as_of > now.record.as_of:
        raise CannotTell("they are of a later day than the last scores")
    looks = _looks(customer_id, then, now)
    old, new = _forecasts(then, days, looks), _forecasts(now, days, looks)
    found = {}
    for name, kind in KINDS.items():
        if not np.isclose(new[2][name][0], row[name], rtol=SAME_SHARE, atol=0):
            raise CannotTell("the customer log has changed since the last scores")
        change = score_change(
            lambda place, name=name: old[place][name],  # type: ignore[misc]
            lambda place, name=name: new[place][name],  # type: ignore[misc]
            (0, 1, 2),
            kind,
            np.array([served[name]]),
        )
        parts = {part: float(values[0]) for part, values in change.shared().items()}
        links = {part: float(getattr(change, part)[0]) for part in parts}
        found[name] = Moved(served[name], float(row[name]), parts, links)
    return found


def _check_models(then: PublishedRun, days: int) -> None:
    """CannotTell where the models of then, or what goes with them, are not whole."""
    try:
        for one in (one for one in then.horizons if one.horizon_days <= days):
            _ = one.read(MODEL_CARD), one.models, one.scored
    except InputError:
        raise CannotTell(f"the models that served as of {_day(then)} are no longer kept") from None


def _looks(customer_id: str, then: PublishedRun, now: PublishedRun) -> list[Look]:
    """The facts of then, the same seen from today, and those of today."""
    key = int(keys_of([customer_id])[0])
    store = Store.kept(now.request.place.state)
    store.check([key % store.buckets])
    bucket = bucket_with(key, store, now.request.settings.value)
    if not bucket.parts:
        raise CannotTell("the customer log has changed since the last scores")
    known_then, known_now = (bucket.read(one.record.as_of, key, key) for one in (then, now))
    if not len(known_then.orders):
        raise CannotTell("the orders that were known then are no longer in the customer log")
    first, today = then.main.plan.survey, now.main.plan.survey
    return [
        Look(known_then, then.record.as_of, first),
        Look(known_then, now.record.as_of, today if now.record.as_of > then.record.as_of else first),
        Look(known_now, now.record.as_of, today),
    ]


def _forecasts(run: PublishedRun, days: int, looks: list[Look]) -> list[dict[str, np.ndarray]]:
    """What the models of a run forecast at each look: not below their forecasts over shorter horizons, as served."""
    found: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in looks]
    for one in (one for one in run.horizons if one.horizon_days <= days):
        serving = at_another_season(one.models, one.scored.season)
        behind = tuple(dict.fromkeys(map(feature_behind, serving.feature_names)))
        for look, own in zip(looks, found, strict=True):
            assembly = Assembly((look.at,), one.horizon_days, behind, look.survey, labelled=False)
            own.append(Scoring(assembly, serving, one.scored.prior).chance_and_spend(look.batch))
    return [dict(zip(KINDS, np.max(own, axis=0), strict=True)) for own in found]


def _happened(before: Mapping[str, float], after: Mapping[str, float], currency: str, comparable: bool) -> str:
    if not comparable:
        return ""
    orders, spend, refunds, refunded = (after[name] - before[name] for name in COUNTS)
    return happened_since(orders, spend, refunds, refunded, currency)


def _model_word(then: RunOverHorizon, now: RunOverHorizon) -> ModelWord:
    if _model_id(then) != _model_id(now):
        return "new model"
    return "season" if then.scored.season.value != now.scored.season.value else ""


def _model_id(one: RunOverHorizon) -> str:
    return str(one.scores["model_id"][0].as_py())


def _untold(then: PublishedRun, now: PublishedRun, note: str) -> CustomerChange:
    return CustomerChange(_day(then), then.record.as_of == now.record.as_of, {}, "", "", note)


def _day(run: PublishedRun) -> str:
    return run.main.plan.as_of_day()
