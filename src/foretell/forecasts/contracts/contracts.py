"""Contracts: what began, whose end was asked for, and what ended, each as far as it was known at a cutoff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pyarrow as pa

from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.subscriptions import ASKED, ENDED, INTERVAL_DAYS, STARTED, SUBSCRIPTIONS
from foretell.customer_log.tables.vocabulary import Vocabulary
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.batch import Timelines

NEVER = 2**62
MICROSECONDS = 1_000_000
MONTH = round(INTERVAL_DAYS["month"] * MICROSECONDS_PER_DAY)
LATE = 0.1
"""Renewals lie whole mean intervals after the start; real months are shorter or longer by up to this share of one, so
that an end so soon after a renewal is one at that renewal."""


@dataclass(frozen=True)
class Contracts:
    """One entry a contract; moments are int64 microseconds UTC, `NEVER` where nothing of it is known.

    `*_seen` is when a fact was known to have happened; of a start also when its customer was known, by a first order.
    `plan` is a code (0: none), `amount` what one interval costs (NaN where it is not told), `interval` the microseconds
    of one (a month where it is not told, and `is_billed` is false then). `is_failed` says that it ended because a
    payment failed.
    """

    customer_key: np.ndarray
    started_at: np.ndarray
    started_seen: np.ndarray
    asked_at: np.ndarray
    asked_seen: np.ndarray
    ended_at: np.ndarray
    ended_seen: np.ndarray
    is_failed: np.ndarray
    plan: np.ndarray
    amount: np.ndarray
    interval: np.ndarray
    is_billed: np.ndarray

    def __len__(self) -> int:
        return len(self.customer_key)

    def take(self, rows: np.ndarray) -> Contracts:
        """Those at positions or at a mask."""
        return Contracts(*(getattr(self, one.name)[rows] for one in fields(self)))

    @classmethod
    def joined(cls, parts: Sequence[Contracts]) -> Contracts:
        """Those of several batches; at least one."""
        return cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))

    def as_of(self, cutoff: int) -> Contracts:
        """Those that were known before a cutoff, with what was known of them."""
        own = self.take(self.started_seen < cutoff)
        asked, ended = own.asked_seen < cutoff, own.ended_seen < cutoff
        return replace(
            own,
            asked_at=np.where(asked, own.asked_at, NEVER),
            asked_seen=np.where(asked, own.asked_seen, NEVER),
            ended_at=np.where(ended, own.ended_at, NEVER),
            ended_seen=np.where(ended, own.ended_seen, NEVER),
            is_failed=own.is_failed & ended,
        )

    def intervals_until(self, moment: int | np.ndarray) -> np.ndarray:
        """float64: intervals from the start to a moment."""
        return np.asarray((moment - self.started_at) / self.interval)

    @property
    def is_running(self) -> np.ndarray:
        """bool: no end is known."""
        return np.asarray(self.ended_at == NEVER)

    @property
    def end_renewal(self) -> np.ndarray:
        """float64: the renewal that a contract did not outlive, counted from 1; infinite while it runs. What ends
        within an interval does not outlive the renewal at its end."""
        renewal = np.maximum(np.ceil(self.intervals_until(self.ended_at) - LATE), 1)
        return np.where(self.is_running, np.inf, renewal)

    @property
    def ask_renewal(self) -> np.ndarray:
        """float64: the renewal before which its end was asked for; infinite where it was not."""
        renewal = np.minimum(np.floor(self.intervals_until(self.asked_at)) + 1, self.end_renewal)
        return np.where(self.asked_at == NEVER, np.inf, renewal)


def contracts_of(batch: Timelines) -> Contracts:
    """The contracts of the customers of a batch, with all that the batch knows.

    Facts with one subscription id are of one contract; without ids, the first start of a plan goes with its first end,
    the second with the second, in the order in which they were seen, so that what comes later changes no earlier pair.
    """
    facts = batch.table(SUBSCRIPTIONS.name)
    column = facts.columns
    happened, seen = column["happened_at"], np.maximum(column["happened_at"], column["known_at"])
    which = np.where(column["subscription"] != 0, column["subscription"], column["plan"])
    order = np.lexsort((happened, seen, which, facts.customer))
    changes = (np.diff(facts.customer[order]) != 0) | (np.diff(which[order]) != 0)
    owner = np.concatenate([np.zeros(min(len(order), 1), np.int64), np.cumsum(changes)])
    step = column["step"][order]
    again = (column["subscription"][order][1:] != 0) & ~changes & (step[1:] == step[:-1])
    again &= np.diff(happened[order]) == 0
    is_first = np.concatenate([np.ones(min(len(order), 1), bool), ~again])
    starts, asks, ends = (np.flatnonzero(is_first & (step == code_of(one))) for one in (STARTED, ASKED, ENDED))
    end = _paired(owner[starts], owner[ends])
    ask = _first_ask(owner, seen[order], starts, asks)
    row, asked, ended = order[starts], _rows(order, asks, ask), _rows(order, ends, end)
    started_at, seconds = happened[row], column["interval_seconds"][row]
    return Contracts(
        batch.customer_key[facts.customer[row]],
        started_at,
        np.maximum(seen[row], _customer_seen(batch)[facts.customer[row]]),
        _at(happened, asked),
        _at(seen, asked),
        np.maximum(_at(happened, ended), started_at),
        _at(seen, ended),
        np.where(ended >= 0, np.isin(column["reason"], _failed_codes(batch, column["reason"]))[ended], False)
        if len(happened)
        else np.zeros(0, bool),
        column["plan"][row],
        np.where(column["has_amount"][row] > 0, column["amount"][row] / UNITS_PER_ONE, np.nan),
        np.where(seconds > 0, seconds * MICROSECONDS, MONTH),
        seconds > 0,
    )


def _customer_seen(batch: Timelines) -> np.ndarray:
    """int64 [customers]: when the first order became known; who orders only later is no customer yet."""
    first, orders = np.full(len(batch.customer_key), NEVER), batch.orders
    np.minimum.at(first, orders.customer, np.maximum(orders.happened_at, orders.columns["known_at"]))
    return first


def _paired(start_owner: np.ndarray, end_owner: np.ndarray) -> np.ndarray:
    """The place among the ends of each start's own end, -1 without one; both ascend by owner."""
    rank = np.arange(len(start_owner)) - np.searchsorted(start_owner, start_owner)
    place = np.searchsorted(end_owner, start_owner) + rank
    return np.where(place < np.searchsorted(end_owner, start_owner, side="right"), place, -1)


