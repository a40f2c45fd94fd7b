"""Experiments whose truth is known: generated panels, and redraws of the arms of a real one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from foretell.experiments.comparison import Outcome

Values = dict[str, np.ndarray]
Draw = Callable[[np.random.Generator, np.ndarray], Values]
"""From bool [units], who is treated, to the columns of each unit."""
LARGE = 4_000_000
HILLSTROM = Path("hillstrom") / "experiment.parquet"
CONTROL_OF_HILLSTROM, ARM_OF_HILLSTROM = "No E-Mail", "Mens E-Mail"


@dataclass(frozen=True)
class Shape:
    """One kind of experiment: `units` of which `control_share` are kept aside; the outcome is the column `value`, or
    `value` per `per`, with what the column `before` knew where it is named. `effect` and `relative` are the truth."""

    name: str
    draw: Draw
    units: int
    control_share: float
    effect: float
    relative: float
    value: str = "value"
    per: str = ""
    before: str = ""

    def experiment(self, random: np.random.Generator) -> tuple[np.ndarray, Outcome]:
        """The arms (text [units]) and the outcome of one experiment, units in the order in which they came."""
        kept = round(self.units * self.control_share)
        treated = random.permutation(np.arange(self.units) >= kept)
        drawn = self.draw(random, treated)
        outcome = Outcome(
            self.name,
            drawn[self.value].astype(np.float64),
            drawn[self.per].astype(np.float64) if self.per else None,
            {self.before: drawn[self.before]} if self.before else {},
        )
        return np.where(treated, "treated", "control"), outcome

    @property
    def shares(self) -> dict[str, float]:
        return {"control": self.control_share, "treated": 1 - self.control_share}


def panel(lift: float) -> Draw:
    """Purchases as in BG/NBD's world: rates by a gamma law, orders by Poisson, each customer's own basket, and the same
    customers before. The treatment raises the rate of orders."""

    def draw(random: np.random.Generator, treated: np.ndarray) -> Values:
        units = len(treated)
        rate, basket = random.gamma(0.6, 1.2, units), random.lognormal(3.0, 0.6, units)
        noise = 0.35 * random.standard_normal((2, units))
        orders = random.poisson(rate * (1 + lift * treated))
        return {
            "value": orders * basket * np.exp(noise[0]),
            "orders": orders,
            "before": random.poisson(3 * rate) * basket * np.exp(noise[1]),
        }

    return draw


def rare_spend(buyers: float, lift: float) -> Draw:
    """Most spend nothing; who buys spends by a log-normal law of deviation 1."""

    def draw(random: np.random.Generator, treated: np.ndarray) -> Values:
        bought = random.random(len(treated)) < buyers * (1 + lift * treated)
        return {"value": np.where(bought, random.lognormal(3.5, 1.0, len(treated)), 0.0)}

    return draw


def rate(base: float, lift: float) -> Draw:
    """Who did it, and who did not."""

    def draw(random: np.random.Generator, treated: np.ndarray) -> Values:
        return {"value": (random.random(len(treated)) < base * (1 + lift * treated)).astype(np.float64)}

    return draw


def redrawn(columns: dict[str, tuple[np.ndarray, np.ndarray]]) -> Draw:
    """Units of a real experiment, drawn with replacement from the arm that they were in: (control, treated) by name."""

    def draw(random: np.random.Generator, treated: np.ndarray) -> Values:
        sizes = [len(one) for one in next(iter(columns.values()))]
        rows = np.where(treated, random.integers(0, sizes[1], len(treated)), random.integers(0, sizes[0], len(treated)))
        return {
            name: np.where(treated, arm[np.minimum(rows, sizes[1] - 1)], control[np.minimum(rows, sizes[0] - 1)])
            for name, (control, arm) in columns.items()
        }

    return draw


def generated() -> list[Shape]:
    """The generated shapes; the truth of what has no formula is that of four million units."""
    found = []
    for base, units, kept in ((0.01, 20_000, 0.5), (0.05, 10_000, 0.1), (0.20, 5_000, 0.1), (0.10, 2_000, 0.5)):
        name = f"share of {base:.0%}, {_size(units, kept)}"
        found.append(Shape(name, rate(base, 0.2), units, kept, 0.2 * base, 0.2))
    mean = np.exp(3.5 + 0.5)
    for buyers, units, kept in ((0.10, 5_000, 0.1), (0.05, 10_000, 0.5), (0.02, 20_000, 0.2)):
        name = f"spend, {buyers:.0%} buy, {_size(units, kept)}"
        found.append(Shape(name, rare_spend(buyers, 0.2), units, kept, 0.2 * buyers * mean, 0.2))
    means = _means(panel(0.1))
    for units, kept in ((5_000, 0.1), (2_000, 0.5), (20_000, 0.1)):
        name = f"panel spend, {_size(units, kept)}"
        truth = _truth(means, "value")
        found.append(Shape(name, panel(0.1), units, kept, *truth))
        found.append(Shape(f"{name}, with before", panel(0.1), units, kept, *truth, before="before"))
    ratio = _truth(means, "value", "orders")
    for units, kept in ((5_000, 0.1), (2_000, 0.5)):
        found.append(
            Shape(f"panel spend an order, {_size(units, kept)}", panel(0.1), units, kept, *ratio, per="orders")
        )
    return found


def without_effect() -> list[Shape]:
    """The generated shapes with nothing to find."""
    return [
        Shape("share of 5%, 5,000, half", rate(0.05, 0.0), 5_000, 0.5, 0.0, 0.0),
        Shape("spend, 10% buy, 5,000, a tenth kept", rare_spend(0.10, 0.0), 5_000, 0.1, 0.0, 0.0),
        Shape("panel spend, 5,000, half", panel(0.0), 5_000, 0.5, 0.0, 0.0),
        Shape("panel spend, 5,000, half, with before", panel(0.0), 5_000, 0.5, 0.0, 0.0, before="before"),
        Shape("panel spend an order, 5,000, half", panel(0.0), 5_000, 0.5, 0.0, 0.0, per="orders"),
    ]


def hillstrom(folder: Path) -> list[Shape]:
    """Redraws of Kevin Hillstrom's e-mail experiment (64,000 customers), men's mail beside none."""
    table = pq.read_table(folder / HILLSTROM, columns=["segment", "visit", "spend"])
    arm = np.array(table["segment"].to_pylist())
    columns = {}
    for name in ("visit", "spend"):
        values = table[name].to_numpy().astype(np.float64)
        columns[name] = values[arm == CONTROL_OF_HILLSTROM], values[arm == ARM_OF_HILLSTROM]
    found = []
    for units, kept in ((20_000, 0.5), (20_000, 0.3)):
        for value, per in (("visit", ""), ("spend", ""), ("spend", "visit")):
            means = [
                float(of.mean() / (columns[per][side].mean() if per else 1)) for side, of in enumerate(columns[value])
            ]
            name = f"hillstrom {value}{f'/{per}' if per else ''}, {_size(units, kept)}"
            effect, relative = means[1] - means[0], means[1] / means[0] - 1
            found.append(Shape(name, redrawn(columns), units, kept, effect, relative, value, per))
    return found


def _means(draw: Draw) -> tuple[Values, Values]:
    random = np.random.default_rng(11)
    sides = []
    for side in (False, True):
        drawn = draw(random, np.full(LARGE, side))
        sides.append({name: np.array(values.mean()) for name, values in drawn.items()})
    return sides[0], sides[1]


def _truth(means: tuple[Values, Values], value: str, per: str = "") -> tuple[float, float]:
    control, treated = (float(side[value]) / (float(side[per]) if per else 1.0) for side in means)
    return treated - control, treated / control - 1


def _size(units: int, kept: float) -> str:
    return f"{units:,}, {'half' if kept == 0.5 else f'{kept:.0%}'} kept"
