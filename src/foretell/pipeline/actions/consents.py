"""The latest word of each customer about being contacted, by channel, as a run's log has it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.actions.eligibility import EVERY_CHANNEL, Standing, channel_of
from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.consents import CONSENTS, PROFILING
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine

GRANTED, DENIED, USE = code_of("granted"), code_of("denied"), code_of(PROFILING)
NO_CONTACT = frozenset(
    {
        "analytics",
        "statistics",
        "cookies",
        "tracking",
        "personalisation",
        "personalization",
        "transactional",
        "service",
        "third parties",
        "data sharing",
    }
)
"""Purposes that are no contact by marketing; every other one, known or not, counts."""


@dataclass(frozen=True)
class _Said:
    """Words about contact, a row each: whose, for which purpose and channel, when, whether it is a denial."""

    owner: pa.Array
    purpose: np.ndarray
    channel: np.ndarray
    happened_at: np.ndarray
    denied: np.ndarray


def standings_of(engine: Engine, as_of: int, ids: pa.Array, channels: Collection[str]) -> dict[str, Standing]:
    """The standing on each channel, on the rows of `ids`; nothing where no source has consents. What was said since the
    moment and is in the log counts as if it came just before it: who objected by now is not contacted.

    Of one purpose the latest word counts (of two of one moment the denial), whether said of the channel or of all. A
    denial of any purpose stands against the grant of another.
    """
    if CONSENTS.name not in engine.tables:
        return {}
    parts = list(engine.over(partial(_said, as_of=as_of), as_of))
    owner = pa.chunked_array([part.owner for part in parts], pa.string()).combine_chunks()
    row = pc.fill_null(pc.index_in(owner, value_set=ids), -1).to_numpy(zero_copy_only=False)
    said = _Said(
        owner, *(np.concatenate([getattr(part, name) for part in parts]) for name in list(_Said.__annotations__)[1:])
    )
    named = {channel_of(channel) for channel in channels}
    return {channel: _standing(said, row, channel, len(ids)) for channel in sorted(named)}


def _said(batch: Timelines, as_of: int) -> _Said:
    facts = batch.table(CONSENTS.name)
    column = facts.columns
    kept = (column["known_at"] < as_of) & (facts.happened_at < as_of) & (column["use"] != USE)
    kept &= np.isin(column["standing"], (GRANTED, DENIED))
    other = [code for code in np.unique(column["purpose"]).tolist() if _text(batch, code) in NO_CONTACT]
    rows = np.flatnonzero(kept & ~np.isin(column["purpose"], other))
    codes, place = np.unique(column["channel"][rows], return_inverse=True)
    names = np.array([channel_of(_text(batch, code)) for code in codes.tolist()], dtype=object)
    return _Said(
        batch.customer_id.cast(pa.string()).take(pa.array(facts.customer[rows])),
        column["purpose"][rows],
        names[place] if len(rows) else np.zeros(0, dtype=object),
        facts.happened_at[rows],
        column["standing"][rows] == DENIED,
    )


def _text(batch: Timelines, code: int) -> str:
    """The plain text behind a code; empty where there is none."""
    return " ".join(batch.words.get(code, "").lower().replace("_", " ").split()) if code else ""


def _standing(said: _Said, row: np.ndarray, channel: str, customers: int) -> Standing:
    about = np.isin(said.channel, [channel, *EVERY_CHANNEL]) & (row >= 0)
    at = np.flatnonzero(about)
    at = at[np.lexsort((said.denied[at], said.happened_at[at], said.purpose[at], row[at]))]
    who, purpose, denied = row[at], said.purpose[at], said.denied[at]
    is_last = np.ones(len(at), dtype=bool)
    is_last[:-1] = (who[1:] != who[:-1]) | (purpose[1:] != purpose[:-1])
    found = Standing(np.zeros(customers, dtype=bool), np.zeros(customers, dtype=bool))
    found.denied[who[is_last & denied]] = True
    found.granted[who[is_last & ~denied]] = True
    return found