def _first_ask(owner: np.ndarray, seen: np.ndarray, starts: np.ndarray, asks: np.ndarray) -> np.ndarray:
    """The place among the asks of the first that was seen since each start (and before the next), -1 without one."""
    merged = np.concatenate([starts, asks])
    is_ask = np.arange(len(merged)) >= len(starts)
    order = np.lexsort((is_ask, seen[merged], owner[merged]))
    last_start = np.maximum.accumulate(np.where(is_ask[order], -1, order)) if len(order) else order
    place = order - len(starts)
    belongs = is_ask[order] & (last_start >= 0)
    belongs[belongs] &= owner[starts[last_start[belongs]]] == owner[asks[place[belongs]]]
    found = np.full(len(starts), -1)
    found[last_start[belongs][::-1]] = place[belongs][::-1]
    return found


def _rows(order: np.ndarray, facts: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The rows of facts at places, -1 where the place is."""
    if not len(facts):
        return np.full(len(place), -1)
    return np.where(place >= 0, order[facts[place]], -1)


def _at(moments: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.where(rows >= 0, moments[rows], NEVER) if len(moments) else np.zeros(0, np.int64)


def _failed_codes(batch: Timelines, reasons: np.ndarray) -> list[int]:
    """The codes of reasons that say that a payment failed."""
    codes = [code for code in np.unique(reasons).tolist() if code in batch.words]
    terms = Vocabulary("end_reasons")(pa.array([batch.words[code] for code in codes], pa.string()))
    return [code for code, term in zip(codes, terms.to_pylist(), strict=True) if term is not None]
