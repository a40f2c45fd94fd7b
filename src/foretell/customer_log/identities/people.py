"""The people of a whole: made of the links that name it and of what its parts did, once the ids are joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.identities.holders import holders, under_holders
from foretell.customer_log.identities.links import ALWAYS, ONE_WHOLE, Links
from foretell.customer_log.schema import NEVER
from foretell.customer_log.stable_keys import CODE_SHIFT, code_of, stable_keys
from foretell.customer_log.tables.fact_table import STEP
from foretell.customer_log.tables.people import ACTED, JOINED, ORDERED, PEOPLE


def _buys(parts: pa.Table) -> pa.Array:
    """Which parts of orders sell something: a refund alone is nothing that a person did."""
    sold = pc.add(parts["amount"], parts["taken_back"])
    return pc.or_(pc.greater(sold, 0), pc.greater_equal(parts["amount"], 0))


ACTS: Mapping[str, tuple[str, Callable[[pa.Table], pa.Array]]] = {
    "orders": (ORDERED, _buys),
    "events": (ACTED, lambda rows: rows["customer_key"].is_valid()),
    "feedback": (ACTED, lambda rows: pc.equal(rows[STEP], code_of("given"))),
    "contacts": (ACTED, lambda rows: pc.equal(rows["answer"], code_of("clicked"))),
}
"""By kind of file: what somebody did who has a row there, and which rows they are. A message that was only sent or
opened is nothing that a person did."""
FACTS = pa.schema([*PEOPLE.stored, ("gone_at", pa.int64())])


def persons(links: Links) -> pa.Table:
    """As `HOLDERS` the ids of parts of a whole, each under the person that it is; empty where there is no whole. Links
    that say that two ids are one person join them here too, those that name a whole do not."""
    of_whole = links.rows["most"].to_numpy() == ONE_WHOLE
    wholes = np.unique(links.customer[of_whole])
    apart = of_whole | np.isin(links.customer, wholes) | np.isin(links.other, wholes)
    alone = holders(replace(links, ends=np.where(apart, links.begins, links.ends)))
    parts = np.setdiff1d(links.other[of_whole], wholes)
    keys = pa.array(stable_keys(links.ids.take(pa.array(parts))), pa.uint64())
    own = pc.unique(alone["holder_key"].filter(pc.is_in(alone["customer_key"], keys)))
    return alone.filter(pc.is_in(alone["holder_key"], own))


def joining(links: Links) -> pa.Table:
    """As `FACTS` without a person, under the id of the part: each link to a whole whose date is known."""
    own = (links.rows["most"].to_numpy() == ONE_WHOLE) & (links.begins != ALWAYS) & (links.begins < links.ends)
    keys = stable_keys(links.ids)[links.other[own]]
    return _facts(keys, links.begins[own], np.zeros(len(keys), dtype=np.int64), np.full(len(keys), NEVER), JOINED)


def acts(kind: str, rows: pa.Table) -> pa.Table:
    """The same of what was done, by the rows of a file of one kind of `ACTS`."""
    step, are = ACTS[kind]
    done = rows.filter(pc.fill_null(are(rows), False))
    gone = done["gone_at"].to_numpy() if "gone_at" in done.column_names else np.full(len(done), NEVER)
    keys, happened, after = (done[name].to_numpy() for name in ("customer_key", "happened_at", "known_after"))
    return _facts(keys, happened, after, gone, step)


def in_wholes(facts: pa.Table, named: pa.Table, held: pa.Table) -> pa.Table:
    """The facts of persons (`named`, as `persons` gives them) under the wholes that hold them, with who it was."""
    own = facts.filter(pc.is_in(facts["customer_key"], named["customer_key"]))
    found, at = under_holders(own, named)
    codes = pa.array((found["customer_key"].to_numpy() >> CODE_SHIFT).astype(np.int64))
    found = found.set_column(found.column_names.index("person"), "person", codes)
    found = found.set_column(0, "customer_key", own["customer_key"].take(pa.array(at)))
    return under_holders(found, held)[0]


def each_once(facts: pa.Table) -> pa.Table:
    """Facts that two files tell alike, once."""
    return facts.group_by(FACTS.names).aggregate([]).select(FACTS.names)


def _facts(keys: np.ndarray, happened: np.ndarray, after: np.ndarray, gone: np.ndarray, step: str) -> pa.Table:
    steps, nobody = (np.full(len(keys), value, dtype=np.int64) for value in (code_of(step), 0))
    columns = {"customer_key": keys, "happened_at": happened, "known_after": after, "gone_at": gone}
    columns |= {"person": nobody, STEP: steps}
    return pa.table({name: columns[name] for name in FACTS.names}, schema=FACTS)
