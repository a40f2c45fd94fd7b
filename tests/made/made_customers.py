"""A small table of customers with a known label, generated with a seed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def made_customers(rows: int = 240, seed: int = 3) -> pa.Table:
    """One row a customer: `client`, `tenure`, `plan`, `pay`, `joined`, and `churned`, which hangs on some of them."""
    random = np.random.default_rng(seed)
    tenure = random.integers(0, 72, rows)
    plan = random.choice(["monthly", "yearly", "trial"], rows)
    pay = random.gamma(2, 20, rows).round(2)
    logit = 1.8 * (plan == "monthly") - 0.08 * tenure + 0.01 * pay + 0.6
    churned = random.random(rows) < 1 / (1 + np.exp(-logit))
    return pa.table(
        {
            "client": [f"C{number:04d}" for number in range(rows)],
            "tenure": tenure,
            "plan": plan,
            "pay": pay,
            "joined": [f"20{10 + number % 12:02d}-0{number % 9 + 1}-15" for number in random.integers(0, 99, rows)],
            "churned": np.where(churned, "yes", "no"),
        }
    )
