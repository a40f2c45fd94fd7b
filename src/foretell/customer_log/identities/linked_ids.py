"""The other ids of one customer, as links tell them; and the parts of a whole. Stores are the log as it was read."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.erasure.forgotten import canonical_id
from foretell.customer_log.identities.links import LINKS, ONE_WHOLE, Links
from foretell.customer_log.schema import NEVER
from foretell.customer_log.store import Store


def linked_to(store: Store, text: str) -> list[str]:
    """The other ids that links make the same customer, however far; what joins too many, and the parts of a whole, do
    not count."""
    links = Links.of(links_of(store))
    are_one = ~links.is_shared & (links.rows["most"].to_numpy() != ONE_WHOLE)
    ids = links.ids.to_pylist()
    pairs = [(ids[one], ids[other]) for one, other in zip(links.customer[are_one], links.other[are_one], strict=True)]
    found, last = {canonical_id(text)}, 0
    while len(found) > last:
        last = len(found)
        found |= {name for pair in pairs if found & set(pair) for name in pair}
    return sorted(found - {canonical_id(text)})


def parts_of(store: Store, text: str) -> list[str]:
    """The parts of a whole, such as the contacts of an account; they are customers of their own without it."""
    links = Links.of(links_of(store))
    belongs = (links.rows["most"].to_numpy() == ONE_WHOLE) & (links.ends == NEVER)
    own = links.rows.filter(pa.array(belongs))
    return sorted(own.filter(pc.equal(own["customer_id"], canonical_id(text)))["other_id"].to_pylist())


def links_of(store: Store) -> pa.Table:
    """All links that were read, as `LINKS`."""
    told = [pq.ParquetFile(store.root / file.path).read(use_threads=False) for file in store.manifest.files("links")]
    return pa.concat_tables([LINKS.empty_table(), *told])
