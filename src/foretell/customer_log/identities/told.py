"""What is told of ids that were joined: how many customers they are, by what links, and which were refused."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.identities.links import ALWAYS, ONE_WHOLE, Links
from foretell.customer_log.schema import NEVER
from foretell.customer_log.stable_keys import stable_keys
from foretell.words.wording import counted, shown

EXAMPLES = 3


def joined_in_words(links: Links, held: pa.Table, ordered: pa.Array) -> list[str]:
    """Sentences on the links of a log: `ordered` are the ids by which orders name their customers."""
    now = held.filter(pc.equal(held["ends"], NEVER))
    own = now.filter(pc.is_in(now["customer_key"], pa.array(stable_keys(ordered), pa.uint64())))
    customers = len(ordered) - len(own) + len(pc.unique(own["holder_key"]))
    counts = (links.begins < links.ends) & (links.ends == NEVER)
    kinds = links.rows["kind"].filter(pa.array(counts)).value_counts().to_pylist()
    parted = (links.rows["most"].to_numpy() == ONE_WHOLE).all()
    by = ", ".join(f"{one['values']} {one['counts']:,}" for one in sorted(kinds, key=lambda one: -one["counts"]))
    by = "" if parted and len(kinds) == 1 else f" ({by or 'none counts'})"
    notes = [
        f"{counted(len(ordered), 'id')} of orders {'is' if len(ordered) == 1 else 'are'} "
        f"{counted(customers, 'customer')}: {counted(int(counts.sum()), 'part' if parted else 'link')}{by}"
    ]
    if undated := int((counts & (links.begins == ALWAYS)).sum()):
        notes.append(
            f"{counted(undated, 'link')} without a date: assumed to be known since the later of the two ids was first "
            "seen"
        )
    return notes + _refused(links)


def _refused(links: Links) -> list[str]:
    others = links.other[links.is_shared]
    if not len(others):
        return []
    places, counts = np.unique(others, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:EXAMPLES]
    some = ", ".join(f"{shown(links.ids[int(places[at])].as_py())} {counts[at]:,}" for at in order)
    joins = "joins" if len(places) == 1 else "join"
    return [
        f"{counted(len(places), 'shared id')} would join more than most_merged customers and {joins} none "
        f"(links of each: {some}): they are among the rejected rows"
    ]
