"""From the chance of ending at each renewal to what is asked: does a contract end in the horizon, and what will it pay.

A contract is paid at each renewal that it outlives. Renewals lie whole intervals after the start.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from foretell.forecasts.contracts.contracts import Contracts
from foretell.forecasts.contracts.hazard import EndModel
from foretell.project.intervals import days

AT_ONCE = 20_000


@dataclass(frozen=True)
class Outlook:
    """One entry a contract that runs at the cutoff: chances of ending in the horizon and at the next renewal, the part
    of the former in which a payment fails (NaN where the model does not tell), and the expected revenue of the horizon
    (NaN where amount or interval are not told). `next_renewal_at` is int64 microseconds."""

    ends: np.ndarray
    ends_at_renewal: np.ndarray
    payment_fails: np.ndarray
    revenue: np.ndarray
    next_renewal_at: np.ndarray


def outlook(model: EndModel, contracts: Contracts, cutoff: int, horizon_days: int) -> Outlook:
    """What a model says of contracts that run at a cutoff, as known then; some at a time, since a contract that is paid
    daily has many renewals."""
    blocks = [slice(begin, begin + AT_ONCE) for begin in range(0, max(len(contracts), 1), AT_ONCE)]
    parts = [_outlook(model, contracts.take(np.arange(len(contracts))[rows]), cutoff, horizon_days) for rows in blocks]
    return Outlook(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Outlook)))


def _outlook(model: EndModel, contracts: Contracts, cutoff: int, horizon_days: int) -> Outlook:
    until = cutoff + days(horizon_days)
    renewal = renewals_ahead(contracts, cutoff, until)
    told = model.ends(contracts, cutoff, renewal.shape[1])
    began = np.column_stack([np.full(len(contracts), cutoff), renewal[:, :-1]])
    covered = np.clip((until - began) / np.maximum(renewal - began, 1), 0.0, 1.0)
    falls_in = np.where(renewal < until, 1.0, model.share_early * covered)
    outlives = np.clip(1 - np.cumsum(told.chance, axis=1), 0.0, 1.0)
    paid = np.where(renewal < until, outlives, 0.0).sum(axis=1)
    failed = np.full(len(contracts), np.nan) if told.failed is None else (told.failed * falls_in).sum(axis=1)
    return Outlook(
        np.clip((told.chance * falls_in).sum(axis=1), 0.0, 1.0),
        np.clip(told.chance[:, 0], 0.0, 1.0),
        np.clip(failed, 0.0, 1.0),
        np.where(contracts.is_billed, contracts.amount * paid, np.nan),
        renewal[:, 0],
    )


def renewals_ahead(contracts: Contracts, cutoff: int, until: int) -> np.ndarray:
    """int64 [contracts, renewals]: the moments of the next renewals, up to the first at `until` or later of all
    contracts."""
    first = (
        contracts.started_at + (np.floor(contracts.intervals_until(cutoff)).astype(np.int64) + 1) * contracts.interval
    )
    most = int(np.ceil((until - first) / contracts.interval).max(initial=0))
    return np.asarray(first[:, None] + np.arange(max(most, 0) + 1) * contracts.interval[:, None])


def paid_since(truth: Contracts, cutoff: int, until: int) -> np.ndarray:
    """float64: what contracts that ran at a cutoff paid from then until a moment, by all that is known of them now."""
    renewal = renewals_ahead(truth, cutoff, until)
    place = np.floor(truth.intervals_until(cutoff))[:, None] + 1 + np.arange(renewal.shape[1])
    return np.asarray(truth.amount * ((renewal < until) & (place < truth.end_renewal[:, None])).sum(axis=1))
