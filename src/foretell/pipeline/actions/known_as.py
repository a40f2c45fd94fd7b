"""Who customers are by now: ids of the ledger under those that the log holds their facts under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.customer_log.identities.holders import holders
from foretell.customer_log.identities.linked_ids import links_of
from foretell.customer_log.identities.links import Links
from foretell.customer_log.store import Store
from foretell.project.fingerprints import keys_of
from foretell.project.place import Place


@dataclass(frozen=True)
class KnownAs:
    """Gives each id the one under which its customer counts at a moment; unlinked ids stay as they are. `held` maps the
    key of a linked id to that id."""

    held: Mapping[int, str]

    @classmethod
    def at(cls, place: Place, moment: int) -> KnownAs:
        """By the links that the log knows at a moment (microseconds UTC)."""
        links = links_of(Store.kept(place.state).as_read())
        if not len(links):
            return cls({})
        held = holders(Links.of(links))
        now = (held["begins"].to_numpy() < moment) & (moment <= held["ends"].to_numpy())
        keys, ids = held["customer_key"].to_numpy()[now], held["holder_id"].to_numpy(zero_copy_only=False)[now]
        return cls(dict(zip(keys.tolist(), ids.tolist(), strict=True)))

    def __call__(self, ids: Sequence[str]) -> Sequence[str]:
        if not self.held:
            return ids
        return [self.held.get(key, one) for key, one in zip(np.asarray(keys_of(ids)).tolist(), ids, strict=True)]
