"""The next order's date: proved at past cutoffs with all that came since, taught by what was known, and forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from foretell.backtest.forecast import Forecast
from foretell.backtest.proof import Proof
from foretell.examples.examples import Examples, stacked
from foretell.examples.grid import least_history_days
from foretell.examples.plan import Plan
from foretell.forecasts.next_order import model as next_order
from foretell.forecasts.next_order.forecast import predict
from foretell.forecasts.next_order.model import BASELINE, OURS, FittedNextOrder
from foretell.forecasts.next_order.past_forecasts import NextOrderMeasure, NextOrderTrial, judged, waits_at
from foretell.forecasts.next_order.rows import WaitAssembly
from foretell.project.intervals import MICROSECONDS_PER_DAY, from_microseconds, midnight
from foretell.storage.artefacts import Artefact
from foretell.storage.work import Work
from foretell.timelines.engine import Engine

PROOF_SHARES = (1 / 2, 1 / 3, 1 / 6)
FEWEST_WATCHED_DAYS = 7
LANDMARKS = 5
LANDMARK_SHARE = 0.1
LEAST_LANDMARK_HISTORY_DAYS = 14


@dataclass(frozen=True)
class NextOrderProof:
    """What forecasts of the next order, made at past cutoffs, were worth; see `next_order_trial` for the rows.

    `days` are the cutoffs' days, oldest first, `watched_days` how long each was watched. `serving` is the model that
    serves: `rhythm_hazard` where its censored log score was better than that of BG/NBD in the mean over cutoffs, else
    `bg_nbd`; `reason` says so in a sentence.
    """

    rows: tuple[NextOrderMeasure, ...]
    days: tuple[str, ...]
    watched_days: tuple[int, ...]
    serving: str
    reason: str

    def value(self, metric: str, model: str) -> float | None:
        """The mean over cutoffs; None where it could not be measured."""
        found = (row.value for row in self.rows if (row.metric, row.model, row.day) == (metric, model, ""))
        return next(found, None)


def prove_next_order(
    engine: Engine, plan: Plan, seed: int, proof: Proof | None = None, shares: Sequence[float] = PROOF_SHARES
) -> NextOrderProof:
    """Fit at each past cutoff from what was known then, forecast, and judge by every day up to the as-of date.

    With the proof of the other questions, at the oldest of its cutoffs too: there the chance of an order had been
    forecast, so that the curve is judged as it is served, bent through that chance. `shares` of the log lie between
    the other cutoffs and the as-of date.
    """
    chances = {} if proof is None else _oldest_chances(proof)
    asked = sorted({*proof_cutoffs(plan, shares), *chances})
    known = waits_at(engine, plan, asked, plan.as_of, plan.proving_key) if asked else None
    of_each = [] if known is None else [known.take(known.cutoff == cutoff) for cutoff in np.unique(known.cutoff)]
    cutoffs = [int(seen.cutoff[0]) for seen in of_each]
    trials = []
    for cutoff, seen in zip(cutoffs, of_each, strict=True):
        landmarks = _landmarks(engine, plan, cutoff, plan.proving_key)
        fitted = next_order.fit(landmarks, replace(seen, labels={}))
        chance = chances.get(cutoff)
        served = None if chance is None else _beside(seen.customer_key, chance.customer_key, chance.predicted)
        trials.append(NextOrderTrial(fitted, landmarks, seen, served, 0 if chance is None else chance.horizon_days))
    watched = tuple(_days_between(cutoff, plan) for cutoff in cutoffs)
    days = tuple(_day(cutoff, plan).isoformat() for cutoff in cutoffs)
    told = NextOrderProof(tuple(judged(trials, seed, plan.timezone)), days, watched, BASELINE, "")
    serving, reason = _served(told, [trial.fitted for trial in trials])
    return replace(told, serving=serving, reason=reason)


def fit_next_order(engine: Engine, plan: Plan, proof: NextOrderProof) -> FittedNextOrder:
    """Whom the proof chose, taught by all that is known at the as-of date."""
    assembly = WaitAssembly((plan.as_of,), None, plan.horizon_days, plan.survey)
    today = stacked(list(engine.over(assembly, plan.as_of, plan.serving_key)))
    if proof.serving != OURS:
        return next_order.fit(None, today)
    return next_order.fit(_landmarks(engine, plan, plan.as_of, plan.serving_key), today)


def forecast(
    engine: Engine,
    plan: Plan,
    fitted: FittedNextOrder,
    p_purchase: Mapping[int, tuple[np.ndarray, np.ndarray]] | None = None,
) -> pa.Table:
    """One row a customer with an order, by `customer_key` (uint64, ascending): `next_order_date`, `next_order_low`,
    `next_order_high` (80 %), `next_order_low_50`, `next_order_high_50` (date32, local days, never before the as-of
    date; null where no repeat is expected), `p_no_repeat` and `overdue`; see `models.next_order_forecast`.

    `p_purchase` maps horizons (days) to the served chances: customer keys (uint64, ascending) and float64 beside them.
    Customers without a chance keep their curve.
    """
    chances = p_purchase or {}
    assembly = WaitAssembly((plan.as_of,), None, plan.horizon_days, plan.survey)
    parts = []
    for examples in engine.over(assembly, plan.as_of):
        given = {days: _beside(examples.customer_key, *chance) for days, chance in chances.items()}
        columns = predict(fitted, examples, given).columns(plan.as_of, plan.timezone)
        parts.append(pa.table({"customer_key": pa.array(examples.customer_key), **columns}))
    whole = pa.concat_tables(parts)
    return whole.take(pa.array(np.argsort(whole["customer_key"].to_numpy(), kind="stable")))


def proof_cutoffs(plan: Plan, shares: Sequence[float] = PROOF_SHARES) -> tuple[int, ...]:
    """Local midnights these shares of the log before the as-of date (a half, a third and a sixth), oldest first, that
    have a history to learn from and days to be judged by."""
    span = plan.history_days(plan.as_of)
    found = {_midnight_before(plan.as_of, round(span * share), plan) for share in shares}
    least = max(least_history_days(plan.horizon_days), LEAST_LANDMARK_HISTORY_DAYS)
    return tuple(
        cutoff
        for cutoff in sorted(found)
        if plan.history_days(cutoff) >= least and _days_between(cutoff, plan) >= FEWEST_WATCHED_DAYS
    )


def landmark_cutoffs(plan: Plan, until: int) -> tuple[int, ...]:
    """The past moments that teach a forecast at `until`, oldest first: a tenth of its history apart, at least a week,
    so that some were watched for long and some saw customers that are known for long."""
    step = max(7, round(plan.history_days(until) * LANDMARK_SHARE))
    found = (_midnight_before(until, step * back, plan) for back in range(LANDMARKS, 0, -1))
    return tuple(cutoff for cutoff in found if plan.history_days(cutoff) >= LEAST_LANDMARK_HISTORY_DAYS)


def _day(moment: int, plan: Plan) -> date:
    return from_microseconds(moment, plan.timezone).date()


@dataclass(frozen=True)
class NextOrderModel:
    """Who forecasts the next order, and what such forecasts were worth at past cutoffs."""

    fitted: FittedNextOrder
    proof: NextOrderProof


NEXT_ORDER_MODEL: Artefact[NextOrderModel] = Artefact("next_order_model", NextOrderModel, version=2)
NEXT_ORDER: Artefact[pa.Table] = Artefact("next_order", pa.Table)
"""The forecast of each customer in the order of their keys; columns as in `proof.forecast`."""


def next_order_model(engine: Engine, plan: Plan, proof: Proof, work: Work) -> NextOrderModel:
    """Prove, then teach."""
    work.progress.step("Dating the next orders", 2)
    tested = prove_next_order(engine, plan, work.seed, proof)
    work.progress.advance()
    return NextOrderModel(fit_next_order(engine, plan, tested), tested)


def next_order_columns(engine: Engine, plan: Plan, fitted: FittedNextOrder, customers: pa.Table) -> pa.Table:
    """The forecasts of today, in keeping with the chances that are served."""
    served: Mapping[int, tuple[object, object]] = {
        plan.horizon_days: (customers["customer_key"].to_numpy(), customers["p_purchase"].to_numpy())
    }
    return forecast(engine, plan, fitted, served).drop_columns("customer_key")  # type: ignore[arg-type]


def _served(proof: NextOrderProof, fitted: Sequence[FittedNextOrder]) -> tuple[str, str]:
    if not fitted:
        return BASELINE, f"{BASELINE} serves: the log is too short for a test at a past cutoff."
    if all(one.name != OURS for one in fitted):
        why = next((one.process.cannot for one in fitted if one.process.cannot), "too few customers came back")
        return BASELINE, f"{BASELINE} serves: no rhythm could be learned at a past cutoff, {why}."
    scores = {name: proof.value("log_score", name) or 0.0 for name in (OURS, BASELINE)}
    first, second = (OURS, BASELINE) if scores[OURS] < scores[BASELINE] else (BASELINE, OURS)
    cutoffs = "one past cutoff" if len(fitted) == 1 else f"{len(fitted)} past cutoffs"
    told = f"{first} serves: censored log score {scores[first]:.4g} in the mean of {cutoffs}"
    return first, f"{told}, {second} {scores[second]:.4g}."


def _oldest_chances(proof: Proof) -> dict[int, Forecast]:
    """The forecast of an order at the oldest cutoff at which the model that serves was tested, by customer key."""
    own = [f for f in proof.forecasts if (f.objective, f.model) == ("purchase", proof.serving("purchase"))]
    if not own:
        return {}
    oldest = min(own, key=lambda forecast: forecast.cutoff)
    order = np.argsort(oldest.customer_key, kind="stable")
    return {
        oldest.cutoff: replace(
            oldest, customer_key=oldest.customer_key[order], predicted=oldest.predicted[order], slices={}
        )
    }


def _landmarks(engine: Engine, plan: Plan, until: int, largest_key: int) -> Examples | None:
    cutoffs = landmark_cutoffs(plan, until)
    return waits_at(engine, plan, cutoffs, until, largest_key) if cutoffs else None


def _beside(customer_key: np.ndarray, keys: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """The chance of each customer, NaN without one; `keys` ascend."""
    place = np.minimum(np.searchsorted(keys, customer_key), max(len(keys) - 1, 0))
    if not len(keys):
        return np.full(len(customer_key), np.nan)
    return np.where(keys[place] == customer_key, np.asarray(chance, dtype=np.float64)[place], np.nan)


def _midnight_before(moment: int, days: int, plan: Plan) -> int:
    return midnight(_day(moment, plan) - timedelta(days=days), plan.timezone)


def _days_between(cutoff: int, plan: Plan) -> int:
    return round((plan.as_of - cutoff) / MICROSECONDS_PER_DAY)
