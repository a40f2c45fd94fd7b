"""Standing objections: what one person of a whole objects to, no other person and not the whole can grant for them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.identities.holders import under_holders
from foretell.customer_log.identities.people import in_wholes
from foretell.customer_log.stable_keys import CODE_SHIFT, code_of
from foretell.customer_log.tables.consents import CONSENTS, PROFILING

GRANTED, DENIED = code_of("granted"), code_of("denied")
FACTS = pa.schema([*CONSENTS.stored, ("gone_at", pa.int64())])


def standing_objections(consents: pa.Table, named: pa.Table, held: pa.Table) -> pa.Table:
    """As `FACTS` the objections to profiling once more, at each later grant by somebody else of the same whole: so the
    last word of the whole is a denial until whoever objected takes it back. `consents` are `FACTS` under their own ids,
    `named` is what `people.persons` gives."""
    said = consents.filter(pc.fill_null(pc.equal(consents["use"], code_of(PROFILING)), False))
    rows = [row for one in _by_whole(_spoken(said, named, held)) for row in one]
    return pa.Table.from_pylist(rows, schema=FACTS)


def _spoken(said: pa.Table, named: pa.Table, held: pa.Table) -> pa.Table:
    """Each consent under its whole, with who spoke as `person`."""
    codes = pa.array((said["customer_key"].to_numpy() >> CODE_SHIFT).astype(np.int64))
    said = said.append_column("person", codes)
    others = said.filter(pc.invert(pc.is_in(said["customer_key"], named["customer_key"])))
    return pa.concat_tables([in_wholes(said, named, held), under_holders(others, held)[0]])


def _by_whole(spoken: pa.Table) -> Iterator[list[dict[str, int]]]:
    """The objections to tell once more of each whole in which somebody objected."""
    objected = pc.unique(spoken.filter(pc.equal(spoken["standing"], DENIED))["customer_key"])
    own: dict[int, list[dict[str, int]]] = {}
    for row in spoken.filter(pc.is_in(spoken["customer_key"], objected)).to_pylist():
        own.setdefault(row["customer_key"], []).append(row)
    for rows in own.values():
        denials, grants = ([row for row in rows if row["standing"] == standing] for standing in (DENIED, GRANTED))
        yield [
            _told_again(denial, grant, grants)
            for denial in denials
            for grant in grants
            if grant["person"] != denial["person"] and grant["happened_at"] > denial["happened_at"]
        ]


def _told_again(denial: dict[str, int], grant: dict[str, int], grants: list[dict[str, int]]) -> dict[str, int]:
    """A denial at the moment of a grant, known when both are, until a later grant of the same person is known."""
    at = grant["happened_at"]
    taken_back = [
        _seen(one) for one in grants if one["person"] == denial["person"] and one["happened_at"] > denial["happened_at"]
    ]
    gone = min([denial["gone_at"], grant["gone_at"], *taken_back])
    return {**denial, "happened_at": at, "known_after": max(_seen(denial), _seen(grant)) - at, "gone_at": gone}


def _seen(row: dict[str, int]) -> int:
    return row["happened_at"] + max(row["known_after"], 0)
