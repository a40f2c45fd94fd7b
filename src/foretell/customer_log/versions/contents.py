"""What an order holds, as one number: equal where two files say the same of it, in whatever order its lines stand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from foretell.customer_log.keyed_lines import attributes_in
from foretell.customer_log.line_order import differ, sorted_rows
from foretell.customer_log.schema import NEVER

MIXER = np.uint64(0x9E3779B97F4A7C15)
TOLD = ("happened_at", "product_key", "category_key", "units", "amount")


@dataclass(frozen=True)
class Contents:
    """The orders of some lines, by customer and order: `digest` (uint64) is the sum over the lines of an order, so that
    those of two parts of it add up; `happened_at` is that of its first line. `order_of_line` is the place of the order
    of each line."""

    customer_key: np.ndarray
    order_key: np.ndarray
    digest: np.ndarray
    happened_at: np.ndarray
    order_of_line: np.ndarray

    def __len__(self) -> int:
        return len(self.digest)

    def without_lines(self) -> Contents:
        """The orders alone: what can be held of all buckets at once."""
        return replace(self, order_of_line=self.order_of_line[:0].copy())


def contents(lines: pa.Table) -> Contents:
    """The orders of keyed lines. Whether a line ends is part of what it says, when it ends is not, nor when money that
    was given back became known: what is of the day of an export would make every export another."""
    customer, order = lines["customer_key"].to_numpy(), lines["order_key"].to_numpy()
    begins = differ([customer, order])
    runs = np.flatnonzero(begins)
    if not len(runs):
        return Contents(customer, order, order.view(np.uint64), order, order)
    digest = np.add.reduceat(_line_digests(lines), runs)
    happened = np.minimum.reduceat(lines["happened_at"].to_numpy(), runs)
    customer, order = customer[runs], order[runs]
    rows = sorted_rows([customer, order])
    is_new = differ([customer[rows], order[rows]])
    starts = np.flatnonzero(is_new)
    place = np.empty(len(runs), dtype=np.int64)
    place[rows] = np.cumsum(is_new) - 1
    first = rows[starts]
    return Contents(
        customer[first],
        order[first],
        np.add.reduceat(digest[rows], starts),
        np.minimum.reduceat(happened[rows], starts),
        place[np.cumsum(begins) - 1],
    )


def _line_digests(lines: pa.Table) -> np.ndarray:
    """uint64: what each line says of its order."""
    mixed = np.full(len(lines), MIXER)
    for name in (*TOLD, *attributes_in(lines)):
        mix(mixed, lines[name].to_numpy().view(np.uint64))
    is_refund = (lines["amount"].to_numpy() < 0) & (lines["units"].to_numpy() == 0)
    mix(mixed, np.where(is_refund, 0, lines["known_after"].to_numpy()).view(np.uint64))
    mix(mixed, (lines["gone_at"].to_numpy() != NEVER).astype(np.uint64))
    return mixed


def mix(mixed: np.ndarray, values: np.ndarray) -> None:
    """Mix values into digests, in place."""
    mixed ^= values
    mixed *= MIXER
    mixed ^= mixed >> np.uint64(29)
    mixed *= MIXER


def placed(pairs: tuple[np.ndarray, np.ndarray], among: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """int64: the place of each pair of a customer and an order among others, each of which is there once; -1 where it
    is not there."""
    count = len(among[0])
    customer, order = (np.concatenate(both) for both in zip(among, pairs, strict=True))
    is_asked = np.arange(len(customer)) >= count
    rows = sorted_rows([customer, order, is_asked.astype(np.int64)])
    begins = differ([customer[rows], order[rows]])
    place = np.empty(len(rows), dtype=np.int64)
    place[rows] = rows[begins][np.cumsum(begins) - 1] if len(rows) else rows
    found = place[count:]
    return np.where(found < count, found, -1)
