"""When each customer was last contacted, as a run's log has it: messages that were sent, of whichever campaign."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyarrow as pa

from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.contacts import CONTACTS, NOT_SENT, SENT
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine


def last_contacts(engine: Engine, as_of: int, playbook: str) -> tuple[dict[str, int], dict[str, int]]:
    """The last contact (microseconds UTC) of each customer who had one before a moment: by the campaign that has the
    playbook's name, and by any."""
    by_playbook, by_any = dict[str, int](), dict[str, int]()
    if CONTACTS.name in engine.tables:
        for own, every in engine.over(partial(_last, as_of=as_of, playbook=playbook), as_of):
            by_playbook |= own
            by_any |= every
    return by_playbook, by_any


def _last(batch: Timelines, as_of: int, playbook: str) -> tuple[dict[str, int], dict[str, int]]:
    facts = batch.table(CONTACTS.name)
    column = facts.columns
    held = [code for code in np.unique(column["arm"]).tolist() if batch.words.get(code, "").lower() in NOT_SENT]
    sent = (column["step"] == code_of(SENT)) & ~np.isin(column["arm"], held)
    sent &= (facts.happened_at < as_of) & (column["known_at"] < as_of)
    own = sent & (column["campaign"] == code_of(playbook))
    return _by_id(batch, facts.customer[own], facts.happened_at[own]), _by_id(
        batch, facts.customer[sent], facts.happened_at[sent]
    )


def _by_id(batch: Timelines, owner: np.ndarray, moment: np.ndarray) -> dict[str, int]:
    latest = np.zeros(len(batch.customer_key), dtype=np.int64)
    np.maximum.at(latest, owner, moment)
    who = np.unique(owner)
    ids = batch.customer_id.cast(pa.string()).take(pa.array(who)).to_pylist()
    return dict(zip(ids, latest[who].tolist(), strict=True))
