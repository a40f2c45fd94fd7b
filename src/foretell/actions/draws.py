"""Draws: a number of each customer that nobody can steer and anybody can work out again.

A draw is a hash of a customer and of what is drawn for, so that it does not depend on the order of rows, on who else is
there, on the machine, or on how often it is asked.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.stable_keys import stable_keys
from foretell.project.fingerprints import fingerprint, keys_of

DRAWN_BITS = np.uint64(11)
"""A float64 holds 53 of the 64 bits of a key."""


def drawn(customer_id: pa.Array, *drawn_for: object) -> np.ndarray:
    """float64 [customers] in [0, 1), uniform, of texts (none may be null); draws for different things are independent.

    >>> same = [drawn(pa.array(ids), 0, "win back") for ids in (["a", "b"], ["b"])]
    >>> bool(same[0][1] == same[1][0])
    True
    """
    texts = pc.binary_join_element_wise(pa.scalar(fingerprint(drawn_for)), customer_id.cast(pa.string()), ":")
    return _shares(stable_keys(texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts))


def drawn_once(*drawn_for: object) -> float:
    """One number in [0, 1), uniform, of what is drawn for."""
    return float(_shares(keys_of([fingerprint(drawn_for)]))[0])


def _shares(keys: np.ndarray) -> np.ndarray:
    return np.asarray((keys >> DRAWN_BITS).astype(np.float64) * 2.0**-53)
