"""The contracts of a run: proved at past cutoffs, then forecast for today by whoever proved best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.customer_log.tables.subscriptions import SUBSCRIPTIONS
from foretell.examples.plan import Plan
from foretell.forecasts.contracts.baselines import BASELINES, KAPLAN_MEIER
from foretell.forecasts.contracts.contracts import Contracts, contracts_of
from foretell.forecasts.contracts.customers import contract_columns
from foretell.forecasts.contracts.hazard import OURS, EndModel
from foretell.forecasts.contracts.past_forecasts import (
    IN_HORIZON,
    METRICS,
    Asked,
    MeasuredContracts,
    asked_at,
    judged,
    taught,
    together,
)
from foretell.forecasts.contracts.plans import PlanOutlook, Retention, by_plan, retention
from foretell.forecasts.contracts.projection import outlook
from foretell.models.contract import CannotFit
from foretell.project.intervals import day_of
from foretell.project.progress import Progress
from foretell.storage.artefacts import Artefact
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.engine import Engine
from foretell.words.wording import decimal, model_name


@dataclass(frozen=True)
class ContractProof:
    """Who forecasts the ends of contracts, and why, in words; `measured` behind it, over the tests of `days` (local,
    oldest first), each of `horizon_days`. Without tests the reason says why there are none; `serving` is empty where
    the log has no contracts."""

    serving: str
    reason: str
    horizon_days: int
    days: tuple[str, ...] = ()
    measured: tuple[MeasuredContracts, ...] = ()

    def figure(self, question: str, contender: str, metric: str) -> MeasuredContracts | None:
        """A metric of a contender; None where it was not tested."""
        wanted = (question, contender, metric)
        return next((row for row in self.measured if (row.question, row.contender, row.metric) == wanted), None)


@dataclass(frozen=True)
class ContractsToday:
    """The contracts of today: `columns` of every customer in the order of their keys (none where the log has no
    contracts), the plans, and how many outlived each renewal so far. `cannot` says why nothing could be forecast."""

    columns: pa.Table
    plans: tuple[PlanOutlook, ...] = ()
    retention: tuple[Retention, ...] = ()
    cannot: str = ""


CONTRACT_PROOF: Artefact[ContractProof] = Artefact("contract_proof", ContractProof)
CONTRACTS: Artefact[ContractsToday] = Artefact("contracts", ContractsToday)


def prove_contracts(engine: Engine, plan: Plan, seed: int, progress: Progress) -> ContractProof:
    """Every contender at past cutoffs, taught by what was known then and judged by what is known today. Ours serves
    where its log loss over the horizon was measurably lower than that of every baseline, else the best of these."""
    if not has_contracts(engine):
        return ContractProof("", "", plan.horizon_days)
    progress.step("Proving when contracts end", 1)
    tests = sorted(plan.proving.tests) if plan.proving else []
    horizon = plan.proving.horizon_days if plan.proving else plan.horizon_days
    everything = gathered(engine, plan.as_of, plan.proving_key)[0]
    parts, days, cannot = list[Mapping[str, Asked]](), list[str](), "the log is too short for a test at a past cutoff"
    for test in tests:
        try:
            parts.append(asked_at(everything, test, horizon, plan.as_of))
        except CannotFit as refusal:
            cannot = str(refusal)
            continue
        days.append(day_of(test, plan.timezone))
    progress.advance()
    whole = {question: together([part[question] for part in parts]) for question in METRICS} if parts else {}
    measured = tuple(row for question, asked in whole.items() for row in judged(question, asked, seed))
    return ContractProof(*_served(measured, cannot), horizon, tuple(days), measured)


def contracts_today(
    engine: Engine, plan: Plan, proof: ContractProof, customer_key: np.ndarray, progress: Progress
) -> ContractsToday:
    """What whoever serves says of today's contracts, taught by all that is known; `customer_key` ascends. Nothing where
    the log had no contracts when that was proved."""
    if not (proof.serving and has_contracts(engine)):
        return ContractsToday(pa.table({"customer_key": customer_key}).drop_columns("customer_key"))
    progress.step("Forecasting contracts", 1)
    known, words = gathered(engine, plan.as_of)
    known = known.as_of(plan.as_of)
    running = known.take(known.is_running)
    try:
        model: EndModel | None = taught(known, plan.as_of)[proof.serving]
        cannot = ""
    except CannotFit as refusal:
        model, cannot = None, str(refusal)
    told = None if model is None else outlook(model, running, plan.as_of, plan.horizon_days)
    columns = contract_columns(running, told, customer_key)
    progress.advance()
    return ContractsToday(columns, by_plan(running, told, words), retention(known, plan.as_of), cannot)


def has_contracts(engine: Engine) -> bool:
    """Whether a source of the log has contracts."""
    return SUBSCRIPTIONS.name in engine.tables


def gathered(engine: Engine, before: int, largest_key: int = EVERY_KEY) -> tuple[Contracts, dict[int, str]]:
    """The contracts of all customers with a key up to `largest_key`, and the names of their plans by code."""
    parts = list(engine.over(with_plan_names, before, largest_key))
    words = {code: name for _, names in parts for code, name in names.items()}
    return Contracts.joined([own for own, _ in parts]), words


def with_plan_names(batch: Timelines) -> tuple[Contracts, dict[int, str]]:
    """The contracts of a batch, and the names of their plans by code."""
    own = contracts_of(batch)
    codes = np.unique(own.plan[own.plan != 0]).tolist()
    return own, {code: batch.words[code] for code in codes if code in batch.words}


def _served(measured: Sequence[MeasuredContracts], cannot: str) -> tuple[str, str]:
    loss = {r.contender: r for r in measured if (r.question, r.metric) == (IN_HORIZON, "log_loss")}
    if not loss:
        return KAPLAN_MEIER, cannot
    best = min(BASELINES, key=lambda name: loss[name].figure.value)
    ours, theirs = (decimal(loss[name].figure.value) for name in (OURS, best))
    leads = [loss[name].lead for name in BASELINES]
    if all(lead is not None and lead.is_clear for lead in leads):
        return OURS, f"{model_name(OURS)} serves, log loss {ours} (best baseline {model_name(best)} {theirs})"
    told = f"{model_name(OURS)} is not measurably better ({ours} against {theirs})"
    return best, f"{model_name(best)} serves, since by log loss {told}"
