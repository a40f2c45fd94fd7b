"""A made shop whose customers have categories that they come back to, and kinds of customers that buy alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretell.project.intervals import parse_day
from foretell.timelines.batch import Timelines
from made_orders import DAY, Line, batch_of

BEGIN = parse_day("2011-01-01", "UTC")
DAYS = 240
KINDS, OF_A_KIND = 4, 6


def basket_lines(customers: int = 300, seed: int = 5, category: bool = True) -> list[Line]:
    """Order lines: a customer orders about every eight days, mostly from a few favourites of their kind's categories,
    now and then from any of the kind's, seldom from anywhere."""
    random = np.random.default_rng(seed)
    lines = []
    for customer in range(customers):
        own = random.permutation(OF_A_KIND)[:3] + OF_A_KIND * (customer % KINDS)
        at = float(random.uniform(0, 40))
        while at < DAYS:
            moment = BEGIN + int(at) * DAY + 3_600_000_000
            for _ in range(int(random.integers(1, 4))):
                draw = random.random()
                among = own if draw < 0.8 else np.arange(OF_A_KIND) + OF_A_KIND * (customer % KINDS)
                bought = int(random.integers(KINDS * OF_A_KIND)) if draw > 0.97 else int(random.choice(among))
                name = f"aisle {bought:02d}"
                product, of = ("thing", name) if category else (name, None)
                lines.append(Line(f"c{customer}", moment, moment, None, product, of, 1.0, 50_000))
            at += 1 + float(random.exponential(8.0))
    return lines


def batches(lines: Sequence[Line], count: int = 1) -> list[Timelines]:
    """The lines as batches of whole customers."""
    return [batch_of([line for line in lines if int(line.customer_id[1:]) % count == part], "UTC")
            for part in range(count)]  # fmt: skip
