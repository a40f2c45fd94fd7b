"""What is asked: two published experiments and generated ones whose truth is known, split into taught and judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.special import expit

from foretell.examples.flat.columns import flat_column
from foretell.examples.flat.table import FlatTable, flat_table

CATEGORIES = ("north", "south", "east", "west")


@dataclass(frozen=True)
class Experiment:
    """`arm` is int64 [rows], 0 the control; `money` is what one unit of `outcome` is worth, `cost` of each arm, the
    control's (0) included. `effect` is float64 [rows, arms], the true effects (control's 0), None where unknown."""

    table: FlatTable
    arm: np.ndarray
    outcome: np.ndarray
    money: float
    cost: np.ndarray
    effect: np.ndarray | None

    def take(self, rows: np.ndarray) -> Experiment:
        effect = None if self.effect is None else self.effect[rows]
        return Experiment(self.table.take(rows), self.arm[rows], self.outcome[rows], self.money, self.cost, effect)

    def profits(self, effects: np.ndarray) -> np.ndarray:
        """float64 [rows, arms] of effects as money less cost; control's is 0."""
        return np.asarray(self.money * effects - self.cost)


def halves(problem: str, split: int, data: Path | None) -> tuple[Experiment, Experiment]:
    """What is learned from, and what is judged on; a generated experiment is drawn anew for each split."""
    experiment = PUBLISHED[problem](data) if problem in PUBLISHED and data else GENERATED[problem](split)
    order = np.random.default_rng([7, split]).permutation(len(experiment.arm))
    half = len(order) // 2
    return experiment.take(np.sort(order[:half])), experiment.take(np.sort(order[half:]))


def matrix(table: FlatTable) -> np.ndarray:
    """The columns as peers take them: numbers as they are (an empty cell is the median), categories one by one."""
    blocks = []
    for at, kind in enumerate(table.kinds):
        values = table.values[:, at]
        if kind == "category":
            blocks.append((values[:, None] == np.arange(len(table.levels[at]))).astype(np.float64))
        else:
            blocks.append(np.where(np.isnan(values), np.nanmedian(values), values)[:, None])
    return np.hstack(blocks)


def flat(columns: Mapping[str, object]) -> FlatTable:
    rows = pa.table(columns)
    return flat_table([flat_column(name, rows[name], ".", 0) for name in rows.column_names], rows.num_rows)


def _hillstrom(outcome: str, money: float, cost: float) -> Callable[[Path], Experiment]:
    def read(data: Path) -> Experiment:
        rows = pq.read_table(data / "hillstrom" / "experiment.parquet")
        arms = {"No E-Mail": 0, "Mens E-Mail": 1, "Womens E-Mail": 2}
        arm = np.array([arms[name] for name in rows["segment"].to_pylist()])
        features = ("recency", "history", "mens", "womens", "zip_code", "newbie", "channel")
        table = flat({name: rows[name] for name in features})
        values = np.asarray(rows[outcome].to_numpy(), np.float64)
        return Experiment(table, arm, values, money, np.array([0.0, cost, cost]), None)

    return read


def _insurance(data: Path) -> Experiment:
    rows = pq.read_table(data / "insurance_uplift_information" / "campaign.parquet")
    features = [name for name in rows.column_names if name not in ("TREATMENT", "PURCHASE", "UNIQUE_ID", "split")]
    arm = rows["TREATMENT"].to_numpy().astype(np.int64)
    outcome = np.asarray(rows["PURCHASE"].to_numpy(), np.float64)
    return Experiment(flat({n: rows[n] for n in features}), arm, outcome, 1.0, np.zeros(2), None)


@dataclass(frozen=True)
class _Drawn:
    """Customers of a generated experiment: standard normal traits, the columns that show them, and the draws."""

    random: np.random.Generator
    traits: np.ndarray
    category: np.ndarray
    table: FlatTable


