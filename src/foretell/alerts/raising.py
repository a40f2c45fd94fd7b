"""Raising alerts: every declared rule is tested on the past, asked of the scores of a run, and its new customers kept
as one alert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.alerts.alert import Alert, alert_id, shared_drivers
from foretell.alerts.control_limits import ControlLimits
from foretell.alerts.past.scores import PastFacts, past_scores
from foretell.alerts.proof import RuleProof, proved
from foretell.alerts.rules import SEGMENT, AlertRule, ScoredNow, alert_rule, columns_of, ids_of
from foretell.alerts.state import FILE_NAME, AlertState
from foretell.alerts.weekly_series import limits_of
from foretell.backtest.forecast import Forecast
from foretell.project.intervals import day_of, from_microseconds
from foretell.project.parts.alerts import AlertPart, parse_wait

MONEY = "expected_spend"


@dataclass(frozen=True)
class Run:
    """What alerts read of a run. `scores` has one row a customer, of one horizon; `more_columns` are other numbers or
    texts on its rows that rules may name (features). `forecasts` are those of the proof and `serving` names the model
    of each target; `past_facts` is what else was known at past cutoffs, `customers_per_tested` how many customers each
    one in the proof stands for. `chances` are those of each segment to come, on the rows of the scores; `weekly` are
    series of whole weeks up to the as-of date (`orders`, `spend`, segments by name). `scores_before` are the scores of
    the newest run of an earlier day, None without one; `reasons` those behind the scores, as `scores.reasons` has them.
    """

    scores: pa.Table
    as_of: int
    horizon_days: int
    timezone: str = "UTC"
    currency: str = ""
    forecasts: Sequence[Forecast] = ()
    serving: Mapping[str, str | None] = field(default_factory=dict)
    past_facts: Sequence[PastFacts] = ()
    customers_per_tested: float = 1.0
    more_columns: Mapping[str, np.ndarray] = field(default_factory=dict)
    chances: Mapping[str, np.ndarray] | None = None
    weekly: Mapping[str, np.ndarray] = field(default_factory=dict)
    scores_before: pa.Table | None = None
    reasons: pa.ChunkedArray | None = None

    @property
    def as_of_day(self) -> str:
        """The local day of the scores."""
        return day_of(self.as_of, self.timezone)


@dataclass(frozen=True)
class _Given:
    """What a run gives to each of its rules; `ids` and `columns` are on the rows of its scores, `kept` is what was
    raised before, `now` the clock in microseconds UTC."""

    run: Run
    ids: np.ndarray
    columns: Mapping[str, np.ndarray]
    limits: ControlLimits
    kept: AlertState
    now: int


@dataclass(frozen=True)
class RuleStanding:
    """One declared rule in this run: `off` says why it is not on (else empty), `holding` of how many customers it
    holds, `held_back` why it raised nothing although it holds of somebody new."""

    part: AlertPart
    proof: RuleProof
    off: str = ""
    holding: int = 0
    held_back: str = ""


@dataclass(frozen=True)
class Raising:
    """What this run raised anew, and how each declared rule stands."""

    alerts: tuple[Alert, ...]
    rules: tuple[RuleStanding, ...]
    limits: ControlLimits

    @classmethod
    def nothing(cls) -> Raising:
        """Where no alert is declared."""
        return cls((), (), ControlLimits(cannot="no alert is declared"))


def raise_alerts(parts: Sequence[AlertPart], run: Run, state: Path, now: int) -> Raising:
    """Ask every rule of a run's scores, and keep what is new in the state folder; the same run again raises nothing.

    `now` is the clock in microseconds UTC. Nothing is sent. InputError where a rule cannot be read.
    """
    columns = {**columns_of(run.scores), **run.more_columns}
    kinds = ScoredNow(columns).kinds
    rules = {part.name: alert_rule(part, kinds) for part in parts if not part.spike}
    kept = AlertState(state / FILE_NAME)
    compared = tuple(dict.fromkeys(name for rule in rules.values() for name in rule.compares))
    segments = (SEGMENT,) if SEGMENT in run.scores.column_names else ()
    before = _before(run, [*compared, *segments])
    limits = limits_of([part.spike for part in parts if part.spike], run.scores, run.as_of_day, run.weekly, kept)
    past = past_scores(run.forecasts, run.serving, run.horizon_days, run.past_facts)
    apart = _proved_apart(run)
    scored = ScoredNow(columns, before, run.chances)
    ids = np.array(ids_of(run.scores).to_pylist(), dtype=object)
    given = _Given(run=run, ids=ids, columns=columns, limits=limits, kept=kept, now=now)
    alerts, standings = [], []
    for part in parts:
        if part.spike:
            holds, off, proof = _of_series(part, limits, scored)
        else:
            proof = RuleProof(apart) if apart else proved(rules[part.name], past, run.customers_per_tested)
            off = "" if proof.is_tested or part.untested else f"{proof.cannot}; untested = true switches it on"
            holds, off = _of_customers(rules[part.name], scored, off)
        alert, held_back = _raised(part, proof, holds, given) if not off else (None, "")
        standings.append(RuleStanding(part, proof, off, int(holds.sum()), held_back))
        if alert is not None and kept.add(alert, now):
            alerts.append(alert)
    return Raising(tuple(alerts), tuple(standings), limits)


def _before(run: Run, names: Sequence[str]) -> dict[str, np.ndarray] | None:
    """The named columns as they stood in the run before, on the rows of the scores, null for customers who had no
    scores then; None without such a run. A column that was not there then is left out."""
    if run.scores_before is None:
        return None
    kept = run.scores_before
    place = pc.index_in(ids_of(run.scores), value_set=ids_of(kept))
    return columns_of(kept.take(place), [name for name in dict.fromkeys(names) if name in kept.column_names])


def _proved_apart(run: Run) -> str:
    """Why the forecasts of the proof say nothing about these scores; empty where they do."""
    proved_days = {forecast.horizon_days for forecast in run.forecasts}
    if not proved_days or run.horizon_days in proved_days:
        return ""
    return f"cannot be tested on the past: the proof looks {min(proved_days)} days ahead, the scores {run.horizon_days}"


def _of_customers(rule: AlertRule, scored: ScoredNow, off: str) -> tuple[np.ndarray, str]:
    """Of whom a rule holds, and why it is off."""
    if rule.compares and (scored.before is None or any(name not in scored.before for name in rule.compares)):
        off = off or "there is no run before to compare with"
    if rule.move and rule.move.chance is not None and (scored.chances is None or rule.move.goal not in scored.chances):
        off = off or f"there is no forecast of moves to {rule.move.goal!r}"
    return rule.holds(scored), off


def _of_series(part: AlertPart, limits: ControlLimits, scored: ScoredNow) -> tuple[np.ndarray, str, RuleProof]:
    """The customers of a series that is outside its limits: of a segment those who are in it and were not before, or
    everybody in it without a run before; of another series nobody by name."""
    proof = RuleProof("control limits, set to one false alarm a month over all series together")
    nobody = np.zeros(scored.customers, dtype=bool)
    if part.spike not in limits.watched:
        return nobody, limits.cannot or f"{part.spike!r} has no weekly history that moves", proof
    if all(signal.series != part.spike for signal in limits.signals) or SEGMENT not in scored.columns:
        return nobody, "", proof
    inside = scored.columns[SEGMENT] == part.spike
    before = scored.before.get(SEGMENT) if scored.before else None
    return np.asarray(inside & (before != part.spike) if before is not None else inside, dtype=bool), "", proof


def _raised(part: AlertPart, proof: RuleProof, holds: np.ndarray, given: _Given) -> tuple[Alert | None, str]:
    """The alert of a rule in this run, or why there is none."""
    run, ids, kept = given.run, given.ids, given.kept
    condition = " and ".join(filter(None, (part.when, part.change, part.move, part.spike)))
    signal = next((one for one in given.limits.signals if part.spike and one.series == part.spike), None)
    since = kept.holds_since(part.name, condition, run.as_of_day, ids[holds].tolist())
    if part.name in (silences := kept.silences(given.now)):
        return None, f"silent until {from_microseconds(silences[part.name], run.timezone).date()}"
    wait = parse_wait(part.cooldown)
    known = kept.already_warned(part.name, run.as_of_day, wait, since)
    if signal is not None and kept.was_raised(part.name, run.as_of_day, wait):
        return None, "raised within its cooldown"
    new = holds & np.fromiter((customer not in known for customer in ids), dtype=bool, count=len(ids))
    if not new.any() and signal is None:
        return None, "those of whom it holds are known already" if holds.any() else ""
    spend = np.nan_to_num(given.columns[MONEY]) if MONEY in given.columns else np.zeros(len(ids))
    money = float(spend[new].sum())
    if money < part.min_money:
        return None, f"under min_money: {money:,.0f} at stake"
    rows = np.flatnonzero(new)
    rows = rows[np.argsort(-spend[rows], kind="stable")]
    customers = tuple(ids[rows].tolist())
    return Alert(
        alert_id(part.name, run.as_of_day, customers),
        part.name,
        condition,
        run.as_of_day,
        run.horizon_days,
        customers,
        round(money, 4),
        run.currency,
        min((since[customer] for customer in customers), default=run.as_of_day),
        shared_drivers(run.reasons, new) if run.reasons is not None else (),
        proof,
        part.deliver,
        signal,
    ), ""
