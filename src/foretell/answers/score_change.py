"""What moved the scores of one customer since the run before, gathered from what both runs left.

Only the customer's own facts are read, out of the one bucket that holds them. What everybody together did since (when
a customer counts as new, what gaps are usual) belongs to time passing, so that behaviour is the customer's own; on the
same day, where no time passed, it is told with behaviour. A season, and a level, belong to the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from foretell import __version__
from foretell.answers.customer import Customer
from foretell.pipeline.kept_scores import COUNTS, KeptRun, kept_runs
from foretell.project.errors import InputError
from foretell.project.fingerprints import keys_of
from foretell.project.intervals import to_microseconds
from foretell.project.objectives import Kind
from foretell.project.request import Request

if TYPE_CHECKING:
    from foretell.timelines.batch import Timelines
    from foretell.timelines.survey import Survey

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


def score_change_of(customer: Customer, request: Request) -> CustomerChange | None:
    """What moved the customer's scores since the run before; None where no earlier scores are kept."""
    row = customer.values
    days, customer_id = row["horizon_days"], str(row["customer_id"])
    runs = kept_runs(request.state)
    if len(runs) < 2 or not _made(row, runs[-1], days):
        return None
    now = runs[-1]
    earlier = [run for run in runs[:-1] if days in run.models]
    if not earlier:
        return _untold(runs[-2], now, f"those scores looked {_spans(runs[-2])} ahead, not {days} days")
    then = earlier[-1]
    kept = then.customer(customer_id, days)
    if kept is None:
        return _untold(then, now, "a new customer since then: there was no score to change")
    happened = _happened(kept, now.customer(customer_id, days) or kept, customer.currency, then.value == now.value)
    served = {name: float(kept[name]) for name in KINDS}
    try:
        moved = _taken_apart(customer_id, days, then, now, served, row, request)
        note = ""
    except CannotTell as reason:
        moved = {name: Moved(served[name], float(row[name]), {}, {}) for name in KINDS}
        note = str(reason)
    return CustomerChange(then.day, then.as_of == now.as_of, moved, happened, _model_word(then, now, days), note)


class Look(NamedTuple):
    """A customer's facts, and the moment from which they are seen."""

    batch: Timelines
    at: int
    survey: Survey


def _taken_apart(
    customer_id: str,
    days: int,
    then: KeptRun,
    now: KeptRun,
    served: Mapping[str, float],
    row: Mapping[str, Any],
    request: Request,
) -> dict[str, Moved]:
    from foretell.scores.score_change import score_change  # noqa: PLC0415

    if then.foretell != now.foretell or now.foretell != __version__:
        raise CannotTell(f"another version of Foretell made the scores of then ({then.foretell})")
    if then.value != now.value:
        raise CannotTell(f"spend was {then.value} then and is {now.value} now")
    if then.as_of > now.as_of:
        raise CannotTell("they are of a later day than the last scores")
    looks = _looks(customer_id, then, now, request)
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


def _looks(customer_id: str, then: KeptRun, now: KeptRun, request: Request) -> list[Look]:
    """The facts of then, the same seen from today, and those of today."""
    from foretell.customer_log.manifest import Manifest  # noqa: PLC0415
    from foretell.customer_log.store import Store  # noqa: PLC0415
    from foretell.timelines.bucket import bucket_with  # noqa: PLC0415

    key = int(keys_of([customer_id])[0])
    identity = Manifest(request.state / "manifest.sqlite").setting("identity", request.identity)
    store = Store(request.state, identity, request.timezone)
    bucket = bucket_with(key, store, request.value)
    if not bucket.parts:
        raise CannotTell("the customer log has changed since the last scores")
    known_then, known_now = (bucket.read(run.as_of, key, key) for run in (then, now))
    if not len(known_then.orders):
        raise CannotTell("the orders that were known then are no longer in the customer log")
    first, today = then.survey(request.timezone), now.survey(request.timezone)
    return [
        Look(known_then, then.as_of, first),
        Look(known_then, now.as_of, today if now.as_of > then.as_of else first),
        Look(known_now, now.as_of, today),
    ]


def _forecasts(run: KeptRun, days: int, looks: list[Look]) -> list[dict[str, np.ndarray]]:
    """What the models of a run forecast at each look: not below their forecasts over shorter horizons, as served."""
    from foretell.examples.assembly import Assembly  # noqa: PLC0415
    from foretell.features import FEATURES  # noqa: PLC0415
    from foretell.scores.scoring import Scoring  # noqa: PLC0415

    found: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in looks]
    for horizon in sorted(one for one in run.models if one <= days):
        try:
            serving = run.serving(horizon)
        except (InputError, OSError, ValueError, KeyError, TypeError):
            raise CannotTell(f"the models that served as of {run.day} are no longer kept") from None
        for look, own in zip(looks, found, strict=True):
            assembly = Assembly((look.at,), horizon, tuple(FEATURES), look.survey, labelled=False)
            scoring = Scoring(
                assembly,
                serving.models,
                None,
                serving.feature_names,
                serving.trained_horizon_days,
                serving.far_sighted,
                "",
                run.prior,
            )
            own.append(scoring.chance_and_spend(look.batch))
    return [dict(zip(KINDS, np.max(own, axis=0), strict=True)) for own in found]


def _happened(before: Mapping[str, float], after: Mapping[str, float], currency: str, comparable: bool) -> str:
    from foretell.scores.sentences import happened_since  # noqa: PLC0415

    if not comparable:
        return ""
    orders, spend, refunds, refunded = (after[name] - before[name] for name in COUNTS)
    return happened_since(orders, spend, refunds, refunded, currency)


def _made(row: Mapping[str, Any], run: KeptRun, days: int) -> bool:
    return run.as_of == to_microseconds(row["as_of"]) and run.models.get(days) == row["model_id"]


def _model_word(then: KeptRun, now: KeptRun, days: int) -> ModelWord:
    if then.models[days] != now.models[days]:
        return "new model"
    return "season" if then.seasons[days] != now.seasons[days] else ""


def _untold(then: KeptRun, now: KeptRun, note: str) -> CustomerChange:
    return CustomerChange(then.day, then.as_of == now.as_of, {}, "", "", note)


def _spans(run: KeptRun) -> str:
    return " and ".join(f"{days} days" for days in sorted(run.models))