def _customers(seed: int, rows: int) -> _Drawn:
    random = np.random.default_rng([11, seed])
    z = random.standard_normal((rows, 8))
    category = random.integers(0, 4, rows)
    columns = {
        "tenure_days": np.round(np.exp(5 + 0.9 * z[:, 0])),
        "orders": random.poisson(np.exp(0.8 + 0.5 * z[:, 1])),
        "basket": np.round(np.exp(3.5 + 0.6 * z[:, 2]), 2),
        "visits": random.poisson(np.exp(1.2 + 0.8 * z[:, 3])),
        **{f"noise_{at}": np.round(z[:, at], 4) for at in range(4, 8)},
        "region": np.array(CATEGORIES)[category],
        "newsletter": random.integers(0, 2, rows),
    }
    return _Drawn(random, z, category, flat(columns))


def _binary(drawn: _Drawn, chance: np.ndarray, effects: np.ndarray, money: float, cost: np.ndarray) -> Experiment:
    """`effects` is float64 [rows, arms], control's 0."""
    chances = np.clip(chance[:, None] + effects, 0.002, 0.998)
    rows = len(chance)
    arm = drawn.random.integers(0, effects.shape[1], rows)
    happened = drawn.random.random(rows) < chances[np.arange(rows), arm]
    return Experiment(drawn.table, arm, happened.astype(np.float64), money, cost, chances - chances[:, :1])


def varied(seed: int, rows: int = 20_000) -> Experiment:
    """Effects that differ much between customers, in part by a threshold and a category."""
    drawn = _customers(seed, rows)
    z = drawn.traits
    chance = expit(-1.7 + 0.6 * z[:, 1] - 0.4 * z[:, 2] + 0.3 * z[:, 3])
    effect = 0.03 + 0.06 * np.tanh(z[:, 0]) + 0.05 * (drawn.category == 1) - 0.05 * (z[:, 3] > 0.5)
    return _binary(drawn, chance, np.column_stack([np.zeros(rows), effect]), 1.0, np.array([0.0, 0.03]))


def constant(seed: int, rows: int = 20_000) -> Experiment:
    """Two arms with one effect each, the same for everybody."""
    drawn = _customers(seed, rows)
    z = drawn.traits
    chance = np.clip(expit(-1.2 + 0.7 * z[:, 1] - 0.4 * z[:, 2]), 0.02, 0.9)
    effects = np.tile([0.0, 0.04, 0.03], (rows, 1))
    return _binary(drawn, chance, effects, 1.0, np.array([0.0, 0.01, 0.01]))


def sleeping_dogs(seed: int, rows: int = 20_000) -> Experiment:
    """Contact keeps new customers and loses loyal ones."""
    drawn = _customers(seed, rows)
    z = drawn.traits
    chance = expit(0.6 + 0.8 * z[:, 0] + 0.3 * z[:, 1])
    effect = np.where(z[:, 0] > 0.25, -0.06, 0.05) * np.where(drawn.category == 2, 1.3, 0.9)
    return _binary(drawn, chance, np.column_stack([np.zeros(rows), effect]), 1.0, np.array([0.0, 0.005]))


def rare(seed: int, rows: int = 40_000) -> Experiment:
    """One in a hundred buys, for heavy-tailed amounts; contact moves only those who visit much."""
    drawn = _customers(seed, rows)
    z = drawn.traits
    chance = 0.012 * np.exp(0.7 * z[:, 3] - 0.2)
    lifted = chance * np.where(z[:, 3] > 0.4, 2.2, 1.0)
    arm = drawn.random.integers(0, 2, rows)
    buys = drawn.random.random(rows) < np.where(arm == 1, lifted, chance)
    mean = 3.8 + 0.4 * z[:, 2]
    spend = np.where(buys, np.exp(mean + 0.7 * drawn.random.standard_normal(rows)), 0.0)
    worth = np.exp(mean + 0.245)
    effect = np.column_stack([np.zeros(rows), (lifted - chance) * worth])
    return Experiment(drawn.table, arm, spend, 0.4, np.array([0.0, 0.1]), effect)


PUBLISHED: dict[str, Callable[[Path], Experiment]] = {
    "hillstrom_visit": _hillstrom("visit", 1.0, 0.05),
    "hillstrom_spend": _hillstrom("spend", 0.3, 0.1),
    "insurance": _insurance,
}
GENERATED: dict[str, Callable[[int], Experiment]] = {
    "varied": varied,
    "constant": constant,
    "sleeping_dogs": sleeping_dogs,
    "rare": rare,
}
