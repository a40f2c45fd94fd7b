"""A sketch of a file, made as its lines come: its span of time, and whether each line stands in it twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.customer_log.versions.contents import MIXER, mix

FEWEST_DOUBLED = 20
"""Lines of a file, each of which stands in it twice, from which on that is no chance."""


@dataclass
class Sketch:
    """What is known of the lines so far: from when they happened (`oldest_at`) to when they were visible (`newest_at`),
    both 0 without any; and their parity."""

    oldest_at: int = 0
    newest_at: int = 0
    parity: int = 0
    lines: int = 0

    def add(self, lines: pa.Table) -> None:
        """Take in some keyed lines."""
        if not len(lines):
            return
        happened, after = lines["happened_at"].to_numpy(), lines["known_after"].to_numpy()
        self.widen(happened, happened + np.maximum(after, 0))
        self.parity ^= parity(lines)

    def widen(self, oldest: np.ndarray, newest: np.ndarray) -> None:
        """Take in some moments (microseconds UTC), one of each a line."""
        if not len(oldest):
            return
        begin, end = int(oldest.min()), int(newest.max())
        self.oldest_at = min(self.oldest_at, begin) if self.lines else begin
        self.newest_at = max(self.newest_at, end) if self.lines else end
        self.lines += len(oldest)

    @property
    def is_doubled(self) -> bool:
        """Whether every line stands an even number of times."""
        return self.parity == 0 and self.lines >= FEWEST_DOUBLED


def parity(lines: pa.Table) -> int:
    """A number that is 0 where every line stands an even number of times; those of two tables add up by exclusive or,
    so that a file's is known when it is read, whatever its size."""
    mixed = lines["customer_key"].to_numpy() ^ lines["order_key"].to_numpy().view(np.uint64) * MIXER
    for name in ("happened_at", "amount", "product_key"):
        mix(mixed, lines[name].to_numpy().view(np.uint64))
    return int(np.bitwise_xor.reduce(mixed))
